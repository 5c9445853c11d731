"""Worked examples of the methods, side by side: what each gives, and the sentence by which it refuses."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from helpers import french
from helpers.errors import NotComputable

NOTHING = "—"


def side_by_side(parts: Sequence[pd.DataFrame], *, decimals: int = 2) -> pd.DataFrame:
    """Long results of several methods as readers see them: what, value, interval, counts, method, note.

    A method that has no interval or no denominator shows a dash: it does not apply, it is not missing.
    """
    table = pd.concat(parts, ignore_index=True)
    return pd.DataFrame(
        {
            "Exemple": [_what(row) for row in table.to_dict("records")],
            "Valeur": [_number(value, decimals) for value in table["value"]],
            "Intervalle": [
                f"[{_number(low, decimals)} ; {_number(high, decimals)}]"
                if pd.notna(low) or pd.notna(high)
                else NOTHING
                for low, high in zip(table["lower"], table["upper"], strict=True)
            ],
            "Numérateur": [_number(value) for value in table["numerator"]],
            "Dénominateur": [_number(value) for value in table["denominator"]],
            "Unité": [str(value) or NOTHING for value in table["unit"].fillna("")],
            "Méthode": table["method"].to_numpy(),
            "Note": [_note(row) for row in table.to_dict("records")],
        }
    )


def refusal(asked: str, method: Callable[..., object], *values: object, **options: object) -> dict[str, str]:
    """The sentence by which `method` refuses these values: {"Demande": asked, "Refus": sentence}.

    Raises AssertionError when it does not refuse, so that an example that has become false is seen.
    """
    try:
        method(*values, **options)
    except NotComputable as error:
        return {"Demande": asked, "Refus": str(error)}
    raise AssertionError(f"« {asked} » n'est pas refusé : l'exemple est à revoir.")


def _what(row: dict[str, object]) -> str:
    parts = [str(row[name]) for name in ("indicator", "territory", "statistic", "period") if row.get(name)]
    return " · ".join(dict.fromkeys(parts))


def _note(row: dict[str, object]) -> str:
    parts = [str(row[name]) for name in ("verdict", "note") if pd.notna(row.get(name)) and row.get(name)]
    probability = row.get("p_value")
    if isinstance(probability, float) and pd.notna(probability):
        shown = "p < 0,001" if probability < 0.001 else f"p = {french.number(probability, 3)}"
        parts.insert(0, shown)
    return " ; ".join(parts) or NOTHING


def _number(value: float, decimals: int | None = None) -> str:
    return NOTHING if pd.isna(value) else french.number(float(value), decimals)
