"""Two entries at once: heat map of numbers, map of presence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Patch

from helpers import french
from helpers.errors import NotComputable
from helpers.page.figures.theme import (
    INK,
    PALETTE,
    SOFT,
    Figure,
    blank,
    extremes,
    ink_on,
    is_narrow,
    legend_columns,
    name,
    only,
    rows_height,
    themed,
)

# One sign per state, so that the grid reads without colours: full, half, empty, unknown.
_STATE_MARKS = ("●", "◐", "○", "?", "◇", "×")
_STATE_COLORS = (PALETTE[0], PALETTE[2], "#FFFFFF", "#EFEFEF", "#FFFFFF", "#FFFFFF")
# Words whose colour has a sense, whatever their place in the legend: what hinders is warm, what helps is blue.
_SENSE = {"obstacle": PALETTE[1], "frein": PALETTE[1], "levier": PALETTE[0]}
_MISSING_MARK = "—"
_AXES = 0.775  # part of the width of a canvas that its axes take
# Heads of columns: size of their letters, the smallest that still reads, width of a letter and height of a line in inches.
_SIZE, _SMALLEST, _LETTER, _LINE = 9.5, 7.5, 0.092, 0.16


@themed
def heat_map(
    data: pd.DataFrame,
    caption: str,
    *,
    unit: str = "",
    decimals: int | None = None,
    diverging: bool = False,
    source: str = "",
    note: str = "",
) -> Figure:
    """Matrix with its numbers written in the cells; the first column of `data` names the rows, missing cells say "—".

    `diverging` gives gaps around zero two colours and a sign. Raises NotComputable when no cell is filled.
    """
    matrix = data.set_index(data.columns[0]).astype(float)
    if matrix.size == 0 or matrix.isna().to_numpy().all():
        raise NotComputable(f"Figure « {caption} » : aucune donnée à dessiner.")
    # Half a second at import, for this kind of figure only.
    import seaborn as sns

    say = french.signed if diverging else french.number
    written = [
        ["" if np.isnan(item) else say(float(item), decimals) for item in row] for row in matrix.to_numpy()
    ]
    canvas, axes = _grid(list(matrix.index), list(matrix.columns))
    longest = max((len(item) for row in written for item in row), default=1)
    # The same reach on both sides puts zero in the middle of the colours; `center` would have seaborn change a colour map.
    reach = float(np.nanmax(np.abs(matrix.to_numpy()))) or 1.0
    sns.heatmap(
        matrix, ax=axes, cmap="PuOr_r" if diverging else "Blues", vmin=-reach if diverging else None,
        vmax=reach if diverging else None, annot=np.array(written), fmt="", cbar=False, linewidths=1, linecolor="white",
        xticklabels=False, yticklabels=False, annot_kws={"fontsize": 8 if is_narrow() else 10.5, "in_layout": False},
    )  # fmt: skip
    filled = axes.collections[0].get_facecolor()[~matrix.isna().to_numpy().ravel()]
    for text, color in zip(axes.texts, filled, strict=True):
        text.set_color(ink_on(color))
    for row, column in zip(*np.nonzero(matrix.isna().to_numpy()), strict=True):
        # seaborn leaves a missing cell white and empty: it would read as nothing to say.
        axes.text(
            column + 0.5, row + 0.5, _MISSING_MARK, ha="center", va="center", color=INK, in_layout=False
        )
    _heads(canvas, axes, list(matrix.index), list(matrix.columns))
    flat = matrix.stack().dropna()
    alt = f"Tableau coloré : {caption}. {_size(matrix)}. "
    alt += extremes([f"{row} / {column}" for row, column in flat.index], list(flat), unit)
    missing = int(matrix.isna().sum().sum())
    alt += f" {french.plural(missing, 'donnée manquante')}." if missing else ""
    heads = {str(data.columns[0]): "Ligne"}
    least = (0.08 + 0.075 * longest) * matrix.shape[1] / _AXES
    return Figure(canvas, alt, caption, data, source, note, heads, least=least)


@themed
def presence(
    data: pd.DataFrame,
    caption: str,
    *,
    states: Sequence[str],
    marks: Mapping[str, str] | None = None,
    row_title: str = "Ligne",
    source: str = "",
    note: str = "",
) -> Figure:
    """What exists where: a sign and a colour per cell, for answers such as "présent", "absent", "non publié".

    The first column of `data` names the rows, the others hold a state. `states` lists the answers in the order of the legend,
    from the fullest; `marks` may choose their signs. A missing cell says "—": it is neither a yes nor a no. Raises
    NotComputable when nothing is filled, or for an answer that `states` does not list.
    """
    matrix = data.set_index(data.columns[0])
    if matrix.size == 0 or matrix.isna().to_numpy().all():
        raise NotComputable(f"Figure « {caption} » : aucune donnée à dessiner.")
    given = [str(item) for item in pd.unique(matrix.astype(object).to_numpy().ravel()) if not pd.isna(item)]
    unknown = [item for item in given if item not in states]
    if unknown:
        raise NotComputable(
            f"Figure « {caption} » : la réponse « {unknown[0]} » n'est pas dans la légende ({', '.join(states)})."
        )
    signs = dict(zip(states, _STATE_MARKS, strict=False)) | dict(marks or {})
    colors = dict(zip(states, _STATE_COLORS, strict=False))
    colors |= {state: _SENSE[state.lower()] for state in states if state.lower() in _SENSE}
    canvas, axes = _grid(list(matrix.index), list(matrix.columns))
    faces = []
    for row, values in enumerate(matrix.astype(object).to_numpy()):
        for column, value in enumerate(values):
            state = None if pd.isna(value) else str(value)
            color = "#FFFFFF" if state is None else colors.get(state, "#FFFFFF")
            faces.append(color)
            axes.text(
                column + 0.5, row + 0.5, _MISSING_MARK if state is None else signs.get(state, "×"), ha="center", va="center",
                fontsize=13, color=ink_on(color), in_layout=False,
            )  # fmt: skip
    tiles(axes, [(column, row) for row, column in np.ndindex(*matrix.shape)], (1, 1), faces)
    axes.set_xlim(0, matrix.shape[1])
    axes.set_ylim(matrix.shape[0], 0)
    _heads(canvas, axes, list(matrix.index), list(matrix.columns))
    missing = int(matrix.isna().sum().sum())
    entries = [(signs.get(state, "×"), state, colors.get(state, "#FFFFFF")) for state in states]
    entries += [(_MISSING_MARK, french.MISSING, "#FFFFFF")] if missing else []
    axes.legend(
        handles=[Patch(facecolor=color, edgecolor=SOFT, label=f"{sign} {state}") for sign, state, color in entries],
        loc="upper left", bbox_to_anchor=(0, -0.02), ncols=legend_columns(min(4, len(entries))), frameon=False, fontsize=9.5,
    )  # fmt: skip
    counts = matrix.stack().value_counts()
    said = [f"{state} {int(counts.get(state, 0))}" for state in states]
    alt = f"Carte de présence : {caption}. {_size(matrix)} ; cases : {french.listing(said)}"
    alt += f", {french.plural(missing, 'donnée manquante')}." if missing else "."
    for item, values in matrix.iterrows():
        found = [str(column) for column in matrix.columns if str(values[column]) == states[0]]
        alt += (
            f" {item} : {states[0]} pour {french.listing(found)}."
            if found
            else f" {item} : {states[0]} nulle part."
        )
    shown = only(data, [str(column) for column in data.columns])
    least = 0.26 * matrix.shape[1] / _AXES
    return Figure(canvas, alt, caption, shown, source, note, {str(data.columns[0]): row_title}, least=least)


def tiles(
    axes: Axes, corners: Sequence[tuple[float, float]], size: tuple[float, float], faces: Sequence[str], **style: Any
) -> None:  # fmt: skip
    """Draw rectangles of one `size` at `corners`, each with its colour, as one artist: one for each costs ten times more."""
    box = np.array([(0, 0), (1, 0), (1, 1), (0, 1)]) * size
    look: dict[str, Any] = {"edgecolors": SOFT, "linewidths": 0.8, "joinstyle": "miter"} | style
    axes.add_collection(
        PolyCollection([box + corner for corner in corners], facecolors=faces, **look), autolim=False
    )


def _grid(rows: Sequence[object], columns: Sequence[object]) -> tuple[Canvas, Axes]:
    heads = [name(item, 34) for item in rows]
    width = min(11.0, 3.4 + _column_width(columns) * len(columns))
    canvas, axes = blank(width=width, height=1.0 + rows_height(heads, 0.24))
    axes.axis("off")
    return canvas, axes


def _column_width(columns: Sequence[object]) -> float:
    longest_word = max((len(word) for item in columns for word in str(item).split()), default=1)
    return float(np.clip(0.105 * longest_word, 0.8, 1.5))


def _heads(canvas: Canvas, axes: Axes, rows: Sequence[object], columns: Sequence[object]) -> None:
    # Heads stand over the columns, as in a table, wrapped to their width; a phone has no room for more than three: turned.
    across_one = float(canvas.get_size_inches()[0]) * _AXES / max(len(columns), 1)
    room = int(max(5, across_one / _LETTER))
    # A word is never cut while smaller letters hold it.
    longest = max((len(word) for item in columns for word in str(item).split()), default=1)
    size = max(_SMALLEST, min(_SIZE, _SIZE * room / longest))
    room = int(room * _SIZE / size)
    # Texts, not ticks: five times less to draw.
    place, down, across = axes.get_yaxis_text1_transform(3.5)
    for row, item in enumerate(rows):
        axes.text(0, row + 0.5, name(item, 34), transform=place, va=down, ha=across)
    turned = is_narrow() and len(columns) > 3
    # Two lines of a turned head need the room of two lines across.
    single = across_one < 2 * _LINE
    place, down, across = axes.get_xaxis_text2_transform(3.5)
    for column, item in enumerate(columns):
        axes.text(
            column + 0.5, 1, name(item, 24, 1 if single else 2, turned=single) if turned else name(item, room, 6),
            transform=place, va=down, ha=across, rotation=90 if turned else 0, fontsize=_SIZE if turned else size,
        )  # fmt: skip


def _size(matrix: pd.DataFrame) -> str:
    return f"{french.plural(matrix.shape[0], 'ligne')} et {french.plural(matrix.shape[1], 'colonne')}"
