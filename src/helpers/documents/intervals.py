"""A printed number is the interval of its rounding, and what is computed from it carries that interval.

An `Interval` is a number (its central value) that remembers between which bounds it stands; arithmetic on it widens the bounds
as it must (Moore 1966), comparisons use the central value. A `Bounds` is known by its two ends only: nothing says where inside
the figure stands.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, SupportsFloat, SupportsIndex

from helpers import french
from helpers.errors import DataError

# Quantities that are measured, or computed by the author: even a whole number is the rounding of something finer. Everything
# else is counted or fixed by a text (people, euros of a scale, questions): a whole number is then itself.
MEASURED = {"km²", "%", "hab/km²", "pour 100", "part", "fois", "‰"}
# People are counted one by one, but a count printed with two zeros or more is rounded to them.
ROUNDED_TO_ZEROS = {
    "habitants",
    "patients",
    "médecins",
    "infirmiers",
    "professionnels",
    "places",
    "passages",
    "£",
}
# Two ways to the same number may differ in the last bits of the machine.
_NOISE = 1e-9
_AT_LEAST = re.compile(r"^\s*(?:>|≥|plus de|au moins)|\d\s*\+\s*$|ou plus", re.IGNORECASE)
_AT_MOST = re.compile(r"^\s*(?:<|≤|moins de|au plus)", re.IGNORECASE)
_ABOUT = re.compile(r"~|≈|\benviron\b|\bpresque\b|\bquasi|\bprès de\b|aine\b", re.IGNORECASE)
_SCALES = re.compile(r"million|milliard", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,3}(?:[ \u00a0\u202f.]\d{3})+(?:,\d+)?|\d+(?:,\d+)?")


class Interval(float):
    """A number known to stand between `low` and `high`, ends included."""

    __slots__ = ("high", "low")

    low: float
    high: float

    def __new__(cls, value: SupportsFloat | SupportsIndex | str, low: float, high: float) -> Interval:
        """The number `value`, with its ends."""
        number = super().__new__(cls, value)
        centre = float(number)
        noise = _NOISE * max(1.0, abs(centre))
        if not low - noise <= centre <= high + noise:
            raise DataError(f"Un intervalle de {low:g} à {high:g} ne contient pas sa valeur {centre:g}.")
        number.low, number.high = min(float(low), centre), max(float(high), centre)
        return number

    @property
    def exact(self) -> bool:
        """Whether both ends are the value itself."""
        return self.low == self.high

    def __add__(self, other: float) -> Interval:
        """Sum: ends are added."""
        low, high = ends(other)
        return Interval(float(self) + float(other), self.low + low, self.high + high)

    __radd__ = __add__

    def __neg__(self) -> Interval:
        """Opposite: ends change sides."""
        return Interval(-float(self), -self.high, -self.low)

    def __sub__(self, other: float) -> Interval:
        """Difference."""
        low, high = ends(other)
        return Interval(float(self) - float(other), self.low - high, self.high - low)

    def __rsub__(self, other: float) -> Interval:
        """Difference from a number."""
        return (-self).__add__(other)

    def __mul__(self, other: float) -> Interval:
        """Product: the ends of the four products."""
        products = [_times(mine, theirs) for mine in ends(self) for theirs in ends(other)]
        return Interval(_times(float(self), float(other)), min(products), max(products))

    __rmul__ = __mul__

    def __truediv__(self, other: float) -> Interval:
        """Quotient; raises DataError when the divisor may be zero."""
        return self * _inverse(other)

    def __rtruediv__(self, other: float) -> Interval:
        """Quotient of a number; raises DataError when this may be zero."""
        return _inverse(self) * other

    def __abs__(self) -> Interval:
        """Distance to zero."""
        if self.low >= 0:
            return self
        if self.high <= 0:
            return -self
        return Interval(abs(float(self)), 0.0, max(-self.low, self.high))

    def __repr__(self) -> str:
        """Value and ends."""
        return f"{float(self):g} [{self.low:g} ; {self.high:g}]"

    # Copies and pickles of a float subclass go through these, and would lose the ends.
    def __reduce__(self) -> tuple[Any, ...]:
        """What a copy is made from: the ends are kept."""
        return Interval, (float(self), self.low, self.high)


@dataclass(frozen=True)
class Bounds:
    """What is only known to stand between two ends (either may be infinite); `how` says in French why no more is known.

    Raises DataError when the ends are crossed.
    """

    low: float
    high: float
    how: str = ""

    def __post_init__(self) -> None:
        """Refuse ends that are crossed."""
        if not self.low <= self.high:
            raise DataError(f"Bornes croisées : {self.low:g} et {self.high:g}.")


def ends(number: float | Bounds) -> tuple[float, float]:
    """Both ends of a number, exact unless it is an Interval or Bounds."""
    if isinstance(number, (Interval, Bounds)):
        return number.low, number.high
    return float(number), float(number)


def total(numbers: Iterable[float]) -> float:
    """Sum that keeps the ends of its terms."""
    found: float = 0.0
    for number in numbers:
        found = found + number
    return found


def least(numbers: Iterable[float]) -> float:
    """Smallest of the numbers, between the smallest low end and the smallest high end."""
    several = list(numbers)
    return _held(
        min(float(item) for item in several), *(min(side) for side in zip(*map(ends, several), strict=True))
    )


def greatest(numbers: Iterable[float]) -> float:
    """Greatest of the numbers, between the greatest low end and the greatest high end."""
    several = list(numbers)
    return _held(
        max(float(item) for item in several), *(max(side) for side in zip(*map(ends, several), strict=True))
    )


def printed(text: str, value: float, *, unit: str = "", qualifier: str = "") -> float:
    """Number of a printed cell with the interval of its rounding, in the unit of `value`.

    `text` is the cell as printed: decimals, a scale ("22 millions"), a sign of approximation ("~", "environ") or of bound
    (">", "90+") say how far it may be from `value`. `qualifier` ("approx", "min", "max") says it where the cell does not. A whole
    number of a counted unit is exact; of a measured one (`MEASURED`), it is the rounding of something finer; a count of people
    printed with two zeros or more is rounded to them.
    """
    if qualifier == "min" or _AT_LEAST.search(text):
        return Interval(value, value, math.inf)
    if qualifier == "max" or _AT_MOST.search(text):
        return Interval(value, 0.0 if value >= 0 else -math.inf, value)
    step = rounding(text, value, unit=unit, about=qualifier == "approx" or bool(_ABOUT.search(text)))
    return _held(value, value - step / 2, value + step / 2)


def rounding(text: str, value: float, *, unit: str = "", about: bool = False) -> float:
    """Size of the last digit that a printed cell gives as sure, in the unit of `value`; 0 for an exact number.

    "2,89 km²" gives 0.01, "5 km²" 1, "22 millions" 1 000 000, "8 043 000" inhabitants 1 000, "83" members 0. With `about`, the
    zeros at the end are not sure: "environ 1 250" gives 10.
    """
    match = _NUMBER.search(text)
    if match is None:
        return 0.0
    shown = match.group().replace(".", "")
    decimals = len(shown.partition(",")[2])
    if decimals or unit in MEASURED or _SCALES.search(text):
        return french.last_digit(shown, value)
    digits = re.sub(r"\D", "", shown)
    zeros = len(digits) - len(digits.rstrip("0"))
    if about or (unit in ROUNDED_TO_ZEROS and zeros >= 2):
        return french.last_digit(shown, value) * 10.0**zeros
    return 0.0


def _held(value: float, low: float, high: float) -> float:
    return value if low == high else Interval(value, low, high)


def _times(left: float, right: float) -> float:
    # Zero times an end that is not known is zero, not an undefined number.
    return 0.0 if left == 0 or right == 0 else left * right


def _inverse(number: float) -> Interval:
    low, high = ends(number)
    if float(number) == 0 or low < 0 < high:
        raise DataError(f"Division par un nombre qui peut être nul : de {low:g} à {high:g}.")
    inverse = sorted((_over(low, high), _over(high, low)))
    return Interval(1 / float(number), inverse[0], inverse[1])


def _over(end: float, other: float) -> float:
    if end == 0:
        return math.copysign(math.inf, other)
    return 0.0 if math.isinf(end) else 1 / end
