"""Membership rates with their bounds, staff, indicators from reference to target."""

from __future__ import annotations

import pytest

from helpers.practices import followup, members
from tests.project import PROJECT


@pytest.fixture(scope="module")
def rates():
    return members.rates(PROJECT).set_index("cpts")


def test_a_rate_is_exact_only_where_both_numbers_are(rates):
    assert set(rates.index[rates["exact"]]) == {3, 4, 8, 10, 11, 12, 13, 15}
    assert rates.loc[11, "lower"] == pytest.approx(100 * 114 / 153)
    assert rates.loc[13, "rate"] == "11,5"


def test_a_bound_stays_a_bound(rates):
    assert (rates.loc[1, "members"], rates.loc[1, "rate"]) == ("> 400", "> 33,3")
    # At least 40 members of 80 professionals at most.
    assert (rates.loc[7, "professionals"], rates.loc[7, "rate"]) == ("70 à 80", "> 50,0")
    assert rates.loc[6, "members"] == "180 à 200"
    assert rates.loc[14, "members"] == "100 à 120"
    assert rates.loc[16, "rate"] == "—"


def test_the_damaged_sign_is_read_as_restored(rates):
    assert rates.loc[2, "members"] == "≈ 90"


def test_the_funnel_stands_around_the_whole_of_the_exact_ones():
    points, whole = members.funnel(PROJECT)
    assert whole == round(100 * points["numerator"].sum() / points["denominator"].sum(), 1)
    assert (points["outer_low"] < points["inner_low"]).all()
    assert (points["inner_low"] < whole).all()
    assert "6 CPTS sur 8" in members.funnel_caption(points)


def test_every_person_described_is_counted_once():
    table = members.staff(PROJECT)
    assert len(table) == 16
    told = table.loc[table["salaried"] != "non dit", "salaried"].astype(int)
    assert told.sum() == int(PROJECT.table("aura2022/staff")["salaried"].sum())


def test_every_value_of_an_indicator_is_a_fact_of_that_cpts():
    facts = PROJECT.table("aura2022/facts").set_index("fact_id")
    for row in PROJECT.table(followup.VALUES).itertuples():
        assert facts.loc[row.fact_id, "cpts"] == row.cpts
        assert facts.loc[row.fact_id, "line"] == row.line


def test_one_indicator_goes_from_reference_to_target():
    table = followup.values(PROJECT)
    whole = table[table["attained"] != "—"]
    assert whole["cpts"].tolist() == [9]
    assert whole.iloc[0]["attained"].startswith("84")
    assert whole.iloc[0]["reference"].startswith("96 ")


def test_two_parties_may_oppose_two_values():
    cover = followup.values(PROJECT).set_index("label_fr").loc["Couverture ROR"]
    assert "selon la CPTS" in cover["atteint"]
    assert "selon l'Assurance maladie" in cover["atteint"]
    assert cover["attained"] == "—"


def test_every_indicator_is_listed_and_the_disputed_are_among_them():
    listed, own = followup.listed(PROJECT), PROJECT.table(followup.INDICATORS)
    assert sorted(listed["line"].astype(int)) == sorted(own["line"])
    assert set(own["level"]) <= set(followup.LEVELS)
    assert set(followup.disputed(PROJECT)["level"]) == {"imposé", "contesté", "refusé"}
