"""Inequality and dispersion: values of a group, Lorenz curve, scatter of named points, funnel plot."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.ticker import FuncFormatter

from helpers import french
from helpers.errors import NotComputable
from helpers.page.figures import labels as direct
from helpers.page.figures.theme import (
    INK,
    PALE,
    PALETTE,
    SOFT,
    Figure,
    blank,
    drawable,
    extremes,
    french_numbers,
    is_narrow,
    left_out,
    legend_columns,
    name,
    only,
    themed,
)

_LIMIT_STYLES = ("--", ":", "-.")


# Under so many values, quartiles say less than the points.
_BOXED = 5


@themed
def distribution(
    data: pd.DataFrame,
    caption: str,
    *,
    label: str,
    value: str,
    unit: str,
    source: str = "",
    note: str = "",
) -> Figure:
    """Every value of each group as a point, over the box of its quartiles from five values on (whiskers: Tukey 1977).

    One row per value, `label` its group, in `unit`; groups keep the order of `data`. Points move sideways only, so that none
    hides another. Raises NotComputable when no row has a value.
    """
    # Half a second at import, for the few kinds of figures that ask for it.
    import seaborn as sns

    kept = drawable(data, [value], caption)
    kept = kept.assign(**{label: kept[label].astype(str), value: kept[value].astype(float)})
    groups = {str(group): rows[value] for group, rows in kept.groupby(label, sort=False)}
    order = list(groups)
    canvas, axes = blank(height=1.4 + 0.75 * len(order))
    boxed = kept[kept[label].map(kept[label].value_counts()) >= _BOXED]
    options: dict[str, Any] = {"x": value, "y": label, "order": order, "ax": axes}
    if len(boxed):
        sns.boxplot(
            boxed, **options, color=PALE, linecolor=SOFT, showfliers=False, width=0.6, linewidth=1.2,
            boxprops={"alpha": 0.6},
        )  # fmt: skip
    with warnings.catch_warnings():
        # A sign that the font lacks is drawn as an empty box; points without room left overlap. The data table has all.
        warnings.filterwarnings("ignore", message="Glyph")
        sns.swarmplot(kept, **options, color=PALETTE[0], size=3.6 if is_narrow() else 5, warn_thresh=1)
    axes.set_yticks(range(len(order)), [name(group, 24, 2) for group in order])
    axes.set_ylabel("")
    axes.set_xlabel(name(unit, 90))
    french_numbers(axes.xaxis, kept[value].to_numpy())
    said = (
        f"{group} : {french.plural(len(values), 'valeur')}, médiane {french.number(float(values.median()))}, "
        f"de {french.number(float(values.min()))} à {french.number(float(values.max()))}"
        for group, values in groups.items()
    )
    alt = f"Valeurs une à une : {caption}. En {unit}. {' ; '.join(said)}."
    shown = only(data, [label, value])
    heads = {label: "Groupe", value: f"Valeur ({unit})"}
    return Figure(canvas, alt + left_out(data, kept), caption, shown, source, note, heads)


@themed
def lorenz(shares: pd.DataFrame, caption: str, *, gini: float, source: str = "", note: str = "") -> Figure:
    """Lorenz curve from the cumulated shares `units` and `total` (0 to 1), with the diagonal of equality.

    Raises NotComputable when there is no share.
    """
    kept = drawable(shares, ["units", "total"], caption)
    canvas, axes = blank(width=5.6, height=5.2)
    axes.plot([0, 1], [0, 1], linestyle="--", color=SOFT)
    axes.plot(kept["units"], kept["total"], color=PALETTE[0], linewidth=2.5)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.text(0.4, 0.44, "égalité parfaite", rotation=42, rotation_mode="anchor", color=SOFT)
    axes.text(0.97, 0.06, f"Gini = {french.number(gini, 3)}", ha="right", color=PALETTE[0])
    axes.set_xlabel("Part cumulée des CPTS, de la moins à la plus peuplée")
    axes.set_ylabel("Part cumulée de la population")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda value, _: french.percent(100 * value, 0)))
    half = float(np.interp(0.5, kept["units"], kept["total"]))
    alt = f"Courbe de Lorenz : {caption}. Indice de Gini {french.number(gini, 3)}. "
    alt += f"La moitié la moins peuplée des CPTS réunit {french.percent(100 * half)} de la population."
    heads = {"units": "Part cumulée des CPTS (0 à 1)", "total": "Part cumulée de la population (0 à 1)"}
    return Figure(canvas, alt, caption, shares, source, note, heads)


@themed
def scatter(
    data: pd.DataFrame,
    caption: str,
    *,
    x: str,
    y: str,
    label: str,
    x_title: str,
    y_title: str,
    diagonal: bool = False,
    source: str = "",
    note: str = "",
) -> Figure:
    """Cloud of named points on logarithmic axes; `diagonal` adds the line where both are equal.

    Raises NotComputable when no point has both values, or for a value that is not positive (it has no logarithm).
    """
    kept = drawable(data, [x, y], caption)
    across, up = kept[x].astype(float).to_numpy(), kept[y].astype(float).to_numpy()
    if (across <= 0).any() or (up <= 0).any():
        raise NotComputable(
            f"Figure « {caption} » : une valeur nulle ou négative n'a pas de place sur une échelle logarithmique."
        )
    canvas, axes = blank(height=5.6)
    axes.scatter(across, up, color=PALETTE[0], s=42, zorder=3)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(across.min() * 0.88, across.max() * 1.14)
    axes.set_ylim(up.min() * 0.88, up.max() * 1.14)
    if diagonal:
        ends = [min(across.min(), up.min()) * 0.9, max(across.max(), up.max()) * 1.1]
        axes.plot(ends, ends, linestyle="--", color=SOFT, scalex=False, scaley=False)
    for axis, values in ((axes.xaxis, across), (axes.yaxis, up)):
        axis.set_ticks(_log_ticks(values.min(), values.max()))
        french_numbers(axis)
        axis.set_minor_formatter(FuncFormatter(lambda *_: ""))
        axis.set_tick_params(which="minor", length=0)
    axes.set_xlabel(name(x_title, 80))
    axes.set_ylabel(name(y_title, 60))
    direct.around_points(
        axes, list(zip(across, up, strict=True)), [name(item, 24, 2) for item in kept[label]]
    )
    alt = f"Nuage de points : {caption}. {french.plural(len(kept), 'point')} ; {y_title} contre {x_title}, "
    alt += f"échelles logarithmiques. {extremes(list(kept[label]), list(up), '')}"
    if diagonal:
        alt += f" {int((up > across).sum())} au-dessus de la ligne d'égalité, {int((up < across).sum())} au-dessous."
    heads = {label: "Libellé", x: x_title, y: y_title}
    return Figure(canvas, alt + left_out(data, kept), caption, only(data, [label, x, y]), source, note, heads)


@themed
def funnel(
    data: pd.DataFrame,
    caption: str,
    *,
    label: str,
    value: str,
    size: str,
    unit: str,
    size_title: str,
    limits: Mapping[str, tuple[str, str]],
    benchmark: float,
    benchmark_label: str = "ensemble",
    source: str = "",
    note: str = "",
) -> Figure:
    """Funnel plot (Spiegelhalter 2005): value against size, with control limits around a benchmark; no ranking.

    `limits` maps the name of each level ("95 %", "99,8 %"), from the inner to the outer, to its columns (lower, upper), in
    `unit`, already computed for the size of each row. Points outside the outer limits have another marker and their name.
    Raises NotComputable when no row has a value, a size and limits.
    """
    edges = [column for pair in limits.values() for column in pair]
    kept = drawable(data, [value, size, *edges], caption).sort_values(size, kind="stable")
    canvas, axes = blank(height=5.0)
    sizes, values = kept[size].astype(float).to_numpy(), kept[value].astype(float).to_numpy()
    for (level, (low, high)), style in zip(limits.items(), _LIMIT_STYLES, strict=False):
        for column in (low, high):
            axes.plot(sizes, kept[column].astype(float), linestyle=style, color=SOFT, linewidth=1.5)
        axes.plot([], [], linestyle=style, color=SOFT, label=f"limites à {level}")
    axes.axhline(benchmark, color=INK, linewidth=1.2, label=f"{benchmark_label} : {french.number(benchmark)}")
    low, high = list(limits.values())[-1]
    outside = (values < kept[low].astype(float).to_numpy()) | (values > kept[high].astype(float).to_numpy())
    axes.plot(
        sizes[~outside], values[~outside], "o", color=PALETTE[0], markersize=7, label="dans les limites"
    )
    if outside.any():
        axes.plot(
            sizes[outside], values[outside], "D", color=PALETTE[1], markersize=8, label="hors des limites"
        )
    axes.margins(x=0.06, y=0.08)
    axes.set_xlabel(name(size_title, 80))
    axes.set_ylabel(name(unit, 60))
    french_numbers(axes.xaxis)
    french_numbers(axes.yaxis)
    beyond = kept[outside]
    direct.around_points(
        axes, list(zip(sizes[outside], values[outside], strict=True)), [name(item, 24, 2) for item in beyond[label]]
    )  # fmt: skip
    axes.legend(
        loc="lower left",
        bbox_to_anchor=(0, 1.0),
        ncols=legend_columns(3),
        frameon=False,
        fontsize=9.5,
        borderaxespad=0.2,
    )
    outer = list(limits)[-1]
    alt = f"Graphique en entonnoir : {caption}. {french.plural(len(kept), 'point')} autour de "
    alt += f"{french.number(benchmark)} {unit} ; "
    alt += f"{int(outside.sum())} hors des limites à {outer}"
    alt += f" ({french.listing(beyond[label])})." if outside.any() else "."
    heads = {label: "Libellé", value: f"Valeur ({unit})", size: size_title}
    for level, (lower, upper) in limits.items():
        heads |= {lower: f"Limite basse à {level}", upper: f"Limite haute à {level}"}
    shown = only(data, [label, value, size, *edges])
    return Figure(canvas, alt + left_out(data, kept), caption, shown, source, note, heads)


def _log_ticks(low: float, high: float) -> list[float]:
    # 1, 2 and 5 of each power of ten that the data reach; the powers alone when these are already many.
    powers = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
    steps = (1, 2, 5) if len(powers) <= 3 else (1,)
    ticks = [step * 10.0**power for power in powers for step in steps]
    return [tick for tick in ticks if low * 0.88 <= tick <= high * 1.14] or [low, high]
