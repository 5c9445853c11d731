"""Verdict rules, with hand-worked values on each side of every limit."""

import pandas as pd
import pytest

from helpers.documents import claims
from helpers.documents.intervals import Bounds, Interval
from helpers.documents.verdicts import Possible
from helpers.errors import DataError, UnknownName
from tests.project import PROJECT


@pytest.mark.parametrize(
    ("printed", "value", "computed", "expected"),
    [
        # one decimal printed: half a unit is 0.05, one unit 0.1
        ("17,3", 17.3, 17.349, "reproduit"),
        ("17,3", 17.3, 17.25, "reproduit"),
        ("17,3", 17.3, 17.36, "arrondi"),
        ("17,3", 17.3, 17.4, "arrondi"),
        ("17,3", 17.3, 17.41, "écart"),
        ("22 millions", 22e6, 22.4e6, "reproduit"),
        ("22 millions", 22e6, 23.2e6, "écart"),
        # sums of decimals are equal although 0.1 + 0.2 != 0.3 for the machine
        ("0,3", 0.3, 0.1 + 0.2, "reproduit"),
    ],
)
def test_equality_to_the_printed_precision(printed, value, computed, expected):
    assert claims.verdict(printed, value, computed) == expected


def test_a_count_is_equal_or_it_is_a_gap():
    assert claims.verdict("31", 31, 31, tolerance=0) == "reproduit"
    assert claims.verdict("31", 31, 32, tolerance=0) == "écart"


@pytest.mark.parametrize(
    ("relation", "computed", "expected"),
    [
        ("<", 9.9, "reproduit"), ("<", 10, "écart"),
        (">", 10.1, "reproduit"), (">", 10, "écart"),
        ("≤", 10, "reproduit"), ("≤", 10.1, "écart"),
        ("≥", 10, "reproduit"), ("≥", 9.9, "écart"),
    ],
)  # fmt: skip
def test_inequalities(relation, computed, expected):
    assert claims.verdict("10", 10, computed, relation=relation) == expected


def test_about_is_relative():
    assert claims.verdict("environ 400", 400, 419, relation="≈", tolerance=0.05) == "reproduit"
    assert claims.verdict("environ 400", 400, 421, relation="≈", tolerance=0.05) == "écart"
    with pytest.raises(DataError, match="demande une tolérance"):
        claims.verdict("environ 400", 400, 400, relation="≈")


def test_unknown_relation_and_undefined_result():
    with pytest.raises(DataError, match="Relation inconnue"):
        claims.verdict("1", 1, 1, relation="~")
    with pytest.raises(DataError, match="aucun nombre"):
        claims.verdict("1", 1, float("nan"))


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.05, 0.2, "reproduit"), (17.2, 17.26, "reproduit"), (17.0, 17.2, "arrondi"), (17.0, 17.19, "écart"),
        (17.41, 18.0, "écart"), (17.4, 18.0, "arrondi"),
    ],
)  # fmt: skip
def test_intervals_meet_touch_or_stay_apart(low, high, expected):
    printed, value = ("0,1", 0.1) if high < 1 else ("17,3", 17.3)
    assert claims.verdict(printed, value, Interval((low + high) / 2, low, high)) == expected


@pytest.mark.parametrize(
    ("bounds", "relation", "expected"),
    [
        (Bounds(10, 16), "≥", "reproduit"),
        (Bounds(9, 16), "≥", "compatible"),
        (Bounds(1, 9), "≥", "incompatible"),
        (Bounds(10, 10), "=", "reproduit"),
        (Bounds(9, 12), "=", "compatible"),
        (Possible(10, 10), "=", "compatible"),
        (Possible(11, 12), "=", "incompatible"),
    ],
)
def test_bounds_are_compatible_or_not(bounds, relation, expected):
    assert claims.verdict("10", 10, bounds, relation=relation, tolerance=0) == expected


def test_unknown_claim_names_the_nearest():
    known = claims.register(PROJECT).index[0]
    with pytest.raises(UnknownName, match="Vouliez-vous dire"):
        claims.check(known + "x", 1.0, study=PROJECT)


def test_check_displays_html_and_its_own_record():
    row = claims.register(PROJECT).iloc[0]
    bundle = claims.check(row["claim_id"], float(row["value"]), study=PROJECT)._repr_mimebundle_()
    value = float(row["value"])
    assert bundle[claims.MIME] == [
        {
            "claim_id": row["claim_id"], "computed": value, "lower": value, "upper": value, "verdict": "reproduit",
            "reason": "", "bases": "",
        }
    ]  # fmt: skip
    assert "reproduit" in bundle["text/html"]


def test_not_reproducible_keeps_its_reason():
    row = claims.register(PROJECT).iloc[0]
    record = claims.not_reproducible(row["claim_id"], "données non publiées", study=PROJECT).records()[0]
    assert record == {
        "claim_id": row["claim_id"], "computed": None, "lower": None, "upper": None, "verdict": "non reproductible",
        "reason": "données non publiées", "bases": "",
    }  # fmt: skip


def test_differences_are_counted_by_severity_the_gravest_first():
    table = pd.DataFrame(
        {
            "verdict": ["écart", "écart", "écart", "reproduit"],
            "severity": ["saisie", "change la lecture", "saisie", None],
        }
    )
    told = claims.severity_sentence(table).replace("\u00a0", " ")
    assert (
        told
        == "3 écarts : 1 de gravité « change la lecture » et 2 de gravité « saisie » (jugement de l'observatoire)."
    )
    assert claims.severity_sentence(table[table["verdict"] == "reproduit"]) == "Aucun écart."


@pytest.mark.parametrize(
    ("computed", "printed", "unit", "expected"),
    [
        (202203.0, "mars 2022", "AAAAMM", "mars 2022"),
        (2019.0, "signé en 2018", "année", "2019"),
        (1234.5, "1 234", "€", "1\u202f234,5 €"),
        (3.0, "trois", "", "3"),
        # One digit more than the printed one, and no thousandth of a euro where words print millions.
        (382394366.197, "quatre cent millions", "€", "382\u202f394\u202f366 €"),
        (1.5278, "deux", "an", "1,528 an"),
        (float("nan"), "3", "€", "—"),
    ],
)
def test_a_recomputed_figure_is_written_with_its_unit(computed, printed, unit, expected):
    assert claims.shown(computed, printed, computed, unit) == expected


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ({"computed": 1234.5, "lower": 1234.5, "upper": 1234.5}, "1\u202f234,5 €"),
        ({"computed": float("nan"), "lower": 10.0, "upper": 16.0}, "de 10 à 16 €"),
        ({"computed": float("nan"), "lower": 10.0, "upper": float("inf")}, "au moins 10 €"),
        ({"computed": float("nan"), "lower": float("-inf"), "upper": 16.0}, "au plus 16 €"),
        ({"computed": float("nan"), "lower": float("nan"), "upper": float("nan")}, "—"),
    ],
)
def test_bounds_are_written_when_only_they_are_known(numbers, expected):
    row = pd.Series({"printed": "12", "value": 12.0, "unit": "€", **numbers})
    assert claims.shown_row(row) == expected


def test_another_base_is_told_with_the_first():
    found = claims.verdicts(
        {"miller2022.t1.total.taille1": 287_500.0, "miller2022.t1.total.taille1@fabrique": 280_000.0}, PROJECT
    )
    row = found.loc["miller2022.t1.total.taille1"]
    assert row["verdict"] == "reproduit"
    assert row["bases"] == "par les montants de Fabrique et de Navinel, 280\u202f000 € (écart)"
    with pytest.raises(UnknownName, match="Base de recalcul"):
        claims.verdicts(
            {"miller2022.t1.total.taille1@fabrik": 1.0, "miller2022.t1.total.taille1": 1.0}, PROJECT
        )


def test_a_folded_table_says_how_many_figures_it_holds():
    table = claims.verdicts({"miller2022.t1.total.taille1": 287_500.0}, PROJECT)
    html = claims.Checked(table, "Miller", folded=True)._repr_mimebundle_()["text/html"]
    assert html.startswith("<details><summary>Miller (1\u00a0chiffre)</summary>")


def test_the_sentence_counts_calculations_first_and_lists_apart():
    table = pd.DataFrame(
        {
            "verdict": ["reproduit", "arrondi", "écart", "compatible", "non reproductible", "reproduit"],
            "kind": ["calculation", "calculation", "date", "wording", "date", "list"],
        }
    )
    told = claims.sentence(table).replace("\u00a0", " ")
    assert told == (
        "2 calculs : 2 se retrouvent (dont 1 à l'arrondi près), 0 écart. 3 autres vérifications : 0 se retrouvent, "
        "1 restent possibles entre les bornes connues, 1 écart, 1 sans données publiées. 1 dénombrement de liste, à part."
    )
