"""Pieces of the reports: chapters as HTML, figures that become one sentence when there is nothing to draw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd

from helpers import french
from helpers.catalog import Study, labels
from helpers.errors import NotComputable
from helpers.methods import basis, comparison, disclosure, polarity, protection
from helpers.methods.measured import digits
from helpers.monograph import benchmark, captions, chapters, record
from helpers.monograph.chapters import dated as dated_fact
from helpers.page import display, figures, paper
from helpers.page.display import Shown
from helpers.page.figures import Figure

# Facts of a chapter told in the portrait.
PORTRAIT = 3
NO_DATE_FR = "Aucun événement daté de son histoire n'est relevé ici."


def chapter_by_chapter(
    known: pd.DataFrame, *, name: str = "monographie", elsewhere: Collection[str] = ()
) -> Shown:
    """Every chapter of the plan that says something: heading, table with source, sentence on what is not said.

    The chapters without any known fact are named together at the end, with what they ask for; those `elsewhere` are told by
    other tables of the page.
    """
    empty, unknown = record.empty_chapters(known), record.unknown_sentences(known)
    parts = []
    for chapter, title in chapters.names().items():
        if chapter in empty:
            continue
        table = record.chapter_table(known, chapter)
        shown = display.table(table, f"{title} : ce que l'on sait", name=f"{name}_{chapter}", base=len(table))
        parts.append(f"<h3>{escape(title)}</h3>{shown.html}{_paragraph(unknown[chapter])}")
    left = _empty(known, empty, record.silent_chapters(known, elsewhere), unknown)
    if left:
        parts.append(f"<h3>Chapitres sans information</h3>{left}")
    return Shown("".join(parts), known)


def _empty(
    known: pd.DataFrame, empty: Sequence[str], silent: Sequence[str], unknown: Mapping[str, str]
) -> str:
    """Chapters of which nothing is known: what they ask for, and whether the silence is the package's or our coding's."""
    names = ", ".join(chapters.names()[chapter].lower() for chapter in silent)
    documented = known["document"].astype(str).str.strip().ne("").any()
    text = (
        f"Non codé ici : {names}. Rien n'y est relevé, ce qui n'est pas une absence constatée : le texte peut en parler."
        if documented
        else f"Rien n'est renseigné sur : {names}."
    )
    asked = [
        f"<li>{escape(chapters.names()[chapter])}. {escape(sentence)}</li>"
        for chapter in empty
        if (sentence := unknown[chapter])
    ]
    return (_paragraph(text) if names else "") + (f"<ul>{''.join(asked)}</ul>" if asked else "")


def portrait(known: pd.DataFrame, *, source: str, elsewhere: Collection[str] = ()) -> Shown:
    """One row per chapter of the plan: how much is known, the first of it in words, what is missing.

    Nothing is said of an empty chapter that other tables of the page tell (`elsewhere`).
    """
    rows, silent = [], []
    facts = known.to_dict("records")
    for chapter, title in chapters.names().items():
        own = [row for row in facts if row["chapter"] == chapter]
        told = [row for row in own if row["status"] in (chapters.KNOWN, chapters.ABSENT)]
        states = Counter(row["status"] for row in own)
        lacking = [
            f"{name} : {states[state]}"
            for state, name in chapters.statuses().items()
            if state not in (chapters.KNOWN, chapters.ABSENT) and states[state]
        ]
        if not told and not lacking:
            silent += [] if chapter in elsewhere else [title.lower()]
            continue
        said = [record.told(row) for row in told]
        rows.append(
            {
                "Chapitre": title,
                "D'abord": " ; ".join(paper.clipped(item, 70) for item in said[:PORTRAIT]) or "–",
                "Informations": len(told),
                "Manque": ", ".join(lacking) or "–",
            }
        )
    note = "le détail, avec la source de chaque ligne, est en annexe"
    note += f" ; rien sur : {french.listing(silent)}" if silent else ""
    return display.table(
        pd.DataFrame(rows), "Ce que l'on sait, par chapitre", name="portrait", source=source, note=note
    )


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
        return display.text(
            f"Une seule date est connue dans son histoire : {french.listing(said)}." if said else NO_DATE_FR
        )
    return drawn(
        lambda: figures.timeline(
            dated, captions.dated(dated), label="label_fr", date="date", stage="chapter_fr", source=source,
            note="une date connue au mois ou à l'année est placée à son premier jour",
        ),
        NO_DATE_FR,
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


def picture(table: pd.DataFrame, known: pd.DataFrame, *, source: str) -> Shown:
    """The one figure of the first screen: the indicators in their most frequent unit, else the dated facts, else a sentence."""
    drawable = table.dropna(subset=["value"]) if len(table) else table
    if drawable.empty:
        return history(known, source=source)
    unit = drawable["unit"].mode().iloc[0]
    return benchmarks(by_mission(drawable[drawable["unit"] == unit]), source=source)


def rest_of_history(table: pd.DataFrame, known: pd.DataFrame, *, source: str) -> Shown:
    """The dated facts for the appendix, or nothing where `picture` has already drawn them on the first screen."""
    drawn_above = table.empty or table["value"].isna().all()
    return Shown("") if drawn_above else history(known, source=source)


def by_mission(table: pd.DataFrame) -> pd.DataFrame:
    """Indicators in the order of the missions of the agreement; those that describe the territory come last."""
    order = {code: rank for rank, code in enumerate(chapters.missions())}
    ranked = table.assign(rank=table["mission"].map(order).astype(float).fillna(len(order)))
    return ranked.sort_values("rank", kind="stable").drop(columns="rank").reset_index(drop=True)


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
            own, captions.beside_benchmark(own, unit), label="label_fr", value="value", lower="lower", upper="upper",
            benchmark="benchmark", benchmark_label=_benchmark_names(own), unit=unit, source=source, note=note,
        ),
        "Aucun indicateur n'a de valeur à dessiner.",
    )  # fmt: skip


def _benchmark_names(table: pd.DataFrame) -> str:
    names = [name for name in table["benchmark_name"].drop_duplicates() if name]
    return f"repère : {french.listing(names)}" if names else "repère"


def evolutions(measured: pd.DataFrame, cpts: str, *, source: str, name_fr: str = "") -> Shown:
    """Evolution of the indicators with two dated periods or more: one panel each, or the sentence that none has.

    A lone one is drawn beside its benchmark, as the line of `name_fr`.
    """
    dated = measured.dropna(subset=["period_end", "value"]) if len(measured) else measured
    mine = dated[dated["territory"] == cpts] if len(dated) else dated
    several = mine[mine.groupby("indicator")["value"].transform("size") >= 2] if len(mine) else mine
    if several.empty:
        return display.text("Aucun indicateur n'a deux périodes datées : aucune évolution ne se lit.")
    codes = several["indicator"].drop_duplicates()
    if len(codes) == 1:
        lines = dated[dated["indicator"] == codes.iloc[0]]
        names = lines["territory"].map(benchmark.territory_name)
        named = lines.assign(series=names.mask(lines["territory"] == cpts, name_fr) if name_fr else names)
        return _evolution(named, several, source)
    # The last value is written on its panel, with the digits of the table.
    named = several.assign(
        panel=several["label_fr"] + " (" + several["unit"] + ")",
        value=[french.rounded(value, digits(value)) for value in several["value"]],
    )
    return drawn(
        lambda: figures.small_multiples(
            named, captions.moves(benchmark.spans(several, cpts)), date="period_end", value="value", series="panel",
            unit="valeur, dans l'unité du titre", columns=3, shared=False, source=source,
            note="une échelle par indicateur ; chaque point est à la fin de sa période",
        ),
        "Aucune évolution à dessiner.",
    )  # fmt: skip


def _evolution(named: pd.DataFrame, mine: pd.DataFrame, source: str) -> Shown:
    first = mine.iloc[0]
    return drawn(
        lambda: figures.trends(
            named, captions.move(mine), date="period_end", value="value", series="series", unit=str(first["unit"]),
            source=source, note="chaque point est placé à la fin de sa période",
        ),
        "Aucune évolution à dessiner.",
    )  # fmt: skip


def table_of_indicators(
    table: pd.DataFrame, *, name: str, source: str, confidence: float, users: bool
) -> Shown:
    """Indicators by mission beside their benchmark, with the link of the actions when the log has some; small counts masked."""
    if table.empty:
        return display.text(
            "Aucun indicateur n'est renseigné : remplissez cpts/indicator_definitions, puis cpts/indicators."
            if users
            else "Séries de valeurs d'indicateurs : non codé ici."
        )
    table = by_mission(table)
    shown = pd.DataFrame([_indicator_row(row) for row in table.to_dict("records")])
    useless = [] if table["actions"].any() else ["Actions"]
    useless += [] if table["mission"].notna().any() else ["Mission"]
    useless += [] if table[["down", "up"]].notna().any(axis=None) else ["Changement visible"]
    shown = shown.drop(columns=useless)
    # A missing value has its reason in its cell.
    reasons = french.listing(
        dict.fromkeys(table.loc[(table["refusal"] != "") & table["value"].notna(), "refusal"])
    )
    name_of_benchmark = _only_name(table)
    heads = {
        "Valeur": f"Valeur [IC {french.percent(100 * confidence, 0)}]",
        "Repère": f"Repère ({name_of_benchmark})" if name_of_benchmark else "Repère",
    }
    note = "le repère est une comparaison, jamais un rang"
    if "Changement visible" in shown:
        note += " ; changement visible en un an, pour prévoir un suivi (puissance 80 %, risque 5 %), non pour juger une évolution"
    judged = int(((table["verdict"] != polarity.UNKNOWN) & ~table["census"].astype(bool)).sum())
    if judged:
        note += f" ; {basis.REPEATED_FR} ; {comparison.false_alarms_sentence(judged, risk=1 - confidence)}".rstrip(
            "."
        )
    if (table["state"] == disclosure.MASKED).any():
        note = f"{note} ; {protection.NOTE_FR}"
    return display.table(
        shown, "Indicateurs, par mission : valeur, intervalle et repère", name=name, source=source, heads=heads,
        note=f"{note} ; {reasons}" if reasons else note, base=french.plural(len(shown), "indicateur"),
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
        "Mission": "hors mission" if pd.isna(row["mission"]) else chapters.missions()[row["mission"]],
        "Valeur": benchmark.value_fr(row),
        "Période": benchmark.period_fr(row),
        "Repère": benchmark.benchmark_fr(row),
        "Comparaison": f"{row['verdict']}{' (constat)' if row['census'] else ''}",
        "Changement visible": " ou ".join(gap) or (basis.CENSUS if row["census"] else "non calculable"),
        "Actions": str(row["link"]) + (" ; mouvement antérieur à une action" if row["precedes"] else ""),
    }


def documents(known: pd.DataFrame, *, scale: str = "") -> list[str]:
    """Keys of the documents that the page draws on: those of the facts, and that of the scale of a simulation."""
    told = {*known["document"], scale}
    return [key for key in labels.documents() if key in told]


def sources_of(known: pd.DataFrame, study: Study) -> str:
    """Which documents the facts come from, for the foot of a table; else the user's package, by the title it has been given."""
    own = study.package.given_title or "paquet de la CPTS"
    return french.listing(labels.document(key) for key in documents(known)) or own
