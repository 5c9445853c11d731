"""The questionnaire and the interview guide on paper: HTML pages that open without network and print on A4."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from helpers import french
from helpers.survey.instrument import identity, notice
from helpers.survey.instrument.model import Instrument, Question, dimensions

_FOLDER = Path(__file__).resolve().parent / "form_template"
# A list longer than this is set in columns.
_SHORT_LIST = 8


def page(instrument: Instrument, title_fr: str, *, cpts: str = "", wave: str = "") -> str:
    """HTML of the form: who answers, then the questions by sub-dimension, with the code of each answer for the typist.

    `cpts` and `wave` are printed when they are known. The page holds its style, no script and no address.
    """
    parts = [
        {
            "dimension": dimensions()[questions[0].dimension],
            "name": name,
            "questions": [_shown(question, instrument) for question in questions],
        }
        for name, questions in instrument.sections()
    ]
    html: str = _template("form.html.j2").render(
        title=title_fr,
        variant="corrigée" if instrument.variant == "corrected" else "originale",
        count=len(instrument),
        notice=notice.notice(instrument),
        parts=parts,
        known={"cpts": cpts, "vague": wave},
        items=[item for item in identity.ITEMS if item.column != "role"],
        roles=identity.ROLES,
    )
    return html


def guide(parts: Sequence[tuple[str, str, Sequence[tuple[str, str]]]], title_fr: str) -> str:
    """HTML of the interview guide: its questions by part, each with lines to write on; the notice says what it is.

    `parts` are those of `steering.guide`: dimension, section, questions (code, object in our words).
    """
    html: str = _template("guide.html.j2").render(
        title=title_fr,
        parts=parts,
        count=sum(len(questions) for _, _, questions in parts),
        notice=notice.of_guide(),
    )
    return html


def _shown(question: Question, instrument: Instrument) -> dict[str, object]:
    return {
        "code": question.code,
        "wording": question.wording_fr,
        "help": _help(question),
        "asked_if": instrument.asked_if(question),
        "kind": "checkbox" if question.multiple else "radio",
        "options": question.options if question.closed else (),
        "fields": question.fields,
        "free": not question.closed and not question.fields,
        "wide": question.answer_type == "texte",
        "columns": len(question.options) > _SHORT_LIST,
    }


def _help(question: Question) -> str:
    return {
        "choix_unique": "Une seule réponse.",
        "oui_non": "Une seule réponse.",
        "choix_multiple": "Plusieurs réponses possibles.",
        "nombre": "Un nombre entier.",
        "date": "Mois et année (MM/AAAA).",
        "texte": "En quelques mots, sans nom de personne.",
    }[question.answer_type]


@lru_cache(maxsize=2)
def _template(name: str) -> Template:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["fr"] = french.typography
    return environment.get_template(name)
