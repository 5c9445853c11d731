"""How people and spreadsheets write a cell, and how the package wants it: dates, numbers, codes, choices.

Each function gives the wanted form only when there is no doubt; `schema.Field.spelling` asks the one of its type.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from functools import lru_cache

from helpers import french

SPACES = " \u00a0\u202f\t\r\n"
# What people write for "not known"; an empty cell says it.
NOTHING = {
    "nd",
    "na",
    "n/a",
    "nc",
    "nr",
    "np",
    "-",
    "–",
    "—",
    "?",
    "néant",
    "non disponible",
    "non renseigné",
}
_MONTHS = (
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre".split()  # noqa: SIM905
)
_YES, _NO = ("true", "vrai", "oui"), ("false", "faux", "non")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})(?:[ T]00:00(?::00)?)?")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]00:00(?::00(?:\.0+)?)?)?")
_IN_WORDS = re.compile(r"(\d{1,2})(?:er)? ([a-z]+)\.? (\d{4})")
# Days since 30 December 1899, as a spreadsheet shows a date whose format was lost: 1982 to 2064.
_SERIAL = re.compile(r"[3-5]\d{4}")
# A space between two digits parts thousands, or two numbers that nobody may join ("2023 2024").
_SPACED = re.compile(r"\d[ \u00a0\u202f]+\d")
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:[ \u00a0\u202f]+\d{3})+(?![ \u00a0\u202f]*\d).*")
_NUMBER = re.compile(
    r"(?P<number>[-+]?\d+(?:\.\d+)?)(?P<unit>%|€|hab\.?|habitants|ans?|jours?)?", re.IGNORECASE
)


def says_nothing(cell: str) -> bool:
    """Whether people write that for "not known"."""
    return cell.lower().replace("n.", "n").rstrip(".") in NOTHING


def date(text: str) -> dt.date | None:
    """Day written day first (31/12/2025), in words (1er mars 2025), year first, or as the number of a spreadsheet."""
    if match := _YEAR_FIRST.fullmatch(text):
        year, month, day = map(int, match.groups())
    elif match := _DAY_FIRST.fullmatch(text):
        day, month, year = map(int, match.groups())
        year += 2000 if year < 100 else 0
    elif match := _IN_WORDS.fullmatch(french.plain(text)):
        if match[2] not in _MONTHS:
            return None
        day, month, year = int(match[1]), _MONTHS.index(match[2]) + 1, int(match[3])
    elif _SERIAL.fullmatch(text):
        return dt.date(1899, 12, 30) + dt.timedelta(days=int(text))
    else:
        return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def number(text: str, *, share: bool = False) -> str | None:
    """Number with a decimal point, from French or English writing: spaces, comma, unit. A `share` in % is divided by 100."""
    plain_minus = text.replace("−", "-")
    if _SPACED.search(plain_minus) and not _THOUSANDS.fullmatch(plain_minus):
        return None
    joined = re.sub(r"[ \u00a0\u202f]", "", plain_minus)
    if "," in joined and "." in joined:
        # The mark that comes last is the decimal one: 1.234,5 or 1,234.5.
        joined = joined.replace(".", "") if joined.rfind(",") > joined.rfind(".") else joined.replace(",", "")
    match = _NUMBER.fullmatch(joined.replace(",", "."))
    if match is None:
        return None
    if match["unit"] == "%" and share:
        return f"{float(match['number']) / 100:.15g}"
    whole, point, decimals = match["number"].removeprefix("+").partition(".")
    return whole + point + decimals if decimals.strip("0") else whole


def truth(text: str) -> str | None:
    """ "true" or "false", also as a spreadsheet in French or a person writes it (VRAI, non)."""
    known = {"true": _YES, "false": _NO}
    return next((said for said, words in known.items() if text.lower() in words), None)


def choice(text: str, allowed: Sequence[str]) -> str | None:
    """The allowed value that only differs by capitals, accents, spaces or hyphens."""
    return _bared(tuple(allowed)).get(_bare(text))


@lru_cache(maxsize=256)
def _bared(allowed: tuple[str, ...]) -> dict[str, str]:
    return {_bare(value): value for value in allowed}


def _bare(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", french.plain(text)).strip("_")


def code(text: str, pattern: str) -> str | None:
    """The code that a spreadsheet took for a number (its leading zero lost), or a question without its letter."""
    if re.fullmatch(pattern, text):
        return text
    whole = re.sub(r"\.0+$", "", text)
    candidates = [whole, whole.upper()]
    if whole.isdigit():
        candidates += [f"0{whole}", f"Q{whole}"]
    for candidate in candidates:
        if re.fullmatch(pattern, candidate):
            return candidate
    return None
