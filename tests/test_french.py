"""Numbers and dates as French writes and reads them."""

import datetime as dt
import math

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


@pytest.mark.parametrize(
    ("value", "decimals", "said"),
    [
        (56.25, 1, "56,3"),
        (2.5, 0, "3"),
        (-2.5, 0, "−3"),
        (0.45, 1, "0,5"),
        (1.005, 2, "1,01"),
        (6.2499, 1, "6,2"),
    ],
)
def test_a_half_goes_away_from_zero(value, decimals, said):
    assert french.number(value, decimals) == said
    # What is rounded before it is drawn or compared is the number that is written.
    assert french.number(french.rounded(value, decimals), decimals) == said


def test_what_is_missing_or_huge_is_rounded_to_itself():
    assert math.isnan(french.rounded(float("nan"), 1))
    assert french.rounded(float("inf"), 1) == float("inf")
    assert french.number(1e30, 1).startswith("1\u202f000")


def test_percent_and_interval():
    assert french.percent(17.25, 1) == "17,3\u00a0%"
    assert french.interval(12.1, 18.9) == "IC\u00a095\u00a0% [12,1\u202f; 18,9]"


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


def test_minus_sign_is_u2212_and_reads_back():
    assert french.number(-1234.5, 1) == "\u22121\u202f234,5"
    assert french.parse_number(french.number(-1234.5, 1)) == -1234.5
    assert french.number(-0.04, 1) == "0,0"
    assert french.number(float("-inf")) == "\u2212∞"


@pytest.mark.parametrize(
    ("value", "expected"), [(3, "+3"), (-3, "\u22123"), (0.0, "0"), (None, "donnée manquante")]
)
def test_signed(value, expected):
    assert french.signed(value) == expected


def test_dates_of_an_axis():
    assert french.date(dt.date(2024, 1, 1), "short_month") == "janv. 2024"
    assert french.date(dt.date(2024, 2, 12), "short_day") == "12\u00a0févr."
    assert french.date(dt.date(2024, 2, 1), "short_day") == "1er\u00a0févr."


@pytest.mark.parametrize(
    ("singular", "several"),
    [
        ("chiffre publié", "chiffres publiés"),
        ("donnée manquante", "données manquantes"),
        ("réseau local", "réseaux locaux"),
        ("chef de projet", "chefs de projet"),
        ("contrat d'accompagnement", "contrats d'accompagnement"),
        ("CPTS interrogée", "CPTS interrogées"),
        ("bureau", "bureaux"),
        ("lieu", "lieux"),
        ("pneu", "pneus"),
        ("travail", "travaux"),
        ("détail", "détails"),
        ("festival", "festivals"),
        ("caillou", "cailloux"),
        ("trou", "trous"),
        ("prix", "prix"),
        ("avis", "avis"),
        ("km", "km"),
        ("kg", "kg"),
        ("min", "min"),
    ],
)
def test_pluralised(singular, several):
    assert french.pluralised(singular) == several
    assert french.plural(1, singular) == f"1\u00a0{singular}"
    assert french.plural(2, singular) == f"2\u00a0{several}"


def test_ordinals():
    assert [french.ordinal(1), french.ordinal(1, feminine=True), french.ordinal(2)] == ["1er", "1re", "2e"]


@pytest.mark.parametrize(
    ("items", "expected"),
    [([], ""), (["A"], "A"), (["A", "B"], "A et B"), (["A", "B", "C"], "A, B et C"), ([1, 2], "1 et 2")],
)
def test_listing(items, expected):
    assert french.listing(items) == expected


def test_listing_with_or():
    assert french.listing("AB", "ou") == "A ou B"


@pytest.mark.parametrize(
    ("plain", "typeset"),
    [
        ("Pourquoi ? Oui ; non !", "Pourquoi\u202f? Oui\u202f; non\u202f!"),
        ("a : 3 % de « b »", "a\u00a0: 3\u00a0% de «\u00a0b\u00a0»"),
        ("de 40 000 à 1 750 000 €", "de 40\u202f000 à 1\u202f750\u202f000\u00a0€"),
        ("en 2022 733 CPTS", "en 2022 733 CPTS"),
        ("https://x.fr/?a=b;c", "https://x.fr/?a=b;c"),
        ("Miller 2022, l. 961 ; final. 3", "Miller 2022, l.\u00a0961\u202f; final. 3"),
        ("12\u00a0; 18", "12\u202f; 18"),
    ],
)
def test_typography_changes_spaces_only(plain, typeset):
    assert french.typography(plain) == typeset
    assert french.typography(typeset) == typeset


def test_cells_of_descriptive_tables():
    assert french.count_and_share(12, 75) == "12\u00a0(75,0\u00a0%)"
    assert french.count_and_share(0, float("nan")) == "0"
    assert french.median_and_quartiles(34, 20.5, 50, 1) == "34,0\u00a0[20,5–50,0]"
    assert french.median_and_quartiles(float("nan"), 1, 1) == "donnée manquante"
