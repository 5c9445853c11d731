"""The questionnaire as an XLSForm (KoboToolbox, ODK): a workbook of three sheets, survey, choices and settings.

Layout: xlsform.org; the free answer is an option and a text of its own (`or_other` is not translated and loses its code).
"""

from __future__ import annotations

import io
from collections.abc import Sequence

from helpers import french
from helpers.page import exports
from helpers.survey.instrument import identity, notice
from helpers.survey.instrument.model import Instrument, Question

SURVEY = (
    "type",
    "name",
    "label",
    "hint",
    "required",
    "relevant",
    "constraint",
    "constraint_message",
    "appearance",
)
CHOICES = ("list_name", "name", "label")
SETTINGS = ("form_title", "form_id", "version", "instance_name")
_TYPES = {"nombre": "integer", "date": "date", "texte": "text"}
_NONE_MESSAGE = "La réponse « aucun » ne se coche pas avec une autre."

Row = dict[str, str]


def sheets(instrument: Instrument, title_fr: str) -> dict[str, list[Row]]:
    """Rows of the three sheets, by sheet name; each row maps a column to its text."""
    survey: list[Row] = [
        {"type": "note", "name": f"notice_{rank}", "label": f"**{head} :** {french.typography(said)}"}
        for rank, (head, said) in enumerate(notice.notice(instrument), start=1)
    ]
    survey.append(
        {"type": "begin_group", "name": "identite", "label": "Qui répond", "appearance": "field-list"}
    )
    survey += [_identity(item) for item in identity.ITEMS]
    survey.append({"type": "end_group"})
    for name_fr, questions in instrument.sections():
        survey.append(
            {"type": "begin_group", "name": questions[0].subdimension, "label": french.typography(name_fr)}
        )
        for question in questions:
            survey += _question(question)
        survey.append({"type": "end_group"})
    choices = [
        {"list_name": "role", "name": role.code, "label": french.typography(role.label_fr)}
        for role in identity.ROLES
    ]
    choices += [
        {"list_name": question.code, "name": option.code, "label": french.typography(option.label_fr)}
        for question in instrument
        if question.closed
        for option in question.options
    ]
    settings = {
        "form_title": french.typography(title_fr),
        "form_id": f"outil_pilotage_cpts_{instrument.variant}",
        "version": "1",
        "instance_name": "concat(${cpts}, ' ', ${vague}, ' ', ${repondant})",
    }
    return {"survey": survey, "choices": choices, "settings": [settings]}


def workbook(instrument: Instrument, title_fr: str) -> bytes:
    """Content of the XLSX file, which depends on nothing but its arguments."""
    # A quarter of a second that nobody else pays.
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    book.properties.title, book.properties.creator = title_fr, "Observatoire des CPTS"
    heads: dict[str, Sequence[str]] = {"survey": SURVEY, "choices": CHOICES, "settings": SETTINGS}
    for name, rows in sheets(instrument, title_fr).items():
        sheet = book.create_sheet(name)
        used = [column for column in heads[name] if any(row.get(column) for row in rows)]
        sheet.append(used)
        for row in rows:
            sheet.append([row.get(column) or None for column in used])
    buffer = io.BytesIO()
    book.save(buffer)
    return exports.without_time(buffer.getvalue())


def other_name(question: Question) -> str:
    """Name of the text of the free answer."""
    return f"{question.code}_autre"


def relevant(question: Question) -> str:
    """When the question is asked, in XPath; empty for always."""
    if question.condition is None:
        return ""
    return " or ".join(
        f"${{{question.condition.question}}} = '{option}'" for option in question.condition.options
    )


def _identity(item: identity.Item) -> Row:
    is_role = item.column == "role"
    row = {
        "type": "select_one role" if is_role else "text",
        "name": item.name,
        "label": french.typography(item.wording_fr),
        "required": "yes",
    }
    if not is_role:
        row["constraint"] = f"regex(., '{identity.CODE_PATTERN}')"
        row["constraint_message"] = "1 à 40 lettres sans accent, chiffres, - ou _."
    return row


def _question(question: Question) -> list[Row]:
    label = french.typography(question.wording_fr)
    condition = {"relevant": relevant(question)}
    if question.fields:
        group = {"type": "begin_group", "name": f"{question.code}_champs", "label": label, **condition}
        fields = [
            {
                "type": "text",
                "name": f"{question.code}_{option.code}",
                "label": french.typography(option.label_fr),
            }
            for option in question.fields
        ]
        return [group, *fields, {"type": "end_group"}]
    if not question.closed:
        row = {
            "type": _TYPES[question.answer_type],
            "name": question.code,
            "label": label,
            **condition,
        }
        if question.answer_type == "date":
            row["appearance"] = "month-year"
        if question.answer_type == "nombre":
            row |= {"constraint": ". >= 0", "constraint_message": "Un nombre entier, sans signe."}
        return [row]
    kind = "select_multiple" if question.multiple else "select_one"
    row = {"type": f"{kind} {question.code}", "name": question.code, "label": label, **condition}
    if question.exclusive:
        alone = " and ".join(
            f"not(selected(., '{option.code}') and count-selected(.) > 1)" for option in question.exclusive
        )
        row |= {"constraint": alone, "constraint_message": french.typography(_NONE_MESSAGE)}
    if question.other is None:
        return [row]
    text = {
        "type": "text",
        "name": other_name(question),
        "label": french.typography("Précisez la réponse « autre »."),
        "relevant": f"selected(${{{question.code}}}, '{question.other.code}')",
    }
    return [row, text]
