"""The teacher's guide: the minuted plan, what each exercise expects, and the hint that each known mistake gets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from helpers import french
from helpers.catalog import Study
from helpers.classroom import pages
from helpers.documents import claims, reproductions
from helpers.errors import UnknownName
from helpers.seminar import exercises
from helpers.seminar.answers import answers

FORMS = {"3h": "trois heures", "3j": "trois jours"}


def plan(form: str, study: Study) -> pd.DataFrame:
    """Moments of a form of seminar, in order. Raises UnknownName for another form than "3h" and "3j"."""
    if form not in FORMS:
        raise UnknownName("Format", form, FORMS)
    table = study.table("seminar/sessions")
    return table[table["format"] == form].sort_values(["day", "block"]).reset_index(drop=True)


def minutes(form: str, study: Study) -> list[int]:
    """Minutes planned, day by day."""
    return [int(total) for total in plan(form, study).groupby("day")["minutes"].sum()]


def page(form: str, students: Sequence[str], study: Study) -> str:
    """The guide as one HTML file."""
    moments = plan(form, study)
    asked = exercises.exercises(study)
    used = [name for name in moments["exercise_id"].dropna() if name in asked]
    rows = study.table("seminar/exercises")
    skipped = set(rows.loc[rows["may_be_skipped"], "exercise_id"])
    intro = [
        f"Séminaire de {FORMS[form]}, {french.plural(len(students), 'binôme')} : un pilote, un vérificateur, en alternance.",
        "« Écart », jamais « faute » : chaque séance se termine par ce que l'auteur pourrait répondre.",
        "Un contrôle n'est jamais noté. En retard, laissez d'abord ce qui « peut sauter ».",
        _vote(study),
    ]  # fmt: skip
    days = [
        pages.Section(
            f"Jour {day}" if len(FORMS[form]) and moments["day"].nunique() > 1 else "Le plan",
            [],
            ["Début", "Minutes", "Quoi", "Pour vous"],
            [_moment(row, asked, skipped) for row in own.to_dict("records")],
        )
        for day, own in moments.groupby("day")
    ]
    return pages.page(
        "Guide du formateur", intro, [*days, _answers(used, asked, study), _hints(used, asked, study)]
    )


def _vote(study: Study) -> str:
    """Answer to the vote of the first minutes."""
    verdicts = reproductions.ledger(study=study)["verdict"]
    again = int(verdicts.isin([claims.REPRODUCED, claims.ROUNDED]).sum())
    share = french.number(100 * again / len(verdicts), 0)
    told = f"{french.number(again)} chiffres publiés sur {french.number(len(verdicts))}"
    return f"Vote d'accueil : {told} se retrouvent, à l'arrondi près ; {share} %."


def _moment(row: dict[Any, Any], asked: dict[str, exercises.Exercise], skipped: set[str]) -> list[str]:
    exercise = asked.get(str(row["exercise_id"]))
    what = f"{exercise.number}. {exercise.title}" if exercise else str(row["activity"]).replace("_", " ")
    notes = [] if pd.isna(row["notes_fr"]) else [str(row["notes_fr"])]
    note = " ".join([*notes, *(["Peut sauter."] if row["exercise_id"] in skipped else [])])
    return [str(row["start"]), str(row["minutes"]), what.capitalize() if not exercise else what, note]


def _answers(used: list[str], asked: dict[str, exercises.Exercise], study: Study) -> pages.Section:
    known = answers()
    rows = []
    for name in used:
        item = asked[name]
        value = exercises.at_digits(float(known[name].value(study)), item.decimals).replace(".", ",")
        rows.append(
            [item.number, item.objective, item.question, f"{value} {item.unit}".strip(), item.locator]
        )
    return pages.Section(
        "Les réponses, calculées sur le paquet",
        ["Aucun dossier d'étudiant ne les montre : les contrôles sont scellés, pour s'exercer, non pour noter."],
        ["Exercice", "Objectif", "Question", "Réponse", "Source"],
        rows,
    )  # fmt: skip


def _given(value: float, decimals: int) -> str:
    """A wrong answer at the digits asked, or at more when those would hide it."""
    asked = exercises.at_digits(value, decimals)
    told = float(asked) if float(asked) and (decimals or exercises.whole(value)) else round(value, 4)
    return french.number(told)


def _hints(used: list[str], asked: dict[str, exercises.Exercise], study: Study) -> pages.Section:
    known, told = answers(), exercises.hints(study)
    rows = [
        [asked[name].number, _given(float(known[name].mistakes[mistake](study)), asked[name].decimals), hint]
        for name in used
        for mistake, hint in told[name].items()
    ]
    return pages.Section(
        "Les erreurs reconnues", [], ["Exercice", "Réponse de l'étudiant", "Indice qu'il lit"], rows
    )
