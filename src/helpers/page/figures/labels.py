"""Direct labels that never hide one another: spread along an edge, or placed around points."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Bbox

from helpers.page.figures.sheet import ruler
from helpers.page.figures.theme import DPI, SOFT

# Lengths are told in pixels of the wide drawing, whatever the grain that is drawn.
_GAP = 2.0  # between two labels
# Directions tried around a point, nearest first: right, left, above, below, then the diagonals.
_AROUND = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1))


def box(text: Text) -> Bbox:
    """Box of a text on the canvas, in pixels, without its leader."""
    measure = ruler(text.figure)
    if isinstance(text, Annotation):
        text.update_positions(measure)
    return Text.get_window_extent(text, measure)


def spread(wanted: Sequence[float], sizes: Sequence[float]) -> list[float]:
    """Positions nearest to `wanted` (least squares) where items of `sizes` do not overlap, in the order of `wanted`.

    Isotonic regression by pooling adjacent violators (Ayer et al. 1955).
    """
    order = np.argsort(wanted, kind="stable")
    lengths = np.array(sizes, dtype=float)[order] + _GAP
    offsets = np.concatenate([[0.0], np.cumsum((lengths[:-1] + lengths[1:]) / 2)]) if len(order) else lengths
    targets = np.array(wanted, dtype=float)[order] - offsets
    blocks: list[list[float]] = []
    for target in targets:
        blocks.append([float(target), 1.0])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            mean, weight = blocks.pop()
            before, count = blocks[-1]
            blocks[-1] = [(before * count + mean * weight) / (count + weight), count + weight]
    level = np.concatenate([[mean] * int(weight) for mean, weight in blocks]) if blocks else targets
    placed = np.empty(len(order))
    placed[order] = level + offsets
    return [float(value) for value in placed]


def along_edge(
    axes: Axes, names: Sequence[str], heights: Sequence[float], colors: Sequence[str], *, side: str = "right"
) -> list[Annotation]:
    """Names beside the axes at the height of their value, moved apart where they would overlap, with a leader if moved.

    `heights` are in data units; the limits of the axes must be final. Returns the texts.
    """
    edge, shift, align = (1.0, 14, "left") if side == "right" else (0.0, -14, "right")
    grain = axes.figure.dpi / DPI
    pixels = [float(axes.transData.transform((0, height))[1]) / grain for height in heights]
    texts = [
        axes.annotate(
            label, (edge, height), xycoords=("axes fraction", "data"), xytext=(shift, 0),
            textcoords="offset points", ha=align, va="center", color=color, fontsize=9.5, annotation_clip=False,
            arrowprops={
                # Without a patch it starts at the edge of the text at once: no path to be cut.
                "arrowstyle": "-", "color": color, "linewidth": 0.7, "shrinkA": 3, "shrinkB": 0, "patchA": None,
                "relpos": (0 if side == "right" else 1, 0.5),
            },
        )
        for label, height, color in zip(names, heights, colors, strict=True)
    ]  # fmt: skip
    sizes = [box(text).height / grain for text in texts]
    placed = _above(spread(pixels, sizes), sizes, axes.get_window_extent().y0 / grain)
    scale = 72.0 / DPI
    for text, pixel, position in zip(texts, pixels, placed, strict=True):
        text.set_position((shift, (position - pixel) * scale))
    return texts


def _above(centres: Sequence[float], sizes: Sequence[float], floor: float) -> list[float]:
    """The centres, raised until no name hangs below `floor`, where the graduations stand, nor over the one above it."""
    raised = list(centres)
    for rank in sorted(range(len(raised)), key=lambda place: raised[place]):
        raised[rank] = max(raised[rank], floor + sizes[rank] / 2)
        floor = raised[rank] + sizes[rank] / 2
    return raised


def around_points(
    axes: Axes, points: Sequence[tuple[float, float]], names: Sequence[str], *, fontsize: float = 8.5
) -> list[Annotation]:
    """Name of each point beside it, where it hides neither a point nor another name; far names have a leader.

    Greedy: each name takes the first free place around its point, then farther and farther. Returns the texts.
    """
    grain = axes.figure.dpi / DPI
    dots = axes.transData.transform(np.array(points, dtype=float)) / grain
    inside = Bbox(axes.get_window_extent().get_points() / grain)
    marks = [Bbox.from_extents(x - 5, y - 5, x + 5, y + 5) for x, y in dots]
    taken: list[Bbox] = []
    texts = []
    scale = 72.0 / DPI
    for (x, y), point, label in zip(dots, points, names, strict=True):
        text = axes.annotate(
            label, point, xytext=(0, 0), textcoords="offset points", ha="center", va="center", fontsize=fontsize,
            annotation_clip=False, arrowprops={"arrowstyle": "-", "color": SOFT, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 3},
        )  # fmt: skip
        size = box(text)
        place = _free(x, y, size.width / grain + _GAP, size.height / grain + _GAP, [*marks, *taken], inside)
        taken.append(place)
        centre = ((place.x0 + place.x1) / 2, (place.y0 + place.y1) / 2)
        text.set_position(((centre[0] - x) * scale, (centre[1] - y) * scale))
        texts.append(text)
    return texts


def _free(x: float, y: float, width: float, height: float, taken: Sequence[Bbox], inside: Bbox) -> Bbox:
    # Farther rings have more directions, so that a crowd of points still finds room.
    place = Bbox.from_bounds(x, y, width, height)
    for ring in range(60):
        reach = 9 + 9 * ring
        turns = _AROUND if ring == 0 else [
            (float(np.cos(angle)), float(np.sin(angle))) for angle in np.linspace(0, 2 * np.pi, 8 + 4 * ring, endpoint=False)
        ]  # fmt: skip
        for across, up in turns:
            place = Bbox.from_bounds(
                x + across * (reach + width / 2) - width / 2, y + up * (reach + height / 2) - height / 2, width, height
            )  # fmt: skip
            within = (
                inside.x0 <= place.x0
                and place.x1 <= inside.x1 + 60
                and inside.y0 <= place.y0
                and place.y1 <= inside.y1 + 20
            )
            if within and not any(place.overlaps(other) for other in taken):
                return place
    return place
