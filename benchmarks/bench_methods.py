"""Time of the methods at the size of the country, as one table: `python benchmarks/bench_methods.py`.

The aims are those of the issue on methods: proportions of every commune over seven years under one second, a slope index with
100 000 simulations on 100 areas under two. The data are drawn here, with a fixed seed.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table

from helpers.methods import comparison, disclosure, rates, trends

COMMUNES, YEARS, AREAS = 35_000, 7, 100


def seconds(work: Callable[[], object], repeats: int = 5) -> float:
    """Median time of the call, after one that warms the imports."""
    work()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return float(np.median(times))


def cases() -> list[tuple[str, int, float | None, Callable[[], object]]]:
    """Name in French, number of rows, aim in seconds (or none), and the call."""
    generator = np.random.default_rng(20)
    people = generator.integers(20, 20_000, COMMUNES * YEARS)
    inside = generator.binomial(people, 0.12)
    few = generator.poisson(people / 5_000)
    values, errors = generator.normal(60, 8, AREAS), generator.uniform(0.5, 2, AREAS)
    sizes = generator.integers(5_000, 90_000, AREAS)
    counts = pd.DataFrame(generator.poisson(16, (12, 6))).rename(index=str, columns=str)
    counts["Total"] = counts.sum(axis=1)
    counts.loc["Total"] = counts.sum()
    return [
        (
            "proportions de Wilson, 35 000 communes × 7 ans",
            len(people),
            1.0,
            lambda: rates.proportion(inside, people),
        ),
        (
            "les mêmes, à 95 et 99,8 %",
            2 * len(people),
            None,
            lambda: rates.proportion(inside, people, confidence=[0.95, 0.998]),
        ),
        ("taux, Poisson exact ou Byar", len(people), None, lambda: rates.rate(few, people)),
        (
            "SII, 100 000 simulations, 100 territoires",
            AREAS,
            2.0,
            lambda: comparison.slope_index_of_inequality(values, sizes, standard_errors=errors, seed=1),
        ),
        (
            "RII, 100 000 simulations, 100 territoires",
            AREAS,
            None,
            lambda: comparison.relative_index_of_inequality(values, sizes, standard_errors=errors, seed=1),
        ),
        (
            "entonnoir de proportions, 35 000 communes",
            COMMUNES,
            None,
            lambda: comparison.funnel_significance(
                "proportion", inside[:COMMUNES], people[:COMMUNES], 12, per=100
            ),
        ),
        (
            "plus petit changement visible, 35 000 communes",
            COMMUNES,
            None,
            lambda: trends.smallest_visible_change(people[:COMMUNES], 12, target=0.5),
        ),
        (
            "points de rupture, 40 périodes, deux ruptures",
            40,
            None,
            lambda: trends.joinpoint(range(40), np.exp(generator.normal(3, 0.1, 40))),
        ),
        (
            "masquage d'un tableau de 13 × 7 cellules",
            counts.size,
            None,
            lambda: disclosure.mask(counts, margins="Total"),
        ),
    ]


def main() -> None:
    """Print the table; nothing is asserted, a machine is what it is."""
    table = Table("méthode", "lignes", "secondes (médiane de 5)", "objectif")
    for name, rows, aim, work in cases():
        table.add_row(name, str(rows), f"{seconds(work):.3f}", "" if aim is None else f"< {aim:g} s")
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
