"""The questionnaire as a LimeSurvey survey structure (tab-separated, `.txt`), ready for "Import a survey".

Layout: LimeSurvey manual, "Tab Separated Value survey structure": one row per setting (S), text of the survey (SL), group (G),
question (Q), box or field (SQ) and answer (A), in that order; UTF-8 with a byte-order mark, as LimeSurvey writes it. Codes of
questions have 20 letters and digits at most, codes of answers 5 (LimeSurvey, tables `questions` and `answers`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from html import escape

from helpers import french
from helpers.survey.instrument import identity, notice
from helpers.survey.instrument.model import Instrument, Option, Question

COLUMNS = (
    "id", "related_id", "class", "type/scale", "name", "relevance", "text", "help", "language", "validation", "mandatory",
    "encrypted", "other", "default", "same_default", "same_script", "date_format", "dropdown_dates", "exclude_all_others",
    "num_value_int_only", "other_replace_text",
)  # fmt: skip
LANGUAGE = "fr"
TYPES = {
    "choix_unique": "L",
    "choix_multiple": "M",
    "oui_non": "Y",
    "nombre": "N",
    "date": "D",
    "texte": "T",
}
_SAMPLE = 1000
SEVERAL_TEXTS, SHORT_TEXT, LIST = "Q", "S", "L"
# No date, no address, no referring page, no link between a token and its answers.
_SETTINGS = {
    # LimeSurvey takes another number when a survey has this one already.
    "sid": "420042",
    "language": LANGUAGE,
    "format": "G",
    "anonymized": "Y",
    "datestamp": "N",
    "ipaddr": "N",
    "refurl": "N",
    "savetimings": "N",
    "allowprev": "Y",
    "showqnumcode": "N",
    "shownoanswer": "Y",
}


def structure(instrument: Instrument, title_fr: str) -> bytes:
    """Content of the file: the questions of identity, then the questionnaire, one group per sub-dimension."""
    rows = [{"class": "S", "name": name, "text": text} for name, text in _SETTINGS.items()]
    texts = {
        "surveyls_title": title_fr,
        "surveyls_description": "Chaque rôle répond séparément : les désaccords sont un résultat.",
        # LimeSurvey shows this text as HTML.
        "surveyls_welcometext": "".join(
            f"<p><strong>{escape(head)} :</strong> {escape(french.typography(said))}</p>"
            for head, said in notice.notice(instrument)
        ),
        "surveyls_endtext": "Merci pour vos réponses.",
        # 5: day/month/year; 1: decimal comma.
        "surveyls_dateformat": "5",
        "surveyls_numberformat": "1",
    }
    rows += [{"class": "SL", "name": name, "text": text} for name, text in texts.items()]
    ids = iter(range(1, 10_000))
    rows += [_group(0, "Qui répond"), *_identity(ids)]
    for rank, (name, questions) in enumerate(instrument.sections(), start=1):
        rows.append(_group(rank, name))
        for question in questions:
            rows += _question(question, ids)
    return _written(rows)


def question_name(question: Question) -> str:
    """Code of the question in LimeSurvey."""
    return question.code


def answer_name(option: Option) -> str:
    """Code of an answer of a list ("A3"), or "-oth-" for the free one."""
    return "-oth-" if option.kind == "autre" else f"A{option.code}"


def box_name(option: Option) -> str:
    """Code of a box of a multiple choice or of a field ("SQ003"), or "other" for the free answer."""
    return "other" if option.kind == "autre" else f"SQ{option.code:0>3}"


def relevance(question: Question) -> str:
    """When the question is asked, in LimeSurvey's expressions; "1" for always."""
    if question.condition is None:
        return "1"
    name = question.condition.question
    return " or ".join(f'{name}.NAOK == "A{option}"' for option in question.condition.options)


def _group(rank: int, name_fr: str) -> dict[str, str]:
    return {
        "id": str(rank + 1),
        "class": "G",
        "type/scale": f"G{rank}",
        "name": french.typography(name_fr),
        "relevance": "1",
    }


def _identity(ids: Iterator[int]) -> list[dict[str, str]]:
    rows = []
    for item in identity.ITEMS:
        number = str(next(ids))
        is_role = item.column == "role"
        rows.append(
            {
                "id": number,
                "class": "Q",
                "type/scale": LIST if is_role else SHORT_TEXT,
                "name": item.name,
                "relevance": "1",
                "text": french.typography(item.wording_fr),
                "validation": "" if is_role else f"/{identity.CODE_PATTERN}/",
                "mandatory": "Y",
                "other": "N",
            }
        )
        if is_role:
            rows += [_answer(number, role.short, role.label_fr) for role in identity.ROLES]
    return rows


def _question(question: Question, ids: Iterator[int]) -> list[dict[str, str]]:
    number = str(next(ids))
    kind = SEVERAL_TEXTS if question.fields else TYPES[question.answer_type]
    other = question.other
    row = {
        "id": number,
        "class": "Q",
        "type/scale": kind,
        "name": question_name(question),
        "relevance": relevance(question),
        "text": french.typography(question.wording_fr),
        "mandatory": "N",
        "other": "Y" if other else "N",
        "other_replace_text": french.typography(other.label_fr) if other else "",
        "date_format": "mm/yyyy" if kind == "D" else "",
        "dropdown_dates": "1" if kind == "D" else "",
        "num_value_int_only": "1" if kind == "N" else "",
        "exclude_all_others": ";".join(box_name(option) for option in question.exclusive),
    }
    named = [option for option in question.options if option.kind != "autre"]
    if kind == LIST:
        return [row, *(_answer(number, answer_name(option), option.label_fr) for option in named)]
    if kind in ("M", SEVERAL_TEXTS):
        return [row, *(_box(str(next(ids)), option) for option in named)]
    return [row]


def _answer(question_id: str, code: str, label_fr: str) -> dict[str, str]:
    return {
        "id": question_id,
        "class": "A",
        "type/scale": "0",
        "name": code,
        "text": french.typography(label_fr),
    }


def _box(number: str, option: Option) -> dict[str, str]:
    return {
        "id": number,
        "class": "SQ",
        "type/scale": "0",
        "name": box_name(option),
        "relevance": "1",
        "text": french.typography(option.label_fr),
        "mandatory": "N",
    }


def _written(rows: list[dict[str, str]]) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, COLUMNS, delimiter="\t", restval="", lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow(row if row["class"] == "S" else {"language": LANGUAGE, **row})
    content = buffer.getvalue().encode("utf-8-sig")
    # The first empty cell of the header's row of settings takes the spaces that keep the sample between two letters.
    at = content.index(b"\tlanguage\t") if _cut(content) else 0
    return content if not at else content[:at] + b" " * _cut(content) + content[at:]


def _cut(content: bytes) -> int:
    """Bytes to add before the sample's end so that it cuts no letter.

    LimeSurvey guesses the encoding from the first thousand bytes (TSVImportSurvey, application/helpers/admin/import_helper.php):
    with half a letter at their end it may take UTF-8 for a Japanese encoding.
    """
    return next(more for more in range(4) if content[_SAMPLE - more] & 0xC0 != 0x80)
