"""Figures of the reports: one function per kind, each returning the drawing with its alternative text and its data.

By question: `gaps` compares values, `against` sets each beside its own benchmark, `arrows` shows what moved, `composition` and
`grid` show parts and matrices, `evolution` follows time, `spread` shows inequality and dispersion, `territory` the départements,
`communes` and `outlines` the communes, `network` links, `curves` one quantity along another, `accumulation` what each new source
adds. `theme` and `labels` hold what all share.
"""

from helpers.page.figures.accumulation import accumulation
from helpers.page.figures.against import against
from helpers.page.figures.arrows import arrows
from helpers.page.figures.communes import commune_tiles
from helpers.page.figures.composition import stacked_bars
from helpers.page.figures.curves import curves
from helpers.page.figures.evolution import small_multiples, timeline, trends
from helpers.page.figures.gaps import dots, slopes
from helpers.page.figures.grid import heat_map, presence
from helpers.page.figures.network import links
from helpers.page.figures.outlines import outline_map
from helpers.page.figures.spread import distribution, funnel, lorenz, scatter
from helpers.page.figures.territory import tile_map
from helpers.page.figures.theme import HATCHES, MARKERS, PALETTE, Figure

__all__ = [
    "HATCHES",
    "MARKERS",
    "PALETTE",
    "Figure",
    "accumulation",
    "against",
    "arrows",
    "commune_tiles",
    "curves",
    "distribution",
    "dots",
    "funnel",
    "heat_map",
    "links",
    "lorenz",
    "outline_map",
    "presence",
    "scatter",
    "slopes",
    "small_multiples",
    "stacked_bars",
    "tile_map",
    "timeline",
    "trends",
]
