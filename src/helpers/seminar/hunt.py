"""The hunt for planted errors: what a pair of students wrote, and the points that it is worth."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from helpers import french
from helpers.catalog import Study
from helpers.documents import claims, reproductions
from helpers.errors import DataError
from helpers.seminar.slips import KINDS, NAMES

COLUMNS = ("table", "key", "column", "kind", "corrected")
HEADS = {
    "table": "Tableau", "key": "Clé", "column": "Colonne", "kind": "Nature", "corrected": "Valeur corrigée", "lecture": "Lecture",
}  # fmt: skip
# Verdicts of the untouched package, counted: a kit has it beside its notebooks.
PUBLISHED = "registre_publie.csv"
CELL, KIND, CORRECTED, REAL, FALSE_ALARM = 1.0, 0.5, 0.5, 0.25, -0.5
FOUND, REAL_GAP, ALARM, MISSED = "trouvée", "vrai écart du document", "fausse alerte", "manquée"


@dataclass(frozen=True)
class Score:
    """Points of one hunt, what each line was worth, and the planted errors that nobody named."""

    points: float
    lines: pd.DataFrame
    missed: pd.DataFrame


def read(path: Path) -> list[dict[str, str]]:
    """Lines of a student's CSV; none when there is no file. Raises DataError as `lines` does."""
    return lines(path.name, path.read_bytes()) if path.exists() else []


def lines(name: str, content: bytes) -> list[dict[str, str]]:
    """Lines of a hunt (columns `COLUMNS`, comma or semicolon), blank ones apart.

    Raises DataError, naming the file, when it is not such a table.
    """
    try:
        text = content.decode("utf-8-sig")
        head = text.partition("\n")[0]
        rows = list(
            csv.DictReader(io.StringIO(text), delimiter=";" if head.count(";") > head.count(",") else ",")
        )
    except (UnicodeDecodeError, csv.Error):
        raise DataError(f"{name} : le fichier ne se lit pas ; enregistrez-le en CSV UTF-8.") from None
    if rows and not {"table", "key"} <= set(rows[0]):
        raise DataError(f"{name} : il faut les colonnes {', '.join(COLUMNS)} sur la première ligne.")
    told = [{column: (row.get(column) or "").strip() for column in COLUMNS} for row in rows]
    return [line for line in told if line["table"] and line["key"]]


def found(path: Path | str, study: Study) -> pd.DataFrame:
    """What the checks of the package understand of a student's CSV: one row per line, with what is wrong in French, or "lu"."""
    rows = [{**line, "lecture": _understood(line, study)} for line in read(Path(path))]
    return pd.DataFrame(rows, columns=[*COLUMNS, "lecture"])


def counted(ledger: pd.DataFrame) -> pd.DataFrame:
    """Figures of a ledger of claims, by `table` and `verdict`, in the column `chiffres`."""
    return ledger.groupby(["table", "verdict"]).size().rename("chiffres").reset_index()


def moved(path: Path | str, ledger: pd.DataFrame) -> pd.DataFrame:
    """Tables whose figures do not have the verdicts of the published ledger: one row each, and how many figures each verdict
    gains or loses. `path` is what `counted` gave of that one, as CSV; without this file nothing has moved.
    """
    here = counted(ledger)
    published = pd.read_csv(path, encoding="utf-8") if Path(path).exists() else here
    told = [rows.set_index(["table", "verdict"])["chiffres"].astype(int) for rows in (here, published)]
    wide = told[0].sub(told[1], fill_value=0).astype(int).unstack(fill_value=0)
    wide = wide.loc[(wide != 0).any(axis=1), (wide != 0).any(axis=0)]
    return wide.rename_axis(index="tableau", columns=None)


def real_gaps(study: Study) -> set[tuple[str, int]]:
    """Table and line of each figure that the untouched package does not find again: true gaps of the documents."""
    ledger = reproductions.ledger(study=study)
    different = ledger[ledger["verdict"].isin(claims.DIFFERENT)]
    pairs = different[["table", "line"]].dropna().itertuples(index=False)
    return {(str(table), int(line)) for table, line in pairs}


def score(
    told_lines: Iterable[dict[str, str]], plan: pd.DataFrame, gaps: set[tuple[str, int]], study: Study
) -> Score:
    """Points of a hunt: 1 for a cell, 0.5 for its nature, 0.5 for its true value; 0.25 for a true gap of the document.

    A false alarm takes 0.5, the total is never under 0, each cell counts once. `plan` is that of `planting.plant`, `study` the
    untouched package.
    """
    planted = {(row["table"], _key(row["key"])): row for row in plan.to_dict("records")}
    told, seen = [], set()
    for line in told_lines:
        place = (line["table"], _key(line["key"]))
        if place in seen:
            continue
        seen.add(place)
        told.append({**line, **_worth(line, planted.get(place), gaps, study)})
    missed = [row for place, row in planted.items() if place not in seen]
    points = max(0.0, sum(float(row["points"]) for row in told))
    shown = pd.DataFrame(told, columns=[*COLUMNS, "resultat", "points", "claims"])
    return Score(points, shown, pd.DataFrame(missed, columns=list(plan.columns)))


def _worth(
    line: dict[str, str], planted: dict[Any, Any] | None, gaps: set[tuple[str, int]], study: Study
) -> dict[str, Any]:
    if planted is not None:
        points = CELL + KIND * (_kind(line["kind"]) == planted["kind"])
        right = french.first_number(line["corrected"]) == french.first_number(str(planted["printed_true"]))
        return {"resultat": FOUND, "points": points + CORRECTED * right, "claims": planted["claims"]}
    number = _line(line, study)
    if number is not None and (line["table"], number) in gaps:
        return {"resultat": REAL_GAP, "points": REAL, "claims": ""}
    return {"resultat": ALARM, "points": FALSE_ALARM, "claims": ""}


def _understood(line: dict[str, str], study: Study) -> str:
    if line["table"] not in study.package.reachable_names():
        return "tableau inconnu : « cpts tables » les liste"
    if _row(line, study) is None:
        return "clé inconnue : écrivez par exemple cpts=E;indicator=population"
    if line["kind"] and _kind(line["kind"]) not in KINDS:
        return f"nature inconnue : {french.listing(KINDS, 'ou')}"
    return "lu"


def _row(line: dict[str, str], study: Study) -> Any:
    frame = study.table(line["table"])
    wanted = _key(line["key"])
    for row in frame.to_dict("records"):
        if wanted and all(str(row.get(column, "")) == value for column, value in wanted):
            return row
    return None


def _line(line: dict[str, str], study: Study) -> int | None:
    row = _row(line, study) if line["table"] in study.package.reachable_names() else None
    return int(row["line"]) if row is not None and pd.notna(row.get("line")) else None


def _key(text: str) -> frozenset[tuple[str, str]]:
    """A key, whatever the order of its parts and the spaces around them."""
    pieces = (piece.partition("=") for piece in text.replace(",", ";").split(";"))
    return frozenset((name.strip(), value.strip()) for name, _, value in pieces if name.strip())


def _kind(text: str) -> str:
    """Code of a nature written by its code or by its French name."""
    plain = french.unaccented(text).lower().strip().replace(" ", "_")
    return next(
        (code for code, name in NAMES.items() if plain in (code, french.unaccented(name).replace(" ", "_"))),
        text,
    )
