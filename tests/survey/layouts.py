"""Files as LimeSurvey, KoboToolbox, ODK and a person with a spreadsheet write them, for answers made up by the tests.

Written from the manuals of these tools, apart from the readers: an answer is a `Given` per question, or nothing.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from itertools import count

from openpyxl import Workbook

from helpers.survey.instrument.submissions import Given

LIMESURVEY_HEADS = ("code", "full", "code_full", "underscore")
LIMESURVEY_OWN = {
    "id": "ID de la réponse",
    "submitdate": "Date de soumission",
    "lastpage": "Dernière page",
    "startlanguage": "Langue de départ",
    "seed": "Tête de série",
}
IDENTITY = ("cpts", "vague", "role", "repondant")
WORDINGS = {
    "cpts": "Quel est le code de la CPTS (lettres sans accent, chiffres, - ou _) ?",
    "vague": "Quelle est la vague de l'enquête (par exemple 2026-11) ?",
    "role": "À quel titre répondez-vous ?",
    "repondant": "Quel est votre code de répondant (celui qui vous a été remis, jamais votre nom) ?",
}
ROLES = {
    "coordination": ("coord", "Coordination de la CPTS"),
    "presidence": ("presi", "Présidence de la CPTS"),
    "infirmier": ("infir", "Infirmier ou infirmière"),
    "cpam": ("cpam", "Caisse primaire (CPAM)"),
    "ars": ("ars", "Agence régionale de santé (ARS)"),
    "coordination_cls": ("cls", "Coordination de contrat local de santé"),
    "usager": ("usage", "Usager ou usagère"),
    "autre": ("autre", "Autre rôle"),
}


@dataclass
class Respondent:
    cpts: str
    wave: str
    role: str
    respondent: str
    given: dict[str, Given] = field(default_factory=dict)

    def get(self, code):
        return self.given.get(code, Given())


def expected_rows(respondents, instrument):
    """Rows of `survey/answers`, made straight from what was given."""
    rows = []
    for person in respondents:
        key = (person.cpts, person.wave, person.role, person.respondent)
        for question in instrument:
            given = person.get(question.code)
            condition = question.condition
            if condition and not person.get(condition.question).options & set(condition.options):
                rows.append((*key, question.code, None, None, "non_posee"))
            elif not given:
                rows.append((*key, question.code, None, None, "sans_reponse"))
            elif question.closed:
                for option in question.options:
                    if option.code in given.options:
                        text = given.texts.get(option.code)
                        rows.append((*key, question.code, option.code, text, "repondu"))
            else:
                for code in [option.code for option in question.options] or [""]:
                    if code in given.texts:
                        rows.append((*key, question.code, code or None, given.texts[code], "repondu"))
    return rows


def header_of(path):
    """Titles of the columns of our template in CSV, under its notice."""
    lines = csv.reader(path.read_text(encoding="utf-8-sig").splitlines(), delimiter=";")
    return next(cells for cells in lines if not cells[0].startswith("#"))


def as_csv(table, *, delimiter=",", encoding="utf-8"):
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter).writerows(table)
    return buffer.getvalue().encode(encoding)


def as_xlsx(table, *, numbers=False, sheet="Responses"):
    """Workbook of text cells; with `numbers`, what looks like a number is one, as a spreadsheet would have it."""
    book = Workbook()
    page = book.active
    page.title = sheet
    for row_number, row in enumerate(table, start=1):
        for column_number, text in enumerate(row, start=1):
            if text == "":
                continue
            cell = page.cell(row_number, column_number)
            if numbers and row_number > 1 and text.isdigit() and str(int(text)) == text:
                cell.value = int(text)
            else:
                cell.value = text
                cell.data_type = "s"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def limesurvey(respondents, instrument, *, heads="code", full=False, numbers_for_boxes=False):
    """Table of an export: settings of the tool first, then one column per question, box, field and free answer."""
    names = list(LIMESURVEY_OWN)
    if heads == "full":
        names = list(LIMESURVEY_OWN.values())
    elif heads == "code_full":
        names = [f"{code}. {text}" for code, text in LIMESURVEY_OWN.items()]
    columns = []
    for name in IDENTITY:
        columns.append((_title(name, WORDINGS[name], "", "", heads), _identity(name, full)))
    for question in instrument:
        head = (question.code, question.wording_fr)
        if question.multiple or question.fields:
            for option in question.options:
                if option.kind == "autre":
                    continue
                part = f"SQ{int(option.code):03d}"
                cell = (
                    _field(question, option)
                    if question.fields
                    else _box(question, option, full, numbers_for_boxes)
                )
                columns.append((_title(*head, part, option.label_fr, heads), cell))
        else:
            columns.append((_title(*head, "", "", heads), _single(question, full)))
        if question.other:
            title = _title(*head, "other", question.other.label_fr, heads)
            columns.append((title, _text(question, question.other.code)))
    table = [names + [title for title, _ in columns]]
    for number, person in enumerate(respondents, start=1):
        own = [str(number), "1980-01-01 00:00:00", "20", "fr", "123456789"]
        table.append(own + [cell(person) for _, cell in columns])
    return table


def kobo(respondents, instrument, *, joined=True, split=False, mark="/"):
    """Table of an export of KoboToolbox (`/`) or ODK Central (`-`), XML values and titles."""
    columns = [("start", lambda _: "2026-11-02T09:00:00.000+01:00")]
    columns += [(f"identite{mark}{name}", _identity(name, None)) for name in IDENTITY]
    for question in instrument:
        path = f"{question.subdimension}{mark}{question.code}"
        if question.fields:
            for option in question.fields:
                columns.append(
                    (f"{path}_champs{mark}{question.code}_{option.code}", _field(question, option))
                )
            continue
        if not question.multiple or joined:
            columns.append((path, _codes(question, " ")))
        if question.multiple and split:
            for option in question.options:
                columns.append((f"{path}/{option.code}", _zero_one(question, option)))
        if question.other:
            columns.append((f"{path}_autre", _text(question, question.other.code)))
    columns += [("_uuid", _uuids()), ("_submission_time", lambda _: "2026-11-02T09:10:00")]
    return [
        [title for title, _ in columns],
        *([cell(person) for _, cell in columns] for person in respondents),
    ]


def template(respondents, header, instrument, *, mark=" "):
    """Table of our template, filled by hand: `header` is the first row of the file that was handed out."""
    table = [header]
    for person in respondents:
        row = []
        for title in header:
            code, _, part = title.partition("_")
            if title in IDENTITY:
                row.append(_identity(title, None)(person))
            elif not part:
                row.append(_codes(instrument.question(code), mark)(person))
            else:
                question = instrument.question(code)
                row.append(_text(question, question.other.code if part == "autre" else part)(person))
        table.append(row)
    return table


def _title(code, wording, part, label, heads):
    if heads == "underscore":
        return f"{code}_{part}" if part else code
    coded = f"{code}[{part}]" if part else code
    if heads == "code":
        return coded
    text = f"{wording} [{label}]" if part else wording
    return text if heads == "full" else f"{coded}. {text}"


def _identity(name, full):
    def cell(person):
        if name == "role":
            short, label = ROLES[person.role]
            return {None: person.role, True: label, False: short}[full]
        return {"cpts": person.cpts, "vague": person.wave, "repondant": person.respondent}[name]

    return cell


def _field(question, option):
    return lambda person: person.get(question.code).texts.get(option.code, "")


def _text(question, code):
    return lambda person: person.get(question.code).texts.get(code, "")


def _box(question, option, full, numbers):
    def cell(person):
        given = person.get(question.code)
        ticked = option.code in given.options
        if numbers:
            return "1" if ticked else "2"
        if full:
            return "Oui" if ticked else "Non" if given else "N/A"
        return "Y" if ticked else ""

    return cell


def _zero_one(question, option):
    def cell(person):
        given = person.get(question.code)
        return "" if not given else "1" if option.code in given.options else "0"

    return cell


def _single(question, full):
    def cell(person):
        given = person.get(question.code)
        if not given:
            return "N/A" if full and question.closed else ""
        if question.answer_type == "date":
            year, month = given.texts[""].split("-")
            return f"{month}/{year}" if full else f"{year}-{month}-01 00:00:00"
        if question.answer_type == "nombre":
            return given.texts[""] + ("" if full else ".0000000000")
        if question.answer_type == "texte":
            return given.texts[""]
        (option,) = [item for item in question.options if item.code in given.options]
        if question.answer_type == "oui_non":
            return option.label_fr if full else option.label_fr[0].replace("O", "Y")
        if option.kind == "autre":
            return option.label_fr if full else "-oth-"
        return option.label_fr if full else f"A{option.code}"

    return cell


def _codes(question, mark):
    def cell(person):
        given = person.get(question.code)
        if question.answer_type == "date":
            return f"{given.texts['']}-01" if given else ""
        if not question.closed:
            return given.texts.get("", "")
        return mark.join(option.code for option in question.options if option.code in given.options)

    return cell


def _uuids():
    numbers = count(1)
    return lambda _: f"00000000-0000-4000-8000-{next(numbers):012d}"
