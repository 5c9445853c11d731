"""Cells of a printed table addressed by their key columns, with the interval of their rounding, for recomputations."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd

from helpers.catalog import Study
from helpers.documents import intervals
from helpers.errors import DataError, NotComputable

# What the interval of a cell depends on, beside its value.
_PRINTED = ("printed", "unit", "qualifier")


class Cells:
    """A table of the data package, read by key; refuses cells that cannot support a claim.

    A cell is refused (NotComputable) when it is empty, or when it was repaired with the help of an arithmetic: such a cell
    would only give that arithmetic back.
    """

    def __init__(self, name: str, study: Study, column: str = "value") -> None:
        self.name = name
        self.column = column
        self.table = study.table(name)

    def rows(self, **key: Any) -> pd.DataFrame:
        """Rows whose columns equal (or, for a list, tuple, set or range, are among) the values given."""
        asked = np.ones(len(self.table), dtype=bool)
        for column, wanted in key.items():
            if column not in self.table.columns:
                raise DataError(f"Le tableau {self.name} n'a pas de colonne « {column} ».")
            several = isinstance(wanted, Collection) and not isinstance(wanted, str)
            values = self.table[column]
            matches = values.isin(list(wanted)) if several else (values == wanted).fillna(False)
            asked &= matches.to_numpy(dtype=bool)
        return self.table[asked]

    def count(self, **key: Any) -> int:
        """Number of rows."""
        return len(self.rows(**key))

    def values(self, **key: Any) -> pd.Series[Any]:
        """Values of the rows, in the order of the table, each with the interval of its printing (`intervals.printed`).

        Raises when there is none or one cannot support a claim.
        """
        found = self._supported(self.rows(**key), key)
        said = [name for name in dict.fromkeys((self.column, *_PRINTED)) if name in found]
        numbers = [self._number(row) for row in found[said].to_dict("records")]
        exact = not any(isinstance(number, intervals.Interval) for number in numbers)
        return pd.Series(numbers, index=found.index, dtype="float64" if exact else "object")

    def value(self, **key: Any) -> float:
        """The one value of the one row."""
        values = self.values(**key)
        if len(values) != 1:
            raise DataError(f"{self.name} : {len(values)} cellules pour {_said(key)}, une seule attendue.")
        found: float = values.iloc[0]
        return found if isinstance(found, intervals.Interval) else float(found)

    def sum(self, **key: Any) -> float:
        """Sum of the values."""
        return intervals.total(self.values(**key))

    def by(self, index: str, **key: Any) -> pd.Series[Any]:
        """Values indexed by the column `index`, which must be unique among the rows."""
        values = self.values(**key)
        names = self.table.loc[values.index, index]
        if names.duplicated().any():
            raise DataError(f"{self.name} : plusieurs cellules pour un même « {index} » avec {_said(key)}.")
        return values.set_axis(pd.Index(names))

    def between(self, **key: Any) -> intervals.Bounds:
        """The two ends of the one row that prints a range (columns `lower` and `upper`), or whose value is a bound."""
        found = self.rows(**key)
        if len(found) != 1:
            raise DataError(f"{self.name} : {len(found)} cellules pour {_said(key)}, une seule attendue.")
        row = found.iloc[0]
        if pd.notna(row[self.column]):
            return intervals.Bounds(*intervals.ends(self._number(row.to_dict())))
        if pd.isna(row["lower"]) or pd.isna(row["upper"]):
            raise NotComputable(f"{self.name} : cellule sans valeur pour {_said(key)}.")
        return intervals.Bounds(float(row["lower"]), float(row["upper"]))

    def _number(self, row: dict[str, Any]) -> float:
        value = float(row[self.column])
        if self.column != "value" or pd.isna(row.get("printed")):
            return value
        said = {name: str(row[name]) for name in _PRINTED[1:] if pd.notna(row.get(name))}
        return intervals.printed(str(row["printed"]), value, **said)

    def _supported(self, found: pd.DataFrame, key: dict[str, Any]) -> pd.DataFrame:
        if found.empty:
            raise DataError(f"{self.name} : aucune ligne pour {_said(key)}.")
        if found[self.column].isna().any():
            raise NotComputable(f"{self.name} : cellule sans valeur pour {_said(key)}.")
        if "repair" in found and (found["repair"] == "arithmetic").any():
            raise NotComputable(
                f"{self.name} : une cellule de {_said(key)} a été réparée par un calcul et ne peut appuyer aucun verdict."
            )
        return found


def _said(key: dict[str, Any]) -> str:
    return ", ".join(f"{column} = {value}" for column, value in key.items()) or "tout le tableau"
