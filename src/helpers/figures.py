"""Figures of the reports: one theme, one function per kind, each with its alternative text computed from the data."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import matplotlib as mpl

mpl.use("agg")
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.dates import DateFormatter, YearLocator
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import FuncFormatter

from helpers import display, french

# Okabe and Ito (2008) without their yellow, which has less than 3:1 on white; safe for the usual colour blindnesses.
PALETTE = ("#0072B2", "#B34700", "#00795A", "#9C4F80", "#5D5D5D", "#2A6F97")
MARKERS = ("o", "s", "D", "^", "v", "P")
INK, SOFT = "#222222", "#757575"
_RC = {
    "font.family": "DejaVu Sans",
    "font.size": 10.5,
    "axes.edgecolor": SOFT,
    "axes.labelcolor": INK,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.dpi": 110,
    "savefig.dpi": 110,
    "svg.hashsalt": "observatoire",
}
_FRENCH_AXIS = FuncFormatter(lambda value, _: french.number(float(value)))


@dataclass
class Figure:
    """A drawing with what a reader who cannot see it needs: alternative text, caption, source and data."""

    canvas: Canvas
    alt: str
    caption: str
    data: pd.DataFrame
    source: str = ""
    note: str = ""

    def png(self) -> bytes:
        """The drawing as PNG, without date or software name, so that the same data give the same bytes."""
        buffer = io.BytesIO()
        self.canvas.savefig(buffer, format="png", bbox_inches="tight", metadata={"Software": None})
        plt.close(self.canvas)
        return buffer.getvalue()

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        image = base64.b64encode(self.png()).decode()
        rows = display.table(self.data, f"Données de la figure : {self.caption}")
        html = (
            f'<figure><img alt="{escape(self.alt, quote=True)}" src="data:image/png;base64,{image}">'
            f"<figcaption>{escape(self.caption)}</figcaption></figure>"
            f"{display.footer(self.source, self.note) if self.source or self.note else ''}"
            f"<details class='data'><summary>Données de la figure</summary>{rows.html}</details>"
        )
        return {"text/html": html}


def _canvas(width: float = 8.2, height: float = 4.4) -> tuple[Canvas, Axes]:
    with sns.axes_style("whitegrid", rc=_RC), mpl.rc_context(_RC):
        canvas, axes = plt.subplots(figsize=(width, height))
    axes.grid(visible=True, color="#E3E3E3", linewidth=0.8)
    axes.set_axisbelow(True)
    sns.despine(ax=axes)
    return canvas, axes


def _extremes(labels: Sequence[object], values: Sequence[float], unit: str) -> str:
    low, high = int(np.nanargmin(values)), int(np.nanargmax(values))
    return (
        f"Minimum : {labels[low]}, {french.number(float(values[low]))} {unit} ; "
        f"maximum : {labels[high]}, {french.number(float(values[high]))} {unit}."
    ).replace(" .", ".")


def dots(
    data: pd.DataFrame,
    caption: str,
    *,
    label: str,
    value: str,
    unit: str,
    lower: str | None = None,
    upper: str | None = None,
    benchmark: float | None = None,
    benchmark_label: str = "",
    source: str = "",
    note: str = "",
) -> Figure:
    """Dot plot, one row per label, with intervals (`lower`, `upper`) and a vertical benchmark when given."""
    canvas, axes = _canvas(height=1.3 + 0.36 * len(data))
    rows = np.arange(len(data))[::-1]
    if lower and upper:
        axes.hlines(rows, data[lower].astype(float), data[upper].astype(float), color=SOFT, linewidth=2)
    axes.plot(data[value].astype(float), rows, "o", color=PALETTE[0], markersize=8)
    if benchmark is not None:
        axes.axvline(benchmark, color=PALETTE[1], linestyle="--", linewidth=1.5)
        axes.annotate(
            f"{benchmark_label} {french.number(benchmark)}".strip(),
            (benchmark, 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(4, 2),
            textcoords="offset points",
            color=PALETTE[1],
        )
    axes.set_yticks(rows, [str(item) for item in data[label]])
    axes.set_ylim(-0.7, len(data) - 0.3)
    axes.set_xlabel(unit)
    axes.xaxis.set_major_formatter(_FRENCH_AXIS)
    axes.grid(axis="y", visible=False)
    alt = f"Diagramme en points : {caption}. {len(data)} lignes, en {unit}. "
    alt += _extremes(list(data[label]), list(data[value].astype(float)), unit)
    if benchmark is not None:
        alt += f" Repère : {benchmark_label} {french.number(benchmark)} {unit}."
    return Figure(canvas, alt, caption, data, source, note)


def lollipop(
    data: pd.DataFrame, caption: str, *, label: str, value: str, unit: str, source: str = "", note: str = ""
) -> Figure:
    """Gaps around zero: a stem and a head per label, triangle up when above, down when below."""
    canvas, axes = _canvas(height=1.2 + 0.34 * len(data))
    rows = np.arange(len(data))[::-1]
    gaps = data[value].astype(float).to_numpy()
    colors = np.where(gaps >= 0, PALETTE[0], PALETTE[1])
    axes.hlines(rows, 0, gaps, color=colors, linewidth=2.5)
    for sign, marker in ((gaps >= 0, ">"), (gaps < 0, "<")):
        axes.scatter(gaps[sign], rows[sign], marker=marker, c=colors[sign], s=60, zorder=3)
    axes.axvline(0, color=INK, linewidth=1)
    axes.set_yticks(rows, [str(item) for item in data[label]])
    axes.set_xlabel(unit)
    axes.xaxis.set_major_formatter(_FRENCH_AXIS)
    axes.grid(axis="y", visible=False)
    alt = f"Diagramme en tiges des écarts : {caption}. {int((gaps >= 0).sum())} au-dessus ou à zéro, "
    alt += f"{int((gaps < 0).sum())} au-dessous. {_extremes(list(data[label]), list(gaps), unit)}"
    return Figure(canvas, alt, caption, data, source, note)


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

    `diverging` gives gaps around zero two colours.
    """
    matrix = data.set_index(data.columns[0]).astype(float)
    canvas, axes = _canvas(width=min(11.0, 3.4 + 0.95 * matrix.shape[1]), height=1.2 + 0.42 * matrix.shape[0])
    written = [
        ["—" if np.isnan(item) else french.number(float(item), decimals) for item in row]
        for row in matrix.to_numpy()
    ]
    sns.heatmap(
        matrix,
        ax=axes,
        cmap="PuOr_r" if diverging else "Blues",
        center=0 if diverging else None,
        annot=np.array(written),
        fmt="",
        cbar=False,
        linewidths=1,
        linecolor="white",
    )
    axes.set_xlabel("")
    axes.set_ylabel("")
    axes.tick_params(axis="y", rotation=0)
    long_names = max(len(str(name)) for name in matrix.columns) * matrix.shape[1] > 60
    axes.tick_params(axis="x", rotation=30 if long_names else 0)
    if long_names:
        for text in axes.get_xticklabels():
            text.set_horizontalalignment("right")
    flat = matrix.stack()
    alt = f"Tableau coloré : {caption}. {matrix.shape[0]} lignes et {matrix.shape[1]} colonnes. "
    alt += _extremes([f"{row} / {column}" for row, column in flat.index], list(flat), unit)
    return Figure(canvas, alt, caption, data, source, note)


def stacked_bars(
    data: pd.DataFrame,
    caption: str,
    *,
    label: str,
    parts: Sequence[str],
    unit: str,
    source: str = "",
    note: str = "",
) -> Figure:
    """Horizontal stacked bars, one per label; parts differ by colour and hatching and their value is written when it fits."""
    canvas, axes = _canvas(height=1.5 + 0.5 * len(data))
    rows = np.arange(len(data))[::-1]
    left = np.zeros(len(data))
    widest = float(data[list(parts)].astype(float).sum(axis=1).max())
    for index, part in enumerate(parts):
        width = data[part].astype(float).fillna(0).to_numpy()
        color = PALETTE[index % len(PALETTE)]
        hatch = ("", "///", "...", "xx", "\\\\\\", "++")[index % 6]
        axes.barh(
            rows, width, left=left, height=0.66, color=color, edgecolor="white", hatch=hatch, label=part
        )
        for row, start, size in zip(rows, left, width, strict=True):
            if size > 0.07 * widest:
                axes.text(
                    start + size / 2,
                    row,
                    french.number(float(size)),
                    ha="center",
                    va="center",
                    color="white",
                    fontsize=9,
                    bbox={"facecolor": color, "edgecolor": "none", "pad": 1.2},
                )
        left = left + width
    axes.set_yticks(rows, [str(item) for item in data[label]])
    axes.set_xlabel(unit)
    axes.xaxis.set_major_formatter(_FRENCH_AXIS)
    axes.grid(axis="y", visible=False)
    axes.legend(
        loc="lower center", bbox_to_anchor=(0.45, 1.0), ncols=min(3, len(parts)), frameon=False, fontsize=9.5
    )
    alt = f"Barres empilées : {caption}. {len(data)} barres, parts : {', '.join(parts)}. "
    alt += _extremes(list(data[label]), list(left), unit)
    return Figure(canvas, alt, caption, data, source, note)


def trends(
    data: pd.DataFrame,
    caption: str,
    *,
    date: str,
    value: str,
    series: str,
    unit: str,
    linked: bool = True,
    target: float | None = None,
    target_label: str = "",
    source: str = "",
    note: str = "",
) -> Figure:
    """Values against time, a colour and a marker per series, named at its last point; `linked` draws the lines."""
    canvas, axes = _canvas(height=5.0)
    ends: list[tuple[float, Any, str, str]] = []
    for index, (name, points) in enumerate(data.groupby(series, sort=False)):
        ordered = points.sort_values(date)
        color, marker = PALETTE[index % len(PALETTE)], MARKERS[index % len(MARKERS)]
        style = "-" if linked and len(ordered) > 1 else "none"
        axes.plot(
            ordered[date],
            ordered[value].astype(float),
            linestyle=style,
            marker=marker,
            color=color,
            markersize=7,
        )
        ends.append((float(ordered[value].iloc[-1]), ordered[date].iloc[-1], str(name), color))
    if target is not None:
        axes.axhline(target, color=SOFT, linestyle=":", linewidth=1.5)
        axes.annotate(
            target_label,
            (0.01, target),
            xycoords=("axes fraction", "data"),
            xytext=(0, 4),
            textcoords="offset points",
            color=SOFT,
        )
    _name_ends(axes, ends)
    axes.set_ylim(bottom=0)
    axes.set_ylabel(unit)
    axes.yaxis.set_major_formatter(_FRENCH_AXIS)
    axes.xaxis.set_major_locator(YearLocator())
    axes.xaxis.set_major_formatter(DateFormatter("%Y"))
    alt = f"Évolution dans le temps : {caption}. En {unit}. "
    for name, points in data.groupby(series, sort=False):
        ordered = points.sort_values(date)
        first, last = ordered.iloc[0], ordered.iloc[-1]
        alt += f"{name} : {french.number(float(first[value]))} en {first[date].year}"
        alt += f", {french.number(float(last[value]))} en {last[date].year}. " if len(ordered) > 1 else ". "
    return Figure(canvas, alt.strip(), caption, data, source, note)


def _name_ends(axes: Axes, ends: Sequence[tuple[float, Any, str, str]]) -> None:
    # Names go down the right margin in the order of the last values, spread so that none hides another.
    top = max(1.0, axes.get_ylim()[1])
    step = 0.062
    placed = 2.0
    for last, _, name, color in sorted(ends, key=lambda end: -end[0]):
        placed = min(last / top, placed - step)
        axes.annotate(
            name,
            (1.01, max(placed, 0.0)),
            xycoords="axes fraction",
            color=color,
            fontsize=9.5,
            va="center",
            annotation_clip=False,
        )


def lorenz(shares: pd.DataFrame, caption: str, *, gini: float, source: str = "", note: str = "") -> Figure:
    """Lorenz curve from the cumulated shares `units` and `total` (0 to 1), with the diagonal of equality."""
    canvas, axes = _canvas(width=5.6, height=5.2)
    axes.plot([0, 1], [0, 1], linestyle="--", color=SOFT)
    axes.plot(shares["units"], shares["total"], color=PALETTE[0], linewidth=2.5)
    axes.annotate("égalité parfaite", (0.4, 0.46), rotation=42, color=SOFT)
    axes.annotate(f"Gini = {french.number(gini, 3)}", (0.62, 0.3), color=PALETTE[0])
    axes.set_xlabel("Part cumulée des CPTS, de la moins à la plus peuplée")
    axes.set_ylabel("Part cumulée de la population")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda value, _: french.percent(100 * value, 0)))
    half = float(np.interp(0.5, shares["units"], shares["total"]))
    alt = f"Courbe de Lorenz : {caption}. Indice de Gini {french.number(gini, 3)}. "
    alt += f"La moitié la moins peuplée des CPTS réunit {french.percent(100 * half)} de la population."
    return Figure(canvas, alt, caption, shares, source, note)


def scatter(
    data: pd.DataFrame,
    caption: str,
    *,
    x: str,
    y: str,
    label: str,
    x_title: str,
    y_title: str,
    diagonal: bool = False,
    source: str = "",
    note: str = "",
) -> Figure:
    """Cloud of named points; `diagonal` adds the line where both are equal. Logarithmic axes."""
    canvas, axes = _canvas(height=5.2)
    axes.scatter(data[x].astype(float), data[y].astype(float), color=PALETTE[0], s=42, zorder=3)
    for _, row in data.iterrows():
        axes.annotate(
            str(row[label]),
            (float(row[x]), float(row[y])),
            xytext=(5, 4),
            textcoords="offset points",
            fontsize=8.5,
        )
    axes.set_xscale("log")
    axes.set_yscale("log")
    if diagonal:
        ends = [float(data[[x, y]].min().min()) * 0.9, float(data[[x, y]].max().max()) * 1.1]
        axes.plot(ends, ends, linestyle="--", color=SOFT)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(_FRENCH_AXIS)
        axis.set_minor_formatter(FuncFormatter(lambda *_: ""))
    axes.set_xlabel(x_title)
    axes.set_ylabel(y_title)
    alt = f"Nuage de points : {caption}. {len(data)} points ; {x_title} contre {y_title}, échelles logarithmiques. "
    alt += _extremes(list(data[label]), list(data[y].astype(float)), "")
    return Figure(canvas, alt, caption, data, source, note)


def slopes(
    data: pd.DataFrame,
    caption: str,
    *,
    label: str,
    first: str,
    second: str,
    first_title: str,
    second_title: str,
    unit: str,
    prefix: str = "",
    source: str = "",
    note: str = "",
) -> Figure:
    """Slope chart of two dates: one line per label, its values written at both ends."""
    canvas, axes = _canvas(width=7.4, height=4.8)
    for index, row in enumerate(data.to_dict("records")):
        color, marker = PALETTE[index % len(PALETTE)], MARKERS[index % len(MARKERS)]
        ends = [float(row[first]), float(row[second])]
        axes.plot([0, 1], ends, color=color, marker=marker, linewidth=2.2, markersize=8)
        axes.annotate(
            french.number(ends[0]),
            (0, ends[0]),
            xytext=(-9, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            color=color,
        )
        name = f"{french.number(ends[1])} · {prefix}{row[label]}"
        axes.annotate(name, (1, ends[1]), xytext=(9, 0), textcoords="offset points", va="center", color=color)
    axes.set_xticks([0, 1], [first_title, second_title])
    axes.set_xlim(-0.35, 1.6)
    axes.set_ylim(bottom=0)
    axes.set_ylabel(unit)
    axes.yaxis.set_major_formatter(_FRENCH_AXIS)
    axes.grid(axis="x", visible=False)
    changes = 100 * (data[second].astype(float) / data[first].astype(float) - 1)
    alt = f"Pentes entre {first_title} et {second_title} : {caption}. "
    alt += "; ".join(
        f"{prefix}{name} : {french.number(float(low))} puis {french.number(float(high))} {unit} ({french.percent(float(change))})"
        for name, low, high, change in zip(data[label], data[first], data[second], changes, strict=True)
    )
    return Figure(canvas, f"{alt}.", caption, data, source, note)
