"""Communes as equal tiles, grouped: no geometry, so that every commune is seen whatever its surface."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.patches import Patch

from helpers import french
from helpers.errors import NotComputable
from helpers.page.figures import grid
from helpers.page.figures.sheet import sheet
from helpers.page.figures.theme import (
    INK,
    PALETTE,
    PHONE,
    SOFT,
    Figure,
    drawable,
    ink_on,
    is_narrow,
    name,
    only,
    themed,
)

_MARKS = ("●", "◐", "◑", "○", "?")
_COLORS = (PALETTE[0], "#A9CBE2", "#F0C9A6", "#FFFFFF", "#EFEFEF")
_NAMED_UP_TO = 40  # beyond, a tile has no room for its name


@themed
def commune_tiles(
    data: pd.DataFrame,
    caption: str,
    *,
    label: str,
    group: str,
    state: str,
    states: Sequence[str],
    marks: Mapping[str, str] | None = None,
    source: str = "",
    note: str = "",
) -> Figure:
    """One equal tile per commune, by `group` (an EPCI) then by `state` in the order of `states`; sign and colour say the state.

    The name of the commune is written on its tile up to forty communes. Places in the grid mean nothing: no geometry is
    drawn. Raises NotComputable for an empty table or a state that `states` does not list.
    """
    kept = drawable(data, [label, state], caption)
    strange = [item for item in kept[state].unique() if item not in states]
    if strange:
        raise NotComputable(
            f"Figure « {caption} » : « {strange[0]} » n'est pas dans la légende ({', '.join(states)})."
        )
    written = len(kept) <= _NAMED_UP_TO
    across = (2 if is_narrow() else 4) if written else (8 if is_narrow() else 12)
    signs = dict(zip(states, _MARKS, strict=False)) | dict(marks or {})
    # The last state is that of nothing known: never a colour.
    colors = dict(zip(states, _COLORS, strict=False)) | {states[-1]: "#FFFFFF"}
    blocks = [
        (name(key), part.sort_values(state, key=lambda column: column.map(list(states).index), kind="stable"))
        for key, part in kept.groupby(group, sort=False, dropna=False)
    ]
    lines = sum(1 + -(-len(part) // across) for _, part in blocks)
    tall = 0.62 if written else 0.44
    canvas = sheet(PHONE if is_narrow() else 5.9, 0.75 + tall * lines + 0.2 * len(states))
    axes = canvas.subplots()
    axes.axis("off")
    top = 0.0
    corners: list[tuple[float, float]] = []
    faces: list[str] = []
    for title, part in blocks:
        axes.text(0, top + 0.82, name(title, 60, 1), fontsize=10.5, fontweight="bold", va="bottom")
        top += 1
        for rank, item in enumerate(part.to_dict("records")):
            column, row = rank % across, top + rank // across
            face = colors[item[state]]
            corners.append((column, row))
            faces.append(face)
            sign = signs.get(item[state], "×")
            if written:
                axes.text(
                    column + 0.475, row + 0.465, f"{sign}\n{name(item[label], 15, 2)}", ha="center", va="center", fontsize=8.2,
                    color=ink_on(face), linespacing=1.05, in_layout=False,
                )  # fmt: skip
            else:
                axes.text(
                    column + 0.475,
                    row + 0.465,
                    sign,
                    ha="center",
                    va="center",
                    fontsize=12,
                    color=ink_on(face),
                    in_layout=False,
                )
        top += -(-len(part) // across)
    grid.tiles(axes, corners, (0.95, 0.93), faces)
    axes.set_xlim(-0.02, across)
    axes.set_ylim(top + 0.1, 0.45)
    counts = kept[state].value_counts()
    present = [item for item in states if item in counts]
    handles = [
        Patch(
            facecolor=colors[item],
            edgecolor=SOFT,
            label=f"{signs.get(item, '×')} {item} · {int(counts[item])}",
        )
        for item in present
    ]
    axes.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(0, 0.0),
        ncols=1,
        frameon=False,
        fontsize=10,
        labelcolor=INK,
    )
    told = [f"{item} {int(counts[item])}" for item in present]
    alt = f"Communes en tuiles égales : {caption}. {french.plural(len(kept), 'commune')} : {french.listing(told)}."
    if len(blocks) > 1:
        per = [f"{title} ({len(part)})" for title, part in blocks[:6]]
        alt += f" Groupes : {french.listing(per)}."
    heads = {label: "Commune", group: "Groupe", state: "État"}
    return Figure(canvas, alt, caption, only(kept, [label, group, state]), source, note, heads)
