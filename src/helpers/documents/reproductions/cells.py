"""Cells of a printed table addressed by their key columns, for recomputations."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pandas as pd

from helpers import catalog
from helpers.errors import DataError, NotComputable


class Cells:
    """A table of the data package, read by key; refuses cells that cannot support a claim.

    A cell is refused (NotComputable) when it is empty, or when it was repaired with the help of an arithmetic: such a cell
    would only give that arithmetic back.
    """

    def __init__(
        self, name: str, package: catalog.Package | str | None = None, column: str = "value"
    ) -> None:
        self.name = name
        self.column = column
        self.table = catalog.load(name, package)

    def rows(self, **key: Any) -> pd.DataFrame:
        """Rows whose columns equal (or, for a list, tuple, set or range, are among) the values given."""
        found = self.table
        for column, wanted in key.items():
            if column not in found.columns:
                raise DataError(f"Le tableau {self.name} n'a pas de colonne « {column} ».")
            several = isinstance(wanted, Collection) and not isinstance(wanted, str)
            matches = found[column].isin(list(wanted)) if several else (found[column] == wanted).fillna(False)
            found = found[matches.astype(bool)]
        return found

    def count(self, **key: Any) -> int:
        """Number of rows."""
        return len(self.rows(**key))

    def values(self, **key: Any) -> pd.Series[float]:
        """Values of the rows, in the order of the table; raises when there is none or one cannot support a claim."""
        return self._supported(self.rows(**key), key)[self.column].astype(float)

    def value(self, **key: Any) -> float:
        """The one value of the one row."""
        values = self.values(**key)
        if len(values) != 1:
            raise DataError(f"{self.name} : {len(values)} cellules pour {_said(key)}, une seule attendue.")
        return float(values.iloc[0])

    def sum(self, **key: Any) -> float:
        """Sum of the values."""
        return float(self.values(**key).sum())

    def by(self, index: str, **key: Any) -> pd.Series[float]:
        """Values indexed by the column `index`, which must be unique among the rows."""
        found = self._supported(self.rows(**key), key)
        if found[index].duplicated().any():
            raise DataError(f"{self.name} : plusieurs cellules pour un même « {index} » avec {_said(key)}.")
        return found.set_index(index)[self.column].astype(float)

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
