"""Numbers and dates as French writes and reads them."""

import datetime as dt

import pytest

from helpers import french


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("31 270,6", 31270.6),
        ("12\u202f012,3 km²", 12012.3),
        ("57\u00a0482", 57482),
        ("90+", 90),
        ("3,10%", 3.1),
        ("50 000 €", 50000),
        ("< à 40 000", 40000),
        ("~ 230 000", 230000),
        ("−4,5", -4.5),
        ("ND", None),
        ("180 à 200", None),
        ("12.5", None),
        ("", None),
        ("1 00", None),
    ],
)
def test_parse_number(printed, expected):
    assert french.parse_number(printed) == expected


@pytest.mark.parametrize(
    ("printed", "value", "unit"),
    [
        ("31 270,6", 31270.6, 0.1),
        ("17,30%", 17.3, 0.01),
        ("733", 733, 1),
        ("22 millions", 22e6, 1e6),
        ("moitié", 0.5, 0),
    ],
)
def test_last_digit(printed, value, unit):
    assert french.last_digit(printed, value) == pytest.approx(unit)


def test_number_writes_narrow_spaces_and_a_comma():
    assert french.number(1234567.891, 1) == "1\u202f234\u202f567,9"
    assert french.number(float("nan")) == "donnée manquante"
    assert french.number(3.0) == "3"


def test_percent_and_interval():
    assert french.percent(17.25, 1) == "17,2\u00a0%"
    assert french.interval(12.1, 18.9) == "IC\u00a095\u00a0% [12,1\u00a0; 18,9]"


def test_dates():
    assert french.date(dt.date(2024, 3, 1)) == "1er\u00a0mars 2024"
    assert french.date(dt.date(2024, 3, 2)) == "2\u00a0mars 2024"
    assert french.date(dt.date(2024, 3, 2), "month") == "mars 2024"
    assert french.date(dt.date(2024, 3, 2), "year") == "2024"


def test_plural_begins_at_two():
    assert french.plural(0, "écart") == "0\u00a0écart"
    assert french.plural(1.9, "écart").endswith("écart")
    assert french.plural(2, "écart") == "2\u00a0écarts"
    assert french.plural(3, "bureau", "bureaux") == "3\u00a0bureaux"
