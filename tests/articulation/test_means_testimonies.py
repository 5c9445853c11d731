"""Means by year and size, coordination against coordination, and the agreement of two automated readings."""

from __future__ import annotations

import pandas as pd
import pytest
from statsmodels.stats.inter_rater import cohens_kappa

from helpers.articulation import means, testimonies
from helpers.errors import DataError
from tests.project import PROJECT


def test_means_of_both_scales_by_hand():
    table = means.by_year(PROJECT).set_index(["situation", "year", "size"])
    # 2019, size 1: 50 000 + 50 000 + 20 000 and access at 40 000 (one document) or 30 000 (the other).
    core = table.loc[(means.CORE, 2019, 1)]
    assert (core["low"], core["high"], core["n"]) == (150_000, 160_000, 2)
    core = table.loc[(means.CORE, 2022, 1)]
    assert (core["low"], core["high"], core["n"]) == (200_000, 200_000, 3)


def test_years_without_a_scale_stay_absent():
    assert set(means.by_year(PROJECT)["year"]) == {2019, 2022}


def test_the_ceiling_of_another_year_is_said():
    gaps = means.gap_by_year(means.by_year(PROJECT), 30_000, ceiling_year=2022)
    assert (gaps["note"] != "").equals(gaps["year"] != 2022)
    row = gaps[(gaps["situation"] == "Fonctionnement seul") & (gaps["size"] == 4)].iloc[0]
    assert row["high_ratio"] == 3
    told = means.change_sentence(gaps, size=2)
    assert "6,5 à 6,9 fois" in told
    assert "2020 et 2021" in told
    named = means.sources(gaps)
    assert "2019 : Navinel 2020 et Lainé 2021" in named
    assert "2022 : Miller 2022, Thèse AURA 2022 et Fabrique 2022" in named


def test_amounts_that_differ_are_both_shown():
    shown = means.readable(means.gap_by_year(means.by_year(PROJECT), 30_000, ceiling_year=2022))
    assert " ou " in shown.loc[shown["year"] == "2019", "Taille 1"].iloc[1]


def test_coordination_is_compared_with_coordination_only():
    ceiling = means.cls_ceiling(PROJECT)
    assert ceiling == 30_000
    table = means.like_for_like(means.by_year(PROJECT), ceiling, year=2022)
    # Annex 2 of the Fabrique: 50 000, 60 000, 75 000 and 90 000 euros; no money of the missions.
    assert table["amount"].tolist() == [50_000, 60_000, 75_000, 90_000]
    assert table["ratio"].round(2).tolist() == [1.67, 2.0, 2.5, 3.0]
    told = means.like_for_like_sentence(table).replace("\u202f", " ").replace("\u00a0", " ")
    assert "de 1,7 à 3,0 fois moins" in told
    with pytest.raises(DataError, match="plafond"):
        means.like_for_like(means.by_year(PROJECT), -1, year=2022)


def test_a_ceiling_must_be_positive():
    with pytest.raises(DataError, match="plafond"):
        means.gap_by_year(means.by_year(PROJECT), 0, ceiling_year=2022)


def test_agreement_is_that_of_the_library_and_of_a_count_by_hand():
    codings = PROJECT.table("coding/testimony_codings")
    long = testimonies.agreement(codings).set_index(["indicator", "statistic"])["value"]
    for variable, name in testimonies.AGREED_FR.items():
        wide = codings.pivot(index="testimony", columns="coder", values=variable).dropna()
        assert long[(name, "accord brut")] == pytest.approx((wide[1] == wide[2]).mean())
        assert long[(name, "kappa de Cohen")] == pytest.approx(
            cohens_kappa(
                pd.crosstab(wide[1], wide[2]).reindex(index=all_of(wide), columns=all_of(wide), fill_value=0)
            ).kappa
        )
    shown = testimonies.readable_agreement(testimonies.agreement(codings))
    assert [cell.replace("\u00a0", " ")[-8:] for cell in shown["indicator"]] == [
        "(n = 42)",
        "(n = 28)",
        "(n = 42)",
    ]
    assert shown.notna().all(axis=None)


def all_of(wide):
    return sorted(set(wide[1]) | set(wide[2]))


def test_disagreements_leave_out_what_agrees():
    apart = testimonies.disagreements(PROJECT.table("coding/testimony_codings"))
    assert (apart["first"] != apart["second"]).all()
    # 42 testimonies, 39 with the same valence.
    assert apart.loc[apart["variable"] == "Valence", "units"].sum() == 3
