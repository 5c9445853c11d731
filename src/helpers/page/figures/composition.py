"""What a whole is made of: stacked bars."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from helpers import french
from helpers.errors import NotComputable
from helpers.page.figures.theme import (
    HATCHES,
    PALETTE,
    Figure,
    blank,
    drawable,
    extremes,
    french_numbers,
    is_narrow,
    legend_columns,
    name,
    only,
    row_heads,
    rows_height,
    themed,
)


@themed
def stacked_bars(
    data: pd.DataFrame,
    caption: str,
    *,
    label: str,
    parts: Sequence[str],
    unit: str,
    colors: Sequence[str] = PALETTE,
    source: str = "",
    note: str = "",
) -> Figure:
    """Horizontal stacked bars, one per label; parts differ by colour and hatching and their value is written when it fits.

    `parts` names the columns, non-negative and in `unit`, in the order of the legend; a missing part is not drawn and is
    counted in the alternative text. The total is written on the right. Raises NotComputable when there is nothing to stack.
    """
    if not parts or len(data) == 0:
        raise NotComputable(f"Figure « {caption} » : aucune donnée à dessiner.")
    drawable(data.assign(_some=data[list(parts)].astype(float).sum(axis=1, min_count=1)), ["_some"], caption)
    names = [name(item, 34) for item in data[label]]
    canvas, axes = blank(height=1.5 + rows_height(names, 0.3))
    rows, left = np.arange(len(data))[::-1], np.zeros(len(data))
    widest = float(data[list(parts)].astype(float).sum(axis=1).max()) or 1.0
    for index, part in enumerate(parts):
        width = data[part].astype(float).fillna(0).to_numpy()
        # Past the last colour, the same colour has another hatching: no two parts are alike.
        color, hatch = colors[index % len(colors)], HATCHES[(index + index // len(colors)) % len(HATCHES)]
        axes.barh(
            rows, width, left=left, height=0.66, color=color, edgecolor="white", hatch=hatch, label=name(part, 30, 2)
        )  # fmt: skip
        for row, start, size in zip(rows, left, width, strict=True):
            written = french.number(float(size))
            # About one hundredth of the axis for each sign of the number.
            if size > (0.02 + 0.012 * len(written)) * widest * (2.6 if is_narrow() else 1):
                axes.text(
                    start + size / 2, row, written, ha="center", va="center", color="white", fontsize=9.5, fontweight="bold",
                    bbox={"facecolor": color, "edgecolor": "none", "pad": 2.4} if hatch else None, in_layout=False,
                )  # fmt: skip
        left = left + width
    for row, total in zip(rows, left, strict=True):
        axes.annotate(
            french.number(float(total)), (total, row), xytext=(5, 0), textcoords="offset points", va="center", fontsize=9.5
        )  # fmt: skip
    row_heads(axes, names)
    axes.set_xlim(0, 1.08 * widest)
    axes.set_xlabel(name(unit, 90))
    french_numbers(axes.xaxis, left.tolist())
    axes.legend(
        loc="lower left", bbox_to_anchor=(0, 1.0), ncols=legend_columns(_columns(parts)), frameon=False, fontsize=9.5,
        handlelength=2.2, handleheight=1.3, borderaxespad=0.2, columnspacing=1.4,
    )  # fmt: skip
    alt = (
        f"Barres empilées : {caption}. {french.plural(len(data), 'barre')}, parts : {french.listing(parts)}. "
    )
    alt += f"Totaux. {extremes(list(data[label]), list(left), unit)}"
    missing = int(data[list(parts)].isna().sum().sum())
    alt += f" {french.plural(missing, 'donnée manquante')}, hors du dessin." if missing else ""
    shown = only(data, [label, *parts])
    return Figure(canvas, alt, caption, shown, source, note, {label: "Libellé"})


def _columns(parts: Sequence[str]) -> int:
    # One row when the names fit: a legend is read from left to right.
    return len(parts) if sum(len(part) + 6 for part in parts) < 80 else min(3, len(parts))
