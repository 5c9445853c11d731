"""Intervals of printed numbers, and what arithmetic makes of them: values worked by hand."""

import copy
import math
import pickle

import pandas as pd
import pytest

from helpers.documents import intervals
from helpers.documents.intervals import Bounds, Interval
from helpers.errors import DataError


@pytest.mark.parametrize(
    ("text", "value", "unit", "qualifier", "low", "high"),
    [
        ("5 km²", 5, "km²", "", 4.5, 5.5),
        ("2,89 km²", 2.89, "km²", "", 2.885, 2.895),
        ("32%", 32, "%", "", 31.5, 32.5),
        ("57 482", 57_482, "habitants", "", 57_482, 57_482),
        ("8 043 000", 8_043_000, "habitants", "", 8_042_500, 8_043_500),
        ("22 millions", 22e6, "habitants", "", 21.5e6, 22.5e6),
        ("2,4 milliards", 2.4e9, "£", "", 2.35e9, 2.45e9),
        ("185 000 €", 185_000, "€", "", 185_000, 185_000),
        ("environ 1 250", 1250, "PCN", "", 1245, 1255),
        ("1 250", 1250, "PCN", "approx", 1245, 1255),
        ("83", 83, "adhérents", "", 83, 83),
        ("90+", 90, "adhérents", "", 90, math.inf),
        ("> 42 000", 42_000, "habitants", "", 42_000, math.inf),
        ("<29 000", 29_000, "habitants", "", 0, 29_000),
        ("100", 100, "adhérents", "min", 100, math.inf),
        ("trois", 3, "ans", "", 3, 3),
    ],
)
def test_interval_of_a_printed_number(text, value, unit, qualifier, low, high):
    found = intervals.printed(text, value, unit=unit, qualifier=qualifier)
    assert float(found) == value
    assert intervals.ends(found) == pytest.approx((low, high))


def test_arithmetic_widens_as_it_must():
    area, people = Interval(5, 4.5, 5.5), Interval(10, 9, 12)
    assert intervals.ends(people + area) == (13.5, 17.5)
    assert intervals.ends(people - area) == (3.5, 7.5)
    assert intervals.ends(1 - area) == (-4.5, -3.5)
    assert intervals.ends(2 * area) == (9, 11)
    assert intervals.ends(people * area) == (40.5, 66)
    assert intervals.ends(people / area) == pytest.approx((9 / 5.5, 12 / 4.5))
    assert intervals.ends(100 / area) == pytest.approx((100 / 5.5, 100 / 4.5))
    assert intervals.ends(-area) == (-5.5, -4.5)
    assert intervals.ends(abs(Interval(-1, -2, 1))) == (0, 2)
    assert intervals.ends(abs(Interval(-3, -4, -2))) == (2, 4)


def test_a_bound_stays_a_bound():
    more = intervals.printed("> 40", 40)
    assert intervals.ends(more / 2) == (20, math.inf)
    assert intervals.ends(1 / more) == (0, 1 / 40)
    assert intervals.ends(0 * more) == (0, 0)
    less = intervals.printed("< 30", 30)
    assert intervals.ends(60 / less) == (2, math.inf)


def test_what_cannot_be_is_refused():
    with pytest.raises(DataError, match="Division par un nombre qui peut être nul"):
        1 / Interval(0.5, -1, 1)
    with pytest.raises(DataError, match="ne contient pas"):
        Interval(5, 6, 7)
    with pytest.raises(DataError, match="croisées"):
        Bounds(2, 1)


def test_extremes_and_sums():
    several = [Interval(2.89, 2.885, 2.895), 5.0, Interval(2.9, 2.85, 2.95)]
    assert intervals.ends(intervals.least(several)) == (2.85, 2.895)
    assert intervals.ends(intervals.greatest(several)) == (5, 5)
    assert intervals.ends(intervals.total(several)) == pytest.approx((10.735, 10.845))


def test_a_series_and_a_copy_keep_the_ends():
    area = Interval(5, 4.5, 5.5)
    density = (pd.Series([10.0]) / pd.Series([area], dtype=object)).iloc[0]
    assert intervals.ends(density) == pytest.approx((10 / 5.5, 10 / 4.5))
    assert intervals.ends(copy.copy(area)) == intervals.ends(pickle.loads(pickle.dumps(area))) == (4.5, 5.5)
    assert not area.exact
    assert Interval(5, 5, 5).exact
