"""Territory: the 101 départements as equal tiles, so that Paris is seen as well as the Landes."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.patches import Patch

from helpers import french
from helpers.catalog import Study
from helpers.errors import UnknownName
from helpers.page.figures import grid
from helpers.page.figures.sheet import sheet
from helpers.page.figures.theme import (
    SOFT,
    Figure,
    drawable,
    extremes,
    ink_on,
    is_narrow,
    legend_columns,
    only,
    themed,
)

TILES = "open/department_tiles"
# From pale to dark; the value is written on the tile, so that no one has to read a shade.
_SHADES = ("#E6F0F7", "#A9CBE2", "#5A9BC4", "#0B5A8A")


@themed
def tile_map(
    data: pd.DataFrame,
    caption: str,
    *,
    code: str,
    value: str,
    unit: str,
    decimals: int | None = None,
    study: Study,
    source: str = "",
    note: str = "",
) -> Figure:
    """Départements of France as a grid of tiles, each with its code, its value in `unit` and one of four shades (quartiles).

    Takes at most one row per département, `code` as INSEE writes it ("01", "2A", "974"). A département without a row or a
    value is hatched: no data is neither zero nor small. Raises UnknownName for a code that is none, NotComputable when no
    value is filled.
    """
    tiles = study.table(TILES)
    for given in data[code]:
        if str(given) not in set(tiles["code"]):
            raise UnknownName("Département", given, tiles["code"])
    kept = drawable(data, [value], caption)
    values = dict(zip(kept[code].astype(str), kept[value].astype(float), strict=True))
    bounds = np.unique(np.quantile(list(values.values()), [0, 0.25, 0.5, 0.75, 1]))
    shades = _SHADES[-(len(bounds) - 1) :] if len(bounds) > 1 else _SHADES[1:2]
    # The same drawing on half the paper: twelve tiles still hold four signs each on a phone.
    scale = 0.62 if is_narrow() else 1.0
    canvas = sheet(7.4 * scale, 8.2 * scale)
    axes = canvas.subplots()
    places: dict[str | None, list[tuple[tuple[int, int], str]]] = defaultdict(list)
    for tile in tiles.to_dict("records"):
        column, row, found = int(tile["column"]), int(tile["row"]), values.get(str(tile["code"]))
        rank = 0 if found is None else min(int(np.searchsorted(bounds[1:], found)), len(shades) - 1)
        face, ink = ("#FFFFFF", SOFT) if found is None else (shades[rank], ink_on(shades[rank]))
        hatch = "////" if found is None else None
        places[hatch].append(((column, row), face))
        axes.text(
            column + 0.47, row + 0.3, tile["code"], ha="center", va="center", fontsize=8 * scale, color=ink, in_layout=False,
            bbox={"facecolor": face, "edgecolor": "none", "pad": 0.6} if hatch else None,
        )  # fmt: skip
        if found is not None:
            axes.text(
                column + 0.47, row + 0.67, french.number(found, decimals), ha="center", va="center",
                fontsize=8.5 * scale, color=ink, fontweight="bold", in_layout=False,
            )  # fmt: skip
    for hatch, placed in places.items():
        corners, faces = zip(*placed, strict=True)
        edges = "#C4C4C4" if hatch else SOFT
        grid.tiles(axes, corners, (0.94, 0.94), faces, edgecolors=edges, linewidths=0.6, hatch=hatch)
    axes.set_xlim(-0.1, float(tiles["column"].max()) + 1.1)
    axes.set_ylim(float(tiles["row"].max()) + 1.1, -0.1)
    axes.set_aspect("equal")
    axes.axis("off")
    spans = list(pairwise(bounds)) if len(bounds) > 1 else [(bounds[0], bounds[0])]
    handles = [
        Patch(facecolor=shade, edgecolor=SOFT, label=" à ".join(french.number(float(bound), decimals) for bound in span))
        for shade, span in zip(shades, spans, strict=True)
    ]  # fmt: skip
    absent = len(tiles) - len(values)
    if absent:
        handles.append(Patch(facecolor="#FFFFFF", edgecolor="#C4C4C4", hatch="////", label=french.MISSING))
    axes.legend(
        handles=handles, title=unit, loc="upper left", bbox_to_anchor=(0, 0.0), ncols=legend_columns(5), frameon=False,
        fontsize=9, title_fontsize=9.5, alignment="left",
    )  # fmt: skip
    names = tiles.set_index("code")["name"]
    said = [f"{names[key]} ({key})" for key in values]
    alt = f"Carte des départements en tuiles : {caption}. "
    alt += f"{french.plural(len(values), 'département renseigné')} sur {len(tiles)}. "
    alt += extremes(said, list(values.values()), unit)
    shown = only(data.assign(département=data[code].astype(str).map(names)), [code, "département", value])
    heads = {code: "Code", "département": "Département", value: f"Valeur ({unit})"}
    return Figure(canvas, alt, caption, shown, source, note, heads)
