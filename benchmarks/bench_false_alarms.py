"""How often each trend method finds something in series where there is nothing: `python benchmarks/bench_false_alarms.py`.

Series without trend, break or jump; independent, then with a first autocorrelation of 0.5; 5 to 20 points. Prints the
percentage of false alarms beside the nominal level, and "refuse" where the method does. More series with `--series N`.
"""

from __future__ import annotations

import argparse
import zlib
from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
from scipy import stats

from helpers.errors import NotComputable
from helpers.methods import comparison, controlled, trends

LENGTHS = (5, 7, 10, 13, 20)
SIZES = (5, 20, 100, 500, 2000)
TOLERANCE = 1.3


def noise(random: np.random.Generator, n: int, rho: float) -> np.ndarray:
    """A stationary first-order process with unit variance."""
    series = random.standard_normal(n)
    for step in range(1, n):
        series[step] = rho * series[step - 1] + np.sqrt(1 - rho**2) * series[step]
    return series


def mann_kendall(series: np.ndarray) -> bool:
    """Alarm of the trend test at 5 %."""
    return bool(trends.mann_kendall(range(len(series)), series)["p_value"].iloc[0] < 0.05)


def joinpoint(series: np.ndarray) -> bool:
    """Alarm of the search for bends at 5 %."""
    return bool(trends.joinpoint(range(len(series)), series, logarithm=False)["n_breaks"].iloc[0] > 0)


def jump(series: np.ndarray, family: str) -> bool:
    """Alarm of a jump of level in the middle, at 5 %."""
    table = trends.interrupted(pd.Series(series), len(series) // 2, family=family)
    return bool(table.set_index("statistic")["p_value"]["saut de niveau"] < 0.05)


def gaussian_jump(series: np.ndarray) -> bool:
    """`jump` of a measure."""
    return jump(series, "gaussian")


def counts_jump(series: np.ndarray) -> bool:
    """`jump` of counts around 100, four times as dispersed as Poisson's."""
    return jump(np.maximum(np.round(100 + 20 * series), 0), "quasi-poisson")


def sen(series: np.ndarray) -> bool:
    """Alarm of Sen's slope: its interval at 95 % leaves zero out."""
    row = trends.sen_slope(range(len(series)), series).iloc[0]
    return bool(row["lower"] > 0 or row["upper"] < 0)


def average_change(series: np.ndarray) -> bool:
    """Alarm of the average change in percent at 5 %, of a measure around 100 that moves by 10."""
    table = trends.average_annual_change(range(len(series)), np.maximum(100 + 10 * series, 1))
    return bool(table["p_value"].iloc[0] < 0.05)


def published(series: np.ndarray) -> bool:
    """Alarm of the trend of published values without limits at 5 %."""
    table = trends.published_trend(range(len(series)), series, polarity="sans jugement")
    return bool(table["p_value"].iloc[0] < 0.05)


def published_with_limits(series: np.ndarray) -> bool:
    """The same, each value with a published interval of the right width."""
    table = trends.published_trend(
        range(len(series)), series, lower=series - 1.96, upper=series + 1.96, polarity="sans jugement"
    )
    return bool(table["p_value"].iloc[0] < 0.05)


def controlled_jump(n: int, rho: float, family: str, random: np.random.Generator) -> bool:
    """Alarm of a jump relative to a control that undergoes the same common noise, at 5 %."""
    common, own, beside = noise(random, n, rho), noise(random, n, rho), noise(random, n, rho)
    pair = [100 + 20 * common + 10 * series for series in (own, beside)]
    if family == "quasi-poisson":
        pair = [np.maximum(np.round(series), 1) for series in pair]
    table = trends.interrupted(pd.Series(pair[0]), n // 2, family=family, control=pd.Series(pair[1]))
    return bool(table.set_index("statistic")["p_value"]["saut de niveau"] < 0.05)


def two_differences(size: int, random: np.random.Generator) -> bool:
    """Alarm of a difference of two differences of proportions at 5 %, both sides of `size` persons."""
    counts = random.binomial(size, 0.5, 4)
    pairs = [(int(count), size) for count in counts]
    row = comparison.difference_in_differences("proportion", (pairs[0], pairs[1]), (pairs[2], pairs[3])).iloc[
        0
    ]
    return bool(row["lower"] > 0 or row["upper"] < 0)


def staggered(places: int, rho: float, random: np.random.Generator) -> bool:
    """Alarm of the event study at 5 %: `places` territories with the action and as many without, six periods, two starts."""
    rows = [
        {
            "territory": place,
            "period": period,
            "value": value,
            "start": (3 + place % 2) if place < places else None,
        }
        for place in range(2 * places)
        for period, value in enumerate(noise(random, 6, rho))
    ]
    table = trends.event_study(pd.DataFrame(rows))
    return bool(table["verdict"].iloc[0] == controlled.EFFECT)


def recent(kind: str, size: int) -> Callable[[np.random.Generator], bool]:
    """Alarm of the five-point rule at 0.2 %, on proportions of one half or rates of one half for `size` persons."""

    def once(random: np.random.Generator) -> bool:
        counts = random.binomial(size, 0.5, 5) if kind == "proportion" else random.poisson(size / 2, 5)
        table = trends.recent_trend(range(5), counts, [size] * 5, kind=kind, polarity="hausse favorable")
        return bool(table["verdict"].iloc[0] not in ("pas d'évolution significative", "non calculable"))

    return once


def proportions(size: int, n: int) -> Callable[[np.random.Generator], bool]:
    """Alarm of the linear trend of proportions at 5 %."""

    def once(random: np.random.Generator) -> bool:
        counts = random.binomial(size, 0.5, n)
        if counts.sum() in (0, size * n):
            return False
        return bool(trends.proportions_trend(range(n), counts, [size] * n)["p_value"].iloc[0] < 0.05)

    return once


def line(
    name: str, design: str, nominal: float, alarm: Callable[[np.random.Generator], bool], times: int
) -> str:
    """One line of the result; `!` when the draws tell it from a rate of 1.3 times the nominal level (one chance in 100)."""
    # Each design has draws of its own: one unlucky seed would otherwise mark them all.
    random = np.random.default_rng(zlib.crc32(f"{name} {design}".encode()))
    try:
        alarms = sum(alarm(random) for _ in range(times))
    except NotComputable:
        return f"  {name:<30}{design:<26}{nominal:>6.1f} %    refuse"
    allowed = TOLERANCE * nominal / 100
    mark = " !" if stats.binom.sf(alarms - 1, times, allowed) < 0.01 else ""
    return f"  {name:<30}{design:<26}{nominal:>6.1f} %{100 * alarms / times:>8.2f} %{mark}"


def main() -> None:
    """Print every design."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--series", type=int, default=1000)
    times = parser.parse_args().series
    print(f"Fausses alertes sur {times} séries où rien ne se passe (règle des cinq points : {10 * times})\n")
    print(f"  {'méthode':<30}{'série':<26}{'nominal':>8}{'mesuré':>10}")
    alone = (
        mann_kendall,
        sen,
        average_change,
        published,
        published_with_limits,
        joinpoint,
        gaussian_jump,
        counts_jump,
    )
    for method in alone:
        for rho in (0.0, 0.5):
            for n in LENGTHS:
                once = partial(on_noise, method, n, rho)
                print(line(method.__name__, f"{n} points, rho {rho}", 5, once, times))
    for rho in (0.0, 0.5):
        for family in ("gaussian", "quasi-poisson"):
            for n in LENGTHS:
                once = partial(controlled_jump, n, rho, family)
                print(line(f"controlled, {family}", f"{n} points, rho {rho}", 5, once, times))
        for places in (4, 5, 10, 20):
            once = partial(staggered, places, rho)
            print(line("event_study", f"2 x {places} places, rho {rho}", 5, once, times))
    for size in SIZES:
        print(line("difference_in_differences", f"n {size}", 5, partial(two_differences, size), times))
        for kind in ("proportion", "rate"):
            print(line(f"recent_trend, {kind}", f"5 points, n {size}", 0.2, recent(kind, size), 10 * times))
        for n in LENGTHS:
            print(line("proportions_trend", f"{n} points, n {size}", 5, proportions(size, n), times))


def on_noise(method: Callable[[np.ndarray], bool], n: int, rho: float, random: np.random.Generator) -> bool:
    """Alarm of a method on one series of noise."""
    return method(noise(random, n, rho))


if __name__ == "__main__":
    main()
