"""The shape of a long result, and the checks that every method makes on what it is given.

A method never answers on a doubtful row: it says which row, what is wrong and stops (`NotComputable`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from helpers import french
from helpers.errors import NotComputable

LONG_COLUMNS = (
    "indicator", "territory", "period", "statistic", "value", "lower", "upper",
    "numerator", "denominator", "method", "confidence", "unit", "note",
)  # fmt: skip

Floats = NDArray[np.float64]
_NUMBERS = {"value", "lower", "upper", "numerator", "denominator", "confidence"}


def long(**columns: Any) -> pd.DataFrame:
    """Long results: the thirteen columns of the design in their order, then those that the method adds.

    Takes arrays of one length, or scalars repeated on every row. A column that is not given is empty: missing for a number,
    an empty text for the rest.
    """
    sizes = [len(item) for item in columns.values() if isinstance(item, (np.ndarray, list, pd.Series))]
    rows = max(sizes, default=1)
    filled = {
        name: columns.pop(name, float("nan") if name in _NUMBERS else "") for name in LONG_COLUMNS
    } | columns
    # pandas repeats a scalar slowly, and learns the type of a text slowly: half of the time of most methods went there.
    repeated = {
        name: _texts(item, rows) if type(item) is str else np.full(rows, item) if np.isscalar(item) else item
        for name, item in filled.items()
    }
    return pd.DataFrame(repeated, index=pd.RangeIndex(rows))


@lru_cache(maxsize=256)
def _texts(text: str, rows: int) -> pd.api.extensions.ExtensionArray:
    """A text on every row; who makes a table of it copies it."""
    return pd.Series([text] * rows, dtype="str").array


def unit_of(per: float) -> str:
    """French name of the unit of a proportion or rate: "%", "pour 1 000" or, for 1, nothing."""
    if per == 100:
        return "%"
    return "" if per == 1 else f"pour {french.number(float(per))}"


def pace_unit(per: float) -> str:
    """French name of the unit of a slope: points, never percent, for a proportion in percent."""
    return "points par période" if per == 100 else f"{unit_of(per)} par période".strip()


class Rows:
    """Names the rows of the user's sequences in the sentences that refuse them: "ligne 3 (Ain)"."""

    def __init__(self, *sequences: object, labels: object = "", indicator: str = "") -> None:
        self.indicator = indicator
        self.scalar = all(np.ndim(item) == 0 for item in sequences)  # type: ignore[arg-type]
        self.labels: list[str] | None = None
        if not isinstance(labels, str):
            self.labels = [str(item) for item in labels]  # type: ignore[attr-defined]
            return
        for item in sequences:
            if isinstance(item, pd.Series) and not isinstance(item.index, pd.RangeIndex):
                self.labels = [str(label) for label in item.index]
                return

    def name(self, row: int) -> str:
        """Where the fault is, as a beginning of a sentence; empty for a scalar without indicator."""
        parts = [self.indicator] if self.indicator else []
        if not self.scalar:
            label = self.labels[row] if self.labels and row < len(self.labels) else ""
            parts.append(f"ligne {row + 1}" + (f" ({label})" if label else ""))
        return ", ".join(parts)

    def refuse(self, bad: NDArray[np.bool_], sentence: Callable[[int], str]) -> None:
        """Raise NotComputable on the first bad row, and count the others."""
        rows = np.flatnonzero(bad)
        if len(rows) == 0:
            return
        first = int(rows[0])
        where, what = self.name(first), sentence(first)
        text = f"{where} : {what}" if where else what[0].upper() + what[1:]
        if len(rows) > 1:
            text += f" Même défaut sur {french.plural(len(rows) - 1, 'autre ligne', 'autres lignes')}."
        raise NotComputable(text)

    def fail(self, what: str) -> None:
        """Raise NotComputable for a fault of the whole request."""
        raise NotComputable(f"{self.indicator} : {what}" if self.indicator else what[0].upper() + what[1:])


def numbers(values: ArrayLike | Sequence[float], name: str, rows: Rows, *, missing: bool = False) -> Floats:
    """Sequence (or scalar) as a one-dimensional array of floats, refused when a cell is no number.

    `name` is the French name of the quantity. A missing cell is refused unless `missing`.
    """
    raw = np.atleast_1d(np.asarray(values, dtype=object)).ravel()
    try:
        array = np.atleast_1d(np.asarray(values, dtype=float)).ravel()
    except (TypeError, ValueError):
        cells = pd.to_numeric(pd.Series(raw, dtype=object), errors="coerce").to_numpy(
            dtype=float, na_value=np.nan
        )
        text = np.isnan(cells) & ~pd.isna(pd.Series(raw, dtype=object)).to_numpy()
        rows.refuse(text, lambda row: f"{name} n'est pas un nombre (« {raw[row]} »).")
        array = cells
    if len(array) == 0:
        rows.fail(f"aucune ligne : {name} est vide.")
    if not missing:
        rows.refuse(np.isnan(array), lambda _: f"{name} manque ; retirez la ligne ou complétez-la.")
    rows.refuse(np.isinf(array), lambda _: f"{name} est infini.")
    return array


def one_unit(unit: str | Sequence[str], rows: Rows) -> str:
    """The unit shared by every row: a text, or one per row, refused when they differ."""
    if isinstance(unit, str):
        return unit
    units = np.array([str(item) for item in unit], dtype=object)
    if len(units) == 0:
        return ""
    rows.refuse(
        units != units[0],
        lambda row: (
            f"l'unité (« {units[row]} ») n'est pas celle de la première ligne (« {units[0]} ») ; convertissez d'abord."
        ),
    )
    return str(units[0])


def same_length(rows: Rows, **named: Floats) -> None:
    """Refuse sequences of different lengths."""
    sizes = {name: len(array) for name, array in named.items()}
    if len(set(sizes.values())) > 1:
        told = ", ".join(f"{name} {size}" for name, size in sizes.items())
        rows.fail(f"les séquences n'ont pas la même longueur ({told}).")


def counts_within(numerator: Floats, denominator: Floats, rows: Rows) -> None:
    """Refuse a denominator that is not positive and a numerator outside its denominator."""
    rows.refuse(
        denominator <= 0,
        lambda row: (
            f"aucun effectif au dénominateur ({french.number(float(denominator[row]))}), la proportion n'est pas définie."
        ),
    )
    rows.refuse(
        (numerator < 0) | (numerator > denominator),
        lambda row: (
            f"le numérateur ({french.number(float(numerator[row]))}) sort du dénominateur"
            f" ({french.number(float(denominator[row]))})."
        ),
    )


def counts_over(count: Floats, exposure: Floats, rows: Rows) -> None:
    """Refuse a negative count and an exposure (population, person-years) that is not positive."""
    rows.refuse(
        count < 0,
        lambda row: f"un nombre d'événements ne peut pas être négatif ({french.number(float(count[row]))}).",
    )
    rows.refuse(
        exposure <= 0,
        lambda row: (
            f"la population au dénominateur doit être positive ({french.number(float(exposure[row]))})."
        ),
    )


def ordered_periods(periods: ArrayLike | Sequence[float], rows: Rows) -> Floats:
    """Periods as numbers, refused when duplicated or not in increasing order.

    Takes years or numbered periods; text and dates are refused with the remedy.
    """
    array = numbers(periods, "la période", rows)
    step = np.diff(array, prepend=-np.inf)
    rows.refuse(step == 0, lambda row: f"la période {french_period(array[row])} est en double.")
    rows.refuse(
        step < 0,
        lambda row: f"la période {french_period(array[row])} n'est pas dans l'ordre ; triez les périodes.",
    )
    return array


def french_period(period: float) -> str:
    """A year without thousands separator: 2021, or 2021,5 for a half-year."""
    return f"{period:g}".replace(".", ",") if period != int(period) else str(int(period))


def levels_of(confidence: float | Sequence[float]) -> Floats:
    """Confidence levels as an array, each strictly between 0 and 1."""
    array = np.atleast_1d(np.asarray(confidence, dtype=float))
    if len(array) == 0 or not ((array > 0) & (array < 1)).all():
        raise NotComputable("Le niveau de confiance doit être compris entre 0 et 1, par exemple 0.95.")
    return array
