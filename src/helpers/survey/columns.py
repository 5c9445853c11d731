"""What each column of a file of answers holds, and the pass over its rows that the three readers share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypedDict

from helpers import french
from helpers.errors import DataError
from helpers.files.grid import Grid, careful
from helpers.survey.instrument import identity, reading, submissions
from helpers.survey.instrument.model import Instrument, Option, Question

_QUESTION_LIKE = re.compile(r"(?<![a-z])Q\d+", re.IGNORECASE)
# Columns that may hold names or addresses: never read, whatever they are called.
_NOMINATIVE = re.compile(
    r"(firstname|lastname|email|e-mail|prénom|prenom|nom|nom de famille|courriel|adresse (de )?(courriel|messagerie)"
    r"|adresse e-?mail|submittername|username|_submitted_by|ipaddr|adresse ip|phonenumber)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Place:
    """What a column holds: an answer of `question` (one box or field of it with `option`), or its "other" text."""

    question: Question
    option: Option | None = None
    is_other: bool = False


@dataclass(frozen=True)
class Mark:
    """What a column of the tool says of a record: which texts leave it out (or all `but` some), which ones are told only."""

    refused: Sequence[str] = ()
    doubtful: Sequence[str] = ()
    but: Sequence[str] = ()

    def leaves_out(self, text: str) -> bool:
        """Whether a record so marked is not to be counted."""
        said = reading.plain(text)
        return said in self.refused if not self.but else said not in self.but


@dataclass(frozen=True)
class Layout:
    """What a survey tool writes: how a title names a place, which titles are its own, and what tells an unfinished row."""

    tool: str
    place: Callable[[str], Place | None]
    own: re.Pattern[str]
    # What a title is called by, without the group or the text that the tool adds to it.
    bare: Callable[[str], str] = str
    partial: Callable[[Mapping[str, str]], bool] = lambda _own: False
    # Title of the column of invitation tokens, which also stand for a missing respondent code; empty without any.
    token: str = ""
    # In LimeSurvey the "other" box of a multiple choice has no column: its text is the tick.
    text_ticks: bool = False
    # What the server says of a record beside its answers, by the title of its column.
    marks: Mapping[str, Mark] = field(default_factory=dict)


class Options(TypedDict, total=False):
    """What the user says beside the file: columns of identity that it lacks (cpts, wave, role…), columns to leave aside."""

    defaults: Mapping[str, str]
    ignore: Iterable[str]


def collect(sheet: Grid, instrument: Instrument, layout: Layout, options: Options) -> submissions.Report:
    """Report of a sheet: each column is placed, each row read, everything wrong said by row and question.

    Raises DataError when no column is a question of the questionnaire.
    """
    defaults, ignore = options.get("defaults", {}), set(options.get("ignore", ()))
    faults: list[str] = []
    warnings: list[str] = []
    places, who, own = _sorted_columns(sheet, instrument, layout, ignore, faults, warnings)
    if not places:
        raise DataError(
            f"{sheet.name} : aucune colonne n'est une question du questionnaire. Exportez depuis {layout.tool} avec les "
            f"codes des questions (attendu : {', '.join(item.code for item in instrument.questions[:3])}… ; lu : "
            f"{', '.join(careful(title, rank) for rank, title in enumerate(sheet.header[:6]))})."
        )
    seen = {place.question.code for place in places.values()}
    absent = [item.code for item in instrument if item.code not in seen]
    if absent:
        warnings.append(
            f"{sheet.name} : pas de colonne pour {', '.join(absent)} ; ces questions restent sans réponse."
        )
    found = []
    for number, cells in _counted(sheet, own, layout.marks, warnings):
        given: dict[str, submissions.Given] = {}
        for column, place in places.items():
            wrong = _read_cell(given, place, cells[column], layout.text_ticks)
            if wrong:
                faults.append(f"Ligne {number}, {place.question.code} : {wrong}")
        texts = {name: cells[column].strip() for name, column in who.items()}
        meta = {name: cells[column].strip() for name, column in own.items()}
        token = meta.get(layout.token, "")
        texts["respondent"] = texts.get("respondent") or token
        if any(given.values()) or any(texts.values()):
            texts = {**defaults, **{name: text for name, text in texts.items() if text}}
        found.append(submissions.Submission(number, texts, given, layout.partial(meta), token))
    return submissions.report(found, instrument, faults=faults, warnings=warnings)


def _counted(
    sheet: Grid, own: Mapping[str, int], marks: Mapping[str, Mark], warnings: list[str]
) -> list[tuple[int, list[str]]]:
    """Rows that the tool does not mark as left out; says how many are, and how many are marked otherwise."""
    rows = sheet.rows
    for title, mark in marks.items():
        if title not in own:
            continue
        column, before = own[title], len(rows)
        rows = [row for row in rows if not mark.leaves_out(row[1][column])]
        doubtful = sum(reading.plain(cells[column]) in mark.doubtful for _, cells in rows)
        head = sheet.header[column]
        if before > len(rows):
            gone = french.plural(before - len(rows), "envoi")
            warnings.append(
                f"{sheet.name}, colonne « {head} » : {gone} que le serveur dit de ne pas compter, non importés."
            )
        if doubtful:
            held = french.plural(doubtful, "envoi")
            warnings.append(
                f"{sheet.name}, colonne « {head} » : {held} que le serveur dit à revoir, importés."
            )
    return rows


def _sorted_columns(
    sheet: Grid,
    instrument: Instrument,
    layout: Layout,
    ignore: set[str],
    faults: list[str],
    warnings: list[str],
) -> tuple[dict[int, Place], dict[str, int], dict[str, int]]:
    names = {item.name: item.column for item in identity.ITEMS} | {name: name for name in identity.COLUMNS}
    labels = {reading.plain(item.wording_fr): item.column for item in identity.ITEMS}
    columns: dict[Place | None, int] = {}
    who: dict[str, int] = {}
    own: dict[str, int] = {}
    for index, title in enumerate(sheet.header):
        if title in ignore:
            continue
        named = layout.bare(title)
        where = f"{sheet.name}, colonne {careful(title, index)}"
        column = names.get(named.lower()) or labels.get(reading.plain(named))
        place = None if column else layout.place(title)
        same = who.get(column) if column else columns.get(place)
        if same is not None:
            faults.append(
                f"{where} : elle dit la même chose que la colonne {careful(sheet.header[same], same)} ; gardez-en une."
            )
        elif column:
            who[column] = index
        elif place is not None:
            columns[place] = index
        elif _NOMINATIVE.fullmatch(reading.plain(named)):
            warnings.append(f"{where} : elle peut désigner une personne, elle n'est pas lue.")
        elif layout.own.fullmatch(reading.plain(named)) or layout.own.fullmatch(title):
            own[reading.plain(named)] = index
        elif sheet.filled(index):
            faults.append(
                f"{where} : {_unknown(title, instrument)} ; corrigez son titre, ou laissez-la de côté "
                "avec --ignore."
            )
    return {index: place for place, index in columns.items() if place is not None}, who, own


def _unknown(title: str, instrument: Instrument) -> str:
    match = _QUESTION_LIKE.search(title)
    if match is None:
        return "colonne inconnue"
    if match.group().upper() in instrument.by_code:
        return f"réponse que la question {match.group().upper()} n'a pas"
    return f"question inconnue dans la variante « {instrument.variant} »"


def _read_cell(given: dict[str, submissions.Given], place: Place, text: str, text_ticks: bool) -> str | None:
    answer = given.setdefault(place.question.code, submissions.Given())
    if not place.is_other:
        return reading.into(answer, place.question, text, place.option)
    reading.other(answer, place.question, text, ticks=text_ticks and place.question.multiple)
    return None


def _named_options(question: Question) -> dict[str, Option]:
    """Options of a question by every code that a tool may give them: "3", "A3", "SQ003"."""
    found = {}
    for option in question.options:
        for name in (option.code, f"A{option.code}", f"AO{option.code:0>2}", f"SQ{option.code:0>3}"):
            found[name.lower()] = option
    return found


def option_named(question: Question, name: str) -> Option | None:
    """Option of a question named by one of its codes or by its label; None when there is none."""
    by_code = _named_options(question).get(name.strip().lower())
    if by_code is not None:
        return by_code
    wanted = reading.plain(name)
    return next((option for option in question.options if reading.plain(option.label_fr) == wanted), None)


def in_part(question: Question, name: str, others: Sequence[str] = ("other", "autre")) -> Place | None:
    """Place of a box, a field or the "other" text of a question, from the part of a title that names it."""
    if reading.plain(name) in others and question.other is not None:
        return Place(question, is_other=True)
    option = option_named(question, name)
    return None if option is None else Place(question, option)
