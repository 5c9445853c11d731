"""One engine for every relation between figures: what they give, whether the printed figure agrees, whether chance could.

Every figure carries the interval of its rounding (Moore 1966); two passages agree when the intervals meet. A relation that no
word of the document announces is kept only if, among all the relations tried, the chance of one accidental agreement as good is
under 5 %.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from helpers import french
from helpers.documents import intervals
from helpers.documents.relations import RELATIONS
from helpers.documents.verdicts import GAP, REPRODUCED, ROUNDED, Printed
from helpers.errors import DataError
from helpers.rereading.numbers import Figure

CHANCE = 0.05
_NOISE = 1e-9


def computed(equation: str, terms: Sequence[Figure]) -> float | None:
    """What a relation gives, with its interval; None when it is not defined (a divisor that may be zero, no term)."""
    try:
        found = RELATIONS[equation]([term.interval for term in terms])
    except (DataError, ZeroDivisionError, IndexError):
        return None
    return None if math.isnan(found) or math.isinf(found) else found


def agreement(stated: Figure, found: float) -> str:
    """Verdict on a printed figure: "reproduit" when the intervals meet, "arrondi" within half a unit more, else "écart"."""
    low, high = intervals.ends(found)
    # A mean or a share printed as a whole number is the rounding of something finer.
    half = stated.step / 2 if stated.low == stated.high and found != int(found) else 0.0
    printed = Printed(stated.low - half, stated.high + half, stated.step)
    noise = _NOISE * max(1.0, abs(stated.value))
    if printed.meets(low, high, noise):
        return REPRODUCED
    if math.isinf(printed.low) or math.isinf(printed.high):
        return GAP
    near = Printed(printed.low - stated.step / 2, printed.high + stated.step / 2)
    counted = stated.low == stated.high and low == high and found == int(found)
    return ROUNDED if stated.step and not counted and near.meets(low, high, noise) else GAP


def printed_again(stated: Figure, other: Figure) -> str:
    """Verdict on a figure printed twice: to the same digit they are equal or not; else the intervals of their roundings meet."""
    if stated.step == other.step and stated.low <= stated.value <= stated.high < math.inf:
        return REPRODUCED if math.isclose(stated.value, other.value) else GAP
    return agreement(stated, other.interval)


def whole(parts: Sequence[Figure]) -> bool:
    """Whether percentages make 100, as near as their roundings let them: the worst of them, or three standard deviations.

    A rounding is uniform: its variance is the square of its step over 12.
    """
    worst = sum(part.high - part.low for part in parts) / 2
    likely = 3 * math.sqrt(sum((part.high - part.low) ** 2 for part in parts) / 12)
    return abs(math.fsum(part.value for part in parts) - 100) <= min(worst, likely) + _NOISE * 100


def accidental(matches: int, columns: int, likelihood: float, tried: int) -> float:
    """Chance that, of `tried` relations, one agrees by accident in at least `matches` of `columns` columns.

    `likelihood` is that of one accidental agreement (width of the interval over the spread of the figures).
    """
    p = min(1.0, max(likelihood, 1e-9))
    tail = sum(math.comb(columns, k) * p**k * (1 - p) ** (columns - k) for k in range(matches, columns + 1))
    return min(1.0, tail * tried)


def granularity(values: Sequence[float]) -> float:
    """Largest step that all the values are multiples of (2 500 for amounts of a scale); the coarser, the easier the accident."""
    wholes = [round(abs(value)) for value in values if value and value == round(value)]
    return (
        float(math.gcd(*wholes))
        if len(wholes) == len([value for value in values if value]) and wholes
        else 0.0
    )


def said(value: float) -> str:
    """A computed number as a reading says it: whole, or with two digits at most."""
    number = float(value)
    return french.number(
        number, 0 if abs(number) >= 1000 or number == int(number) else 2 if abs(number) < 10 else 1
    )


def in_words(equation: str, terms: Sequence[Figure], found: float) -> str:
    """The reading of a computation: "35 sur 60 = 58,3 %"."""
    shown = [term.printed for term in terms]
    result = said(found)
    if equation == "total":
        listed = (
            " + ".join(shown) if len(shown) <= 8 else f"{shown[0]} + … + {shown[-1]} ({len(shown)} termes)"
        )
        return f"{listed} = {result}"
    forms = {
        "difference": f"{shown[0]} − {shown[-1]} = {result}",
        "product": f"{shown[0]} × {shown[-1]} = {result}",
        "quotient": f"{shown[0]} / {shown[-1]} = {result}",
        "share": f"{shown[0]} sur {shown[-1]} = {result} %",
        "permille": f"{shown[0]} sur {shown[-1]} = {result} ‰",
        "per_10_000": f"{shown[0]} sur {shown[-1]} = {result} pour 10 000",
        "per_100_000": f"{shown[0]} sur {shown[-1]} = {result} pour 100 000",
        "change": f"de {shown[0]} à {shown[-1]} : {result} %",
        "mean": f"moyenne de {', '.join(shown[:8])} = {result}",
        "complement": f"100 − ({' + '.join(shown[:8])}) = {result}",
        "same": f"{shown[0]} dans l'autre passage",
    }
    return forms[equation]
