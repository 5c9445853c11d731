"""Communes by their outline, coloured by a value, with their neighbours in grey and a scale: a map that needs no background."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import compress
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.patches import Patch
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

from helpers import french
from helpers.errors import NotComputable
from helpers.page.figures.sheet import sheet
from helpers.page.figures.theme import (
    INK,
    PHONE,
    SOFT,
    Figure,
    drawable,
    extremes,
    is_narrow,
    name,
    only,
    themed,
)

Rings = Sequence[NDArray[np.float64]]
# Below zero, around zero, above: two hues that no colour blindness mixes, told by the legend in words too.
_DIVERGING = ("#B35806", "#F1A340", "#F7F7F7", "#92C5DE", "#2166AC")
_RISING = ("#EFF3FF", "#BDD7E7", "#6BAED6", "#3182BD", "#08519C")
_KM_PER_DEGREE = 111.32
_LEAST_SEEN, _FEW = 0.08, 12  # part of the map under which one commune of a few is shown by a disc


@themed
def outline_map(
    data: pd.DataFrame,
    caption: str,
    *,
    code: str,
    label: str,
    value: str,
    unit: str,
    outlines: Mapping[str, Rings],
    beside: Mapping[str, Rings] | None = None,
    around_zero: float | None = None,
    named: int = 6,
    decimals: int = 1,
    source: str = "",
    note: str = "",
) -> Figure:
    """Each row of `data` as the outline of its `code`, in one of five shades of `value` (in `unit`), `beside` in grey.

    Shades are fifths of the values; with `around_zero`, five classes on both sides of zero, the middle one from minus to
    plus that value. A row without value is hatched, one without outline is told in the note. The `named` first rows are
    written. Raises NotComputable when no row has an outline, or a value.
    """
    drawable(data, [value], caption)
    drawn = data[data[code].isin(list(outlines))]
    if drawn.empty:
        raise NotComputable(f"Figure « {caption} » : aucun contour à dessiner.")
    values = drawn[value].astype("float64").to_numpy()
    known = ~np.isnan(values)
    bounds, colors = _classes(values[known], around_zero)
    points = np.concatenate([ring for key in drawn[code] for ring in outlines[key]])
    low, high = points.min(axis=0), points.max(axis=0)
    squeeze = math.cos(math.radians(float(low[1] + high[1]) / 2))
    width, height = float(high[0] - low[0]) * squeeze or 0.01, float(high[1] - low[1]) or 0.01
    across = PHONE if is_narrow() else 6.4
    canvas = sheet(across, min(max(across * height / width, 2.4), 6.2) + 0.4)
    axes = canvas.subplots()
    axes.axis("off")
    _fill(
        axes,
        [ring for rings in (beside or {}).values() for ring in rings],
        "#EDEDED",
        edgecolors="#FFFFFF",
        linewidths=0.6,
    )
    faces = [
        "#FFFFFF" if np.isnan(item) else colors[int(np.searchsorted(bounds, item, side="right"))]
        for item in values
    ]
    # Two islands far apart are two points on one map: a disc shows what an outline of three pixels would not.
    least = _LEAST_SEEN * max(width, height) if len(drawn) <= _FEW else 0.0
    discs = []
    for hatch, chosen in ((None, known), ("///", ~known)):
        rings = [
            (ring, face)
            for key, face in compress(zip(drawn[code], faces, strict=True), chosen)
            for ring in outlines[key]
        ]
        _fill(
            axes,
            [ring for ring, _ in rings],
            [face for _, face in rings],
            edgecolors=SOFT,
            linewidths=0.5,
            hatch=hatch,
        )
    for key, face in zip(drawn[code], faces, strict=True):
        if np.ptp(np.concatenate(outlines[key]), axis=0).max() < least:
            axes.plot(*_middle(outlines[key]), "o", markersize=9, markerfacecolor=face, markeredgecolor=SOFT)
            discs.append(key)
    air = 0.08 * max(width, height)
    axes.set_xlim(low[0] - air / squeeze, high[0] + air / squeeze)
    axes.set_ylim(low[1] - 1.6 * air, high[1] + air)
    axes.set_aspect(1 / squeeze)
    _names(axes, drawn, code, label, outlines, min(named, 3) if is_narrow() else named, discs)
    _scale(axes, low, width, squeeze, air)
    _legend(axes, values, bounds, colors, unit, decimals)
    alt = f"Carte : {caption}. {french.plural(int(known.sum()), 'commune')}, en {unit}. "
    if known.any():
        alt += extremes(list(drawn.loc[known, label]), list(values[known]), unit)
    absent = len(data) - len(drawn)
    notes = [note, f"sans contour : {french.plural(absent, 'commune')}" if absent else ""]
    heads = {label: "Commune", value: f"Valeur ({unit})"}
    shown = only(data, [label, value])
    return Figure(canvas, alt, caption, shown, source, " ; ".join(filter(None, notes)), heads)


def _fill(axes: Axes, rings: Rings, faces: str | Sequence[str], **style: Any) -> None:
    # The limits of the map are set afterwards: nothing to be looked for in each outline.
    if rings:
        axes.add_collection(PolyCollection(rings, facecolors=faces, **style), autolim=False)


def _middle(rings: Rings) -> tuple[float, float]:
    """Where the name of a commune stands: the middle of its largest ring, or of all of them when none is half of it."""
    spans = [float(np.prod(np.ptp(ring, axis=0))) for ring in rings]
    largest = rings[int(np.argmax(spans))]
    every = largest if 2 * max(spans) >= sum(spans) else np.concatenate(rings)
    across, up = (every.min(axis=0) + every.max(axis=0)) / 2
    return float(across), float(up)


def _names(
    axes: Axes, drawn: pd.DataFrame, code: str, label: str, outlines: Mapping[str, Rings], named: int, discs: Sequence[str]
) -> None:  # fmt: skip
    """Write the names of the first rows, but for one that would stand on a name already there: the first rows come first."""
    axes.apply_aspect()
    there: list[Bbox] = []
    for row in drawn.head(2 * named).to_dict("records"):
        above = 11 if row[code] in discs else 0
        said = axes.annotate(
            name(row[label], 18, 2), _middle(outlines[row[code]]), xytext=(0, above), textcoords="offset points",
            ha="center", va="center", fontsize=8.5, color=INK,
            bbox={"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.75},
        )  # fmt: skip
        box = said.get_window_extent()
        if len(there) < named and not any(box.overlaps(other) for other in there):
            there.append(box)
        else:
            said.remove()


def _classes(
    values: NDArray[np.float64], around_zero: float | None
) -> tuple[NDArray[np.float64], Sequence[str]]:
    """Upper bounds of all classes but the last, and their colours."""
    if around_zero is not None:
        return np.array([-3 * around_zero, -around_zero, around_zero, 3 * around_zero]), _DIVERGING
    if len(values) == 0:
        return np.array([]), _RISING[2:3]
    bounds = np.unique(np.quantile(values, [0.2, 0.4, 0.6, 0.8]))
    bounds = bounds[(bounds > values.min()) & (bounds < values.max())]
    return bounds, _RISING[-(len(bounds) + 1) :]


def _legend(
    axes: object, values: NDArray[np.float64], bounds: NDArray[np.float64], colors: Sequence[str], unit: str, decimals: int
) -> None:  # fmt: skip
    known = values[~np.isnan(values)]
    counts = np.bincount(np.searchsorted(bounds, known, side="right"), minlength=len(colors))
    handles = []
    for rank, color in enumerate(colors):
        if not len(bounds):
            said = unit
        elif rank == 0:
            said = f"moins de {french.number(float(bounds[0]), decimals)}"
        elif rank == len(bounds):
            said = f"{french.number(float(bounds[-1]), decimals)} et plus"
        else:
            said = f"{french.number(float(bounds[rank - 1]), decimals)} à {french.number(float(bounds[rank]), decimals)}"
        handles.append(Patch(facecolor=color, edgecolor=SOFT, label=f"{said} · {int(counts[rank])}"))
    if len(known) < len(values):
        handles.append(Patch(facecolor="white", edgecolor=SOFT, hatch="///", label="inconnu"))
    axes.legend(  # type: ignore[attr-defined]
        handles=handles, title=name(unit, 40), loc="upper left", bbox_to_anchor=(0, -0.01), ncols=1 if is_narrow() else 3,
        frameon=False, fontsize=9.5, title_fontsize=10, alignment="left",
    )  # fmt: skip


def _scale(axes: object, low: NDArray[np.float64], width: float, squeeze: float, air: float) -> None:
    """A bar of a round number of kilometres, about a quarter of the map."""
    quarter = width * _KM_PER_DEGREE / 4
    step = 10 ** math.floor(math.log10(quarter))
    long = max(factor * step for factor in (1, 2, 5) if factor * step <= quarter)
    reach = long / _KM_PER_DEGREE / squeeze
    x, y = float(low[0]), float(low[1]) - 0.9 * air
    axes.plot([x, x + reach], [y, y], color=INK, linewidth=2)  # type: ignore[attr-defined]
    axes.annotate(  # type: ignore[attr-defined]
        f"{french.number(long)} km", (x + reach / 2, y), xytext=(0, -3), textcoords="offset points", ha="center", va="top",
        fontsize=9,
    )  # fmt: skip
