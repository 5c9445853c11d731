"""Whether a printed percentage or mean can come from a whole number of things (GRIM; Brown and Heathers 2017)."""

from __future__ import annotations

import math
from dataclasses import dataclass

from helpers import french
from helpers.errors import NotComputable

# N. J. L. Brown, J. A. J. Heathers, "The GRIM Test", Social Psychological and Personality Science 8(4), 2017: a mean of whole
# numbers over n units moves by steps of 1/n, so that some printed means cannot be.


@dataclass(frozen=True)
class Possible:
    """Counts that print as a given figure: the nearest figure that a whole count can give, and the first and last such counts.

    `first` and `last` are None when no whole count prints so.
    """

    nearest: float
    first: int | None
    last: int | None

    @property
    def possible(self) -> bool:
        """Whether a whole count prints as the figure."""
        return self.first is not None


def possible_count(printed: str, value: float, n: int, *, per: float = 100.0) -> Possible:
    """Whole counts among `n` whose share, in units of `per`, prints as `printed` (its value being `value`).

    With `per` 100 the figure is a percentage; with 1, a mean of whole numbers over `n` units (the count is then their total and
    may exceed `n`). Half a unit of the last printed digit is the interval of the rounding. Raises NotComputable when `n` is not
    positive.
    """
    if n <= 0:
        raise NotComputable(f"Le test GRIM demande un effectif positif (reçu : {n}).")
    half = french.last_digit(printed, value) / 2
    noise = 1e-9 * max(1.0, abs(value))
    first = math.ceil((value - half - noise) * n / per)
    last = math.floor((value + half + noise) * n / per)
    nearest = per * round(value * n / per) / n
    return Possible(nearest, first, last) if first <= last else Possible(nearest, None, None)
