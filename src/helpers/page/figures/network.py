"""Two-mode network: units on the left, what they are linked to on the right, one line per link."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D

from helpers import french
from helpers.errors import NotComputable
from helpers.page.figures.theme import (
    INK,
    PALETTE,
    SOFT,
    Figure,
    blank,
    drawable,
    is_narrow,
    name,
    only,
    themed,
)

_STYLES = ("-", (0, (2.2, 1.6)), (0, (0.8, 1.4)))
_ROW = 0.29  # inches per node of the longer side: a label of one line fits


@themed
def links(
    data: pd.DataFrame,
    caption: str,
    *,
    left: str,
    right: str,
    kinds: Sequence[str],
    kind: str,
    left_title: str,
    right_title: str,
    source: str = "",
    note: str = "",
) -> Figure:
    """Bipartite drawing of links, one row per pair: `left` and `right` name the nodes, `kind` one of `kinds` (solid first).

    The left keeps its order, the right is ordered by degree; the label gives the degree and the dot grows with it. Narrow on
    purpose: it reads on a telephone. Raises NotComputable without a link, with a pair given twice or a kind unknown.
    """
    kept = drawable(data, [left, right], caption)
    if kept.duplicated([left, right]).any():
        raise NotComputable(f"Figure « {caption} » : un lien est donné deux fois.")
    strange = [item for item in kept[kind].unique() if item not in kinds]
    if strange:
        raise NotComputable(
            f"Figure « {caption} » : « {strange[0]} » n'est pas dans la légende ({', '.join(kinds)})."
        )
    counts = [kept[column].value_counts() for column in (left, right)]
    first = list(dict.fromkeys(kept[left]))
    second = sorted(counts[1].index, key=lambda item: (-int(counts[1][item]), str(item)))
    rows = max(len(first), len(second))
    canvas, axes = blank(width=4.3, height=1.1 + (1.45 if is_narrow() else 1) * _ROW * rows)
    axes.axis("off")
    places = [dict(zip(side, _spaced(len(side), rows), strict=True)) for side in (first, second)]
    for item in kept.to_dict("records"):
        shade = PALETTE[first.index(item[left]) % 3]
        axes.plot(
            (0, 1), (places[0][item[left]], places[1][item[right]]), color=shade, linewidth=1.1, alpha=0.62,
            linestyle=_STYLES[kinds.index(item[kind])], zorder=1, solid_capstyle="round",
        )  # fmt: skip
    for at, side, count, align in ((0, first, counts[0], "right"), (1, second, counts[1], "left")):
        sizes = [18 + 9 * float(count[item]) for item in side]
        heights = [places[at][item] for item in side]
        axes.scatter([at] * len(side), heights, s=sizes, color=INK, zorder=3)
        for item, height in zip(side, heights, strict=True):
            text = f"{name(item, 28, 1)} · {int(count[item])}"
            axes.annotate(
                text, (at, height), xytext=(-11 if at == 0 else 11, 0), textcoords="offset points", ha=align, va="center",
                fontsize=8.5 if is_narrow() else 11.5, annotation_clip=False,
            )  # fmt: skip
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(-0.9, rows + 0.4)
    for at, title, align in ((0, left_title, "right"), (1, right_title, "left")):
        axes.annotate(
            title, (at, rows), xytext=(-11 if at == 0 else 11, 6), textcoords="offset points", ha=align, va="bottom",
            fontsize=11.5, fontweight="bold", annotation_clip=False,
        )  # fmt: skip
    present = [item for item in kinds if item in set(kept[kind])]
    handles = [
        Line2D([], [], color=SOFT, linewidth=1.6, linestyle=_STYLES[kinds.index(item)], label=item)
        for item in present
    ]
    axes.legend(
        handles=handles, loc="upper center", bbox_to_anchor=(0.5, 0.02), ncols=1, frameon=False, fontsize=10
    )
    said = [f"{item} ({int(counts[1][item])})" for item in second[:5]]
    by_kind = [f"{item} {int((kept[kind] == item).sum())}" for item in present]
    most = counts[0].idxmax()
    alt = (
        f"Réseau à deux côtés : {caption}. {french.plural(len(kept), 'lien')} entre {len(first)} à gauche ({left_title}) et "
        f"{len(second)} à droite ({right_title}) ; {french.listing(by_kind)}. "
        f"À droite, les plus reliés : {french.listing(said)}. À gauche, le plus relié : {most} ({int(counts[0][most])})."
    )
    heads = {left: left_title, right: right_title, kind: "Lien"}
    return Figure(canvas, alt, caption, only(kept, [left, right, kind]), source, note, heads)


def _spaced(count: int, rows: int) -> list[float]:
    """Heights of `count` nodes over the height of the longer side, from the top."""
    if count == 1:
        return [(rows - 1) / 2]
    return [float(height) for height in np.linspace(rows - 1, 0, count)]
