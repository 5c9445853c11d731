"""Cells of a printed table addressed by their key columns, with the interval of their rounding, for recomputations."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from helpers.catalog import Study, once_per_study
from helpers.documents import intervals
from helpers.errors import DataError, NotComputable

# What the interval of a cell depends on, beside its value.
_PRINTED = ("printed", "unit", "qualifier")


class _Columns(dict[str, list[Any]]):
    """Columns of a table as plain lists, and the rows of each value, made when first asked for.

    A recomputation asks for a few cells of a small table: pandas spends a hundred times longer on a question than a
    dictionary does.
    """

    def __init__(self, table: pd.DataFrame) -> None:
        super().__init__()
        self.table = table
        self._places: dict[str, dict[Any, list[int]]] = {}

    def __missing__(self, column: str) -> list[Any]:
        self[column] = self.table[column].astype("object").tolist()
        return self[column]

    @cached_property
    def repaired(self) -> frozenset[int]:
        """Rows restored by arithmetic."""
        known = "repair" in self.table
        return (
            frozenset(np.flatnonzero(self.table["repair"].eq("arithmetic").fillna(False)))
            if known
            else frozenset()
        )

    def places(self, column: str) -> dict[Any, list[int]]:
        """Numbers of the rows that hold each value of a column, missing ones left out."""
        if column not in self._places:
            found: dict[Any, list[int]] = {}
            for place in np.flatnonzero(self.table[column].notna()):
                found.setdefault(self[column][place], []).append(int(place))
            self._places[column] = found
        return self._places[column]


@once_per_study
def _columns(study: Study, name: str) -> _Columns:
    return _Columns(study.table(name))


class Cells:
    """A table of the data package, read by key; refuses cells that cannot support a claim.

    A cell is refused (NotComputable) when it is empty, or when it was repaired with the help of an arithmetic: such a cell
    would only give that arithmetic back.
    """

    def __init__(self, name: str, study: Study, column: str = "value") -> None:
        self.name = name
        self.column = column
        self._columns = _columns(study, name)

    @property
    def table(self) -> pd.DataFrame:
        """The whole table."""
        return self._columns.table.copy(deep=False)

    def rows(self, **key: Any) -> pd.DataFrame:
        """Rows whose columns equal (or, for a list, tuple, set or range, are among) the values given."""
        return self._columns.table.take(self._places(key))

    def count(self, **key: Any) -> int:
        """Number of rows."""
        return len(self._places(key))

    def values(self, **key: Any) -> pd.Series[Any]:
        """Values of the rows, in the order of the table, each with the interval of its printing (`intervals.printed`).

        Raises when there is none or one cannot support a claim.
        """
        places = self._places(key)
        numbers = self._numbers(places, key)
        exact = not any(isinstance(number, intervals.Interval) for number in numbers)
        return pd.Series(
            numbers, index=self._columns.table.index[places], dtype="float64" if exact else "object"
        )

    def value(self, **key: Any) -> float:
        """The one value of the one row."""
        numbers = self._numbers(self._places(key), key)
        if len(numbers) != 1:
            raise DataError(f"{self.name} : {len(numbers)} cellules pour {_said(key)}, une seule attendue.")
        return numbers[0]

    def sum(self, **key: Any) -> float:
        """Sum of the values."""
        return intervals.total(self._numbers(self._places(key), key))

    def by(self, index: str, **key: Any) -> pd.Series[Any]:
        """Values indexed by the column `index`, which must be unique among the rows."""
        values = self.values(**key)
        names = self._columns.table.loc[values.index, index]
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

    def _places(self, key: dict[str, Any]) -> list[int]:
        found: set[int] | None = None
        for column, wanted in key.items():
            if column not in self._columns.table:
                raise DataError(f"Le tableau {self.name} n'a pas de colonne « {column} ».")
            several = isinstance(wanted, Collection) and not isinstance(wanted, str)
            known = self._columns.places(column)
            matching = {
                place for value in (wanted if several else [wanted]) for place in known.get(value, ())
            }
            found = matching if found is None else found & matching
        return list(range(len(self._columns.table))) if found is None else sorted(found)

    def _numbers(self, places: list[int], key: dict[str, Any]) -> list[float]:
        if not places:
            raise DataError(f"{self.name} : aucune ligne pour {_said(key)}.")
        said = {name: self._columns[name] for name in (self.column, *_PRINTED) if name in self._columns.table}
        if any(pd.isna(said[self.column][place]) for place in places):
            raise NotComputable(f"{self.name} : cellule sans valeur pour {_said(key)}.")
        if not self._columns.repaired.isdisjoint(places):
            raise NotComputable(
                f"{self.name} : une cellule de {_said(key)} a été réparée par un calcul et ne peut appuyer aucun verdict."
            )
        return [self._number({name: values[place] for name, values in said.items()}) for place in places]


def _said(key: dict[str, Any]) -> str:
    return ", ".join(f"{column} = {value}" for column, value in key.items()) or "tout le tableau"
