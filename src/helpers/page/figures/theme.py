"""What every figure shares: colours, markers, canvas, French axes, and the page fragment with text and data."""

from __future__ import annotations

import base64
import io
import textwrap
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from html import escape
from itertools import pairwise
from typing import Any, ParamSpec

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.colors import to_rgb
from matplotlib.dates import AutoDateLocator, MonthLocator, YearLocator, date2num, num2date
from matplotlib.figure import Figure as Canvas
from matplotlib.font_manager import FontProperties
from matplotlib.ticker import FuncFormatter, MaxNLocator

from helpers import french
from helpers.errors import NotComputable
from helpers.page import display, exports
from helpers.page.figures.sheet import Pixels, cut, few_colors, ruler, share, sheet, typeface

# Six colours that white text can stand on (4.5:1 at least) and that stay apart for the three colour blindnesses (CIE76
# distance over 15 after the simulation of Machado et al. 2009); the tests compute both.
PALETTE = ("#0072B2", "#C25100", "#6B21C8", "#856D54", "#222222", "#6E2701")
MARKERS = ("o", "s", "D", "^", "v", "P")
MARKS = ("●", "■", "◆", "▲", "▼", "✚")  # the same, where the name of a series is written
HATCHES = ("", "///", "...", "xx", "\\\\\\", "++")
INK, SOFT, PALE = "#222222", "#6B6B6B", "#E3E3E3"
FONT = "DejaVu Sans"
# A phone shows 25 rem at most: letters keep their size, and the finer grain suits its screen.
DPI, NARROW_DPI, PHONE, LEAST_WIDTH, SHORT_LINE = 110, 165, 3.5, 1.6, 14
_NARROW: ContextVar[bool] = ContextVar("narrow", default=False)
RC = {
    "font.family": FONT,
    "font.size": 10.5,
    # The pale grid is made with the axes: set on them afterwards, all their ticks are made twice.
    "axes.axisbelow": True,
    "axes.edgecolor": SOFT,
    "axes.grid": True,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.9,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.dpi": DPI,
    "grid.color": PALE,
    "hatch.linewidth": 0.8,
    "savefig.dpi": DPI,
    "svg.hashsalt": "observatoire",
    "text.color": INK,
    # A dollar in a name is a dollar, never a formula.
    "text.parse_math": False,
    "xtick.color": SOFT,
    "xtick.labelcolor": INK,
    "xtick.major.size": 3,
    "ytick.color": SOFT,
    "ytick.labelcolor": INK,
    "ytick.major.size": 3,
}
# Remembered, for each draw writes its ticks several times.
FRENCH_NUMBERS = FuncFormatter(lru_cache(lambda value, _: french.number(round(float(value), 10))))
_LONGEST = 160
_LONG_LIST, _LEAST_AIR, _AIR = 20, 0.06, 0.6
P = ParamSpec("P")


@dataclass
class Figure:
    """A drawing with what a reader who cannot see it needs: alternative text, caption, source and data.

    `heads` gives the French heads of the columns of `data` in the table under the figure, `least` the inches under which the
    drawing for a phone is not read any more.
    """

    canvas: Canvas
    alt: str
    caption: str
    data: pd.DataFrame
    source: str = ""
    note: str = ""
    heads: Mapping[str, str] = field(default_factory=dict)
    least: float = LEAST_WIDTH
    redraw: Callable[[], Figure] | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Typeset the texts: an attribute of a page is not reached by the typography of the page."""
        self.alt = french.typography(display.plain(self.alt)).strip()
        self.caption = french.typography(display.plain(self.caption))

    def png(self, dpi: int = DPI) -> bytes:
        """The drawing as PNG, without date or software name, so that the same data give the same bytes."""
        with io.BytesIO() as buffer:
            # Twice as fast as the usual level for a fiftieth more bytes.
            few_colors(self.pixels(dpi)).save(buffer, format="png", dpi=(dpi, dpi), compress_level=3)
            return buffer.getvalue()

    def pixels(self, dpi: int = DPI) -> Pixels:
        """The drawing as `png` holds it before it is compressed, in all its colours: rows of pixels, red in the lowest byte."""
        with mpl.rc_context(RC), warnings.catch_warnings():
            # A sign that the font lacks is drawn as an empty box; the data table has it in full.
            warnings.filterwarnings("ignore", message="Glyph")
            return cut(self.canvas, dpi)

    def for_phone(self) -> bytes:
        """The narrow drawing as PNG."""
        return self.narrow().png(NARROW_DPI)

    def narrow(self) -> Figure:
        """The same figure drawn for the width of a phone; itself when it was not made by a function of this wing."""
        if self.redraw is None:
            return self
        token = _NARROW.set(True)
        try:
            drawn = self.redraw()
        finally:
            _NARROW.reset(token)
        with mpl.rc_context(RC):
            _fit(drawn.canvas, drawn.least)
        return drawn

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        wide, narrow = (base64.b64encode(image).decode() for image in (self.png(), self.for_phone()))
        title = f"Données de la figure : {self.caption}"
        rows = display.table(self.data, title, heads=self.heads, workbook=False, open_rows=None)
        # The browser takes the one for its width; a reader of screens finds one image and one text.
        drawing = (
            f'<picture><source media="(max-width: 40rem)" srcset="data:image/png;base64,{narrow}">'
            f'<img alt="{escape(self.alt, quote=True)}" src="data:image/png;base64,{wide}"></picture>'
        )
        html = (
            f"<figure>{drawing}<figcaption>{escape(self.caption)}</figcaption></figure>"
            f"{display.footer(self.source, self.note)}"
            f"<details class='data'><summary>Données de la figure</summary>{rows.html}</details>"
        )
        return {"text/html": html}


def sign(index: int) -> int:
    """Place in MARKERS and in MARKS of one series: past the last colour, the same colour has another sign."""
    return (index + index // len(PALETTE)) % len(MARKERS)


def legend_columns(wanted: int) -> int:
    """Columns of a legend: `wanted`, or one on a phone, where the names stand under each other."""
    return 1 if is_narrow() else wanted


def is_narrow() -> bool:
    """Whether the figure is being drawn for a phone."""
    return _NARROW.get()


def _fit(canvas: Canvas, least: float) -> None:
    """Narrow the axes until the drawing, with all that stands around them, has the width of a phone.

    What stands around keeps its width and the axes alone give way, so that one measure tells the size.
    """
    renderer = ruler(canvas)
    share(canvas)
    excess = canvas.get_tightbbox(renderer).width - PHONE
    if excess > 0.02:
        width, height = canvas.get_size_inches()
        part = max(axes.get_position().width for axes in canvas.axes)
        canvas.set_size_inches(max(least, width - excess / part), height)
    for axes in canvas.axes:
        if axes.axison:
            _thin(axes, renderer)


def _thin(axes: Axes, renderer: Any) -> None:
    # Fewer ticks where their names would run into each other.
    low, high = sorted(axes.get_xlim())
    shown = [
        (tick.get_loc(), tick.label1.get_text(), tick.label1.get_window_extent(renderer))
        for tick in axes.xaxis.get_major_ticks()
        if low <= tick.get_loc() <= high and tick.label1.get_visible() and tick.label1.get_text()
    ]
    air, every = 0.036 * axes.figure.dpi, 1
    while any(before.x1 + air >= after.x0 for (*_, before), (*_, after) in pairwise(shown[::every])):
        every *= 2
    if every > 1:
        axes.set_xticks([place for place, *_ in shown[::every]], [text for _, text, _ in shown[::every]])


def themed(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """Draw inside the theme: texts take their font and refuse formulas when they are made, not when they are saved."""

    @wraps(draw)
    def inside(*args: P.args, **kwargs: P.kwargs) -> Figure:
        # Measured at the grain that it is drawn with: a text is shaped once.
        with mpl.rc_context(RC | {"figure.dpi": NARROW_DPI if is_narrow() else DPI}):
            figure = draw(*args, **kwargs)
        # Drawn again when it is shown: a figure that is only tested, or kept, costs one drawing.
        figure.redraw = lambda: inside(*args, **kwargs)
        return figure

    return inside


def blank(width: float = 8.2, height: float = 4.4) -> tuple[Canvas, Axes]:
    """Empty canvas of `width` by `height` inches with one pair of axes and a pale grid; narrower on a phone."""
    canvas = sheet(min(width, PHONE) if is_narrow() else width, height)
    axes = canvas.subplots()
    # Margins in inches, so that the rows of a long list have the height asked for; what is empty is cut when it is saved.
    canvas.subplots_adjust(bottom=min(0.45, 0.5 / height), top=max(0.55, 1 - 0.5 / height))
    return canvas, axes


def contrast(first: Any, second: Any) -> float:
    """Contrast of two colours, 1 to 21 (WCAG 2.1, relative luminance)."""
    levels = [_luminance(to_rgb(color)) + 0.05 for color in (first, second)]
    return max(levels) / min(levels)


@lru_cache(maxsize=1024)
def _luminance(color: tuple[float, float, float]) -> float:
    channels = np.array(color)
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def ink_on(color: Any) -> str:
    """Colour of a text on `color`: ink or white, whichever reads better."""
    return INK if contrast(INK, color) >= contrast("#FFFFFF", color) else "#FFFFFF"


def drawable(data: pd.DataFrame, columns: Sequence[str], caption: str) -> pd.DataFrame:
    """Rows of `data` that have a value in all `columns`.

    Raises NotComputable, with a sentence for the reader, when nothing is left to draw.
    """
    kept = data.dropna(subset=list(columns)) if len(data) else data
    if kept.empty:
        raise NotComputable(f"Figure « {caption} » : aucune donnée à dessiner.")
    # A lone surrogate cannot name a group: pandas encodes the names that it groups by.
    words = [column for column in kept if kept[column].dtype == object]
    return kept.assign(**{str(column): kept[column].map(_writable) for column in words})


def _writable(value: Any) -> Any:
    return exports.writable(value) if isinstance(value, str) else value


def left_out(data: pd.DataFrame, kept: pd.DataFrame) -> str:
    """Sentence on the rows that could not be drawn, empty when all were."""
    absent = len(data) - len(kept)
    return (
        f" {french.plural(absent, 'donnée manquante', 'données manquantes')}, hors du dessin."
        if absent
        else ""
    )


def name(value: object, width: int = 40, lines: int = 3, *, turned: bool = False) -> str:
    """Name as a figure can write it: wrapped at `width`, at most `lines`, signs that the font lacks replaced.

    A phone wraps it sooner, on more lines, unless it is `turned` along the height, which a phone has.
    """
    text = display.plain(french.cell(value)).replace("\n", " ")[:_LONGEST]
    if is_narrow() and width > SHORT_LINE and not turned:
        width, lines = max(SHORT_LINE, round(0.5 * width)), lines + (1 if lines == 1 else 2)
    known = _characters()
    text = "".join(letter if ord(letter) in known else exports.REPLACEMENT for letter in text)
    wrapped = textwrap.wrap(text, width, break_long_words=True) or [""]
    if len(wrapped) > lines:
        wrapped = [*wrapped[: lines - 1], f"{wrapped[lines - 1][: width - 1]}…"]
    return "\n".join(wrapped)


@lru_cache(maxsize=1)
def _characters() -> frozenset[int]:
    return frozenset(typeface(FontProperties(family=FONT)).get_charmap())


def row_heads(axes: Axes, labels: Sequence[str], values: Sequence[str] = ()) -> None:
    """Names of horizontal rows, the first one at the top, with their `values` in a column on the right that hides no point.

    They are texts, not ticks: five times less to draw. The grid follows the other axis only.
    """
    count = len(labels)
    axes.yaxis.set_visible(False)
    axes.set_ylim(-0.7, count - 0.3)
    place, down, across = axes.get_yaxis_text1_transform(3.5)
    for row, label in enumerate(labels):
        axes.text(0, count - 1 - row, label, transform=place, va=down, ha=across)
    place, _, across = axes.get_yaxis_text2_transform(8)
    for row, value in enumerate(values):
        axes.text(1, count - 1 - row, value, transform=place, va="center", ha=across, fontsize=9.5)


def rows_height(labels: Sequence[str], air: float) -> float:
    """Inches that the horizontal rows of `labels` need, with `air` inches around their names.

    Rows are equal: two that follow each other must hold both their names. A long list has less air, so that a sheet of paper
    holds it without shrinking its letters.
    """
    lines = [label.count("\n") + 1 for label in labels] or [1]
    tallest = max((first + second) / 2 for first, second in zip(lines, [*lines[1:], lines[-1]], strict=True))
    return len(labels) * (
        (_AIR * air if len(labels) <= _LONG_LIST else min(air, _LEAST_AIR)) + 0.175 * tallest
    )


def french_numbers(axis: Axis, values: Sequence[float] | None = None) -> None:
    """Ticks with French numbers, and none between two whole numbers when all `values` are whole: counts."""
    axis.set_major_formatter(FRENCH_NUMBERS)
    whole = (
        values is not None
        and len(values) > 0
        and all(float(value).is_integer() for value in values if value == value)
    )
    if whole or is_narrow():
        steps = [1, 2, 5, 10] if whole else [1, 2, 2.5, 5, 10]
        axis.set_major_locator(MaxNLocator(nbins=4 if is_narrow() else "auto", steps=steps, integer=whole))


def french_dates(axes: Axes, days: pd.Series[Any]) -> None:
    """Time axis that fits `days`: years, months ("janv. 2024") or days ("1er mars"), never in the locale of the machine."""
    first, last = days.min(), days.max()
    span = max((last - first).days, 1)
    axis = axes.xaxis
    if span > 900:
        axis.set_major_locator(YearLocator(max(1, round(span / 365 / (4 if is_narrow() else 10)))))
        precision = "year"
    elif span > 75:
        every = span / (90 if is_narrow() else 180)
        # Months that part the year equally: January is one of them.
        axis.set_major_locator(
            MonthLocator(range(1, 13, next(step for step in (1, 2, 3, 4, 6, 12) if step >= every)))
        )
        precision = "short_month"
    else:
        axis.set_major_locator(AutoDateLocator(minticks=2, maxticks=4 if is_narrow() else 7))
        precision = "short_day"
    # On a phone the year stands under its month: twice as many dates have their room.
    between = "\n" if is_narrow() and precision == "short_month" else " "
    axis.set_major_formatter(
        FuncFormatter(lambda value, _: french.date(num2date(value).date(), precision).replace(" ", between))
    )
    margin = max((0.08 if is_narrow() else 0.04) * span, 2)
    axes.set_xlim(float(date2num(first)) - margin, float(date2num(last)) + margin)


def short(value: float) -> str:
    """Number as a sentence needs it: none of its decimals over 1 000, one over 10, three otherwise; useless zeros go."""
    return french.number(french.rounded(value, 0 if abs(value) >= 1000 else 1 if abs(value) >= 10 else 3))


def extremes(labels: Sequence[object], values: Sequence[float], unit: str) -> str:
    """Sentence with the smallest and the largest value and their names."""
    low, high = int(np.nanargmin(values)), int(np.nanargmax(values))
    said = [f"{french.cell(labels[at])}, {_with(float(values[at]), unit)}" for at in (low, high)]
    return f"Minimum : {said[0]} ; maximum : {said[1]}."


def _with(value: float, unit: str) -> str:
    # The unit of an axis is plural ("liens", "part des liens (%)"): under two it loses its mark, above it stays as it is.
    return french.agreed(short(value), unit) if abs(value) < 2 else f"{short(value)} {unit}".strip()


def only(data: pd.DataFrame, columns: Sequence[str | None]) -> pd.DataFrame:
    """Columns that the figure shows, each once: its data table holds nothing else."""
    return data[list(dict.fromkeys(column for column in columns if column))].reset_index(drop=True)
