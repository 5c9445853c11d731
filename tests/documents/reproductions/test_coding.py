"""What documents say of their coded material, against counts worked by hand on the tables."""

import pytest

from helpers.documents import claims, reproductions
from helpers.documents.intervals import Bounds
from helpers.documents.reproductions import attested
from tests.project import PROJECT


@pytest.fixture(scope="module")
def ledger():
    return reproductions.ledger(["coding", "attested", "unreproducible"], study=PROJECT)


@pytest.mark.parametrize(
    ("claim", "low", "high", "verdict"),
    [
        ("coding.laine2021.roles", 2, 15, "reproduit"),  # interviews 6 and 3, line 784
        ("coding.laine2021.emergence", 4, 15, "reproduit"),  # interviews 7, 5, 1 and 2, lines 519 and 521
        ("coding.laine2021.leviers_distincts", 1, 2, "compatible"),  # never the agency, lines 834 and 836
        ("coding.laine2021.objectifs_soignants", 1, 4, "compatible"),  # interview 9
        ("coding.laine2021.numerique", 2, 15, "reproduit"),  # interview 11, and annex 3 (interview 10)
        ("coding.miller2022.annuaire", 2 / 5, 1, "compatible"),  # CPTS A and D
        ("coding.miller2022.trio", 1, 5, "compatible"),  # CPTS B
        ("coding.aura2022.pharmacien_bureau", 10 / 16, 1, "reproduit"),
        ("coding.aura2022.education", 8 / 16, 1, "compatible"),
        ("coding.aura2022.association", 0, 15, "incompatible"),  # CPTS14, line 3689
        ("aura2022.codage.teleconsultation", 1, 13, "incompatible"),  # not CPTS 2, 8 and 11
        ("aura2022.codage.reseaux_sociaux", 2, 16, "compatible"),
        ("aura2022.pharmacien.adhesion", 1 / 16, 15 / 16, "compatible"),
    ],
)
def test_printed_extracts_give_bounds(ledger, claim, low, high, verdict):
    row = ledger.loc[claim]
    assert (row["lower"], row["upper"]) == pytest.approx((low, high))
    assert row["verdict"] == verdict


def test_every_hospital_of_table_vii_counts(ledger):
    # CPTS16 has no cited link, and one local hospital in table VII (line 4111).
    assert ledger.loc["coding.aura2022.hopital", ["computed", "verdict"]].tolist() == [16, "reproduit"]


def test_both_institutions_are_cited_on_targets(ledger):
    assert ledger.loc["coding.laine2021.objectifs_agents", "computed"] == 2


def test_bounds_of_what_is_attested():
    assert attested.bounds(3, 2, 5) == 3
    assert attested.bounds(3, 1, 5) == Bounds(
        3, 4, "Le texte l'atteste pour 3 sur 5 et dit le contraire pour 1 ; il ne le dit pas des autres."
    )
    shared = attested.bounds(1, 0, 4, share=True, names=" (A)")
    assert (shared.low, shared.high) == (0.25, 1)


def test_each_difference_says_why(ledger):
    gaps = ledger[ledger["verdict"].isin(claims.DIFFERENT)]
    assert gaps[["severity", "origin", "cause"]].notna().all(axis=None)
