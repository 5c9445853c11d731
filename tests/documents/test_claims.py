"""Verdict rules, with hand-worked values on each side of every limit."""

import pandas as pd
import pytest

from helpers.documents import claims
from helpers.errors import DataError, UnknownName


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
    assert claims.verdict("1", 1, float("nan")) == "écart"


def test_unknown_claim_names_the_nearest():
    known = claims.register().index[0]
    with pytest.raises(UnknownName, match="Vouliez-vous dire"):
        claims.check(known + "x", 1.0)


def test_check_displays_html_and_its_own_record():
    row = claims.register().iloc[0]
    bundle = claims.check(row["claim_id"], float(row["value"]))._repr_mimebundle_()
    assert bundle[claims.MIME] == [
        {"claim_id": row["claim_id"], "computed": float(row["value"]), "verdict": "reproduit", "reason": ""}
    ]
    assert "reproduit" in bundle["text/html"]


def test_not_reproducible_keeps_its_reason():
    row = claims.register().iloc[0]
    record = claims.not_reproducible(row["claim_id"], "données non publiées").records()[0]
    assert record == {
        "claim_id": row["claim_id"], "computed": None, "verdict": "non reproductible", "reason": "données non publiées"
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
        (float("nan"), "3", "€", "—"),
    ],
)
def test_a_recomputed_figure_is_written_with_its_unit(computed, printed, unit, expected):
    assert claims.shown(computed, printed, computed, unit) == expected
