"""Accumulation: what each new source adds, in the order given and whatever the order."""

from __future__ import annotations

import pandas as pd
from matplotlib.ticker import MaxNLocator

from helpers import french
from helpers.page.figures import labels as direct
from helpers.page.figures.theme import (
    INK,
    MARKERS,
    PALE,
    PALETTE,
    SOFT,
    Figure,
    blank,
    drawable,
    french_numbers,
    name,
    only,
    themed,
)


@themed
def accumulation(
    data: pd.DataFrame,
    caption: str,
    *,
    label: str,
    seen: str,
    mean: str,
    lower: str,
    upper: str,
    unit: str,
    estimate: float | None = None,
    estimate_label: str = "",
    source: str = "",
    note: str = "",
) -> Figure:
    """Cumulated curve, one row per source in the order read: `seen` in that order, `mean` and band whatever the order.

    `label` names the source on the axis; values are in `unit`; `estimate` draws a horizontal line, such as an estimated total.
    Raises NotComputable when no row has a value.
    """
    kept = drawable(data, [seen, mean], caption)
    places = list(range(1, len(kept) + 1))
    canvas, axes = blank(height=4.8)
    axes.fill_between(places, kept[lower].astype(float), kept[upper].astype(float), color=PALE, zorder=1)
    axes.plot(places, kept[mean].astype(float), color=SOFT, linestyle="--", linewidth=1.8, zorder=2)
    axes.plot(
        places, kept[seen].astype(float), color=PALETTE[0], marker=MARKERS[0], markersize=7, linewidth=2, zorder=3
    )  # fmt: skip
    for place, value in zip(places, kept[seen].astype(float), strict=True):
        axes.annotate(
            french.number(value), (place, value), xytext=(0, 8), textcoords="offset points", ha="center", fontsize=9.5,
            color=PALETTE[0], fontweight="bold",
        )  # fmt: skip
    top = max([*kept[upper].astype(float), *kept[seen].astype(float), *([estimate] if estimate else [])])
    axes.set_ylim(0, 1.14 * top)
    axes.set_xlim(0.6, len(kept) + 0.4)
    every = -(-len(kept) // 12)
    axes.set_xticks(places[::every], [name(item, 10, 2) for item in kept[label]][::every])
    axes.set_ylabel(name(unit, 50))
    french_numbers(axes.yaxis)
    # Codes are counted: no tick between two whole numbers.
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    if estimate is not None:
        axes.axhline(estimate, color=INK, linestyle=":", linewidth=1.6)
        axes.annotate(
            f"{name(estimate_label, 40, 1)} {french.number(estimate, 0)}", (0.01, estimate), xycoords=("axes fraction", "data"),
            xytext=(0, 4), textcoords="offset points", color=INK, fontsize=9.5,
        )  # fmt: skip
    ends = [float(kept[seen].iloc[-1]), float(kept[mean].iloc[-1])]
    direct.along_edge(axes, ["dans l'ordre lu", "moyenne des ordres"], ends, [PALETTE[0], SOFT])
    said = [
        f"{item} {french.number(float(value))}" for item, value in zip(kept[label], kept[seen], strict=True)
    ]
    alt = f"Courbe cumulée : {caption}. En {unit}, dans l'ordre lu : {french.listing(said)}. Moyenne de tous les ordres : "
    alt += french.listing(french.number(float(value), 1) for value in kept[mean]) + "."
    if estimate is not None:
        alt += f" Repère : {estimate_label} {french.number(estimate, 0)}."
    heads = {
        label: "Source", seen: "Dans l'ordre lu", mean: "Moyenne des ordres", lower: "Bande, bas", upper: "Bande, haut",
    }  # fmt: skip
    shown = only(data, [label, seen, mean, lower, upper])
    return Figure(canvas, alt, caption, shown, source, note, heads)
