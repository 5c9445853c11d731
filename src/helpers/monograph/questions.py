"""Three questions for the management dialogue, computed from the data by stated rules; none is written by hand.

The rules, in the order in which they are tried; each gives one question at most until three are found, then a second round
begins:

1. *point contesté*: a contested item is declared;
2. *mouvement antérieur*: a visible move of an indicator ended before the action that aims at it began;
3. *part variable*: the variable share of a mission was not wholly obtained (the lowest first);
4. *repère*: an indicator is less favourable than its benchmark, chance left aside;
5. *indicateur absent*: a mission that started has no indicator;
6. *donnée ancienne*: the last period of an indicator ended more than N months before the day of the dossier;
7. *information absente*: something that the plan of the monograph asks for is not published or unknown.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain, zip_longest
from typing import Any

import pandas as pd

from helpers import french
from helpers.monograph import chapters, diagnosed, pages, record
from helpers.monograph.dialogue import Dossier
from helpers.page import paper
from helpers.page.display import Shown

ASKED = 3


def questions(found: Dossier, *, months: int = 18) -> list[tuple[str, str]]:
    """Three questions at most as (rule, question), the rules in turn; fewer when the data give fewer."""
    rules: tuple[tuple[str, Callable[[Dossier, int], list[str]]], ...] = (
        ("point contesté", _contested),
        ("mouvement antérieur", _earlier_moves),
        ("part variable", _unreached),
        ("repère", _unfavourable),
        ("indicateur absent", _without_indicator),
        ("donnée ancienne", _stale),
        ("information absente", _unknown),
    )
    asked = [[(rule, text) for text in find(found, months)] for rule, find in rules]
    in_turn = [item for item in chain.from_iterable(zip_longest(*asked)) if item is not None]
    return in_turn[:ASKED]


def question_list(found: Dossier, *, months: int = 18) -> Shown:
    """The questions with the rule that raised each, or the sentence that the data raise none."""
    said = [f"{text} (règle : {rule})" for rule, text in questions(found, months=months)]
    return pages.listed(said or ["Les données ne soulèvent aucune question d'après les règles."])


def _contested(found: Dossier, _: int) -> list[str]:
    return [
        f"« {paper.clipped(row['what'])} », point discuté ({_lower(paper.clipped(row['why'], 2 * paper.LONGEST))}) : "
        "quelle règle retenir pour l'année qui vient ?"
        for row in found.contested.to_dict("records")
    ]


def _lower(sentence: str) -> str:
    text = sentence.strip().rstrip(".")
    return text[:1].lower() + text[1:]


def _earlier_moves(found: Dossier, _: int) -> list[str]:
    names = dict(zip(found.follow.log["action"], found.follow.log["label_fr"], strict=True))
    labels = dict(
        zip(found.follow.definitions["indicator"], found.follow.definitions["label_fr"], strict=True)
    )
    early = found.follow.linked[found.follow.linked["precedes"].astype(bool)]
    return [
        f"« {paper.clipped(labels[row['indicator']])} » a bougé avant l'action « {paper.clipped(names[row['action']])} » : "
        "qu'est-ce qui explique ce mouvement, et que montrera la prochaine période ?"
        for row in early.to_dict("records")
    ]


def _unreached(found: Dossier, _: int) -> list[str]:
    own = found.missions[found.missions["variable_rate"].notna() & (found.missions["variable_rate"] < 1)]
    return [
        f"Mission {chapters.missions()[row['mission']].lower()} : part variable obtenue à "
        f"{french.percent(100 * row['variable_rate'], 0)} en {row['year']} ; que faudrait-il pour le reste ?"
        for row in own.sort_values("variable_rate", kind="stable").to_dict("records")
    ]


def _unfavourable(found: Dossier, _: int) -> list[str]:
    table = found.follow.compared
    own = table[table["verdict"].str.startswith("moins favorable")] if len(table) else table
    return [
        f"« {paper.clipped(row['label_fr'])} » est moins favorable que le repère {row['benchmark_name']} : "
        f"{_asked_of(row['indicator'], found)}"
        for row in own.to_dict("records")
    ]


def _asked_of(indicator: str, found: Dossier) -> str:
    """What to ask of an unfavourable indicator: what its actions may give, or which one could aim at it."""
    log = found.follow.log
    aiming = [str(name) for name in log.loc[log["indicator"] == indicator, "label_fr"]]
    if not aiming:
        return "aucune action du journal ne le vise ; laquelle décider ?"
    named = french.listing(f"« {paper.clipped(name, 50)} »" for name in aiming)
    whose = "l'action" if len(aiming) == 1 else "les actions"
    return f"qu'attendre de {whose} {named}, et à quelle date le verra-t-on ?"


def _without_indicator(found: Dossier, _: int) -> list[str]:
    followed = set(found.follow.definitions["mission"].dropna())
    started = found.missions[
        found.missions["started"].notna() & (found.missions["mission"] != "fonctionnement")
    ]
    return [
        f"Aucun indicateur ne suit la mission {chapters.missions()[mission].lower()} : lequel choisir, avec quelle source ?"
        for mission in started["mission"]
        if mission not in followed
    ]


def _stale(found: Dossier, months: int) -> list[str]:
    said = []
    for row in found.follow.compared.to_dict("records"):
        # What describes the territory, without a mission, is nobody's to transmit at a management dialogue.
        if pd.isna(row["mission"]) and not found.users:
            continue
        age = _age(row["period_end"], found.day)
        if age is not None and age > months:
            said.append(
                f"La dernière valeur de « {paper.clipped(row['label_fr'])} » a {french.plural(age, 'mois', 'mois')} : "
                "quand la suivante sera-t-elle transmise ?"
            )
    return said


def _age(end: Any, day: pd.Timestamp) -> int | None:
    """Whole months between the end of a period and the day of the dossier."""
    if pd.isna(end) or pd.isna(day):
        return None
    return int(
        (day.year - end.year) * 12 + day.month - end.month - (day.day < end.day and not day.is_month_end)
    )


def _unknown(found: Dossier, _: int) -> list[str]:
    said = []
    if found.follow.compared.empty:
        said.append("Aucun indicateur n'a de valeur dans ces données : lesquels suivre, avec quelle source ?")
    if found.missions.empty:
        said.append(
            "Les dates de démarrage et les taux d'atteinte des missions ne sont pas dans ces données : qui peut les "
            "transmettre ?"
        )
    own = found.known[found.known["status"].isin([chapters.NOT_PUBLISHED, chapters.UNKNOWN])]
    files = own["item"].str.startswith(diagnosed.PREFIX)
    said += [
        f"« {paper.clipped(row['label_fr'])} » : {chapters.statuses()[row['status']]} ; qui peut donner cette information ?"
        for row in own[~files].to_dict("records")
    ]
    # What an official file would say asks nobody: the command that brings it is named.
    said += [
        f"« {paper.clipped(row['label_fr'])} » manque : {row['note']}."
        for row in own[files].to_dict("records")
    ]
    return said + [
        f"Rien n'est dit de « {chapters.names()[chapter].lower()} » : qui peut le décrire ?"
        for chapter in record.silent_chapters(found.known, found.follow.chapters)
    ]
