"""Did it work? Those concerned against others who were not, before and after: the only test of an action that data allow.

A comparison supposes that both would have moved alike without the action. That is checked on what came before, never proved;
where what came before already differs, or is unknown, the comparison says so and concludes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from helpers import french
from helpers.errors import NotComputable
from helpers.methods import results
from helpers.methods.contrast import KINDS, difference
from helpers.methods.results import Floats, Rows

EFFECT, NO_EFFECT, DIFFERENT_BEFORE, UNKNOWN_BEFORE = (
    "écart au témoin", "pas d'écart au témoin", "évolutions d'avant différentes", "évolution d'avant inconnue",
)  # fmt: skip
# No comparison was made: too few people.
REFUSED = "non calculable"
FEWEST = 5
FEWEST_PEOPLE = 20
Pair = tuple[float, float]


def difference_in_differences(
    kind: str,
    concerned: tuple[Pair, Pair],
    others: tuple[Pair, Pair],
    *,
    before: tuple[Pair, Pair] | None = None,
    per: float | None = None,
    confidence: float = 0.95,
    indicator: str = "",
    territory: str = "",
) -> pd.DataFrame:
    """How much more those concerned moved than the others, two periods each, of one proportion or rate.

    Takes `kind` "proportion" or "rate" and, on each side, the (numerator, denominator) before and after the action; `before`:
    an earlier (numerator, denominator) of the concerned and of the others, which checks that both moved alike until then.
    Value and limits in points per `per`; limits by the construction of Zou and Donner (2008) on the two differences. Returns
    one row of long results; `before_value`, `before_lower`, `before_upper` (the same difference until the action) and
    `verdict`: EFFECT only when the interval leaves zero out and the earlier one does not. Raises as `contrast.difference` does,
    and NotComputable for a proportion of fewer than FEWEST_PEOPLE on a side: with 5 the limits leave zero out in 13 % of the
    series where nothing happens, with 20 in 6 % (bench_false_alarms).
    """
    smallest = min(float(denominator) for _, denominator in (*concerned, *others, *(before or ())))
    if kind == "proportion" and smallest < FEWEST_PEOPLE:
        raise NotComputable(
            f"Une différence de deux différences de parts demande un dénominateur d'au moins {FEWEST_PEOPLE} à chaque période et "
            f"de chaque côté : le plus petit est {french.number(smallest)}."
        )
    level = float(results.levels_of(confidence)[0])
    value, lower, upper = _gap(kind, concerned, others, per, level)
    earlier: tuple[float, float, float] = (float("nan"),) * 3
    if before is not None:
        earlier = _gap(kind, (before[0], concerned[0]), (before[1], others[0]), per, level)
    if before is None:
        verdict = UNKNOWN_BEFORE
    elif earlier[1] > 0 or earlier[2] < 0:
        verdict = DIFFERENT_BEFORE
    else:
        verdict = EFFECT if lower > 0 or upper < 0 else NO_EFFECT
    base = KINDS[kind] if per is None else per
    return results.long(
        indicator=indicator, territory=territory, statistic="différence de différences", value=value, lower=lower, upper=upper,
        numerator=float(concerned[1][0]), denominator=float(concerned[1][1]), confidence=level,
        method="Zou et Donner (2008)", unit="points" if base == 100 else results.unit_of(base), before_value=earlier[0],
        before_lower=earlier[1], before_upper=earlier[2], verdict=verdict,
    )  # fmt: skip


def _gap(
    kind: str, concerned: Sequence[Pair], others: Sequence[Pair], per: float | None, level: float
) -> tuple[float, float, float]:
    """Difference of two differences, and its limits."""
    moved, reference = (
        difference(kind, side[0], side[1], polarity="sans jugement", per=per, confidence=level).iloc[0]
        for side in (concerned, others)
    )
    value = float(moved["value"] - reference["value"])
    lower = value - np.hypot(moved["value"] - moved["lower"], reference["upper"] - reference["value"])
    upper = value + np.hypot(moved["upper"] - moved["value"], reference["value"] - reference["lower"])
    return value, float(lower), float(upper)


def event_study(
    panel: pd.DataFrame,
    *,
    confidence: float = 0.95,
    indicator: str = "",
    unit: str = "",
) -> pd.DataFrame:
    """Effect by time since the start, where starts are staggered (Callaway and Sant'Anna 2021, not-yet-treated as control).

    Takes one row per `territory` and `period` (whole numbers), with `value` and `start` (first period with the action; missing:
    never). Each group of one start is compared, from the period before it, with territories that have not started at either
    date; groups are averaged by their number of territories. Returns one row per `elapsed` (0: the first period with the
    action; negative ones are the check), `territories`, `controls`, `p_value`, intervals by Student on the fewer side less one,
    units as the sample. `verdict` is the same on every row: DIFFERENT_BEFORE when an earlier period differs at 5 % shared
    between the checks (Bonferroni), UNKNOWN_BEFORE when there is none to check, else EFFECT or NO_EFFECT for the mean of the
    periods with the action, on the row where `elapsed` is missing. Raises NotComputable for fewer than five territories with or
    without the action, a missing cell, a territory with two starts, or nobody to compare.
    """
    values, starts = _panel(panel, indicator)
    periods = values.columns.to_numpy(dtype=float)
    array = values.to_numpy(dtype=float)
    start = starts.to_numpy(dtype=float)
    treated = np.isfinite(start)
    for number, whom in ((int(treated.sum()), "avec"), (int((~treated).sum()), "sans")):
        if number < FEWEST:
            raise NotComputable(
                f"{indicator + ' : ' if indicator else ''}{french.plural(number, 'territoire')} {whom} l'action, "
                f"il en faut au moins {FEWEST}."
            )
    gaps = sorted(
        {
            round(period - first)
            for first in np.unique(start[treated])
            for period in periods
            if first - 1 in periods and period != first - 1
        }
    )
    if not gaps:
        raise NotComputable("Aucune période juste avant le début de l'action : rien à comparer.")
    found: list[tuple[int | None, float, Floats, int, int]] = []
    for elapsed in gaps:
        effect, influence, sizes = _at(elapsed, array, start, periods)
        if sizes is None:
            continue
        found.append((elapsed, effect, influence, *sizes))
    during = [item for item in found if item[0] is not None and item[0] >= 0]
    if not during:
        raise NotComputable("Aucune période après le début de l'action n'a de témoin : rien à comparer.")
    mean = float(np.mean([item[1] for item in during]))
    overall = np.mean([item[2] for item in during], axis=0)
    found.append((None, mean, overall, min(item[3] for item in during), min(item[4] for item in during)))
    level = float(results.levels_of(confidence)[0])
    rows = []
    for after, effect, influence, size, controls in found:
        error = float(np.sqrt((influence**2).sum()))
        freedom = min(size, controls) - 1
        half = float(stats.t.ppf(0.5 + level / 2, freedom)) * error
        rows.append(
            {
                "elapsed": after, "value": effect, "lower": effect - half, "upper": effect + half, "territories": size,
                "controls": controls,
                "p_value": 2 * stats.t.sf(abs(effect) / error, freedom) if error > 0 else float(effect == 0),
            }
        )  # fmt: skip
    table = pd.DataFrame(rows)
    checks = table[table["elapsed"] < 0]
    last = table[table["elapsed"].isna()].iloc[0]
    if checks.empty:
        verdict = UNKNOWN_BEFORE
    elif (checks["p_value"] < 0.05 / len(checks)).any():
        verdict = DIFFERENT_BEFORE
    else:
        verdict = EFFECT if last["p_value"] < 1 - level else NO_EFFECT
    return results.long(
        indicator=indicator, statistic="effet selon le temps écoulé", method="Callaway et Sant'Anna (2021), Student", unit=unit,
        confidence=level, verdict=verdict, **{name: table[name] for name in table},
    ).astype({"elapsed": "Int64"})  # fmt: skip


def _panel(panel: pd.DataFrame, indicator: str) -> tuple[pd.DataFrame, pd.Series[float]]:
    """Values, territories × periods, and the start of each territory."""
    rows = Rows(indicator=indicator)
    if panel.duplicated(["territory", "period"]).any():
        rows.fail("un territoire a deux valeurs à une même période.")
    values = panel.pivot(index="territory", columns="period", values="value").astype(float)
    if values.isna().to_numpy().any():
        place = values.index[values.isna().any(axis=1)][0]
        rows.fail(
            f"le territoire « {place} » n'a pas de valeur à chaque période ; complétez-la ou retirez-le."
        )
    by_place = panel.groupby("territory")["start"]
    if (by_place.nunique(dropna=False) > 1).any():
        rows.fail("un territoire a deux débuts différents.")
    return values, by_place.first().reindex(values.index).astype(float)


def _at(
    elapsed: int, array: Floats, start: Floats, periods: Floats
) -> tuple[float, Floats, tuple[int, int] | None]:
    """Mean effect so long after the start, the share of each territory in its error, and how many were compared."""
    parts = []
    for first in np.unique(start[np.isfinite(start)]):
        if first + elapsed not in periods or first - 1 not in periods:
            continue
        moved = array[:, periods == first + elapsed][:, 0] - array[:, periods == first - 1][:, 0]
        mine = start == first
        free = ~(start <= max(first + elapsed, first - 1))  # not yet started at either date, never included
        free &= ~mine
        if mine.sum() < 1 or free.sum() < 2:
            continue
        parts.append((moved, mine, free))
    size = sum(int(mine.sum()) for _, mine, _ in parts)
    if size < 2:
        return float("nan"), np.zeros(len(array)), None
    effect, influence = 0.0, np.zeros(len(array))
    for moved, mine, free in parts:
        weight = mine.sum() / size
        effect += weight * float(moved[mine].mean() - moved[free].mean())
        for side, sign in ((mine, 1.0), (free, -1.0)):
            number = int(side.sum())
            # n / (n - 1), so that with one start the error is that of Welch (1947); alone, a territory has no spread.
            scale = np.sqrt(number / (number - 1)) if number > 1 else 1.0
            influence[side] += sign * weight * scale * (moved[side] - moved[side].mean()) / number
    return effect, influence, (size, min(int(free.sum()) for _, _, free in parts))


def expected_false_alarms(comparisons: int, *, risk: float = 0.05) -> float:
    """How many of so many independent comparisons would call where nothing is, on average.

    Takes the number of comparisons and the risk of each (0 to 1). Raises NotComputable for a negative number.
    """
    if comparisons < 0:
        raise NotComputable("Un nombre de comparaisons ne peut pas être négatif.")
    return comparisons * risk


def false_alarms_sentence(comparisons: int, *, risk: float = 0.05) -> str:
    """Sentence under a table of comparisons: how many of its differences chance alone would give, and how often at least one."""
    expected = expected_false_alarms(comparisons, risk=risk)
    told = french.number(expected, 1 if expected >= 0.1 else 2)
    least = 1 - (1 - risk) ** comparisons
    return (
        f"{french.plural(comparisons, 'comparaison')} au risque de {french.number(100 * risk)} % : s'il ne se passait rien, le "
        f"hasard seul en signalerait {told} en moyenne, et au moins une {french.number(100 * least, 0)} "
        "fois sur cent."
    )


def missed_sentence(intervals: int, *, confidence: float = 0.95) -> str:
    """Sentence under a table of intervals that judges nothing: how many of them leave out the value they look for, on average."""
    missed = expected_false_alarms(intervals, risk=1 - confidence)
    return (
        f"{french.plural(intervals, 'intervalle')} à {french.percent(100 * confidence, 0)} : en moyenne, "
        f"{french.number(missed, 1 if missed >= 0.1 else 2)} ne contiennent pas la valeur cherchée"
    )
