"""Values side by side: dot plot with intervals, slopes between two dates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from helpers import french
from helpers.page.figures import labels as direct
from helpers.page.figures.theme import (
    INK,
    MARKERS,
    MARKS,
    PALETTE,
    SOFT,
    Figure,
    blank,
    drawable,
    extremes,
    french_numbers,
    left_out,
    legend_columns,
    name,
    only,
    row_heads,
    rows_height,
    short,
    sign,
    themed,
)


@themed
def dots(
    data: pd.DataFrame,
    caption: str,
    *,
    label: str,
    value: str,
    unit: str,
    lower: str | None = None,
    upper: str | None = None,
    benchmark: float | None = None,
    benchmark_label: str = "",
    others: Sequence[str] = (),
    own: str = "",
    source: str = "",
    note: str = "",
) -> Figure:
    """Dot plot, one row per label, with intervals (`lower`, `upper`) and a vertical benchmark when given.

    Values are in `unit` and written on the right. `others` are columns of further values, drawn hollow on the same row under
    the name of their column, beside those of `own`. Raises NotComputable when no row has a value.
    """
    kept = drawable(data, [value], caption)
    names, values = [name(item) for item in kept[label]], kept[value].astype(float).to_numpy()
    canvas, axes = blank(height=1.3 + rows_height(names, 0.2))
    rows = np.arange(len(kept))[::-1]
    if lower and upper:
        axes.hlines(rows, kept[lower].astype(float), kept[upper].astype(float), color=SOFT, linewidth=2.4)
    for index, column in enumerate(others, start=1):
        axes.plot(
            kept[column].astype(float), rows, linestyle="none", marker=MARKERS[index + 1], color=PALETTE[index + 1], markersize=9,
            fillstyle="none", markeredgewidth=1.8, label=name(column, 34),
        )  # fmt: skip
    axes.plot(values, rows, "o", color=PALETTE[0], markersize=8, label=name(own, 34))
    if others:
        axes.legend(
            loc="lower left", bbox_to_anchor=(0, 1.0), ncols=legend_columns(len(others) + 1), frameon=False, fontsize=9.5,
            borderaxespad=2.0 if benchmark is not None else 0.2, reverse=True,
        )  # fmt: skip
    row_heads(axes, names, [french.number(item, _digits(values)) for item in values])
    if benchmark is not None:
        axes.axvline(benchmark, color=PALETTE[1], linestyle="--", linewidth=1.5)
        axes.annotate(
            f"{benchmark_label} {french.number(benchmark)}".strip(), (benchmark, 1.0), xycoords=("data", "axes fraction"),
            xytext=(0, 3), textcoords="offset points", ha="center", color=PALETTE[1],
        )  # fmt: skip
    axes.set_xlabel(name(unit, 90))
    french_numbers(axes.xaxis, [*values, *kept[list(others)].to_numpy(dtype=float).ravel()])
    alt = f"Diagramme en points : {caption}. {french.plural(len(kept), 'ligne')}, en {unit}. "
    alt += extremes(list(kept[label]), list(values), unit)
    if benchmark is not None:
        alt += f" Repère : {benchmark_label} {french.number(benchmark)} {unit}."
    shown = only(
        data, [label, value, lower, upper, *others, *(c for c in ("numerator", "denominator") if c in data)]
    )
    heads = {label: "Libellé", value: f"{own or 'Valeur'} ({unit})"}
    return Figure(canvas, alt + left_out(data, kept), caption, shown, source, note, heads)


@themed
def slopes(
    data: pd.DataFrame,
    caption: str,
    *,
    label: str,
    first: str,
    second: str,
    first_title: str,
    second_title: str,
    unit: str,
    prefix: str = "",
    source: str = "",
    note: str = "",
) -> Figure:
    """Slope chart of two dates: one line per label, its values written at both ends, in `unit`.

    Raises NotComputable when no row has both values.
    """
    kept = drawable(data, [first, second], caption)
    canvas, axes = blank(width=7.4, height=max(4.8, 0.32 * len(kept) + 1.5))
    starts, ends = kept[first].astype(float).tolist(), kept[second].astype(float).tolist()
    colors = [PALETTE[index % len(PALETTE)] for index in range(len(kept))]
    for index, (start, end) in enumerate(zip(starts, ends, strict=True)):
        marker = MARKERS[sign(index)]
        axes.plot([0, 1], [start, end], color=colors[index], marker=marker, linewidth=2.2, markersize=8)
    axes.set_xticks([0, 1], [name(first_title, 24), name(second_title, 24)])
    axes.set_xlim(-0.06, 1.06)
    low, high = min([0.0, *starts, *ends]), max([0.0, *starts, *ends])
    axes.set_ylim(1.05 * low, 1.05 * high if high > 0 else 1.0)
    names = [f"{prefix}{name(item, 30)}" for item in kept[label]]
    direct.along_edge(axes, [short(start) for start in starts], starts, colors, side="left")
    said = [f"{MARKS[sign(index)]} {short(end)} · {names[index]}" for index, end in enumerate(ends)]
    direct.along_edge(axes, said, ends, colors)
    # The values are written at both ends: ticks between them would be read twice.
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", visible=True)
    axes.set_title(name(unit, 90), fontsize=10.5, loc="left", color=INK)
    parts = []
    for title, start, end in zip(kept[label], starts, ends, strict=True):
        change = f" ({french.signed(100 * (end / start - 1), 1)} %)" if start else ""
        parts.append(f"{prefix}{title} : {short(start)} puis {short(end)} {unit}{change}")
    alt = f"Pentes entre {first_title} et {second_title} : {caption}. {' ; '.join(parts)}."
    heads = {
        label: prefix.strip() or "Libellé",
        first: f"{first_title} ({unit})",
        second: f"{second_title} ({unit})",
    }
    shown = only(data, [label, first, second])
    return Figure(canvas, alt + left_out(data, kept), caption, shown, source, note, heads)


def _digits(values: np.ndarray[Any, Any]) -> int:
    # The same number of decimals down the column: none for counts and large numbers, one otherwise, more under one.
    if np.all(values == np.round(values)) or np.nanmax(np.abs(values)) >= 1000:
        return 0
    return 1 if np.nanmax(np.abs(values)) >= 1 else 3
