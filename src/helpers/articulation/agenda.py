"""Four questions for the next meeting of a CPTS and another scheme, computed from the tables by stated rules.

The rules, in the order in which they are tried; each gives one question at most until four are found, then a second round
begins:

1. *refus ou rupture*: a link was refused or broken;
2. *lien à décider*: a link is planned or wished;
3. *priorité sans lien*: both have a priority on which no link is done;
4. *degré suivant*: others have gone further, with an instrument;
5. *fin de contrat*: a term ends within the months asked, or is over;
6. *sol*: people of the other scheme live outside the CPTS, or the perimeters are not both known;
7. *inconnu*: means, term, priorities or dates that no table gives.

A rule may recall an open question of the survey of Fabrique Territoires Santé (2022), by its line.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain, zip_longest

import pandas as pd

from helpers import french
from helpers.articulation import links, next_step, overlaps
from helpers.articulation.sheet import Sheet
from helpers.catalog import Study
from helpers.page import paper

ASKED = 4
# Open question of the survey that a rule recalls.
RECALLED = {
    "priorité sans lien": "Q08",
    "fin de contrat": "Q13",
    "sol": "Q10",
    "lien à décider": "Q02",
}


def questions(sheet: Sheet, *, months: int = 18) -> list[tuple[str, str]]:
    """Four questions at most as (rule, question), the rules in turn; `months` is how far ahead an end of term is told."""
    asked = [[(rule, text) for text in find(sheet, months)] for rule, find in _RULES]
    in_turn = [item for item in chain.from_iterable(zip_longest(*asked)) if item is not None]
    return in_turn[:ASKED]


def told(sheet: Sheet, study: Study, *, months: int = 18) -> list[str]:
    """The questions, each with its rule and the open question of the survey that it recalls, by its line."""
    lines = study.table("fabrique2022/open_questions").set_index("question")["line"]
    said = []
    for rule, text in questions(sheet, months=months):
        recalled = f" ; Fabrique 2022, l. {lines[RECALLED[rule]]}" if rule in RECALLED else ""
        said.append(f"{text} (règle : {rule}{recalled})")
    return said


def _named(row: pd.Series) -> str:
    label = row["label_fr"]
    return (
        paper.clipped(str(label))
        if pd.notna(label) and label
        else links.named("instrument", row["instrument"])
    )


def _broken(sheet: Sheet, _: int) -> list[str]:
    rows = sheet.links[sheet.links["state"].isin(["rompu", "refuse"]).fillna(False)]
    return [
        f"« {_named(row)} » : {links.named('state', row['state'])} ; que faudrait-il pour y revenir ?"
        for _, row in rows.iterrows()
    ]


def _pending(sheet: Sheet, _: int) -> list[str]:
    ask = {"prevu": "qui le fait, et pour quand ?", "souhaite": "qui peut en décider, et quand ?"}
    return [
        f"{links.named('instrument', row['instrument'])}, {links.named('theme', row['theme']).lower()} : "
        f"{links.named('state', row['state'])} ({row['source']}{_place(row)}) ; {ask[str(row['state'])]}"
        for _, row in next_step.pending(sheet).iterrows()
    ]


def _place(row: pd.Series) -> str:
    return f", {row['locator']}" if pd.notna(row["locator"]) and row["locator"] else ""


def _idle(sheet: Sheet, _: int) -> list[str]:
    return [
        f"« {links.named('theme', theme)} » est une priorité des deux, sans lien en œuvre : quelle première action commune ?"
        for theme in next_step.idle_themes(sheet)
    ]


def _further(sheet: Sheet, _: int) -> list[str]:
    used = next_step.elsewhere(sheet)
    if used.empty or not sheet.scheme:
        return []
    first, goal = used.iloc[0], next_step.degree_in_words(next_step.target(sheet))
    return [
        f"D'autres ont le degré {goal} par : {first['instrument'].lower()} ({first['where']}). Est-ce possible ici ?"
    ]


def _ends(sheet: Sheet, months: int) -> list[str]:
    found = []
    for side, name in sheet.names.items():
        end = sheet.means.loc[side, "term_end"] if side in sheet.means.index else pd.NaT
        if pd.notna(end) and pd.notna(sheet.day) and end <= sheet.day + pd.DateOffset(months=months):
            found.append(
                f"L'engagement de « {name} » {'a pris fin' if end < sheet.day else 'finit'} le {french.date(end.date())} : "
                "que deviennent ces liens dans le suivant ?"
            )
    return found


def _ground(sheet: Sheet, _: int) -> list[str]:
    if not sheet.scheme:
        return []
    if sheet.ground.empty:
        return ["Quelles communes couvre chacun des deux ? Le registre ne le dit pas."]
    pair = sheet.ground.iloc[0]
    outside = pair["population_second"] - pair["population_both"]
    if pair["relation"] in (overlaps.SAME, overlaps.SECOND_INSIDE) or pd.isna(outside):
        return []
    count = pair["communes_second"] - pair["communes_both"]
    return [
        f"{french.plural(count, 'commune')} de « {sheet.scheme_name} » ({french.number(outside, 0)} habitants) "
        f"{'est' if count < 2 else 'sont'} hors de la CPTS : qui y porte les actions communes ?"
    ]


def _unknown(sheet: Sheet, _: int) -> list[str]:
    if not sheet.scheme:
        return ["Quels CLS, CLSM ou ASV agissent sur le territoire de la CPTS, et qui les porte ?"]
    found = []
    for column, what in (
        ("coordination_amount", "Montant de la coordination"),
        ("term_end", "Fin du contrat ou de l'accord"),
    ):
        unknown = [name for side, name in sheet.names.items() if _missing(sheet, side, column)]
        if unknown:
            found.append(
                f"{what} : à demander pour {french.listing(f'« {name} »' for name in unknown)} ; qui peut le dire ?"
            )
    without = [name for side, name in sheet.names.items() if not (sheet.priorities["scheme"] == side).any()]
    if without:
        found.append(f"Quelles sont les priorités de {french.listing(f'« {name} »' for name in without)} ?")
    if sheet.links.empty:
        found.append("Qu'ont fait les deux ensemble jusqu'ici, et depuis quand ?")
    elif sheet.links["date_start"].isna().all():
        found.append("De quand datent ces liens, et sont-ils toujours en œuvre ?")
    return found


def _missing(sheet: Sheet, side: str, column: str) -> bool:
    return side not in sheet.means.index or bool(pd.isna(sheet.means.loc[side, column]))


_RULES: tuple[tuple[str, Callable[[Sheet, int], list[str]]], ...] = (
    ("refus ou rupture", _broken),
    ("lien à décider", _pending),
    ("priorité sans lien", _idle),
    ("degré suivant", _further),
    ("fin de contrat", _ends),
    ("sol", _ground),
    ("inconnu", _unknown),
)
