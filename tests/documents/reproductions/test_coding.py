"""What documents say of their coded material, against counts worked by hand on the tables."""

import pytest

from helpers.documents import claims
from helpers.documents.reproductions import coding


@pytest.fixture(scope="module")
def recomputed():
    merged = {}
    for topic in coding.TOPICS.values():
        merged |= topic(None)
    return merged


def test_every_claim_is_recomputed_once(recomputed):
    register = claims.register()
    assert {name for name in register.index if name.startswith("coding.")} == set(recomputed)
    own = register[register["claim_id"].str.startswith("coding.")]
    assert (own["claim_id"].str.split(".").str[1] == own["document"]).all()


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("laine2021.roles", 2),  # interviews 6 and 3, line 784
        ("laine2021.emergence", 4),  # interviews 7, 5, 1 and 2, lines 519 and 521
        ("laine2021.leviers_distincts", 1),  # interviews 1 and 9, lines 834 and 836: never the agency
        ("laine2021.objectifs_agents", 2),  # interviews 4 (agency) and 2 (fund)
        ("laine2021.objectifs_soignants", 1),  # interview 9
        ("laine2021.numerique", 1),  # interview 11, twice
        ("miller2022.hopital", 2),  # CPTS A and B
        ("miller2022.annuaire", 2 / 5),  # CPTS A and D
        ("miller2022.trio", 1),  # CPTS B
        ("fabrique2022.exercice_coordonne", 1),  # line 271
        ("fabrique2022.formation", 1),  # line 376
        ("aura2022.hopital", 15),  # all but CPTS16
        ("aura2022.education", 5 / 16),
    ],
)
def test_recomputed_value(recomputed, claim, expected):
    assert recomputed[f"coding.{claim}"] == pytest.approx(expected)


def test_each_difference_says_why(recomputed):
    table = claims.verdicts(recomputed)
    gaps = table[table["verdict"] == claims.GAP]
    assert len(gaps) == 9
    assert gaps[["severity", "cause"]].notna().all().all()
    missing = table[table["verdict"] == claims.NOT_REPRODUCIBLE]
    assert len(missing) == len(coding.AURA_UNPUBLISHED) + 2
