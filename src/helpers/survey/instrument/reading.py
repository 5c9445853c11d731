"""What a cell of a file of answers says, whatever the tool that wrote it: an option, a month, a number, a text."""

from __future__ import annotations

import html
import re

from helpers.page import exports
from helpers.survey.instrument.model import Option, Question
from helpers.survey.instrument.submissions import Given

# What tools write where nothing was answered; in a free text, "-" may be an answer.
_NO_TEXT = {"", "n/a"}
_NO_ANSWER = {*_NO_TEXT, "sans réponse", "pas de réponse", "no answer", "-"}
_YES, _NO = {"y", "yes", "oui", "1", "true", "vrai", "x"}, {"n", "no", "non", "0", "2", "false", "faux", ""}
_TAG = re.compile(r"<[^>]*>")
_MONTHS = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})(?:-\d{1,2})?(?:[ T].*)?"),
    re.compile(r"(?:\d{1,2}[/.-])?(?P<month>\d{1,2})[/.-](?P<year>\d{4})(?: .*)?"),
)
_CODE = re.compile(r"(?:AO|SQ|A)?0*(?P<code>\d+)", re.IGNORECASE)


def plain(text: str) -> str:
    """Text for comparison: no markup, one kind of space, one kind of apostrophe, lower case."""
    bare = html.unescape(_TAG.sub("", text)).replace("’", "'").replace("\u00a0", " ").replace("\u202f", " ")
    return " ".join(bare.split()).casefold()


def _bare(text: str) -> str:
    # Markup is kept: "<5>" is something that somebody said.
    return " ".join(text.replace("\u00a0", " ").split()).casefold()


def free(text: str) -> str:
    """Free text as it is kept: line ends of one kind, nothing that a file could not hold, no outer spaces.

    Empty when the cell says that there is no answer.
    """
    kept = exports.writable(text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return "" if _bare(kept) in _NO_TEXT else kept


def option_code(question: Question, text: str) -> str | None:
    """Code of the option written as its code ("3", "A3", "SQ003"), as its French label, or as yes or no; else None."""
    wanted = plain(text)
    if question.answer_type == "oui_non" and wanted in (_YES | _NO) - {"", "0"}:
        return "1" if wanted in _YES else "2"
    if wanted in ("-oth-", "other") and question.other is not None:
        return question.other.code
    for option in question.options:
        if wanted == plain(option.label_fr):
            return option.code
    match = _CODE.fullmatch(text.strip())
    known = {option.code for option in question.options}
    return match["code"] if match and match["code"] in known else None


def ticked(text: str) -> bool | None:
    """Whether a box is ticked (Y, Oui, 1… or N, Non, 0, 2, nothing); None for anything else."""
    wanted = _bare(text)
    if wanted in _YES:
        return True
    return False if wanted in _NO or wanted in _NO_ANSWER else None


def month(text: str) -> str | None:
    """Month "2019-02" of a date written with its year first, or as "02/2019" and "01/02/2019"; None for anything else."""
    for pattern in _MONTHS:
        match = pattern.fullmatch(text.strip())
        if match and 1 <= int(match["month"]) <= 12:
            return f"{match['year']}-{int(match['month']):02d}"
    return None


def count(text: str) -> str | None:
    """Whole number without a sign, as digits: "12", "12.0000000000" and "1 200" are; None for anything else."""
    bare = re.sub(r"[ \u00a0\u202f]", "", text.strip()).replace(",", ".")
    match = re.fullmatch(r"0*(\d+)(?:\.0*)?", bare)
    return match[1] if match else None


def into(given: Given, question: Question, text: str, option: Option | None = None) -> str | None:
    """Add to `given` what one cell says of `question`, or of one of its boxes or fields when `option` is given.

    Returns what is wrong as the end of a French sentence, or None when all is well; it never repeats the cell, which a slip of
    one column fills with somebody's words.
    """
    if option is not None and option.kind != "champ":
        return _box(given, option, text)
    if question.answer_type == "texte":
        said = free(text)
        if said:
            given.texts["" if option is None else option.code] = said
        return None
    if _bare(text) in _NO_ANSWER:
        return None
    if question.closed:
        return _closed(given, question, text)
    value = month(text) if question.answer_type == "date" else count(text)
    if value is None:
        wanted = "un mois (AAAA-MM)" if question.answer_type == "date" else "un nombre entier"
        return f"la cellule n'est pas {wanted}."
    given.texts[""] = value
    return None


def other(given: Given, question: Question, text: str, *, ticks: bool) -> None:
    """Add to `given` the text of the "other" answer of `question`, when there is one; with `ticks`, it also chooses it."""
    said = free(text)
    if said and question.other is not None:
        given.texts[question.other.code] = said
        if ticks:
            given.options.add(question.other.code)


def _box(given: Given, option: Option, text: str) -> str | None:
    state = ticked(text)
    if state is None and plain(text) != plain(option.label_fr):
        return f"la cellule ne dit pas si la case « {option.label_fr} » est cochée (1 ou 0, Oui ou Non)."
    if state is not False:
        given.options.add(option.code)
    return None


def _closed(given: Given, question: Question, text: str) -> str | None:
    whole = option_code(question, text) is not None or not question.multiple
    parts = [text] if whole else [part for part in re.split(r"[\s;,|]+", text) if part]
    for rank, part in enumerate(parts, start=1):
        code = option_code(question, part)
        if code is None:
            known = ", ".join(option.code for option in question.options)
            which = "la cellule" if len(parts) == 1 else f"la réponse {rank} de la cellule"
            return f"{which} n'est pas une réponse proposée (codes : {known})."
        given.options.add(code)
    return None
