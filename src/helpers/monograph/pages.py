"""Pieces of the reports: chapters as HTML, figures that become one sentence when there is nothing to draw."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import pandas as pd

from helpers import disclosure, display, figures, french
from helpers.display import Shown
from helpers.errors import NotComputable
from helpers.figures import Figure
from helpers.monograph import benchmark, record
from helpers.monograph.chapters import CHAPTERS_FR, DOCUMENTS_FR


def chapter_by_chapter(known: pd.DataFrame, *, name: str = "monographie") -> Shown:
    """Every chapter of the plan that says something: heading, table with source, sentence on what is not said.

    The chapters without any known fact are named together at the end, with what they ask for.
    """
    empty = record.empty_chapters(known)
    parts = []
    for chapter, title in CHAPTERS_FR.items():
        if chapter in empty:
            continue
        table = record.chapter_table(known, chapter)
        shown = display.table(table, f"{title} : ce que l'on sait", name=f"{name}_{chapter}", base=len(table))
        parts.append(
            f"<h3>{escape(title)}</h3>{shown.html}{_paragraph(record.unknown_sentence(known, chapter))}"
        )
    if empty:
        parts.append(f"<h3>Chapitres sans information</h3>{_empty(known, empty)}")
    return Shown("".join(parts), known)


def _empty(known: pd.DataFrame, empty: Sequence[str]) -> str:
    named = [CHAPTERS_FR[chapter] for chapter in empty]
    silent = [
        CHAPTERS_FR[chapter].lower() for chapter in empty if not record.unknown_sentence(known, chapter)
    ]
    text = f"Rien de connu sur : {', '.join(title.lower() for title in named)}."
    if silent:
        text += " Une information absente d'ici n'est pas une absence constatée : la source n'en parle pas."
    asked = [
        f"<li>{escape(CHAPTERS_FR[chapter])}. {escape(record.unknown_sentence(known, chapter))}</li>"
        for chapter in empty
        if record.unknown_sentence(known, chapter)
    ]
    return _paragraph(text) + (f"<ul>{''.join(asked)}</ul>" if asked else "")


def listed(said: Sequence[str]) -> Shown:
    """Computed sentences as a list."""
    return Shown("<ul>" + "".join(f"<li>{escape(display.plain(item))}</li>" for item in said) + "</ul>")


def _paragraph(sentence: str) -> str:
    return f"<p>{escape(display.plain(sentence))}</p>" if sentence else ""


def history(known: pd.DataFrame, *, source: str) -> Shown:
    """Timeline of the dated facts, or the sentence that none is dated."""
    dated = record.events(known)
    return drawn(
        lambda: figures.timeline(
            dated, "Faits datés de la CPTS, dans l'ordre", label="label_fr", date="date", stage="chapter_fr", source=source,
            note="une date connue au mois ou à l'année est placée à son premier jour",
        ),
        "Aucun fait daté n'est connu pour cette CPTS.", empty=dated.empty,
    )  # fmt: skip


def drawn(draw: Callable[[], Figure], otherwise: str, *, empty: bool = False) -> Shown:
    """The figure as a piece of page, or the sentence `otherwise` when there is nothing to draw."""
    if empty:
        return display.text(otherwise)
    try:
        figure = draw()
    except NotComputable:
        return display.text(otherwise)
    return Shown(figure._repr_mimebundle_()["text/html"], figure.data)


def together(pieces: Sequence[Shown]) -> Shown:
    """Several pieces one under the other."""
    return Shown("".join(piece.html for piece in pieces))


def benchmarks(table: pd.DataFrame, *, source: str) -> Shown:
    """One dot plot per unit: last value of each indicator with its interval, and its benchmark on the row below.

    Takes the result of `benchmark.compared`. A value without interval is a lone dot, and the note counts them.
    """
    pieces = []
    drawable = table.dropna(subset=["value"]) if len(table) else table
    for unit, own in drawable.groupby("unit", sort=False) if len(drawable) else ():
        rows = [line for row in own.to_dict("records") for line in _dot_rows(row)]
        alone = int(own["lower"].isna().sum())
        lone = french.plural(alone, "valeur sans intervalle", "valeurs sans intervalle")
        pieces.append(_dots(pd.DataFrame(rows), str(unit), source, lone if alone else ""))
    return together(pieces) if pieces else display.text("Aucun indicateur n'a de valeur à dessiner.")


def _dot_rows(row: dict[str, Any]) -> list[dict[str, Any]]:
    own = {"label": row["label_fr"], "value": row["value"], "lower": row["lower"], "upper": row["upper"]}
    if pd.isna(row["benchmark"]):
        return [own]
    # A benchmark differs from one indicator to the next: it has its own row, not a line across the figure.
    return [
        own,
        {
            "label": f"   repère : {row['benchmark_name']}",
            "value": row["benchmark"],
            "lower": None,
            "upper": None,
        },
    ]


def _dots(rows: pd.DataFrame, unit: str, source: str, note: str) -> Shown:
    return drawn(
        lambda: figures.dots(
            rows, f"Indicateurs en {unit} et leur repère", label="label", value="value", lower="lower", upper="upper", unit=unit,
            source=source, note=note,
        ),
        "Aucun indicateur n'a de valeur à dessiner.",
    )  # fmt: skip


def evolutions(measured: pd.DataFrame, cpts: str, *, source: str) -> Shown:
    """Evolution of each indicator with two dated periods or more, beside its benchmark, or the sentence that none has.

    The band is what chance alone could show in one year around the first value.
    """
    pieces = []
    dated = measured.dropna(subset=["period_end", "value"]) if len(measured) else measured
    for _, own in dated.groupby("indicator", sort=False) if len(dated) else ():
        mine = own[own["territory"] == cpts]
        if len(mine) >= 2:
            pieces.append(_evolution(own, mine, source))
    if not pieces:
        return display.text("Aucun indicateur n'a deux périodes datées : aucune évolution ne se lit.")
    return together(pieces)


def _evolution(own: pd.DataFrame, mine: pd.DataFrame, source: str) -> Shown:
    first = mine.iloc[0]
    visible = benchmark.visible_band(first)
    named = own.assign(series=own["territory"].map(benchmark.territory_name))
    return drawn(
        lambda: figures.trends(
            named, str(first["label_fr"]), date="period_end", value="value", series="series", unit=str(first["unit"]),
            band=visible, source=source, note="chaque point est placé à la fin de sa période",
        ),
        "Aucune évolution à dessiner.",
    )  # fmt: skip


def table_of_indicators(table: pd.DataFrame, *, name: str, source: str, confidence: float) -> Shown:
    """Indicators beside their benchmark, with the link of the actions when the table has one; small counts masked in words."""
    if table.empty:
        return display.text("Aucun indicateur n'est publié pour cette CPTS.")
    rows = [_indicator_row(row, confidence) for row in table.to_dict("records")]
    return display.table(
        pd.DataFrame(rows), "Indicateurs : valeur, intervalle, repère et plus petit changement visible", name=name, source=source,
        note="le repère est une comparaison, jamais un rang ; changement visible en un an, puissance 80 %, risque 5 %",
        base=f"{len(rows)} indicateurs",
    )  # fmt: skip


def _indicator_row(row: dict[str, Any], confidence: float) -> dict[str, Any]:
    hidden = row["state"] == disclosure.MASKED
    interval = (
        french.interval(row["lower"], row["upper"], confidence=confidence)
        if pd.notna(row["lower"])
        else row["refusal"]
    )
    gap = [
        french.signed(sign * row[side], 1) for sign, side in ((-1, "down"), (1, "up")) if pd.notna(row[side])
    ]
    shown = {
        "Indicateur": row["label_fr"],
        "Valeur": disclosure.MASKED if hidden else benchmark.amount(row["value"], row["unit"]),
        "Intervalle": interval,
        "Période": benchmark.period_fr(row),
        "Repère": benchmark.benchmark_fr(row),
        "Comparaison": row["verdict"],
        "Changement visible": " ou ".join(gap) if gap else "non calculable",
    }
    if "link" in row:
        shown["Actions"] = str(row["link"]) + (
            " ; mouvement antérieur à une action" if row["precedes"] else ""
        )
    return shown


def sources_of(known: pd.DataFrame) -> str:
    """Documents that the facts come from, for the foot of a table or figure."""
    codes = [code for code in known["document"].drop_duplicates() if code]
    return french.listing(DOCUMENTS_FR[code] for code in codes) or "paquet de la CPTS"
