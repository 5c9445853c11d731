"""Time: series named at their last point, small multiples, timeline of the steps of each CPTS."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import date2num
from matplotlib.patches import Patch
from numpy.typing import NDArray

from helpers import french
from helpers.page.figures import labels as direct
from helpers.page.figures.sheet import sheet
from helpers.page.figures.theme import (
    MARKERS,
    MARKS,
    PALE,
    PALETTE,
    PHONE,
    SOFT,
    Figure,
    blank,
    drawable,
    french_dates,
    french_numbers,
    is_narrow,
    left_out,
    legend_columns,
    name,
    only,
    row_heads,
    rows_height,
    sign,
    themed,
)


@themed
def trends(
    data: pd.DataFrame,
    caption: str,
    *,
    date: str,
    value: str,
    series: str,
    unit: str,
    linked: bool = True,
    target: float | None = None,
    target_label: str = "",
    band: tuple[float, float] | None = None,
    band_label: str = "indiscernable du hasard",
    source: str = "",
    note: str = "",
) -> Figure:
    """Values against time, in `unit`, a colour and a marker per series, named at its last point; `linked` draws the lines.

    `band` shades the values between its two bounds, such as moves that cannot be told from chance. Raises NotComputable when
    no row has a date and a value.
    """
    kept = drawable(data, [date, value], caption)
    canvas, axes = blank(height=5.0)
    names, ends, colors = [], [], []
    for index, (title, points) in enumerate(kept.groupby(series, sort=False)):
        ordered = points.sort_values(date, kind="stable")
        _series(axes, ordered[date], ordered[value], index, linked=linked)
        names.append(f"{MARKS[sign(index)]} {name(title, 26)}")
        ends.append(float(ordered[value].iloc[-1]))
        colors.append(PALETTE[index % len(PALETTE)])
    limits = [*([target] if target is not None else []), *(band or ())]
    _value_axis(axes, [*kept[value].astype(float), *limits], unit)
    french_dates(axes, kept[date])
    if band is not None:
        axes.axhspan(*band, color=PALE, zorder=0)
        # In a legend over the axes: a name inside the band would stand over the line that crosses it.
        axes.legend(
            handles=[Patch(facecolor=PALE, label=name(band_label, 60, 1))], loc="lower left", bbox_to_anchor=(0, 1.0),
            frameon=False, fontsize=9.5, borderaxespad=0.2,
        )  # fmt: skip
    if target is not None:
        axes.axhline(target, color=SOFT, linestyle=":", linewidth=1.8)
        axes.annotate(
            name(target_label, 40), (0.01, target), xycoords=("axes fraction", "data"), xytext=(0, 4),
            textcoords="offset points", color=SOFT,
        )  # fmt: skip
    direct.along_edge(axes, names, ends, colors)
    alt = f"Évolution dans le temps : {caption}. En {unit}. {_first_and_last(kept, date, value, series)}"
    if target is not None:
        alt += f" Repère : {target_label} {french.number(target)}."
    if band is not None:
        alt += f" Bande {band_label} : de {french.number(band[0], 0)} à {french.number(band[1], 0)}."
    shown = only(data, [series, date, value])
    heads = {series: "Série", date: "Date", value: f"Valeur ({unit})"}
    return Figure(canvas, alt + left_out(data, kept), caption, shown, source, note, heads)


@themed
def small_multiples(
    data: pd.DataFrame,
    caption: str,
    *,
    date: str,
    value: str,
    series: str,
    unit: str,
    columns: int = 3,
    linked: bool = True,
    shared: bool = True,
    source: str = "",
    note: str = "",
) -> Figure:
    """One small panel per series, on the same dates and, when `shared`, on the same scale; the last value is written.

    Panels follow the order of appearance of `series`. Raises NotComputable when no row has a date and a value.
    """
    kept = drawable(data, [date, value], caption)
    groups = list(kept.groupby(series, sort=False))
    across = min(2 if is_narrow() else columns, len(groups))
    down = -(-len(groups) // across)
    canvas = sheet(PHONE if is_narrow() else max(3.4, 2.9 * across), 2.35 * down, constrained=True)
    panels = canvas.subplots(down, across, squeeze=False).ravel()
    for panel, (title, points) in zip(panels, groups, strict=False):
        ordered = points.sort_values(date, kind="stable")
        _series(panel, ordered[date], ordered[value], 0, linked=linked)
        _value_axis(panel, list((kept if shared else ordered)[value].astype(float)), "")
        french_dates(panel, kept[date])
        if kept[date].max().year - kept[date].min().year >= 3:
            panel.tick_params(axis="x", labelsize=9)
        _thin(panel)
        panel.set_title(name(title, 32), fontsize=10, loc="left")
        _write_last(panel, ordered[date].iloc[-1], ordered[value].astype(float).to_numpy())
    for panel in panels[len(groups) :]:
        panel.set_visible(False)
    canvas.supylabel(name(unit, 50), fontsize=10)
    alt = f"{french.plural(len(groups), 'petit graphique')} : {caption}. En {unit}, "
    alt += "même échelle partout. " if shared else "échelles différentes. "
    alt += _first_and_last(kept, date, value, series)
    shown = only(data, [series, date, value])
    heads = {series: "Série", date: "Date", value: f"Valeur ({unit})"}
    return Figure(canvas, alt + left_out(data, kept), caption, shown, source, note, heads)


def _write_last(panel: Axes, day: pd.Timestamp, values: NDArray[np.float64]) -> None:
    # Over the point, or under it where the line comes down to it and there is room over the axis.
    low, high = panel.get_ylim()
    falls = len(values) > 1 and values[-2] > values[-1] > low + (high - low) / 6
    up, vertical = (-8, "top") if falls else (7, "baseline")
    panel.annotate(
        french.number(values[-1]), (float(date2num(day)), values[-1]), xytext=(-2, up), textcoords="offset points",
        ha="right", va=vertical, fontsize=9, color=PALETTE[0], fontweight="bold",
    )  # fmt: skip


@themed
def timeline(
    data: pd.DataFrame,
    caption: str,
    *,
    label: str,
    date: str,
    stage: str,
    stages: Sequence[str] = (),
    source: str = "",
    note: str = "",
) -> Figure:
    """Steps of each CPTS in time: one row per label, a marker and a colour per stage, a line from the first to the last.

    Takes one row per label and step. `stages` is their order (else that of appearance). Rows follow the order of `data`: the
    figure describes, it does not rank. Raises NotComputable when no step is dated.
    """
    kept = drawable(data, [date, stage], caption)
    order = [*stages, *(item for item in kept[stage].drop_duplicates() if item not in stages)]
    people = list(kept[label].drop_duplicates())
    names = [name(item, 34) for item in people]
    canvas, axes = blank(height=1.5 + rows_height(names, 0.2))
    height = {person: len(people) - 1 - index for index, person in enumerate(people)}
    for person, steps in kept.groupby(label, sort=False):
        axes.hlines(height[person], steps[date].min(), steps[date].max(), color=SOFT, linewidth=2)
    for index, item in enumerate(order):
        steps = kept[kept[stage] == item]
        axes.plot(
            steps[date], [height[person] for person in steps[label]], linestyle="none", marker=MARKERS[sign(index)],
            color=PALETTE[index % len(PALETTE)], markersize=9, markeredgecolor="white", label=name(item, 30, 2),
        )  # fmt: skip
    row_heads(axes, names)
    french_dates(axes, kept[date])
    axes.legend(
        loc="lower left", bbox_to_anchor=(0, 1.0), ncols=legend_columns(min(3, len(order))), frameon=False,
        fontsize=9.5, borderaxespad=0.2,
    )  # fmt: skip
    first, last = kept.loc[kept[date].idxmin()], kept.loc[kept[date].idxmax()]
    alt = (
        f"Frise : {caption}. {french.plural(len(people), 'ligne')}, {french.plural(len(kept), 'étape datée')}"
    )
    alt += f" ({french.listing(order)}). Première : {first[label]}, {first[stage]}, {french.date(first[date].date())} ; "
    alt += f"dernière : {last[label]}, {last[stage]}, {french.date(last[date].date())}."
    shown = only(data, [label, stage, date])
    heads = {label: "Libellé", stage: "Étape", date: "Date"}
    return Figure(canvas, alt + left_out(data, kept), caption, shown, source, note, heads)


def _series(axes: Axes, days: pd.Series[Any], values: pd.Series[Any], index: int, *, linked: bool) -> None:
    style = "-" if linked and len(days) > 1 else "none"
    color, marker = PALETTE[index % len(PALETTE)], MARKERS[sign(index)]
    axes.plot(
        date2num(days), values.astype(float), linestyle=style, marker=marker, color=color, markersize=7, linewidth=1.8
    )  # fmt: skip


def _value_axis(axes: Axes, values: Sequence[float], unit: str) -> None:
    # Zero is always on the axis: a slope is not made steep by cutting it.
    low, high = min(0.0, *values), max(0.0, *values)
    axes.set_ylim(1.08 * low, 1.12 * high if high > 0 else 1.0)
    axes.set_ylabel(name(unit, 50))
    french_numbers(axes.yaxis, values)


def _thin(axes: Axes) -> None:
    ticks = axes.get_xticks()
    low, high = axes.get_xlim()
    inside = [tick for tick in ticks if low <= tick <= high]
    if len(inside) > 4:
        axes.set_xticks(inside[:: int(np.ceil(len(inside) / 4))])


def _first_and_last(kept: pd.DataFrame, date: str, value: str, series: str) -> str:
    parts = []
    for title, points in kept.groupby(series, sort=False):
        ordered = points.sort_values(date, kind="stable")
        first, last = ordered.iloc[0], ordered.iloc[-1]
        said = f"{title} : {french.number(float(first[value]))} en {first[date].year}"
        if len(ordered) > 1:
            said += f", {french.number(float(last[value]))} en {last[date].year}"
        parts.append(said)
    return f"{' ; '.join(parts)}."
