"""Titles of figures that say what is found, each computed from the table that the figure draws."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from helpers import french


def spread(table: pd.DataFrame, *, label: str, value: str, unit: str = "", decimals: int = 0) -> str:
    """From the least to the most, each with its name: « de 11 % (Cantal) à 88 % (Allier) ».

    Takes one row per thing drawn. Several things at an end are counted. `unit` is « % » or a noun, written once. Equal ends
    are said once. Empty when no value is known: a figure without data is not drawn.
    """
    known = table.dropna(subset=[value])
    if known.empty:
        return ""
    least, most = float(known[value].min()), float(known[value].max())
    if least == most:
        return _measured(least, unit, decimals)
    first, last = (
        f"{_measured(end, said, decimals)} ({_named(known.loc[known[value] == end, label].astype(str).tolist())})"
        for end, said in ((least, unit if unit == "%" else ""), (most, unit))
    )
    return f"de {first} à {last}"


def heaviest(table: pd.DataFrame, of: str) -> str:
    """Heaviest row of counts, of its total: « « Territoire » porte 36 des 135 extraits imprimés »; `of` names what is counted.

    The first column names the rows, the others hold counts. Empty when nothing is counted.
    """
    totals = table.set_index(table.columns[0]).select_dtypes("number").sum(axis=1)
    if totals.empty or not totals.sum():
        return ""
    top = totals[totals == totals.max()].index.astype(str).tolist()
    verb = "porte" if len(top) == 1 else "portent chacun"
    return f"{french.listing(f'« {name} »' for name in top)} {verb} {_count(totals.max())} des {_count(totals.sum())} {of}"


def tied(names: Sequence[str], one: str, several: str, *, most: int = 3) -> str:
    """Those that share an end, none chosen among equals: « la plus disputée est Q30 », « les plus disputées sont Q30 et Q31 ».

    `one` and `several` are the words before the names. After the first `most`, the others are counted; empty without a name.
    """
    if len(names) < 2:
        return f"{one} {names[0]}" if names else ""
    told = list(names[:most])
    more = len(names) - len(told)
    return f"{several} {french.listing([*told, french.plural(more, 'autre')] if more else told)}"


def _count(total: float) -> str:
    # A thousand euros may be cut in two, not a person; sums of tenths are not exact.
    return french.number(round(float(total), 6))


def _measured(value: float, unit: str, decimals: int) -> str:
    if unit == "%":
        return french.percent(value, decimals)
    return f"{french.number(value, decimals)} {unit}".rstrip()


def _named(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} et {french.plural(len(names) - 1, 'autre')}"
