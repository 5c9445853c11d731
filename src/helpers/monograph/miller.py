"""Facts of the five CPTS of the Miller thesis (letters A to E), brought from its tables into the shape of the monograph."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from helpers import french
from helpers.catalog import Study
from helpers.monograph import chapters, miller_project
from helpers.monograph.chapters import fact

DOCUMENT = "miller2022"
_ORIGINS_FR = {
    "from_health_centre": "centre de santé",
    "from_msp": "maison de santé",
    "from_liberal_professionals": "professionnels libéraux",
}
# Chapter and mission of each sub-dimension of the questionnaire.
SUBDIMENSIONS = {
    "niveau_maturite": ("historique", ""),
    "identite_professionnelle": ("ressources", ""),
    "population_territoire": ("territoire", ""),
    "acteurs_territoire": ("territoire", ""),
    "ressources": ("ressources", ""),
    "ethique_valeurs": ("valeurs", ""),
    "gouvernance": ("gouvernance", ""),
    "systeme_information": ("systeme_information", ""),
    "organisation_travail": ("organisation", ""),
    "projet_sante": ("historique", ""),
    "dynamique_collective": ("valeurs", ""),
    "acces_medecin_traitant": ("actions", "acces_aux_soins"),
    "soins_non_programmes": ("actions", "acces_aux_soins"),
    "coordination_continuite": ("actions", "coordination_parcours"),
    "prevention": ("actions", "prevention"),
    "situation_exceptionnelle": ("actions", "crise_sanitaire"),
    "integration_accompagnement": ("actions", "accompagnement_professionnels"),
    "qualite_pertinence": ("actions", "qualite_pertinence"),
    "indicateurs": ("indicateurs", ""),
}
# Questions whose answer another table of the thesis gives more fully.
ELSEWHERE = {"Q1", "Q2", "Q5", "Q6", "Q10", "Q12", "Q14", "Q16", "Q17", "Q19", "Q20", "Q29"}


def facts(cpts: str, study: Study) -> pd.DataFrame:
    """Facts on one letter, each with its line; a question whose answer was not found in the text keeps its row, "inconnu"."""
    parts = (
        _history,
        _territory,
        _supply,
        _governance,
        _resources,
        _monograph,
        _answers,
        miller_project.facts,
    )
    return chapters.frame(row for part in parts for row in part(cpts, study))


def _own(name: str, cpts: str, study: Study) -> list[dict[str, Any]]:
    table = study.table(f"{DOCUMENT}/{name}")
    rows: list[dict[str, Any]] = table[table["cpts"] == cpts].to_dict("records")
    return rows


def _history(cpts: str, study: Study) -> Iterator[dict[str, Any]]:
    for row in _own("general", cpts, study):
        place = {"document": DOCUMENT, "line": row["line"]}
        yield fact(
            cpts,
            "historique",
            "etape",
            "Étape de la gradation régionale",
            _named("general", "stage", row),
            **place,
        )
        origins = french.listing(name for key, name in _ORIGINS_FR.items() if row[key])
        yield fact(cpts, "historique", "origine", "Acteurs à l'origine du projet", origins, **place)
        said = "oui" if row["consultant"] else "non"
        yield fact(cpts, "historique", "cabinet", "Aide d'un cabinet extérieur", said, **place)
    for row in _own("cpts_timeline", cpts, study):
        yield fact(
            cpts, "historique", f"date_{row['event']}", row["label_fr"], document=DOCUMENT, line=row["line"],
            date=row["date"], date_precision=row["date_precision"], note=row["note"],
        )  # fmt: skip


def _territory(cpts: str, study: Study) -> Iterator[dict[str, Any]]:
    yield from _measures("territories", "territoire", cpts, study)
    statuses = {"present": chapters.KNOWN, "cite": chapters.KNOWN, "absent": chapters.ABSENT}
    for row in _own("dts_presence", cpts, study):
        yield fact(
            cpts, "territoire", f"dispositif_{row['device']}", _named("dts_presence", "device", row),
            _named("dts_presence", "status", row), document=DOCUMENT, line=row["line"],
            status=statuses.get(row["status"], chapters.NOT_PUBLISHED), note=row["note"],
        )  # fmt: skip


def _supply(cpts: str, study: Study) -> Iterator[dict[str, Any]]:
    yield from _measures("supply_epidemiology", "offre_de_soins", cpts, study)


def _measures(name: str, chapter: str, cpts: str, study: Study) -> Iterator[dict[str, Any]]:
    context = study.table(f"{DOCUMENT}/context_indicators").set_index("indicator")
    for row in _own(name, cpts, study):
        about = context.loc[row["indicator"]]
        empty = pd.isna(row["value"])
        yield fact(
            cpts, chapter, row["indicator"], str(about["label_fr"]), chapters.quantity(row), document=DOCUMENT,
            line=row["line"], unit=row["unit"], note=f"{about['source']}, {_period(about['period'])}",
            status=chapters.NOT_PUBLISHED if empty else chapters.KNOWN,
        )  # fmt: skip


def _period(period: object) -> str:
    return "période non précisée" if str(period) == "non précisée" else str(period)


def _governance(cpts: str, study: Study) -> Iterator[dict[str, Any]]:
    yield from _statuses("governance", "gouvernance", cpts, study)
    colleges = _own("governance_colleges", cpts, study)
    if colleges:
        names = french.listing(str(row["label_fr"]).lower() for row in colleges)
        yield fact(
            cpts,
            "gouvernance",
            "colleges_noms",
            "Collèges nommés",
            names,
            document=DOCUMENT,
            line=colleges[0]["line"],
        )
    bureau = _own("bureau", cpts, study)
    if bureau:
        said = french.listing(f"{_named('bureau', 'profession', row)} ({row['members']})" for row in bureau)
        yield fact(
            cpts,
            "gouvernance",
            "bureau",
            "Bureau, par métier",
            said,
            document=DOCUMENT,
            line=bureau[0]["line"],
        )


def _resources(cpts: str, study: Study) -> Iterator[dict[str, Any]]:
    yield from _statuses("resources", "ressources", cpts, study)
    for row in _own("members", cpts, study):
        yield fact(
            cpts, "ressources", "adherents", "Adhérents", chapters.quantity(row), unit="adhérents", document=DOCUMENT,
            line=row["line"], note=row["note"],
        )  # fmt: skip


def _statuses(name: str, chapter: str, cpts: str, study: Study) -> Iterator[dict[str, Any]]:
    for row in _own(name, cpts, study):
        # Paying for the time given is the only value of the questionnaire that a table of the thesis reports.
        own = "valeurs" if row["item"] == "compensation_financiere" else chapter
        status = chapters.ABSENT if row["status"] == "non" else chapters.KNOWN
        yield fact(
            cpts, own, row["item"], _named(name, "item", row), _named(name, "status", row), document=DOCUMENT,
            line=row["line"], status=status, note=row.get("note", ""),
        )  # fmt: skip


def _monograph(cpts: str, study: Study) -> Iterator[dict[str, Any]]:
    # The thesis gives one monograph only, that of CPTS A; its tables have no column for the letter.
    if cpts != "A":
        return
    for row in study.table(f"{DOCUMENT}/monograph_board").to_dict("records"):
        yield fact(
            cpts, "gouvernance", f"bureau_{row['role']}", f"Bureau, {_named('monograph_board', 'role', row)}",
            _named("monograph_board", "profession", row), document=DOCUMENT, line=row["line"],
        )  # fmt: skip
    types = study.table(f"{DOCUMENT}/monograph_member_types")
    yield fact(
        cpts, "gouvernance", "types_de_membres", "Types de membres des statuts",
        french.listing(types["label_fr"].str.lower()), document=DOCUMENT, line=types["line"].iloc[0],
    )  # fmt: skip
    staff = study.table(f"{DOCUMENT}/monograph_professionals")
    for row in staff[staff["age"] == "total"].to_dict("records"):
        yield fact(
            cpts, "offre_de_soins", f"effectif_{row['profession']}",
            f"Effectif : {_named('monograph_professionals', 'profession', row)}",
            chapters.quantity(row), document=DOCUMENT, line=row["line"], note=row["note"],
        )  # fmt: skip


def _answers(cpts: str, study: Study) -> Iterator[dict[str, Any]]:
    """Answers to the questionnaire found again in the text, then the questions whose answer is not printed."""
    options = study.table(f"{DOCUMENT}/question_options").set_index(["question", "rank"])["label_fr"]
    found = pd.DataFrame(_own("recovered_answers", cpts, study))
    for question in study.table(f"{DOCUMENT}/questions").to_dict("records"):
        if question["question"] in ELSEWHERE:
            continue
        chapter, mission = SUBDIMENSIONS[question["subdimension"]]
        own = found[found["question"] == question["question"]] if len(found) else found
        shared = {"document": DOCUMENT, "mission": mission}
        if own.empty:
            yield fact(
                cpts, chapter, f"question_{question['question'].lower()}", question["label_fr"], line=question["line"],
                status=chapters.UNKNOWN, **shared,
            )  # fmt: skip
            continue
        said = french.listing(_answer(row, options) for row in own.to_dict("records"))
        # The final questionnaire was not put to these CPTS: a neighbouring notion is a hint, and reads as one.
        hint = "indice : " if (own["status"] == "partiel").any() else ""
        yield fact(
            cpts, chapter, f"question_{question['question'].lower()}", question["label_fr"], hint + said,
            line=own["line"].iloc[0], note="notion voisine ou incomplète" if hint else "", **shared,
        )  # fmt: skip


def _answer(row: dict[str, Any], options: pd.Series[str]) -> str:
    free = "" if pd.isna(row["answer_fr"]) else str(row["answer_fr"])
    option = (
        ""
        if pd.isna(row["option"]) or row["state"] == "libre"
        else str(options.get((row["question"], row["option"]), ""))
    )
    said = f"{option} ({free})" if option and free else option or free or chapters.quantity(row) or "oui"
    return {"prevu": f"prévu : {said}", "non_coche": f"non : {said}"}.get(row["state"], said)


def _named(name: str, field: str, row: dict[str, Any]) -> str:
    return chapters.named(f"{DOCUMENT}/{name}", field, row[field])
