"""Recounts of the instruments of Miller 2022: final questionnaire, first questionnaire, guide, interviews, fate of questions."""

from __future__ import annotations

from helpers.catalog import Study
from helpers.documents.claims import Recomputed
from helpers.documents.intervals import Bounds
from helpers.documents.reproductions.cells import Cells

PREFIX = "miller2022.instrument"
DIMENSIONS = ("structure", "processus", "resultats")
# Answer types that the thesis calls binary or short (line 855); lists, matrices and free texts are not.
SHORT_TYPES = ("oui_non", "choix_unique", "date", "nombre")


def final_questionnaire(study: Study) -> Recomputed:
    """Questions of annex 4 by printed tag (table 8, last column, and lines 1584 and 1608)."""
    questions = Cells("miller2022/questions", study)
    codes = Cells("miller2022/subdimensions", study).table["subdimension"]
    found: dict[str, float | Bounds] = {
        f"{PREFIX}.final.{code}": questions.count(subdimension=code) for code in codes
    }
    for dimension in DIMENSIONS:
        found[f"{PREFIX}.final.dimension.{dimension}"] = questions.count(dimension_annex=dimension)
    found[f"{PREFIX}.final.total"] = questions.count()
    found[f"{PREFIX}.final.sous_dimensions"] = questions.table["subdimension"].nunique()
    return found


def first_questionnaire(study: Study) -> Recomputed:
    """Questions of annex 2 by printed part and by sub-dimension (table 8, first column, and line 1606).

    The items of the series D2-D29 count as one question and the introduction does not count. A sub-dimension that
    holds an item which neither its part nor a final question places there is not reproducible.
    """
    items = Cells("miller2022/first_questionnaire", study)
    counted = items.rows(counted=True)
    found: dict[str, float | Bounds] = {}
    for code, group in counted.groupby("subdimension"):
        placed = not (group["subdimension_basis"] == "deduit").any()
        loose = ", ".join(group.loc[group["subdimension_basis"] == "deduit", "question"])
        found[f"{PREFIX}.first.{code}"] = (
            float(group["question"].nunique())
            if placed
            else Bounds(
                float(group.loc[group["subdimension_basis"] != "deduit", "question"].nunique()),
                float(group["question"].nunique()),
                f"Le document ne dit pas à quelle sous-dimension il rattache {loose}.",
            )
        )
    for dimension in DIMENSIONS:
        part = items.rows(counted=True, dimension=dimension)
        found[f"{PREFIX}.first.dimension.{dimension}"] = part["question"].nunique()
    found[f"{PREFIX}.first.total"] = counted["question"].nunique()
    found[f"{PREFIX}.first.partie_d"] = items.count(part="D")
    short = items.rows(counted=True, answer_type=SHORT_TYPES)["question"].nunique()
    found[f"{PREFIX}.first.reponses_courtes"] = short / counted["question"].nunique()
    return found


def interview_guide(study: Study) -> Recomputed:
    """Questions of annex 3 by printed section (table 8, middle column, and line 1606)."""
    guide = Cells("miller2022/interview_guide", study)
    found: dict[str, float | Bounds] = {
        f"{PREFIX}.guide.{code}": guide.count(section_subdimension=code)
        for code in guide.table["subdimension"].unique()
    }
    for dimension in DIMENSIONS:
        found[f"{PREFIX}.guide.dimension.{dimension}"] = guide.count(dimension=dimension)
    # One question, on indicators, stands under the organisation of work and is counted in the results by table 8: the row of
    # the results says it once, the other figures are recounted as the table does.
    moved = guide.count(section_subdimension="organisation_travail", subdimension="indicateurs")
    as_titled = {
        "organisation_travail": (guide.count(section_subdimension="organisation_travail"), -moved),
        "dimension.structure": (guide.count(dimension="structure"), -moved),
        "dimension.resultats": (guide.count(dimension="resultats"), moved),
    }
    for row, (by_title, step) in as_titled.items():
        found[f"{PREFIX}.guide.{row}"] = by_title + step
        found[f"{PREFIX}.guide.{row}@titre"] = by_title
    found[f"{PREFIX}.guide.total"] = guide.count()
    return found


def interviews(study: Study) -> Recomputed:
    """People and CPTS met, from the attribution of the quotations (lines 824 to 879 and 1638)."""
    quotations = Cells("miller2022/verbatims", study).table
    people = Cells("miller2022/interviews", study)
    first_items = Cells("miller2022/first_questionnaire", study, column="n_options")
    return {
        f"{PREFIX}.entretiens.total": quotations["interviewee"].nunique(),
        f"{PREFIX}.entretiens.cpts": quotations["cpts"].nunique(),
        f"{PREFIX}.entretiens.medecins": people.count(profession="medecin"),
        f"{PREFIX}.entretiens.sollicitees": first_items.value(item="A1"),
    }


def fate_of_questions(study: Study) -> Recomputed:
    """What annex 4 keeps of the questions said to be retained, and the answers that it offers."""
    changes = Cells("miller2022/question_changes", study)
    options = Cells("miller2022/question_options", study, column="upper")
    # The only governance question that the interviews modify is the one on partnerships (line 1358).
    partnership = changes.rows(kind="modification", subdimension="gouvernance")
    members = options.rows(question="Q12")
    before_last = int(members["rank"].max()) - 1
    return {
        f"{PREFIX}.changements.partenariat": partnership["final_question"].count(),
        f"{PREFIX}.q37.themes": options.count(question="Q37", kind=("modalite", "autre")),
        f"{PREFIX}.q12.borne": options.value(question="Q12", rank=before_last) + 1,
        f"{PREFIX}.missions.socle": options.count(question="Q28", mission_status="socle"),
        f"{PREFIX}.missions.facultatives": options.count(question="Q28", mission_status="optionnelle"),
    }


TOPICS = {
    "final_questionnaire": final_questionnaire,
    "first_questionnaire": first_questionnaire,
    "interview_guide": interview_guide,
    "interviews": interviews,
    "fate_of_questions": fate_of_questions,
}
