"""Numbers, dates and percentages as French typography wants them (CLDR through babel), and the reverse: reading them."""

from __future__ import annotations

import datetime as dt
import math
import re

from babel.dates import format_date
from babel.numbers import format_decimal

MISSING = "donnée manquante"
NBSP = "\u00a0"
NARROW = "\u202f"

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
    """French writing of a number: decimal comma, narrow no-break space between thousands.

    `decimals` fixes the digits after the comma; without it, at most four are kept and useless zeros go. A missing value is
    said in words.
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return MISSING
    pattern = "#,##0.####" if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")
    text: str = format_decimal(value, format=pattern, locale="fr")
    # A gap that rounds to zero has no sign.
    unsigned = text.removeprefix("-")
    return (unsigned if not unsigned.strip("0,") else text).replace(NBSP, NARROW)


def percent(value: float | None, decimals: int = 1) -> str:
    """French writing of a percentage already in points: 17.3 gives "17,3 %"."""
    text = number(value, decimals)
    return text if text == MISSING else f"{text}{NBSP}%"


def interval(lower: float, upper: float, *, confidence: float = 0.95, decimals: int = 1) -> str:
    """French writing of a confidence interval: "IC 95 % [12,1 ; 18,9]"."""
    level = number(100 * confidence)
    return f"IC{NBSP}{level}{NBSP}% [{number(lower, decimals)}{NBSP}; {number(upper, decimals)}]"


def date(day: dt.date, precision: str = "day") -> str:
    """French writing of a date: "1er mars 2024", "mars 2024" or "2024" according to `precision` (day, month, year)."""
    if precision == "year":
        return str(day.year)
    month_year: str = format_date(day, "LLLL y", locale="fr")
    if precision == "month":
        return month_year
    rank = "1er" if day.day == 1 else str(day.day)
    return f"{rank}{NBSP}{format_date(day, 'MMMM y', locale='fr')}"


def typography(text: str) -> str:
    """Text with the no-break spaces of French: U+202F before ; ! ? and U+00A0 before : % » and after «.

    Only a space that is already there becomes a no-break one: nothing is added to an address or to a formula.
    """
    text = re.sub(r" ([;!?])", NARROW + r"\1", text)
    text = re.sub(r" ([:%»])", NBSP + r"\1", text)
    return text.replace("« ", "«" + NBSP)


def plural(count: float, singular: str, plural_form: str | None = None) -> str:
    """Count and noun agreed as in French, where the plural begins at 2: "1 écart", "2 écarts"."""
    noun = singular if abs(count) < 2 else (plural_form or singular + "s")
    return f"{number(count)}{NBSP}{noun}"
