"""Health establishments (FINESS): the flow FINESS+, the former `etalab-cs1100502` or `cs1100507`, or a copy with a header.

The former official file has no header: a comment with its date, then lines `structureet` of 31 cells and a last separator,
then, in cs1100507, lines `geolocalisation`. Its commune is in two parts, with codes of its own overseas (9A to 9F, 9J). It was
latin-1 for years and is UTF-8 now. A date of 1 January 1900 stands for "unknown". Layout: XSD of FINESS, etalab.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pacsv

from helpers.errors import DataError, UsageError
from helpers.files import limits
from helpers.files.streams import ENCODINGS, Delimited, Layout, date_of, some, split
from helpers.intake.official import finess_plus

TABLE = "official/establishments"
CPTS = "604"
FIELDS = (
    "section", "nofinesset", "nofinessej", "rs", "rslongue", "complrs", "compldistrib", "numvoie", "typvoie", "voie",
    "compvoie", "lieuditbp", "commune", "departement", "libdepartement", "ligneacheminement", "telephone", "telecopie",
    "categetab", "libcategetab", "categagretab", "libcategagretab", "siret", "codeape", "codemft", "libmft", "codesph",
    "libsph", "dateouv", "dateautor", "datemaj",
)  # fmt: skip
PLACES = ("section", "nofinesset", "coordxet", "coordyet", "sourcecoordet", "datemajcoord")
KEPT = (
    "nofinesset", "nofinessej", "rs", "rslongue", "commune", "departement", "ligneacheminement", "categetab",
    "libcategetab", "siret", "dateouv", "dateautor", "datemaj",
)  # fmt: skip
NORTHERN_ISLANDS = {"97123": "97701", "97127": "97801"}
# Département of FINESS overseas: beginning of the commune code, then the figure that must follow.
OVERSEAS = {
    "9A": ("97", "1"), "9B": ("97", "2"), "9C": ("97", "3"), "9D": ("97", "4"), "9E": ("97", "5"), "9F": ("97", "6"),
    "9J": ("98", "6"),
}  # fmt: skip
# The copy with a header gives the same fields, the coordinates beside them.
LAYOUT = Layout(
    title="établissements FINESS",
    columns={name: (name,) for name in (*FIELDS, *PLACES[2:5])}
    | {"datemajcoord": ("datemajcoord", "datemaj_coord")},
    needed=frozenset(KEPT),
    file="etalab-cs1100507-stock-….csv",
    member=r"(finess.*etab.*|etalab.*cs110050[27].*)\.(csv|txt)|finess-structures.*\.json",
    separators=";,",
)
_DATE = r"\d{4}-\d\d-\d\d"


def load(
    path: Path | str,
    *,
    categories: Sequence[str] = (CPTS,),
    departments: Sequence[str] = (),
    extracted: str | None = None,
) -> pd.DataFrame:
    """One row per establishment of the `categories` (604: CPTS; none: all) and `departments`: names, seat, dates, coordinates.

    `x` and `y` are metres in the projection that `projection` names (Lambert-93 in metropolitan France). The date of the
    file comes from its first line or its name, else from `extracted` (AAAA-MM-JJ). Telephones and addresses are not
    kept. Raises UsageError without a date, DataError for another layout, naming file, line and column.
    """
    path = Path(path)
    with limits.opened(path, LAYOUT.member, LAYOUT.file) as stream:
        start = stream.read(200).removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"{"):
        return finess_plus.load(path, LAYOUT.member, categories=categories, departments=departments)
    with limits.opened(path, LAYOUT.member, LAYOUT.file, largest=limits.LARGEST_FILE) as stream:
        content = stream.read()
    if not content.strip():
        raise DataError(f"{path.name} est vide : téléchargez le fichier à nouveau.")
    start = content[:200].removeprefix(b"\xef\xbb\xbf")
    official = start.startswith((b"finess;etalab", b"structureet;"))
    rows = _Official(path, content).rows() if official else _with_header(path)
    date = _date(path, start.decode("latin-1").partition("\n")[0], extracted)
    if categories:
        rows = rows[rows["categetab"].isin(list(categories))]
    if departments:
        rows = rows[rows["department"].isin(list(departments))]
    rows = some(rows, departments, path)
    return pd.DataFrame(
        {
            "finess": rows["nofinesset"],
            "finess_legal": rows["nofinessej"],
            "name_fr": rows["rslongue"].where(rows["rslongue"] != "", rows["rs"]),
            "category": rows["categetab"],
            "category_fr": rows["libcategetab"],
            "commune": rows["insee"],
            "department": rows["department"],
            "postcode": rows["ligneacheminement"]
            .str[:5]
            .where(rows["ligneacheminement"].str.match(r"\d{5}( |$)"), ""),
            "siret": rows["siret"],
            "opened": _dates(rows["dateouv"]),
            "authorised": _dates(rows["dateautor"]),
            "updated": _dates(rows["datemaj"]),
            "x": rows["x"],
            "y": rows["y"],
            "projection": rows["sourcecoordet"],
            "extracted": pd.Timestamp(date),
            "source": f"FINESS, extraction du {date}",
        }
    )


class _Official:
    """The file without header, its two kinds of lines parted, each read by Arrow at once."""

    def __init__(self, path: Path, content: bytes) -> None:
        self.path = path
        text = next(text for name in ENCODINGS if (text := _decoded(content, name)) is not None)
        # Only these two end a line: other separators of Unicode may stand inside a name.
        self.lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
        starts = [line[:12] for line in self.lines]
        self.blocks = {
            kind: [number for number, start in enumerate(starts, start=1) if start == f"{kind};"[:12]]
            for kind in ("structureet", "geolocalisation")
        }
        expected = {"structureet;", "geolocalisat", "finess;etala", ""}
        for number, start in enumerate(starts, start=1):
            if start not in expected:
                kind = self.lines[number - 1].partition(";")[0]
                self._refuse(
                    number, f"elle commence par « {kind} » au lieu de « structureet » ou « geolocalisation »"
                )

    def rows(self) -> pd.DataFrame:
        """The cells of `KEPT`, the commune in one code, and the coordinates where the file has them."""
        numbers = self.blocks["structureet"]
        if not numbers:
            raise DataError(
                f"{self.path.name} : aucune ligne « structureet ». Donnez le fichier tel que publié."
            )
        rows = self._table("structureet", FIELDS, KEPT)
        fault = first_fault(rows)
        if fault is not None:
            row, column, sentence = fault
            self._refuse(numbers[row], sentence, f"{FIELDS.index(column) + 1} « {column} »")
        rows = with_communes(rows)
        unplaced = rows.assign(x=float("nan"), y=float("nan"), sourcecoordet="")
        return self._placed(rows) if self.blocks["geolocalisation"] else unplaced

    def _placed(self, rows: pd.DataFrame) -> pd.DataFrame:
        numbers = self.blocks["geolocalisation"]
        places = self._table("geolocalisation", PLACES, PLACES[1:5])
        for column in ("coordxet", "coordyet"):
            parsed = _metres(places[column])
            wrong = parsed.isna() & (places[column] != "")
            if wrong.any():
                row = int(wrong.to_numpy().argmax())
                fault = f"« {places[column].iloc[row]} » n'est pas un nombre"
                self._refuse(numbers[row], fault, f"{PLACES.index(column) + 1} « {column} »")
            places[column[5]] = parsed
        places = places.drop_duplicates("nofinesset", keep="last")
        return rows.merge(places[["nofinesset", "x", "y", "sourcecoordet"]], how="left", on="nofinesset")

    def _table(self, kind: str, fields: Sequence[str], kept: Sequence[str]) -> pd.DataFrame:
        numbers = self.blocks[kind]
        width = len(fields) + self.lines[numbers[0] - 1].endswith(";")
        text = "\n".join([self.lines[number - 1] for number in numbers])
        names = [*fields, "last"][:width]
        try:
            table = pacsv.read_csv(
                pa.BufferReader(text.encode()),
                pacsv.ReadOptions(column_names=names),
                pacsv.ParseOptions(delimiter=";"),
                pacsv.ConvertOptions(
                    include_columns=list(kept),
                    column_types=dict.fromkeys(kept, pa.string()),
                    strings_can_be_null=False,
                ),
            )
        except pa.ArrowInvalid:
            table = None
        if table is None or table.num_rows != len(numbers):
            self._explain(numbers, width)
        rows: pd.DataFrame = table.to_pandas()
        return rows

    def _explain(self, numbers: Sequence[int], width: int) -> NoReturn:
        for number in numbers:
            cells = split(self.lines[number - 1], ";")
            if len(cells) != width:
                self._refuse(number, f"{len(cells)} cellules au lieu de {width}")
        raise DataError(f"{self.path.name} : guillemets non fermés. Téléchargez le fichier à nouveau.")

    def _refuse(self, number: int, fault: str, column: str = "") -> NoReturn:
        place = f", colonne {column}" if column else ""
        raise DataError(
            f"{self.path.name}, ligne {number}{place} : {fault}. Rien n'a été gardé : téléchargez le fichier à nouveau."
        )


def _with_header(path: Path) -> pd.DataFrame:
    source = Delimited(path, LAYOUT)
    rows = source.read([*KEPT, *PLACES[2:5]])
    fault = first_fault(rows)
    if fault is not None:
        source.refuse(*fault)
    for column, name in (("coordxet", "x"), ("coordyet", "y")):
        rows[name] = float("nan")
        if column in rows:
            rows[name] = _metres(rows[column])
            source.expect(rows, column, rows[name].notna() | (rows[column] == ""), "n'est pas un nombre")
    return with_communes(rows.assign(sourcecoordet=rows.get("sourcecoordet", "")))


def first_fault(rows: pd.DataFrame) -> tuple[int, str, str] | None:
    """First cell against the layout: its row (from 0), its column and a French sentence; None when all is well."""
    rules = (
        ("nofinesset", r"\d[0-9A-Z]\d{7}", "n'est pas un numéro FINESS (9 caractères)"),
        ("departement", r"0[1-9]|[1-8]\d|9[0-5]|2[AB]|9[A-FJ]|97[1-6]", "n'est pas un département de FINESS"),
        ("commune", r"\d{3}", "n'est pas un code de commune de FINESS (3 chiffres)"),
        ("categetab", r"\d{3}", "n'est pas une catégorie d'établissement (3 chiffres)"),
        ("dateouv", rf"({_DATE})?", "n'est pas une date AAAA-MM-JJ"),
        ("dateautor", rf"({_DATE})?", "n'est pas une date AAAA-MM-JJ"),
        ("datemaj", rf"({_DATE})?", "n'est pas une date AAAA-MM-JJ"),
    )
    for column, pattern, rule in rules:
        distinct = pd.Series(rows[column].unique())
        wrong = distinct[~distinct.str.fullmatch(pattern)]
        if wrong.empty and column.startswith("date"):
            # 31 February has the form of a date.
            wrong = distinct[(distinct != "") & pd.to_datetime(distinct, errors="coerce").isna()]
        if len(wrong):
            row = int((rows[column] == wrong.iloc[0]).to_numpy().argmax())
            return row, column, f"« {wrong.iloc[0]} » {rule}"
    digit = rows["departement"].map({code: figure for code, (_, figure) in OVERSEAS.items()})
    wrong_pair = digit.notna() & (rows["commune"].str[0] != digit)
    if wrong_pair.any():
        row = int(wrong_pair.to_numpy().argmax())
        return (
            row,
            "commune",
            f"« {rows['commune'].iloc[row]} » n'est pas une commune du département {rows['departement'].iloc[row]}",
        )
    repeated = rows["nofinesset"].duplicated()
    if repeated.any():
        row = int(repeated.to_numpy().argmax())
        return row, "nofinesset", f"« {rows['nofinesset'].iloc[row]} » est déjà donné plus haut"
    return None


def with_communes(rows: pd.DataFrame) -> pd.DataFrame:
    """The same rows with `insee`, the code of the commune, and `department`: 9A and 124 make 97124 and 971.

    Saint-Barthélemy and Saint-Martin have left Guadeloupe, which FINESS has not seen: 9A and 123 make 97701 and 977.
    """
    start = rows["departement"].map({code: start for code, (start, _) in OVERSEAS.items()})
    insee = (start.fillna(rows["departement"].str[:2]) + rows["commune"]).replace(NORTHERN_ISLANDS)
    overseas = insee.str[:2].isin(["97", "98"])
    return rows.assign(insee=insee, department=insee.str[:2].where(~overseas, insee.str[:3]))


def _decoded(content: bytes, name: str) -> str | None:
    try:
        return content.decode(name)
    except UnicodeDecodeError:
        return None


def _metres(cells: pd.Series[str]) -> pd.Series[float]:
    parsed = pd.to_numeric(cells.str.replace(",", "."), errors="coerce")
    return parsed.where(parsed.abs() < float("inf"))


def _dates(cells: pd.Series[str]) -> pd.Series[pd.Timestamp]:
    known = cells.where(~cells.isin(["", "1900-01-01"]))
    return pd.to_datetime(known, format="%Y-%m-%d", errors="coerce")


def _date(path: Path, first: str, extracted: str | None) -> str:
    if extracted:
        return extracted
    said = first.split(";")[3] if re.match(rf"finess;etalab;\d+;{_DATE}", first) else ""
    found = date_of(said) or date_of(path.name)
    if found:
        return found
    raise UsageError(f"{path.name} ne dit pas sa date : ajoutez-la, par exemple --date 2026-05-12.")
