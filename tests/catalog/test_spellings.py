"""How people write dates, numbers and codes, and the only form that is certain."""

from __future__ import annotations

import datetime as dt

import pytest

from helpers.catalog import Field, spellings

DATE = {"type": "date"}
TRUTH = {"type": "boolean"}
NUMBER = {"type": "number"}
FRENCH = {"type": "number", "decimalChar": ","}
SHARE = {"type": "number", "constraints": {"minimum": 0, "maximum": 1}}
WHOLE = {"type": "integer"}
COMMUNE = {"type": "string", "constraints": {"pattern": "([0-9]{2}|2[AB])[0-9]{3}"}}
CODE = {"type": "string", "constraints": {"pattern": "[A-Za-z0-9_-]{1,40}"}}
KIND = {"type": "string", "constraints": {"enum": ["acces_aux_soins", "prevention"]}}


@pytest.mark.parametrize(
    ("text", "field", "wanted"),
    [
        ("VRAI", TRUTH, "true"),
        ("Faux", TRUTH, "false"),
        ("non", TRUTH, "false"),
        ("peut-être", TRUTH, None),
        ("31/12/2025", DATE, "2025-12-31"),
        ("1/3/25", DATE, "2025-03-01"),
        ("01.03.2025", DATE, "2025-03-01"),
        ("2025/3/1", DATE, "2025-03-01"),
        ("2025-03-01 00:00:00", DATE, "2025-03-01"),
        ("1er mars 2025", DATE, "2025-03-01"),
        ("15 août 2025", DATE, "2025-08-15"),
        ("45717", DATE, "2025-03-01"),
        ("32/12/2025", DATE, None),
        ("12/31/2025", DATE, None),
        ("2025", DATE, None),
        ("2025-03-01 14:30:00", DATE, None),
        ("31 270,6", NUMBER, "31270.6"),
        ("31\u202f270,6", FRENCH, "31270,6"),
        ("1.234,5", NUMBER, "1234.5"),
        ("1,234.5", NUMBER, "1234.5"),
        ("−3", NUMBER, "-3"),
        ("12,50", NUMBER, "12.50"),
        ("12,00", WHOLE, "12"),
        ("12,5", WHOLE, None),
        ("80 %", SHARE, "0.8"),
        ("80 %", NUMBER, "80"),
        ("ND", NUMBER, ""),
        ("douze", NUMBER, None),
        ("", COMMUNE, ""),
        ("1004", COMMUNE, "01004"),
        ("1004.0", COMMUNE, "01004"),
        ("2a004", COMMUNE, "2A004"),
        ("104", COMMUNE, None),
        (" ma-cpts ", CODE, "ma-cpts"),
        ("ma cpts", CODE, None),
        ("Accès aux soins", KIND, "acces_aux_soins"),
        ("soins", KIND, None),
    ],
)
def test_only_what_is_certain_is_rewritten(text, field, wanted):
    assert Field.of({"name": "x", **field}).spelling(text) == wanted


def test_the_number_of_a_spreadsheet_is_its_day():
    # 60 is the leap day that Lotus counted in 1900 and that never was: later days are counted from 30 December 1899.
    assert spellings.date("36526") == dt.date(2000, 1, 1)


@pytest.mark.parametrize("text", ["2023 2024", "12 5", "1 31", "1 312 5", "94 819 2022", "1\u00a0312\u00a05"])
def test_two_numbers_in_a_cell_are_not_joined(text):
    assert spellings.number(text) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1 312", "1312"),
        ("1\u202f312,5", "1312.5"),
        ("-1 000 000", "-1000000"),
        ("31 270 hab.", "31270"),
        ("8 %", "8"),
    ],
)
def test_a_space_between_thousands_is_read(text, number):
    assert spellings.number(text) == number


@pytest.mark.parametrize("text", ["n.d.", "N.C.", "nd", "n/a"])
def test_what_people_write_for_not_known_is_an_empty_number(text):
    assert Field.of({"name": "x", **NUMBER}).spelling(text) == ""
