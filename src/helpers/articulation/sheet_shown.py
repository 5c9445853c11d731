"""The sheet of articulation on its two pages: one picture, tables, questions; the sentences are in `sheet_said`."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd

from helpers import french
from helpers.articulation import agenda, links, next_step
from helpers.articulation.sheet import REFERENCE, Sheet
from helpers.articulation.sheet_said import ASK, marks_in_words, of_the_other, place
from helpers.catalog import Study, labels
from helpers.page import display, figures, paper
from helpers.page.display import Shown

# Rows that two pages of paper can hold; what is left out is counted under the table.
ROWS, THEMES = 7, 8
COMMON_ACTION = 4
NOTHING = "—"
PRIORITY, AT_WORK, AWAITED, GONE, SILENT = (
    "priorité dite", "lien en œuvre", "lien prévu ou souhaité", "lien refusé, rompu ou absent", "rien de dit",
)  # fmt: skip
_MARKS = {PRIORITY: "●", AT_WORK: "■", AWAITED: "◐", GONE: "×", SILENT: ""}
_RANK = {
    "en_oeuvre": AT_WORK,
    "prevu": AWAITED,
    "souhaite": AWAITED,
    "refuse": GONE,
    "rompu": GONE,
    "absent": GONE,
}
LINK_HEADS_FR = {
    "what": "Lien", "state": "État", "degree": "Degré", "theme": "Thème", "when": "Quand", "where": "Source",
}  # fmt: skip


def ground_table(sheet: Sheet) -> Shown:
    """Communes and inhabitants of the shared ground and of each side alone; or the sentence that they cannot be counted."""
    if sheet.ground.empty or pd.isna(sheet.ground["population_both"].iloc[0]):
        return display.text(
            "Ni communes ni habitants à compter : il faut les deux périmètres au registre (cpts/perimeters)."
        )
    pair = sheet.ground.iloc[0]
    rows = [
        {"where": "Sol commun", "communes": pair["communes_both"], "people": pair["population_both"]},
        *(
            {
                "where": f"« {sheet.names[side]} » seulement",
                "communes": pair[f"communes_{end}"] - pair["communes_both"],
                "people": pair[f"population_{end}"] - pair["population_both"],
            }
            for side, end in ((sheet.cpts, "first"), (sheet.scheme, "second"))
        ),
    ]
    return paper.on_paper(
        display.table(
            pd.DataFrame(rows), "Qui couvre quoi", heads={"where": "Sol", "communes": "Communes", "people": "Habitants"},
            decimals=0, name="sol_commun", source="INSEE ; périmètres du registre",
            note=f"{pair['version']} ; population {sheet.ground_year}",
        )
    )  # fmt: skip


def themes(sheet: Sheet) -> pd.DataFrame:
    """Theme by theme: who has it among its priorities, and the state of the links: common ones and those with a link first."""
    of_link: dict[str, str] = {}
    order = (AT_WORK, AWAITED, GONE)
    for row in sheet.links.dropna(subset=["state"]).to_dict("records"):
        state, theme = _RANK[row["state"]], str(row["theme"])
        of_link[theme] = min(state, of_link.get(theme, state), key=order.index)
    owned = {
        side: set(sheet.priorities.loc[sheet.priorities["scheme"] == side, "theme"]) for side in sheet.names
    }
    codes = dict.fromkeys([*next_step.common_themes(sheet), *of_link, *sheet.priorities["theme"]])
    rows = [
        {
            "theme": links.named("theme", code),
            "Priorité de la CPTS": PRIORITY if code in owned[sheet.cpts] else SILENT,
            f"Priorité {of_the_other(sheet)}": PRIORITY if code in owned[sheet.scheme] else SILENT,
            "Lien": of_link.get(str(code), SILENT),
        }
        for code in codes
    ]  # fmt: skip
    return pd.DataFrame(rows)


def themes_figure(sheet: Sheet) -> Any:
    """The picture of the sheet: themes against priorities and links, the first ones when they are many."""
    table = themes(sheet)
    left = len(table) - THEMES
    caption = _themes_caption(sheet)
    return display.show(
        figures.presence, table.head(THEMES), caption,
        otherwise="Ni priorité ni lien n'est noté : rien à dessiner." if sheet.scheme else "",
        states=list(_MARKS), marks=_MARKS, row_title="Thème",
        note=f"{french.plural(left, 'autre thème', 'autres thèmes')} d'un seul des deux" if left > 0 else "",
        source=_sources(sheet),
    )  # fmt: skip


def _themes_caption(sheet: Sheet) -> str:
    if not set(sheet.names) <= set(sheet.priorities["scheme"]):
        return "Priorités et liens, thème par thème : les priorités des deux ne sont pas connues"
    common = len(next_step.common_themes(sheet))
    said = "Aucun thème commun" if not common else french.plural(common, "thème commun", "thèmes communs")
    return f"{said} aux deux priorités, thème par thème"


def _sources(sheet: Sheet) -> str:
    found = [*sheet.links["source"], *sheet.priorities["source"]]
    return paper.clipped(" ; ".join(dict.fromkeys(str(item) for item in found if pd.notna(item))), 120)


def links_table(sheet: Sheet) -> Shown:
    """Links of the pair: those done by degree, then planned, wished, and those that came to nothing."""
    order = {code: rank for rank, code in enumerate(links.states())}
    rows = sheet.links.assign(rank=sheet.links["state"].map(order).fillna(len(order)))
    rows = rows.sort_values(["rank", "degree", "date_start"], ascending=[True, False, True], kind="stable")
    table = pd.DataFrame(
        [
            {
                "what": _what(row), "state": links.named("state", row["state"]) or "sans état",
                "degree": "—" if pd.isna(row["degree"]) else str(row["degree"]),
                "theme": links.named("theme", row["theme"]), "when": _when(row), "where": place(row),
            }
            for row in rows.head(ROWS).to_dict("records")
        ],
        columns=list(LINK_HEADS_FR),
    )  # fmt: skip
    left = len(rows) - len(table)
    note = "degré : 0 aucun, 1 information, 2 ressource, 3 méthode, 4 action commune, 5 moyens ou gouvernance partagés"
    note += f" ; {french.plural(left, 'autre lien', 'autres liens')} dans les tableaux" if left > 0 else ""
    shown = display.show(
        display.table, table, "Liens, par état et degré", heads=LINK_HEADS_FR, name="liens", note=note,
        otherwise="Aucun lien noté." if sheet.scheme else "",
    )  # fmt: skip
    return paper.on_paper(shown)


def _what(row: dict[Any, Any]) -> str:
    instrument = links.named("instrument", row["instrument"])
    label = row["label_fr"]
    if pd.notna(label) and french.plain(label).startswith(french.plain(instrument)):
        return paper.clipped(str(label), 110)
    return paper.clipped(f"{instrument} : {label}" if pd.notna(label) and label else instrument, 110)


def _when(row: dict[Any, Any]) -> str:
    start, end = row["date_start"], row["date_end"]
    if pd.isna(start):
        return "date inconnue" if pd.isna(end) else f"jusqu'au {french.date(end.date())}"
    if pd.isna(end):
        return (
            f"depuis le {french.date(start.date())}"
            if row["state"] == links.DONE
            else french.date(start.date())
        )
    return (
        french.date(start.date())
        if start == end
        else f"du {french.date(start.date())} au {french.date(end.date())}"
    )


def means_table(sheet: Sheet) -> Shown:
    """Means of both, line by line, what is not known being asked; the printed amounts stand in the note, as marks."""
    titles = labels.titles("dts/schemes")
    columns = [
        "holder",
        "funder",
        "coordination_amount",
        "actions_amount",
        "fte",
        "elected_chair",
        "signed",
        "term_end",
    ]
    rows = [
        {"what": titles[column], **{name: _told(sheet, side, column) for side, name in sheet.names.items()}}
        for column in columns
    ]
    noted = {name: _note(sheet, side) for side, name in sheet.names.items()}
    if any(note != NOTHING for note in noted.values()):
        rows.append({"what": titles["note"], **noted})
    marks = marks_in_words(sheet)
    note = f"repères imprimés en 2022, par an : {' ; '.join(marks)}" if marks else ""
    return paper.on_paper(
        display.table(
            pd.DataFrame(rows), "Moyens des deux", heads={"what": "Moyens"}, name="moyens", note=note,
            source=f"{_means_source(sheet)} ; {labels.document(REFERENCE)}" if marks else _means_source(sheet),
        )
    )  # fmt: skip


def _note(sheet: Sheet, side: str) -> str:
    value = sheet.means["note"].loc[side] if side in sheet.means.index else pd.NA
    return NOTHING if pd.isna(value) else paper.clipped(str(value), 110)


def _means_source(sheet: Sheet) -> str:
    found = [place(row) for row in sheet.means.dropna(subset=["source"]).to_dict("records")]
    return " ; ".join(dict.fromkeys(found)) or "aucune ligne dans dts/schemes"


def _told(sheet: Sheet, side: str, column: str) -> str:
    value = sheet.means.loc[side, column] if side in sheet.means.index else pd.NA
    if pd.isna(value):
        return ASK
    if isinstance(value, pd.Timestamp):
        return french.date(value.date())
    return paper.clipped(french.cell(value if not isinstance(value, float) else french.number(value)), 60)


def actions_shown(sheet: Sheet) -> Shown:
    """Actions that name the scheme as a partner, most recent first; or what the links say of common actions."""
    if sheet.actions is not None and len(sheet.actions):
        rows = sheet.actions.sort_values("date_start", ascending=False, kind="stable").head(ROWS)
        missions = labels.codes("cpts/actions", "mission")
        table = pd.DataFrame(
            {
                "label_fr": rows["label_fr"].map(paper.clipped), "mission": rows["mission"].map(missions),
                "start": [_day(day) for day in rows["date_start"]],
                "end": ["en cours ou non dit" if pd.isna(day) else _day(day) for day in rows["date_end"]],
            }
        )  # fmt: skip
        heads = {"label_fr": "Action", "mission": "Mission", "start": "Début", "end": "Fin"}
        left = len(sheet.actions) - len(table)
        note = (
            f"{french.plural(left, 'action plus ancienne', 'actions plus anciennes')} au journal"
            if left > 0
            else ""
        )
        return paper.on_paper(
            display.table(
                table,
                "Actions en commun",
                heads=heads,
                name="actions_communes",
                note=note,
                source="cpts/actions",
            )
        )
    made = links.done(sheet.links)
    common = made[(made["instrument"] == "action_commune") | (made["degree"] == COMMON_ACTION).fillna(False)]
    if common.empty:
        return display.text(
            "Aucune action commune n'est notée : lesquelles sont menées ensemble ?" if sheet.scheme else ""
        )
    said = [
        f"{links.named('theme', row['theme']).lower()} ({place(row)})" for row in common.to_dict("records")
    ]
    return display.text(
        f"Actions communes dites par les liens : {french.listing(said)}. Le journal des actions n'en nomme aucune."
    )


def _day(day: pd.Timestamp) -> str:
    return "non dit" if pd.isna(day) else french.date(day.date())


def elsewhere_table(sheet: Sheet) -> Shown:
    """Instruments that others used at the next degree, with the documents and lines where they are read."""
    table = next_step.elsewhere(sheet)
    left = len(table) - ROWS
    goal = next_step.degree_in_words(next_step.target(sheet))
    return paper.on_paper(
        display.show(
            display.table, table.head(ROWS), f"Par quoi d'autres ont eu le degré {goal}", heads=next_step.ELSEWHERE_HEADS_FR,
            name="instruments_ailleurs", otherwise=f"Aucun document ne montre le degré {goal}.",
            note="degrés codés par l'observatoire" + (f" ; {left} de plus dans les tableaux" if left > 0 else ""),
        )
    )  # fmt: skip


def question_list(sheet: Sheet, study: Study, *, months: int = 18) -> Shown:
    """The four questions, each with the rule that raised it."""
    said = agenda.told(sheet, study, months=months)
    items = "".join(f"<li>{escape(display.plain(item))}</li>" for item in said)
    return Shown(f"<ol>{items}</ol>")
