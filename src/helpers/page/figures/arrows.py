"""What moved between two dates: one arrow per row, from where it was to where it is."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers import french
from helpers.page.figures.theme import (
    INK,
    PALETTE,
    SOFT,
    Figure,
    blank,
    drawable,
    french_numbers,
    left_out,
    name,
    only,
    row_heads,
    rows_height,
    short,
    themed,
)

# Part of the axis under which an arrow would turn inside its own circle.
SHORTEST = 0.025


@themed
def arrows(
    data: pd.DataFrame,
    caption: str,
    *,
    label: str,
    first: str,
    second: str,
    first_title: str,
    second_title: str,
    unit: str,
    most: int = 15,
    source: str = "",
    note: str = "",
) -> Figure:
    """One row per label: a hollow circle at the first date, an arrow to the second, both values written on the right.

    Values are in `unit`. The first `most` rows are drawn, in the order given; all are in the data and in the alternative text. A
    row that did not move, or less than can be drawn, has a square. Raises NotComputable when no row has both values.
    """
    kept = drawable(data, [first, second], caption)
    drawn = kept.head(most)
    names = [name(item) for item in drawn[label]]
    starts, ends = (drawn[column].astype(float).to_numpy() for column in (first, second))
    canvas, axes = blank(height=1.6 + rows_height(names, 0.2))
    rows = np.arange(len(drawn))[::-1]
    values = np.concatenate([starts, ends])
    low, high = min(0.0, values.min()), max(values.max(), 1.0)
    for row, start, end in zip(rows, starts, ends, strict=True):
        up = end >= start
        if abs(end - start) < SHORTEST * (high - low):
            axes.plot([start], [row], "s", color=SOFT, markersize=8)
        else:
            axes.plot([start], [row], "o", color=INK, markerfacecolor="white", markersize=7)
            axes.annotate(
                "", (end, row), (start, row),
                arrowprops={"arrowstyle": "-|>", "color": PALETTE[0] if up else PALETTE[1], "lw": 2.2, "shrinkA": 4},
            )  # fmt: skip
    row_heads(
        axes, names, [f"{short(start)} → {short(end)}" for start, end in zip(starts, ends, strict=True)]
    )
    axes.set_xlim(low - 0.04 * (high - low), high + 0.04 * (high - low))
    axes.set_xlabel(name(f"{unit} : cercle, {first_title} ; pointe, {second_title}", 90))
    french_numbers(axes.xaxis, values.tolist())
    said = " ; ".join(
        f"{row[label]} : {short(float(row[first]))} puis {short(float(row[second]))}"
        for _, row in kept.iterrows()
    )
    alt = f"Flèches de {first_title} à {second_title}, en {unit} : {caption}. {said}."
    if len(kept) > most:
        note = " ; ".join(filter(None, [note, f"{most} lignes dessinées sur {french.number(len(kept))}"]))
    heads = {label: "Libellé", first: f"{first_title} ({unit})", second: f"{second_title} ({unit})"}
    return Figure(
        canvas, alt + left_out(data, kept), caption, only(kept, [label, first, second]), source, note, heads
    )
