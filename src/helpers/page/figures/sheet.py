"""The sheet that every figure is drawn on: each text is shaped once, the drawing is made once, its margins are cut afterwards.

matplotlib draws a text letter by letter and measures it again for each canvas, which was most of the time of a figure.
"""

from __future__ import annotations

import math
import os
import threading
from copy import copy
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Tick, XAxis, YAxis
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure as Canvas
from matplotlib.font_manager import FontProperties, findfont
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.transforms import Bbox
from numpy.typing import NDArray
from PIL import Image

# Inches of paper on the left, on the right, under and over the canvas, for names and legends that stand out of it: what the
# figures of the reports take. Doubled as long as ink is cut.
_AROUND = (2.3, 1.4, 1.3, 1.1)
_SHAPES = 4096  # texts whose shape is remembered
_WHITE, _COLORS, _BINS = 0xFFFFFFFF, 256, 1 << 15
Gray = NDArray[np.uint8]
Pixels = NDArray[np.uint32]


def typeface(font: FontProperties) -> FT2Font:
    """The letters of a font, read from memory: matplotlib reads its file again for each letter, more than half of its time."""
    described = font.get_style(), font.get_variant(), font.get_weight(), font.get_stretch()
    return _typeface(tuple(font.get_family()), described, threading.get_ident())


@lru_cache(maxsize=16)
def _typeface(family: tuple[str, ...], described: tuple[Any, ...], _: int) -> FT2Font:
    # One for each thread: a face holds the text that it shapes.
    style, variant, weight, stretch = described
    font = FontProperties(family=family, style=style, variant=variant, weight=weight, stretch=stretch)
    return FT2Font(BytesIO(Path(findfont(font)).read_bytes()))


@lru_cache(maxsize=_SHAPES)
def _shaped(text: str, font: FontProperties, dpi: float) -> tuple[tuple[float, float, float], Gray]:
    """Width, height and descent of one line in pixels, and its picture (255 is ink)."""
    letters = typeface(font)
    letters.clear()
    letters.set_size(font.get_size_in_points(), dpi)
    # Letters are fitted to the pixels in height only: a third less to compute, and they keep their distances.
    letters.set_text(text, flags=LoadFlags.TARGET_LIGHT)
    letters.draw_glyphs_to_bitmap()
    width, height = letters.get_width_height()
    return (width / 64, height / 64, letters.get_descent() / 64), np.array(letters.get_image())


@lru_cache(maxsize=_SHAPES)
def _line(font: FontProperties, dpi: float) -> tuple[float, float, float]:
    """Ascent, descent and gap of a line in pixels, as the font gives them."""
    letters: Any = typeface(font)
    table = letters.get_sfnt_table("OS/2")
    scale = font.get_size_in_points() * dpi / 72 / letters.get_sfnt_table("head")["unitsPerEm"]
    return table["sTypoAscender"] * scale, -table["sTypoDescender"] * scale, table["sTypoLineGap"] * scale


class _Renderer(RendererAgg):  # type: ignore[misc]
    """Agg, but for upright texts: a whole line is one picture, shaped once for all figures."""

    def without_paper(self) -> None:
        """Measure, and draw no more."""
        self._renderer = RendererAgg(1, 1, self.dpi)._renderer
        self._update_methods()

    def get_text_width_height_descent(self, s: str, prop: FontProperties, ismath: Any) -> Any:
        if ismath:
            return super().get_text_width_height_descent(s, prop, ismath)
        return _shaped(s, prop.copy(), self.dpi)[0]

    def _get_font_height_metrics(self, prop: FontProperties) -> tuple[float, float, float]:
        # Asked by matplotlib for each text and each measure; without it, the tables of the font are read again each time.
        return _line(prop.copy(), self.dpi)

    def draw_text(
        self, gc: Any, x: float, y: float, s: str, prop: FontProperties, angle: float, ismath: Any = False, mtext: Any = None
    ) -> None:  # fmt: skip
        if ismath or angle not in (0, 90):
            super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)
            return
        (_, _, descent), gray = _shaped(s, prop.copy(), self.dpi)
        if angle:
            gray = np.rot90(gray)
            left, bottom = round(x + descent) - gray.shape[1], round(self.height - y)
        else:
            left, bottom = round(x), round(self.height - y - descent)
        picture = np.empty((*gray.shape, 4), dtype=np.uint8)
        picture[..., :3] = np.round(255 * np.array(to_rgb(gc.get_rgb())))
        picture[..., 3] = gray[::-1]
        self.draw_image(gc, left, bottom, picture)


class _Sheet(FigureCanvasAgg):  # type: ignore[misc]
    """Canvas of one figure; its renderer changes with its size or its grain only."""

    _size: tuple[float, float, float] | None = None
    _ruler: _Renderer | None = None

    def get_renderer(self) -> _Renderer:
        size = (*self.get_width_height(physical=True), self.figure.dpi)
        if self._size != size:
            self.renderer, self._size = _Renderer(*size), size
        return self.renderer

    def put_away(self) -> None:
        """Give the paper back: the texts of a figure, which cycles hold, keep their renderer, and the next one would be new
        memory."""
        self.renderer.without_paper()
        self._size = None

    def ruler(self) -> _Renderer:
        """What measures a text at the grain of the figure: it has no paper, whose megabytes would be made white for nothing."""
        if self._ruler is None or self._ruler.dpi != self.figure.dpi:
            self._ruler = _Renderer(1, 1, self.figure.dpi)
        return self._ruler


class _Twins:
    """Axis whose ticks are copies of its first one: each would be made of five artists, then given the look of the first."""

    def get_major_ticks(self: Any, numticks: int | None = None) -> list[Tick]:
        count = len(self.get_majorticklocs()) if numticks is None else numticks
        while len(self.majorTicks) < count:
            first = self.majorTicks[0]
            self.majorTicks.append(twin := copy(first))
            for part in ("gridline", "tick1line", "tick2line", "label1", "label2"):
                setattr(twin, part, copy(getattr(first, part)))
        return list(self.majorTicks[:count])

    def reset_ticks(self: Any) -> None:
        super().reset_ticks()  # type: ignore[misc]
        # Made when a scale asks for them, which one figure in twenty does.
        self.minorTicks: list[Tick] = []


class _XAxis(_Twins, XAxis):
    pass


class _YAxis(_Twins, YAxis):
    pass


class _Axes(Axes):
    def _init_axis(self) -> None:
        super()._init_axis()  # type: ignore[misc]
        self.xaxis.__class__, self.yaxis.__class__ = _XAxis, _YAxis


class _Canvas(Canvas):
    def add_subplot(self, *args: Any, **options: Any) -> Any:
        return super().add_subplot(*args, **{"axes_class": _Axes} | options)

    def _get_renderer(self) -> _Renderer:
        # Asked by matplotlib to measure, never to draw.
        return ruler(self)


def sheet(width: float, height: float, *, constrained: bool = False) -> Canvas:
    """Empty canvas of `width` by `height` inches; `constrained` has matplotlib share its room between several axes."""
    canvas = _Canvas(figsize=(width, height), layout="constrained" if constrained else None)
    _Sheet(canvas)
    return canvas


def ruler(canvas: Any) -> _Renderer:
    """What measures the texts of a canvas made by `sheet`."""
    measure: _Renderer = canvas.canvas.ruler()
    return measure


def share(canvas: Canvas) -> None:
    """Share the room between several axes, once for all: matplotlib would draw the figure one more time for each share."""
    if engine := canvas.get_layout_engine():
        engine.execute(canvas)
        canvas.set_layout_engine(None)


def cut(canvas: Canvas, dpi: float) -> Pixels:
    """The drawing at `dpi`, with the usual margin around its ink: rows of pixels, red in the lowest byte."""
    page: Any = canvas.canvas
    margin = math.ceil(dpi * mpl.rcParams["savefig.pad_inches"])
    share(canvas)
    for room in (1, 2, 4, 8):
        left, right, down, up = (room * inches for inches in _AROUND)
        width, height = canvas.get_size_inches()
        box = Bbox.from_extents(-left, -down, width + right, height + up)
        # The drawing is read where it was made: its bytes go nowhere.
        with open(os.devnull, "wb") as nowhere:
            canvas.savefig(nowhere, format="rgba", dpi=dpi, bbox_inches=box)
        drawn = np.asarray(page.renderer.buffer_rgba())
        ink = drawn.view(np.uint32)[..., 0] != _WHITE
        # The middle belongs to the drawing, be it white.
        ink[len(ink) // 2, ink.shape[1] // 2] = True
        rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
        (y0, y1), (x0, x1) = rows[[0, -1]], columns[[0, -1]]
        if min(x0, y0) >= margin and y1 + margin < len(drawn) and x1 + margin < drawn.shape[1]:
            break
    top, start = max(y0 - margin, 0), max(x0 - margin, 0)
    picture: Pixels = drawn.view(np.uint32)[top : y1 + margin + 1, start : x1 + margin + 1, 0].copy()
    page.put_away()
    return picture


def few_colors(picture: Pixels) -> Image.Image:
    """The picture in at most 256 colours, a third of its weight: shades move by a few levels in 255, pale ones stay pale.

    White stays white; the shades that share the first five bits of their three channels become their mean. Five times faster
    than the methods of the library that keep pale shades apart.
    """
    pixels = picture.ravel()
    # A drawing is flat: what follows takes each run of equal pixels once.
    starts = np.concatenate([[0], np.flatnonzero(pixels[1:] != pixels[:-1]) + 1])
    lengths = np.diff(starts, append=len(pixels))
    runs = pixels[starts]
    drawn = np.flatnonzero(runs != _WHITE)
    channels = [runs[drawn] >> shift & 255 for shift in (0, 8, 16)]
    red, green, blue = (channel >> 3 for channel in channels)
    place = red << 10 | green << 5 | blue
    counts = np.bincount(place, lengths[drawn], minlength=_BINS)
    if np.count_nonzero(counts) >= _COLORS:
        # The rarest, blends at the edge of a letter or of a line, share two bits of each channel: 64 colours for them.
        rare = np.argsort(-counts, kind="stable")[_COLORS - 65 :]
        shared = np.arange(_BINS)
        shared[rare] = _BINS + (rare & 0b11000_11000_11000)
        place = shared[place]
        counts = np.bincount(place, lengths[drawn])
    used = np.flatnonzero(counts)
    means = [
        np.bincount(place, channel * lengths[drawn], len(counts))[used] / counts[used] for channel in channels
    ]
    ranks = np.zeros(len(counts), dtype=np.uint8)
    ranks[used] = np.arange(1, len(used) + 1)
    shown = np.zeros(len(runs), dtype=np.uint8)
    shown[drawn] = ranks[place]
    few = Image.frombytes("P", picture.shape[::-1], np.repeat(shown, lengths).tobytes())
    few.putpalette(b"\xff\xff\xff" + np.rint(np.stack(means, axis=1)).astype(np.uint8).tobytes())
    return few
