"""One row of an indicator: value, interval, or the reason in words; no row stops a report."""

from __future__ import annotations

import math

import pytest
from statsmodels.stats.proportion import proportion_confint

from helpers.methods import measured

NAN = float("nan")


def measure(kind, numerator, denominator, value=NAN, *, unit="%", per=NAN, masked=False):
    row = {"numerator": numerator, "denominator": denominator, "value": value}
    return measured.measure(row, {"kind": kind, "unit": unit, "per": per}, masked=masked)


def test_a_proportion_has_its_wilson_interval():
    found = measure("proportion", 120, 200)
    low, high = proportion_confint(120, 200, method="wilson")
    assert (found["value"], found["lower"], found["upper"]) == pytest.approx((60, 100 * low, 100 * high))
    assert found["refusal"] == ""


@pytest.mark.parametrize(
    ("kind", "counts", "value", "expected", "why"),
    [
        ("moyenne", (1200, 100), NAN, 12, measured.NO_INTERVAL_KIND_FR),
        ("moyenne", (NAN, NAN), 9, 9, measured.NO_INTERVAL_KIND_FR),
        ("nombre", (40, NAN), NAN, 40, measured.NO_INTERVAL_KIND_FR),
        ("taux", (NAN, 50), 4, 4, measured.NO_INTERVAL_FR),
        ("proportion", (0, 0), 40, 40, measured.NO_INTERVAL_BASE_FR),
        ("moyenne", (20, 0), NAN, None, measured.NO_INTERVAL_BASE_FR),
        ("proportion", (NAN, NAN), NAN, None, measured.ABSENT_FR),
        ("proportion", (120, 100), NAN, None, measured.ABOVE_FR),
        ("taux", (-1, 100), NAN, None, measured.NOT_COUNTS_FR),
        ("taux", (1, -100), NAN, None, measured.NOT_COUNTS_FR),
        ("taux", (math.inf, 100), NAN, None, measured.REFUSED_FR),
    ],
)
def test_what_has_no_interval_says_why(kind, counts, value, expected, why):
    found = measure(kind, *counts, value)
    assert found["refusal"] == why
    assert math.isnan(found["lower"])
    assert math.isnan(found["value"]) if expected is None else found["value"] == expected


def test_masking_is_asked_for_and_leaves_no_count():
    assert measure("proportion", 5, 200)["numerator"] == 5
    found = measure("proportion", 5, 200, masked=True)
    assert (found["state"], found["refusal"]) == ("masqué", measured.MASKED_FR)
    assert all(math.isnan(found[name]) for name in ("value", "lower", "upper", "numerator", "denominator"))


def test_published_limits_are_kept_unless_they_would_give_people_back():
    row = {"value": 812.3, "numerator": NAN, "denominator": NAN, "lower": 790.1, "upper": 834.9}
    about = {"kind": "taux", "unit": "pour 100 000", "per": 100_000, "counts_people": False}
    shown = measured.measure(row, about, masked=True)
    assert (shown["lower"], shown["upper"], shown["refusal"]) == (790.1, 834.9, "")
    hidden = measured.measure(row, about | {"counts_people": None}, masked=True)
    assert math.isnan(hidden["lower"])
    assert "rendrait un effectif de personnes" in hidden["refusal"]
