"""Pieces of the reports: chapters as HTML, figures that become one sentence when there is nothing to draw."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import pandas as pd

from helpers import french
from helpers.catalog import labels
from helpers.errors import NotComputable
from helpers.methods import disclosure, protection
from helpers.monograph import benchmark, chapters, record
from helpers.monograph.chapters import dated as dated_fact
from helpers.page import display, figures
from helpers.page.display import Shown
from helpers.page.figures import Figure


def chapter_by_chapter(known: pd.DataFrame, *, name: str = "monographie") -> Shown:
    """Every chapter of the plan that says something: heading, table with source, sentence on what is not said.

    The chapters without any known fact are named together at the end, with what they ask for.
    """
    empty = record.empty_chapters(known)
    parts = []
    for chapter, title in chapters.names().items():
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
    named = [chapters.names()[chapter] for chapter in empty]
    silent = [
        chapters.names()[chapter].lower() for chapter in empty if not record.unknown_sentence(known, chapter)
    ]
    text = f"Rien de connu sur : {', '.join(title.lower() for title in named)}."
    if silent:
        text += " Une information absente d'ici n'est pas une absence constatée : la source n'en parle pas."
    asked = [
        f"<li>{escape(chapters.names()[chapter])}. {escape(record.unknown_sentence(known, chapter))}</li>"
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
    """Timeline of the dated facts, or one sentence when fewer than two dates are known."""
    dated = record.events(known)
    if dated["date"].nunique() < 2:
        said = [f"{row['label_fr']}, {dated_fact(row)}" for row in dated.to_dict("records")]
        only = f"Une seule date est connue : {french.listing(said)}." if said else ""
        return display.text(only or "Aucun fait daté n'est connu pour cette CPTS.")
    return drawn(
        lambda: figures.timeline(
            dated, "Faits datés de la CPTS, dans l'ordre", label="label_fr", date="date", stage="chapter_fr", source=source,
            note="une date connue au mois ou à l'année est placée à son premier jour",
        ),
        "Aucun fait daté n'est connu pour cette CPTS.",
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
    """One dot plot per unit: last value of each indicator with its interval, and its benchmark on the same row.

    Takes the result of `benchmark.compared`. A value without interval is a lone dot, and the note counts them. Without any
    indicator there is nothing: the table says so.
    """
    if table.empty:
        return Shown("")
    pieces = []
    drawable = table.dropna(subset=["value"]) if len(table) else table
    for unit, own in drawable.groupby("unit", sort=False) if len(drawable) else ():
        alone = int(own["lower"].isna().sum())
        lone = french.plural(alone, "valeur sans intervalle", "valeurs sans intervalle") if alone else ""
        pieces.append(_against(own, str(unit), source, lone))
    return together(pieces) if pieces else display.text("Aucun indicateur n'a de valeur à dessiner.")


def _against(own: pd.DataFrame, unit: str, source: str, note: str) -> Shown:
    return drawn(
        lambda: figures.against(
            own, f"Indicateurs et leur repère ({unit})", label="label_fr", value="value", lower="lower", upper="upper",
            benchmark="benchmark", benchmark_label=_benchmark_names(own), unit=unit, source=source, note=note,
        ),
        "Aucun indicateur n'a de valeur à dessiner.",
    )  # fmt: skip


def _benchmark_names(table: pd.DataFrame) -> str:
    names = [name for name in table["benchmark_name"].drop_duplicates() if name]
    return f"repère : {french.listing(names)}" if names else "repère"


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
    """Indicators beside their benchmark, with the link of the actions when the log has some; small counts masked in words."""
    if table.empty:
        return display.text("Aucun indicateur n'est publié pour cette CPTS.")
    rows = [_indicator_row(row) for row in table.to_dict("records")]
    shown = pd.DataFrame(rows)
    if not table["actions"].any():
        shown = shown.drop(columns="Actions")
    # A missing value has its reason in its cell.
    reasons = french.listing(
        dict.fromkeys(table.loc[(table["refusal"] != "") & table["value"].notna(), "refusal"])
    )
    name_of_benchmark = _only_name(table)
    heads = {
        "Valeur": f"Valeur [IC {french.percent(100 * confidence, 0)}]",
        "Repère": f"Repère ({name_of_benchmark})" if name_of_benchmark else "Repère",
    }
    note = "le repère est une comparaison, jamais un rang ; changement visible en un an, puissance 80 %, risque 5 %"
    if (table["state"] == disclosure.MASKED).any():
        note = f"{note} ; {protection.NOTE_FR}"
    return display.table(
        shown, "Indicateurs : valeur, intervalle, repère et plus petit changement visible", name=name, source=source, heads=heads,
        note=f"{note} ; {reasons}" if reasons else note, base=french.plural(len(rows), "indicateur"),
    )  # fmt: skip


def _only_name(table: pd.DataFrame) -> str:
    names = [name for name in table["benchmark_name"].drop_duplicates() if name]
    return str(names[0]) if len(names) == 1 else ""


def _indicator_row(row: dict[str, Any]) -> dict[str, Any]:
    gap = [
        french.signed(sign * row[side], 1) for sign, side in ((-1, "down"), (1, "up")) if pd.notna(row[side])
    ]
    # A long unit goes with the name: it would make the column of values as wide as the page.
    unit = "" if row["unit"] == "%" else f" ({row['unit']})"
    return {
        "Indicateur": f"{row['label_fr']}{unit}",
        "Valeur": benchmark.value_fr(row),
        "Période": benchmark.period_fr(row),
        "Repère": benchmark.benchmark_fr(row),
        "Comparaison": row["verdict"],
        "Changement visible": " ou ".join(gap) if gap else "non calculable",
        "Actions": str(row["link"]) + (" ; mouvement antérieur à une action" if row["precedes"] else ""),
    }


def sources_of(known: pd.DataFrame, *, documents: Sequence[str]) -> str:
    """Which of the `documents` (in their order) the facts come from, for the foot of a table; else the user's package."""
    told = set(known["document"])
    return french.listing(labels.document(code) for code in documents if code in told) or "paquet de la CPTS"
