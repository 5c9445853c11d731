"""Figures of a sentence or a cell: what is printed, its value, how far its writing lets it stand, its unit and its noun."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

from helpers import french
from helpers.documents import intervals
from helpers.errors import DataError

LONGEST_NUMBER = 20  # characters; a longer run of digits is a code, and counts nothing
LONGEST_CELL = 60  # characters of a cell that is one number, with its sign and its unit
_SPACE = "[ \u00a0\u202f]"
_DIGITS = rf"(?:\d{{1,3}}(?:{_SPACE}\d{{3}})+|\d{{1,3}}(?:\.\d{{3}})+|\d+)(?:,\d+)?"
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
_MONTH = "|".join((*MONTHS, "fevrier", "aout", "decembre", "january", "june", "july"))
_WORD_NUMBER = (
    "deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingts?|trente|quarante|cinquante|"
    "soixante|cents?|mille"
)
_WORDS = rf"(?:(?:{_WORD_NUMBER}|une?|et)[ -])*(?:{_WORD_NUMBER})(?:-et-une?|-une?)?"
_UNIT = (
    r"%|‰|€|euros?\b|km\s?²|km2\b|kilomètres? carrés?|habitants?\b|hab\b\.?|"
    r"ans\b|mois\b|jours?\b|semaines?\b|heures?\b|minutes?\b"
)
_FIGURE = re.compile(
    rf"(?<![\w°ºª^.,_-])(?P<digits>{_DIGITS})(?!\d|[.,]\d|-\d|\^|(?!km|euros)[A-Za-zÀ-ÿ])"
    rf"(?:\s(?P<scale>mille|millions?|milliards?)\b)?"
    rf"(?:\s?(?:d['’]|de )?(?P<unit>{_UNIT}))?"
    rf"|(?<![\w-])(?P<words>{_WORDS})(?![\w-])(?:\s(?P<wscale>mille|millions?|milliards?)\b)?"
    rf"(?:\s(?:d['’]|de )?(?P<wunit>{_UNIT}))?",
    re.IGNORECASE,
)
# What stands before a number that counts nothing: a reference, an article, a rank, a code.
_NOT_BEFORE = re.compile(
    r"(?:n\s*[°º]|\bno|\bart(?:icle|\.)s?|\bfigures?|\btableaux?|\bannexes?|\bgraphiques?|\bpages?|\bpp?\.|\bloi|\bentretiens?|"
    r"\bchapitres?|\bparties?|\bsections?|\bquestions?|\bphase|\bstade|\btaille|\btype|\baxe|\bvolume|\bvol\.|\bcovid|\bsocle|\bniveau|"
    r"\bq|\bgroupe|\b[lrd]\.|/(?:19|20)\d\d/|[\[^]|\[[\d,; -]*|https?:\S*|\btitre|\bversion|"
    r"\bétape|\bgrade|\bavenant|\bmission|\bmaster|\bannée|\bclasse)\s*$",
    re.IGNORECASE,
)
_NOT_AFTER = re.compile(
    rf"\s*(?:\]|°|er\b|ère\b|ème\b|e\b|h\d|h\b|(?:{_MONTH})\b|/\d{{1,2}}/)", re.IGNORECASE
)
_NO_FIGURE = re.compile(
    r"\b\d{1,2}/\d{1,2}/\d{2,4}\b|https?:\S+|www\.\S+|\S+\.pdf\b|\b\d{1,2}:\d\d\b|\b\d{4}-\d{4}\b|\[\d[\d ,;–-]*\]"
)
_QUALIFIER = re.compile(
    r"(?:environ|près de|presque|quelque|plus de|plus d['’]|au moins|moins de|au plus|à peine|[~≈<>≥≤])\s*(?:les |l['’]|à )?$",
    re.IGNORECASE,
)
_SHARED = ("%", "€", "km²", "habitants")
_BETWEEN = re.compile(r"\s(?:et|à|ou|-|–)\s(?:de )?")
_COMPOSED = re.compile(
    rf"(?P<count>{_DIGITS})\s*(?:/\s*(?P<base>{_DIGITS})\s*)?[(\[]\s*(?P<share>{_DIGITS})\s*%?\s*[)\]]$"
)


@dataclass(frozen=True)
class Figure:
    """A number as printed, between `low` and `high`; `start` and `end` are its offsets in the text it was read in."""

    printed: str
    value: float
    low: float
    high: float
    unit: str
    start: int = 0
    end: int = 0
    step: float = 0.0

    @property
    def interval(self) -> float:
        """The number, carrying its ends."""
        return self.value if self.low == self.high else intervals.Interval(self.value, self.low, self.high)

    @property
    def whole(self) -> bool:
        """Whether it may be a count: a whole number without per cent or scale."""
        return self.unit not in ("%", "‰") and self.value == int(self.value) and self.low == self.high


def figures(text: str) -> list[Figure]:
    """Figures of a text that count or measure something, in order; years, dates, references and ranks are left out."""
    found = []
    text = _NO_FIGURE.sub(lambda match: " " * len(match.group()), text)
    for match in _FIGURE.finditer(text):
        words = match["words"]
        printed = match.group().strip()
        number = match["digits"] or words
        if not words and len(number) > LONGEST_NUMBER:
            continue
        start = match.start()
        before = text[max(0, start - 24) : start]
        if _NOT_BEFORE.search(before) or _NOT_AFTER.match(text, match.end()):
            continue
        scale = match["scale"] or match["wscale"]
        unit = _unit_of(match["unit"] or match["wunit"] or "")
        value = in_words(words) if words else _digits(number)
        if value is None or (words and value < 2):
            continue
        if not words and not scale and not unit and re.fullmatch(r"(?:19|20)\d\d", number):
            continue
        factor = _factor(scale)
        qualifier = _QUALIFIER.search(before)
        found.append(
            _figure(
                printed, value * factor, unit, start, match.end(), qualifier[0].strip() if qualifier else ""
            )
        )
    return _with_shared_unit(text, found)


def _with_shared_unit(text: str, found: list[Figure]) -> list[Figure]:
    """Two bounds with one unit after the second ("de 185 000 à 380 000 euros", "50 et 90 %"): both have it."""
    for rank in range(len(found) - 2, -1, -1):
        one, other = found[rank], found[rank + 1]
        if not one.unit and other.unit in _SHARED and _BETWEEN.fullmatch(text, one.end, other.start):
            found[rank] = replace(one, unit=other.unit)
    return found


def cell(text: str, *, unit: str = "", decimals: int | None = None) -> Figure | None:
    """Figure of one cell, or None when the cell is not one number; `unit` is that of its row or column where it prints none.

    `decimals` are those that its row gives as sure, when the cell prints more.
    """
    if len(text) > LONGEST_CELL:
        return None
    said = re.sub(r"k?m\s²", lambda match: match.group().replace(" ", ""), text.strip().strip("*_").strip())
    value = french.parse_number(said)
    if value is None:
        dotted = re.fullmatch(r"(\d{1,3}(?:\.\d{3})+)(\s*€)?", said)
        if not dotted:
            return None
        value = float(dotted[1].replace(".", ""))
    shown = "%" if "%" in said else "€" if "€" in said or "euro" in said else "km²" if "km" in said else unit
    figure = _figure(said, value, shown, 0, len(said), "")
    if decimals is not None and shown == "%":
        half = 0.5 * 10.0**-decimals
        return Figure(said, value, value - half, value + half, shown, 0, len(said), 2 * half)
    return figure


def composed(text: str) -> tuple[Figure, Figure | None, Figure] | None:
    """Count, base and share of a cell such as "12 (20,0 %)" or "12/60 (20,0 %)", or None."""
    match = _COMPOSED.match(text.strip()) if len(text) <= LONGEST_CELL else None
    if not match:
        return None
    share = _figure(
        match["share"] + " %", _digits(match["share"]), "%", match.start("share"), match.end("share"), ""
    )
    base = match["base"]
    return (
        _figure(match["count"], _digits(match["count"]), "", 0, match.end("count"), ""),
        _figure(base, _digits(base), "", match.start("base"), match.end("base"), "") if base else None,
        share,
    )


def decimals(printed: str) -> int:
    """Digits after the comma of a printed number."""
    match = re.search(r",(\d+)", printed)
    return len(match[1]) if match else 0


def _figure(printed: str, value: float, unit: str, start: int, end: int, qualifier: str) -> Figure:
    measured = "%" if unit == "‰" else unit
    digits = re.search(_DIGITS, printed)
    read = f"{qualifier} {printed}" if qualifier else printed
    stated = intervals.printed(read, value, unit=measured)
    low, high = intervals.ends(stated)
    step = french.last_digit(digits.group().replace(".", ""), value) if digits else 0.0
    if low == high and unit in ("habitants",):
        low, high = value, value
    return Figure(printed, value, low, high, unit, start, end, step)


def _digits(text: str) -> float:
    return float(re.sub(r"[ \u00a0\u202f.]", "", text).replace(",", "."))


def _factor(scale: str | None) -> float:
    if not scale:
        return 1.0
    low = scale.lower()
    return 1e9 if low.startswith("milliard") else 1e6 if low.startswith("million") else 1e3


def _unit_of(text: str) -> str:
    low = text.lower().strip(". ")
    for mark, unit in (("euro", "€"), ("km", "km²"), ("kilom", "km²"), ("hab", "habitants")):
        if low.startswith(mark):
            return unit
    return low.rstrip("s") if low not in ("mois", "%", "‰", "€") else low


@lru_cache(maxsize=1)
def _reader() -> Callable[[str, str], int]:
    try:
        from text_to_num import text2num
    except ImportError:
        from helpers.rereading.documents import INSTALL

        raise DataError(
            f"Relire un document demande des bibliothèques qui manquent ici (text2num) : installez-les par « {INSTALL} »."
        ) from None
    found: Callable[[str, str], int] = text2num
    return found


@lru_cache(maxsize=4096)
def in_words(words: str) -> float | None:
    """Value of a run of number words ("vingt-deux"), or None when they are no number."""
    try:
        return float(_reader()(words.lower().strip(), "fr"))
    except ValueError:
        return None
