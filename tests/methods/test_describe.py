"""Distribution, inequality and gap to a benchmark, worked by hand."""

import pandas as pd
import pytest

from helpers.errors import NotComputable
from helpers.methods import describe


def test_gini_by_hand():
    # 1, 3: mean absolute difference 2 * 1 * 2 / 4 = 1 ; half of it over the mean 2 = 0.25.
    assert describe.gini(pd.Series([3.0, 1.0])) == pytest.approx(0.25)
    assert describe.gini(pd.Series([5.0, 5.0, 5.0])) == pytest.approx(0)
    assert describe.gini(pd.Series([0.0, 0.0, 0.0, 8.0])) == pytest.approx(0.75)
    with pytest.raises(NotComputable, match="Gini"):
        describe.gini(pd.Series([1.0, -1.0]))


def test_distribution_counts_missing():
    table = describe.distribution(pd.Series([1.0, 2.0, 4.0, None]), indicator="x", unit="u").set_index(
        "statistic"
    )["value"]
    # Type 7 quartiles of 1, 2, 4: positions 0.5 and 1.5 between neighbours.
    assert table[["n", "missing", "q1", "median", "q3"]].tolist() == [3, 1, 1.5, 2, 3]


def test_lorenz_ends_and_middle():
    curve = describe.lorenz(pd.Series([3.0, 1.0]))
    assert curve["total"].tolist() == [0, 0.25, 1]


def test_gap_to_benchmark_keeps_missing():
    long = pd.DataFrame({"indicator": ["i"] * 3, "cpts": ["A", "B", "region"], "value": [12.0, None, 10.0]})
    gaps = describe.gap_to_benchmark(long, territory="cpts", benchmark="region").set_index("cpts")["gap"]
    assert gaps["A"] == 2
    assert pd.isna(gaps["B"])
