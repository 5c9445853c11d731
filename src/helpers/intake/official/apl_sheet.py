"""One sheet of the APL workbooks: where the header stands, which columns it names, where the communes end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

import pandas as pd

from helpers.errors import DataError
from helpers.files.streams import LARGEST_NUMBER, plain
from helpers.territory.access import UNITS

HEADER_LINES = 40
# How the column of each profession goes on after "APL aux", and the words that the line of units must have.
PROFESSIONS: dict[str, tuple[str, str]] = {
    "generalistes": (r"medecins generalistes", r"consultation"),
    "infirmiers": (r"infirmi", r"etp|equivalent"),
    "kinesitherapeutes": (r"(masseurs[- ])?kinesitherapeutes", r"etp|equivalent"),
    "sages_femmes": (r"sages[- ]femmes", r"etp|equivalent"),
    "chirurgiens_dentistes": (r"chirurgiens[- ]dentistes", r"etp|equivalent"),
}
AGES = ("65", "62", "60")
EXPECTED = (
    "Code commune INSEE, Commune, APL aux…, APL aux… de 65 (62, 60) ans et moins, Population standardisée…, "
    "Population totale…, Population féminine…"
)
_MISSING = ("", "ns", "nc", "nd", "s", "-", "n.d.")


class Reading:
    """One sheet read once from top to bottom: notes, header, units, communes, notes."""

    def __init__(self, place: str) -> None:
        """Prepare to read; `place` names the file and the sheet in the sentences."""
        self.place = place
        self.columns: dict[str, int] = {}
        self.labels: dict[str, str] = {}
        self.profession = ""
        self.population_year: int | None = None

    def table(self, lines: Iterator[tuple[Any, ...]], year: int) -> pd.DataFrame:
        """One row per commune, as `drees.load` gives them. Raises DataError naming line and column."""
        header = self._header(lines)
        kept: list[tuple[Any, ...]] = []
        closing = 0
        for line, cells in enumerate(lines, start=header + 1):
            first = _text(cells[self.columns["commune"]]) if len(cells) > self.columns["commune"] else ""
            code = first.zfill(5) if re.fullmatch(r"\d{4,5}", first) else first
            if not re.fullmatch(r"(\d{2}|2[AB])\d{3}", code):
                said = _text(cells[self.columns["apl"]]) if len(cells) > self.columns["apl"] else ""
                if said and not kept and not _is_number(said):
                    self._check_unit(said, line)
                elif first:
                    closing = closing or line
                continue
            if closing:
                self._refuse(closing, "commune", "ce n'est pas un code de commune, et des communes suivent")
            kept.append(
                (code, *(self._cell(cells, column, line) for column in self.columns if column != "commune"))
            )
        if not kept:
            raise DataError(
                f"{self.place} : aucune commune sous l'en-tête. Donnez le classeur tel que publié."
            )
        table = pd.DataFrame(kept, columns=["commune", *(name for name in self.columns if name != "commune")])
        twice = table["commune"].duplicated()
        if twice.any():
            code = table.loc[twice, "commune"].iloc[0]
            raise DataError(
                f"{self.place} : la commune {code} figure deux fois. Donnez le classeur tel que publié."
            )
        numbers = [
            "apl",
            *(f"apl_{age}" for age in AGES),
            "standardised_population",
            "population",
            "population_women",
        ]
        for column in numbers:
            table[column] = table[column].astype("float64") if column in table else float("nan")
        for column in ("population", "population_women"):
            # A few editions carry decimals in a count of people.
            table[column] = table[column].round().astype("Int64")
        table["name_fr"] = table.get("name_fr", pd.Series("", index=table.index))
        table = table.assign(
            profession=self.profession,
            year=year,
            unit=UNITS[self.profession],
            population_year=self.population_year,
            source=f"DREES, APL {year}",
        )
        order = ["commune", "name_fr", "profession", "year", "apl", "apl_65", "apl_62", "apl_60", "unit"]
        return table[[*order, *numbers[4:], "population_year", "source"]]

    def _header(self, lines: Iterator[tuple[Any, ...]]) -> int:
        for line, cells in zip(range(1, HEADER_LINES + 1), lines, strict=False):
            names = [_text(cell) for cell in cells]
            while names and not names[-1]:
                names.pop()
            if names and plain(names[0]) in ("code commune insee", "code commune", "commune"):
                self._match(names, line)
                return line
        raise DataError(
            f"{self.place} : pas de ligne d'en-tête dans les {HEADER_LINES} premières (attendu : {EXPECTED}). "
            "Donnez le classeur tel que publié."
        )

    def _match(self, names: Sequence[str], line: int) -> None:
        for position, name in enumerate(names):
            column = self._column(plain(name), position)
            if column is None or column in self.columns:
                fault = "n'est pas une colonne connue de l'APL" if column is None else "figure deux fois"
                raise DataError(
                    f"{self.place}, ligne {line}, colonne {position + 1} : « {name} » {fault} (attendu : {EXPECTED}). "
                    "Vérifiez l'édition du classeur."
                )
            self.columns[column], self.labels[column] = position, name
            if column == "population" and (found := re.search(r"20\d\d", name)):
                self.population_year = int(found.group())
        for column, name in (("apl", "APL aux…"), ("standardised_population", "Population standardisée…")):
            if column not in self.columns:
                raise DataError(
                    f"{self.place}, ligne {line} : colonne « {name} » absente (lu : {', '.join(names)}). "
                    "Vérifiez l'édition du classeur."
                )

    def _column(self, name: str, position: int) -> str | None:
        if position == 0:
            return "commune"
        if name in ("commune", "libelle commune", "nom commune", "nom de la commune"):
            return "name_fr"
        for profession, (words, _) in PROFESSIONS.items():
            if re.match(rf"apl aux {words}", name) and self.profession in ("", profession):
                self.profession = profession
                # "de 65 ans et moins"; before 2021, "de moins de 65 ans".
                age = re.search(r"de (?:moins de )?(\d\d) ans(?: et moins| ou moins|$)", name)
                if age is None:
                    return None if re.search(r"\d", name) else "apl"
                return f"apl_{age.group(1)}" if age.group(1) in AGES else None
        if re.match(r"population (feminine )?standardisee", name):
            return "standardised_population"
        if name.startswith("population totale"):
            return "population"
        return "population_women" if name.startswith("population feminine") else None

    def _check_unit(self, said: str, line: int) -> None:
        if not re.search(PROFESSIONS[self.profession][1], plain(said)):
            self._refuse(
                line,
                "apl",
                f"l'unité « {said} » n'est pas celle attendue ({UNITS[self.profession]})",
            )

    def _cell(self, cells: Sequence[Any], column: str, line: int) -> Any:
        value = cells[self.columns[column]] if len(cells) > self.columns[column] else None
        if column == "name_fr":
            return _text(value)
        if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= LARGEST_NUMBER:
            return float(value)
        text = _text(value)
        if plain(text) in _MISSING:
            return None
        number = float(_bare(text)) if _is_number(text) else -1.0
        if not 0 <= number <= LARGEST_NUMBER:
            self._refuse(line, column, f"« {text} » n'est pas un nombre positif")
        return number

    def _refuse(self, line: int, column: str, fault: str) -> NoReturn:
        raise DataError(
            f"{self.place}, ligne {line}, colonne « {self.labels[column]} » : {fault}. "
            "Rien n'a été gardé : corrigez la cellule ou téléchargez le classeur à nouveau."
        )


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text).replace(",", ".")


def _is_number(text: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?([eE][-+]?\d+)?", _bare(text)) is not None
