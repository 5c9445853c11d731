"""Proportions and shares: textbook intervals, hand-worked values, refusals."""

import pandas as pd
import pytest

from helpers.errors import NotComputable
from helpers.methods import rates


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
