"""One quantity along another that is not time: curves with marked bounds."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helpers import french
from helpers.page.figures import labels as direct
from helpers.page.figures.theme import (
    INK,
    MARKS,
    PALETTE,
    SOFT,
    Figure,
    blank,
    drawable,
    french_numbers,
    is_narrow,
    name,
    only,
    themed,
)

_STYLES = ("-", "--", ":", "-.")


@themed
def curves(
    data: pd.DataFrame,
    caption: str,
    *,
    x: str,
    y: str,
    series: str,
    x_title: str,
    unit: str,
    bounds: Mapping[float, str] | None = None,
    breaks: str | None = None,
    here: float | None = None,
    here_label: str = "",
    source: str = "",
    note: str = "",
) -> Figure:
    """Curves of `y` (in `unit`) along `x`, a colour and a line style per series, named at their last point.

    `bounds` draws a vertical line with its name at each value; the column `breaks` cuts the curve where its value changes, so
    that a jump is a jump and not a slope; `here` marks one value of `x`. Raises NotComputable when no row has both values.
    """
    kept = drawable(data, [x, y], caption)
    canvas, axes = blank(height=4.8)
    names, ends, colors = [], [], []
    for index, (title, points) in enumerate(kept.groupby(series, sort=False)):
        color, style = PALETTE[index % len(PALETTE)], _STYLES[index % len(_STYLES)]
        ordered = points.sort_values(x, kind="stable")
        pieces = [ordered] if breaks is None else [piece for _, piece in ordered.groupby(breaks, sort=False)]
        for piece in pieces:
            axes.plot(
                piece[x].astype(float), piece[y].astype(float), linestyle=style, color=color, linewidth=2
            )
        names.append(f"{MARKS[index % len(MARKS)]} {name(title, 22)}")
        ends.append(float(ordered[y].iloc[-1]))
        colors.append(color)
    axes.set_ylim(0, 1.1 * float(kept[y].max()) or 1.0)
    axes.set_xlim(float(kept[x].min()), float(kept[x].max()))
    for value, title in (bounds or {}).items():
        axes.axvline(value, color=SOFT, linestyle=":", linewidth=1.4)
        axes.annotate(
            name(title, 20), (value, 1.0), xycoords=("data", "axes fraction"), xytext=(0, 3), textcoords="offset points",
            ha="center", color=SOFT, fontsize=9, rotation=90 if is_narrow() else 0,
        )  # fmt: skip
    if here is not None:
        axes.axvline(here, color=INK, linewidth=1.4)
        # Above the names of the bounds, outside the axes: it can hide neither a curve nor a name.
        above = 52 if is_narrow() else 16
        axes.annotate(
            name(here_label, 26), (here, 1.0), xycoords=("data", "axes fraction"), xytext=(0, above), textcoords="offset points",
            ha="center", color=INK,
        )  # fmt: skip
    axes.set_xlabel(name(x_title, 80))
    axes.set_ylabel(name(unit, 50))
    french_numbers(axes.xaxis)
    french_numbers(axes.yaxis)
    direct.along_edge(axes, names, ends, colors)
    alt = f"Courbes : {caption}. En {unit}, le long de : {x_title}. {_ends(kept, x, y, series)}"
    if bounds:
        alt += f" Bornes : {french.listing(bounds.values())}."
    if here is not None:
        alt += f" Repère : {here_label}, {french.number(here)}."
    heads = {series: "Courbe", x: x_title, y: f"Valeur ({unit})"}
    return Figure(canvas, alt, caption, only(_thinned(kept, series), [series, x, y]), source, note, heads)


def _ends(kept: pd.DataFrame, x: str, y: str, series: str) -> str:
    parts = []
    for title, points in kept.groupby(series, sort=False):
        first, last = points.loc[points[x].idxmin()], points.loc[points[x].idxmax()]
        parts.append(
            f"{title} : {french.number(float(first[y]), 2)} à {french.number(float(first[x]))}, "
            f"{french.number(float(last[y]), 2)} à {french.number(float(last[x]))}"
        )
    return f"{' ; '.join(parts)}."


def _thinned(kept: pd.DataFrame, series: str, most: int = 40) -> pd.DataFrame:
    """Some forty points of each curve: the table under the figure is read by people."""
    parts = []
    for _, points in kept.groupby(series, sort=False):
        chosen = np.unique(np.linspace(0, len(points) - 1, min(most, len(points))).round().astype(int))
        parts.append(points.iloc[chosen])
    return pd.concat(parts, ignore_index=True)
