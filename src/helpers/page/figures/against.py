"""Each value with its interval and, on the same row, its own benchmark."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D

from helpers import french
from helpers.page.figures.theme import (
    MARKERS,
    PALETTE,
    SOFT,
    Figure,
    blank,
    drawable,
    french_numbers,
    left_out,
    legend_columns,
    name,
    only,
    row_heads,
    rows_height,
    short,
    themed,
)

_DOT: dict[str, Any] = {"linestyle": "none", "marker": MARKERS[0], "color": PALETTE[0], "markersize": 8}
# Hollow, so that a value equal to its benchmark is still seen inside it.
_DIAMOND: dict[str, Any] = {
    "linestyle": "none", "marker": MARKERS[2], "color": PALETTE[1], "markersize": 10, "fillstyle": "none", "markeredgewidth": 2,
}  # fmt: skip


@themed
def against(
    data: pd.DataFrame,
    caption: str,
    *,
    label: str,
    value: str,
    lower: str,
    upper: str,
    benchmark: str,
    benchmark_label: str,
    unit: str,
    source: str = "",
    note: str = "",
) -> Figure:
    """Dot plot with one benchmark per row: dot and interval of the territory, diamond of what it is compared with.

    All in `unit`, from zero; rows keep the order of `data`, which is not a rank. A missing bound or benchmark is not drawn.
    Raises NotComputable when no row has a value.
    """
    kept = drawable(data, [value], caption)
    names, values = [name(item) for item in kept[label]], kept[value].astype(float).to_numpy()
    canvas, axes = blank(height=1.5 + rows_height(names, 0.24))
    rows = np.arange(len(kept))[::-1]
    low, high, others = (kept[column].astype(float).to_numpy() for column in (lower, upper, benchmark))
    axes.hlines(rows, low, high, color=SOFT, linewidth=2.4)
    axes.plot(others, rows, **_DIAMOND)
    axes.plot(values, rows, **_DOT)
    reach = np.nanmax(np.concatenate([values, high, others, [0.0]]))
    places = 0 if reach >= 1000 else 1 if reach >= 1 else 3
    pairs = [
        [french.number(item, places) for item in pair if not np.isnan(item)]
        for pair in zip(values, others, strict=True)
    ]
    row_heads(axes, names, [" ◇ ".join(pair) for pair in pairs])
    axes.set_xlim(
        min(0.0, float(np.nanmin(values))) * 1.05 - 0.01 * reach, 1.06 * reach if reach > 0 else 1.0
    )
    axes.set_xlabel(name(unit, 90))
    french_numbers(axes.xaxis, [*values, *others])
    places = 0 if reach >= 1000 else 1 if reach >= 1 else 3
    marks = [Line2D([], [], **_DOT, label="valeur" if np.isnan(low).all() else "valeur et intervalle")]
    if not np.isnan(others).all():
        marks.append(Line2D([], [], **_DIAMOND, label=name(benchmark_label, 40)))
    axes.legend(
        handles=marks, loc="lower left", bbox_to_anchor=(0, 1.0), ncols=legend_columns(2), frameon=False, fontsize=9.5,
        borderaxespad=0.2,
    )  # fmt: skip
    parts = [
        f"{item} : {short(own)}" + ("" if np.isnan(other) else f" contre {short(other)}")
        for item, own, other in zip(kept[label], values, others, strict=True)
    ]
    alt = f"Diagramme en points, {benchmark_label} : {caption}. En {unit}. {' ; '.join(parts)}."
    alone = int(np.isnan(low).sum())
    if alone:
        alt += f" {french.plural(alone, 'valeur sans intervalle', 'valeurs sans intervalle')}."
    heads = {label: "Indicateur", value: f"Valeur ({unit})", benchmark: f"{benchmark_label} ({unit})"}
    shown = only(data, [label, value, lower, upper, benchmark])
    return Figure(canvas, alt + left_out(data, kept), caption, shown, source, note, heads)
