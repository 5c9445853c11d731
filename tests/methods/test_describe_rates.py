"""Small statistics with hand-worked values."""

import pandas as pd
import pytest

from helpers import aci
from helpers.errors import NotComputable
from helpers.methods import describe, rates


def test_wilson_interval_of_a_textbook_case():
    # Newcombe (1998), table I: 81 of 263, Wilson without continuity correction 0.2553 to 0.3662.
    row = rates.proportion(81, 263, indicator="x").iloc[0]
    assert row["value"] == pytest.approx(100 * 81 / 263)
    assert (round(row["lower"] / 100, 4), round(row["upper"] / 100, 4)) == (0.2553, 0.3662)
    assert (row["numerator"], row["denominator"]) == (81, 263)


def test_wilson_of_none_among_twenty():
    # Newcombe (1998): 0 of 20, Wilson 0.0000 to 0.1611.
    row = rates.proportion(0, 20, indicator="x").iloc[0]
    assert (round(row["lower"] / 100, 4), round(row["upper"] / 100, 4)) == (0.0, 0.1611)


@pytest.mark.parametrize(
    ("numerator", "denominator", "sentence"), [(1, 0, "dénominateur"), (3, 2, "sort"), (-1, 2, "sort")]
)
def test_proportion_refuses(numerator, denominator, sentence):
    with pytest.raises(NotComputable, match=sentence):
        rates.proportion(numerator, denominator, indicator="x")


def test_shares_keep_order_and_base():
    table = rates.shares(pd.Series({"b": 3, "a": 1}), indicator="x")
    assert table["note"].tolist() == ["b", "a"]
    assert table["value"].tolist() == [75, 25]
    assert rates.shares(pd.Series({"a": 1}), indicator="x", denominator=10)["value"].tolist() == [10]


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


CLASSES = pd.DataFrame(
    {"size": [1, 2, 3, 4], "lower": [None, 40e3, 80e3, 175e3], "upper": [40e3, 80e3, 175e3, None]}
)


@pytest.mark.parametrize(
    ("population", "size"),
    [(1, 1), (39_999, 1), (40_000, 2), (80_000, 3), (174_999, 3), (175_000, 4), (274_231, 4)],
)
def test_size_class_holds_its_lower_bound(population, size):
    assert aci.size_class(population, CLASSES) == size


def test_size_class_refuses_no_population():
    with pytest.raises(NotComputable, match="population"):
        aci.size_class(0, CLASSES)
    assert aci.size_classes(pd.Series([50_000, None]), CLASSES).isna().tolist() == [False, True]


def test_euros_per_inhabitant_jump_at_each_bound():
    # 287 500 / 40 000 = 7.1875 ; 382 500 / 40 000 = 9.5625 ; step 95 000.
    ceilings = pd.Series({1: 287_500, 2: 382_500, 3: 487_500, 4: 580_000})
    row = aci.per_inhabitant_at_bounds(ceilings, CLASSES).iloc[0]
    assert (row["below"], row["above"], row["step"]) == (7.1875, 9.5625, 95_000)


def test_project_bounds_are_those_of_the_scale():
    classes = aci.bounds()
    assert classes["upper"].dropna().tolist() == [40_000, 80_000, 175_000]
