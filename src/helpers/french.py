"""Numbers, dates, percentages, agreement and lists as French wants them (CLDR through babel), and the reverse: reading.

Choices made once, here: thousands are parted by U+202F, the minus sign is U+2212 (exports keep plain numbers, with their
hyphen), U+202F stands before ; ! ? and U+00A0 before : % » and after «. The locale of the machine is never asked.
"""

from __future__ import annotations

import datetime as dt
import decimal
import math
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from babel import Locale
from babel.dates import format_date
from babel.numbers import NumberPattern, parse_pattern

MISSING = "donnée manquante"
NBSP = "\u00a0"
NARROW = "\u202f"
MINUS = "\u2212"
TRUNCATED = "[…]"

_LOCALE = Locale("fr")
# Digits enough for any float: by default, a number of thirty digits is an error.
_ROUNDING = decimal.Context(prec=400, rounding=decimal.ROUND_HALF_UP)
_UNIT = (
    r"%|€|euros?|M€|k€|km²|km2|hab(?:itants?)?(?:[ \u00a0]?/[ \u00a0]?km[²2])?"
    r"|ans?|jours?|mois|h|heures?|min(?:utes?)?|pages?"
)
_NUMBER = r"[-−]?\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:,\d+)?|[-−]?\d+(?:,\d+)?"
_WHOLE = re.compile(rf"[~≈<>=≥≤\s]*(?:à\s+)?(?P<number>{_NUMBER})\s*\+?\s*(?:{_UNIT})?", re.IGNORECASE)
# The hyphen of a range ("37-63") is no minus sign.
_FIRST = re.compile(rf"(?<![\d])(?:{_NUMBER})|(?<=\d-)\d+(?:[ \u00a0\u202f]\d{{3}})*(?:,\d+)?")


def _to_float(text: str) -> float:
    return float(re.sub(r"[ \u00a0\u202f]", "", text).replace("−", "-").replace(",", "."))


def parse_number(printed: str) -> float | None:
    """Number printed by a French document, or None when the cell is not one number.

    Takes the string as printed: thousands may be spaced, the decimal mark is a comma, one sign of approximation or bound
    before and one unit after are dropped ("> 42 000", "90+", "3,10%"). A decimal point is not French: it gives None.
    """
    match = _WHOLE.fullmatch(printed.strip())
    return None if match is None else _to_float(match["number"])


def first_number(printed: str) -> float | None:
    """First number of a text ("22 millions" gives 22), or None."""
    match = _FIRST.search(printed)
    return None if match is None else _to_float(match.group())


def numbers(printed: str) -> list[float]:
    """Every number of a text, in order ("entre 40 000 et 80 000" gives 40000 and 80000)."""
    return [_to_float(match.group()) for match in _FIRST.finditer(printed)]


def last_digit(printed: str, value: float) -> float:
    """Size of one unit of the last digit printed, in the unit of `value`.

    "31 270,6" gives 0.1; "22 millions" with the value 22 000 000 gives 1 000 000; a text without a number gives 0, so that
    only equality reproduces it.
    """
    match = _FIRST.search(printed)
    if match is None:
        return 0.0
    token = match.group()
    shown = _to_float(token)
    scale = abs(value / shown) if shown else 1.0
    decimals = len(token.partition(",")[2])
    return float(10.0**-decimals * scale)


def number(value: float | int | None, decimals: int | None = None) -> str:
    """French writing of a number: decimal comma, narrow no-break space between thousands, U+2212 as minus sign.

    `decimals` fixes the digits after the comma; without it, at most four are kept and useless zeros go. A half goes away from
    zero, as in the documents and in spreadsheets: 56.25 gives "56,3". A missing value is said in words, an infinite one is "∞".
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return MISSING
    if isinstance(value, float) and math.isinf(value):
        return "∞" if value > 0 else MINUS + "∞"
    with decimal.localcontext(_ROUNDING):
        text: str = _pattern(decimals).apply(value, _LOCALE)
    # A gap that rounds to zero has no sign.
    unsigned = text.removeprefix("-")
    text = unsigned if not unsigned.strip("0,") else text.replace("-", MINUS)
    return text.replace(NBSP, NARROW)


def rounded(value: float, decimals: int = 0) -> float:
    """The number that `number` writes with so many decimals: a half goes away from zero, what is missing stays so."""
    if not math.isfinite(value):
        return float(value)
    step = decimal.Decimal(1).scaleb(-decimals)
    return float(decimal.Decimal(str(float(value))).quantize(step, context=_ROUNDING))


@lru_cache(maxsize=16)
def _pattern(decimals: int | None) -> NumberPattern:
    return parse_pattern(
        "#,##0.####" if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")
    )


def signed(value: float | None, decimals: int | None = None) -> str:
    """French writing of a difference: "+3", "−3", and "0" without a sign."""
    text = number(value, decimals)
    return text if text == MISSING or text.startswith(MINUS) or not text.strip("0,") else f"+{text}"


def percent(value: float | None, decimals: int = 1) -> str:
    """French writing of a percentage already in points: 17.3 gives "17,3 %"."""
    text = number(value, decimals)
    return text if text == MISSING else f"{text}{NBSP}%"


def interval(lower: float, upper: float, *, confidence: float = 0.95, decimals: int = 1) -> str:
    """French writing of a confidence interval: "IC 95 % [12,1 ; 18,9]"."""
    level = number(100 * confidence)
    return f"IC{NBSP}{level}{NBSP}% [{number(lower, decimals)}{NARROW}; {number(upper, decimals)}]"


def count_and_share(count: float, share: float | None, decimals: int = 1) -> str:
    """Count with its share in percent: "12 (75,0 %)"; without a share (no base) the count alone."""
    if share is None or math.isnan(share):
        return number(count)
    return f"{number(count)}{NBSP}({percent(share, decimals)})"


def median_and_quartiles(median: float, first: float, third: float, decimals: int = 1) -> str:
    """Median with its quartiles: "34 [20–50]"; missing when the median is."""
    text = number(median, decimals)
    if text == MISSING:
        return text
    return f"{text}{NBSP}[{number(first, decimals)}–{number(third, decimals)}]"


_DATE_PATTERNS = {"month": "LLLL y", "short_month": "LLL y", "short_day": "d MMM"}


def date(day: dt.date, precision: str = "day") -> str:
    """French writing of a date: "1er mars 2024", "mars 2024" or "2024" according to `precision` (day, month, year).

    For the ticks of an axis, `short_month` gives "janv. 2024" and `short_day` "1er mars", "12 févr.".
    """
    if precision == "year":
        return str(day.year)
    if precision == "day":
        return f"{_rank(day)}{NBSP}{format_date(day, 'MMMM y', locale='fr')}"
    if precision == "short_day":
        return f"{_rank(day)}{NBSP}{format_date(day, 'MMM', locale='fr')}"
    text: str = format_date(day, _DATE_PATTERNS[precision], locale="fr")
    return text


def _rank(day: dt.date) -> str:
    return "1er" if day.day == 1 else str(day.day)


def ordinal(rank: int, *, feminine: bool = False) -> str:
    """Rank in French: "1er" or "1re", then "2e", "3e"."""
    return ("1re" if feminine else "1er") if rank == 1 else f"{number(rank)}e"


def unaccented(text: str) -> str:
    """Text without accents, ligatures or typographic apostrophes; capitals stay."""
    if text.isascii():
        return text
    parts = unicodedata.normalize("NFKD", text.translate(_SPELLED_OUT))
    # A text has few characters, however long it is.
    return parts.translate({ord(part): None for part in set(parts) if unicodedata.combining(part)})


def plain(text: str) -> str:
    """Text without accents or capitals, and with straight apostrophes: what two writings of a word have in common."""
    return unaccented(text).casefold()


def listing(items: Iterable[object], last: str = "et") -> str:
    """Items as a French list: "A", "A et B", "A, B et C"; `last` joins the last two ("et", "ou")."""
    texts = [str(item) for item in items]
    if len(texts) < 2:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} {last} {texts[-1]}"


# U+202F before ; ! ? and U+00A0 before : % » wherever a plain space stands; thousands printed with a plain space; "l. 961".
_BEFORE_HIGH = re.compile(r"[ \u00a0]([;!?])")
_BEFORE_COLON = re.compile(r" ([:%»€])")
_LINE = re.compile(r"\b(l\.) (?=\d)")
_THOUSANDS = re.compile(r"(?<![\d,.\u202f-])\d{1,3}(?: \d{3})+(?![\d])")


def typography(text: str) -> str:
    """Text with the no-break spaces of French: U+202F before ; ! ? and in thousands, U+00A0 before : % » €, after « and "l.".

    Only a space that is already there becomes a no-break one: nothing is added to an address or to a formula.
    """
    if " " not in text and NBSP not in text:
        return text
    text = _BEFORE_HIGH.sub(NARROW + r"\1", text)
    text = _BEFORE_COLON.sub(NBSP + r"\1", text)
    text = _LINE.sub(r"\1" + NBSP, text)
    text = _THOUSANDS.sub(lambda match: match.group().replace(" ", NARROW), text)
    return text.replace("« ", "«" + NBSP)


def plural(count: float, singular: str, plural_form: str | None = None) -> str:
    """Count and noun agreed as in French, where the plural begins at 2: "1 écart", "2 écarts", "2 chiffres publiés"."""
    noun = singular if abs(count) < 2 else (plural_form or pluralised(singular))
    return f"{number(count)}{NBSP}{noun}"


# What compatibility forms leave as it is: ligatures, and the apostrophe of typesetters.
_SPELLED_OUT = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "’": "'"})
_LINKS = {
    "de",
    "du",
    "des",
    "à",
    "au",
    "aux",
    "en",
    "par",
    "pour",
    "sur",
    "sous",
    "sans",
    "avec",
    "dans",
    "hors",
}
_PLURALS = {"œil": "yeux", "ciel": "cieux", "aïeul": "aïeux"}
_X_AFTER_OU = {"bijou", "caillou", "chou", "genou", "hibou", "joujou", "pou"}
_S_AFTER_EAU = {"bleu", "pneu", "landau", "sarrau", "émeu"}
# Signs of units of measure: no sign takes a mark of the plural.
_SIGNS = {"km", "m", "cm", "mm", "kg", "g", "mg", "ml", "ha", "h", "min", "k"}
_S_AFTER_AL = {
    "bal",
    "bancal",
    "carnaval",
    "chacal",
    "fatal",
    "festival",
    "final",
    "glacial",
    "natal",
    "naval",
    "récital",
}
_AUX_AFTER_AIL = {"bail", "corail", "émail", "soupirail", "travail", "vantail", "vitrail"}


def pluralised(words: str) -> str:
    """Plural of a noun and of the adjectives that follow it: "réseau local" gives "réseaux locaux".

    What follows a preposition keeps its number ("chef de projet" gives "chefs de projet"); an acronym does not change.
    """
    agreed = words.split(" ")
    for position, word in enumerate(agreed):
        if word.lower() in _LINKS or re.match(r"(?i)d['’]", word):
            break
        agreed[position] = _plural_of(word)
    return " ".join(agreed)


def _plural_of(word: str) -> str:
    low = word.lower()
    if low in _PLURALS:
        return _PLURALS[low]
    if (
        not word
        or low in _SIGNS
        or word[-1] in "sxz"
        or not word[-1].isalpha()
        or (len(word) > 1 and word.isupper())
    ):
        return word
    if low in _AUX_AFTER_AIL:
        return word[:-3] + "aux"
    if low.endswith("al") and low not in _S_AFTER_AL:
        return word[:-2] + "aux"
    takes_x = low.endswith(("au", "eu")) and low not in _S_AFTER_EAU
    return word + ("x" if takes_x or low in _X_AFTER_OU else "s")


def first_lower(words: str) -> str:
    """The words with a small first letter, unless they begin with an acronym ("ROR contesté", "DAC")."""
    first = words.split(" ")[0]
    return words if len(first) > 1 and first[1:].isupper() else words[:1].lower() + words[1:]


_NEVER_SINGULAR = {
    "fois",
    "mois",
    "pays",
    "avis",
    "cours",
    "temps",
    "poids",
    "parcours",
    "repas",
    "corps",
    "accès",
}


def agreed(said: str, unit: str) -> str:
    """A quantity in words and its unit, agreed with the last number that it says: "7 heures", "1 binôme", "de 1 à 2 jours".

    The unit may come in either number; an acronym, a sign or an invariable word does not change. A year has no unit, and per
    cent is held to its number.
    """
    if unit in ("année", "date") or not unit:
        return said
    found = numbers(said)
    if found:
        unit = pluralised(unit) if abs(found[-1]) >= 2 else _singular(unit)
    return f"{said}{NBSP if unit.startswith('%') else ' '}{unit}"


def _singular(words: str) -> str:
    agreed_words = words.split(" ")
    for position, word in enumerate(agreed_words):
        if word.lower() in _LINKS or re.match(r"(?i)d['’]", word):
            break
        if word.endswith("s") and word.islower() and word not in _NEVER_SINGULAR:
            agreed_words[position] = word[:-1]
    return " ".join(agreed_words)


def cell(value: object, decimals: int | None = None) -> str:
    """One value in French: numbers with a decimal comma, booleans as oui/non, dates in words, missing said in words."""
    if isinstance(value, str):
        return value
    # The missing values of pandas are told by their name: this module stands under the tables and knows no table.
    if value is None or repr(value) in ("<NA>", "NaT") or (isinstance(value, float) and value != value):
        return MISSING
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, dt.datetime):
        return date(value.date())
    if hasattr(value, "item"):
        return cell(value.item(), decimals)
    if isinstance(value, int):
        return number(value)
    if isinstance(value, float):
        return number(value, decimals)
    return str(value)
