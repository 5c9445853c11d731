"""The verdict on one published figure: do the interval that it prints and the interval that arithmetic gives meet?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from helpers import french
from helpers.documents import intervals
from helpers.documents.intervals import Bounds
from helpers.errors import DataError

# Kind of output that tells the pipeline which figures a cell checked, and how each compares.
MIME = "application/vnd.observatoire.claims+json"
REPRODUCED, ROUNDED, COMPATIBLE = "reproduit", "arrondi", "compatible"
GAP, INCOMPATIBLE, NOT_REPRODUCIBLE = "écart", "incompatible", "non reproductible"
VERDICTS = (REPRODUCED, ROUNDED, COMPATIBLE, GAP, INCOMPATIBLE, NOT_REPRODUCIBLE)
# Verdicts that say a difference: each has a severity, an origin and a cause.
DIFFERENT = (GAP, INCOMPATIBLE)
# Floating-point sums of printed decimals (0.1 + 0.2) must not turn an equality into a difference.
_NOISE = 1e-9


@dataclass(frozen=True)
class NotReproducible:
    """A claim whose inputs no document publishes, with the reason (in French) shown to the reader."""

    reason: str


@dataclass(frozen=True)
class Possible(Bounds):
    """What some whole count, or some set of printed figures, can give, though nothing says that it is the one: never more than
    compatible (test GRIM and its like)."""


# A figure recomputed on another base than its first is keyed `claim_id@base`.
Recomputed = Mapping[str, float | Bounds | NotReproducible]


@dataclass(frozen=True)
class Printed:
    """What a document prints: the ends that its writing allows, whether they are reached, and one unit of its last digit."""

    low: float
    high: float
    step: float = 0.0
    open_low: bool = False
    open_high: bool = False

    def meets(self, low: float, high: float, noise: float) -> bool:
        """Whether some number from `low` to `high` is one that the document prints."""
        above = high > self.low + noise if self.open_low else high >= self.low - noise
        below = low < self.high - noise if self.open_high else low <= self.high + noise
        return above and below

    def holds(self, low: float, high: float, noise: float) -> bool:
        """Whether every number from `low` to `high` is one that the document prints."""
        return self.meets(low, low, noise) and self.meets(high, high, noise)


def printed_interval(
    printed: str, value: float, *, relation: str = "=", tolerance: float | None = None, unit: str = ""
) -> Printed:
    """Interval of a printed figure.

    `=` is the rounding of its last sure digit, or the value alone with `tolerance` 0 (counts); `≈` is within the relative
    `tolerance`; `<`, `>`, `≤`, `≥` are half-lines. Raises DataError for another relation, or for `≈` without a tolerance.
    """
    if relation == "=":
        if tolerance == 0:
            return Printed(value, value)
        step = max(intervals.rounding(printed, value, unit=unit), french.last_digit(printed, value))
        return Printed(value - step / 2, value + step / 2, step)
    if relation == "≈":
        if tolerance is None or math.isnan(tolerance):
            raise DataError(
                f"La relation ≈ de « {printed} » demande une tolérance relative (colonne tolerance)."
            )
        return Printed(value - tolerance * abs(value), value + tolerance * abs(value))
    lines = {
        "<": Printed(-math.inf, value, open_high=True),
        ">": Printed(value, math.inf, open_low=True),
        "≤": Printed(-math.inf, value),
        "≥": Printed(value, math.inf),
    }
    if relation not in lines:
        raise DataError(f"Relation inconnue « {relation} » : employez =, ≈, <, >, ≤ ou ≥.")
    return lines[relation]


def verdict(
    printed: str,
    value: float,
    computed: float | Bounds,
    *,
    relation: str = "=",
    tolerance: float | None = None,
    unit: str = "",
) -> str:
    """Verdict on one figure, from the interval that it prints (`printed_interval`) and the one that is recomputed.

    "reproduit" when they meet, "arrondi" when they miss each other by at most half a unit of the last printed digit, "écart"
    when they are apart. When only Bounds are known: "reproduit" if every number between them is printed, "compatible" if
    some is, "incompatible" if none. Raises DataError when nothing was computed (not a number).
    """
    low, high = intervals.ends(computed)
    if math.isnan(low) or math.isnan(high):
        raise DataError(f"Le recalcul de « {printed} » n'a donné aucun nombre.")
    stated = printed_interval(printed, value, relation=relation, tolerance=tolerance, unit=unit)
    noise = _NOISE * max(1.0, abs(value))
    if isinstance(computed, Bounds):
        if not isinstance(computed, Possible) and stated.holds(low, high, noise):
            return REPRODUCED
        return COMPATIBLE if stated.meets(low, high, noise) else INCOMPATIBLE
    if stated.meets(low, high, noise):
        return REPRODUCED
    near = Printed(stated.low - stated.step / 2, stated.high + stated.step / 2)
    return ROUNDED if stated.step and near.meets(low, high, noise) else GAP
