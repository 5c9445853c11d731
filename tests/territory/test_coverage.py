"""Coverage by département and region: hand-worked values, then the published national figure."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.errors import DataError, NotComputable
from helpers.intake.official import barometre
from helpers.territory import coverage, downloads, supply
from tests.conftest import ROOT
from tests.project import PROJECT

SHARED = ROOT.parent / "shared" / "data" / "external"


@pytest.fixture
def mirror(monkeypatch):
    if not SHARED.is_dir():
        pytest.skip("le dossier des copies (miroir) n'est pas sur cette machine")
    monkeypatch.setenv(downloads.PLACE, str(SHARED))


def place(values, population=(100, 100, 200)):
    dates = [pd.Timestamp("2022-12-01"), pd.Timestamp("2024-05-01")]
    rows = [
        {
            "code": code,
            "name": code,
            "region_name": region,
            "date": date,
            "value": value,
            "population": people,
        }
        for (code, region, pair), people in zip(values, population, strict=True)
        for date, value in zip(dates, pair, strict=True)
    ]
    return pd.DataFrame(rows).dropna(subset=["value"])


TABLE = place([("a", "x", (0.0, 50.0)), ("b", "x", (50.0, 100.0)), ("c", "y", (100.0, 90.0))])


def plain(text):
    return text.replace("\xa0", " ").replace("\u202f", " ")


def test_titles_say_what_moved():
    # Median of 0, 50, 100 then of 50, 90, 100; first deciles 10 and 58.
    assert plain(coverage.distribution_caption(TABLE, "département")) == (
        "la médiane des départements passe de 50 % à 90 % et le premier décile passe de 10 % à 58 %"
    )
    once = TABLE[TABLE["date"] == TABLE["date"].max()]
    assert plain(coverage.distribution_caption(once, "région")).startswith(
        "la médiane des régions est à 90 %"
    )
    groups = coverage.catch_up(TABLE, groups=3)
    assert plain(coverage.catch_up_caption(groups)) == (
        "le groupe parti du plus bas passe de 0,0 % à 50,0 %, celui parti du plus haut passe de 100,0 % à 90,0 %"
    )
    assert coverage.distribution_caption(TABLE[:0], "région") == coverage.catch_up_caption(groups[:0]) == ""


def test_distribution_by_hand():
    first = coverage.distribution(TABLE).iloc[0]
    assert (first["minimum"], first["médiane"], first["maximum"]) == (0, 50, 100)
    # (0 × 100 + 50 × 100 + 100 × 200) / 400
    assert first["mean"] == 62.5
    assert coverage.reference_value(TABLE, "médiane") == 90
    assert coverage.reference_value(TABLE, "france") == pytest.approx((5000 + 10000 + 18000) / 400)
    with pytest.raises(DataError, match="Référence"):
        coverage.reference_value(TABLE, "europe")


def test_inequality_by_hand():
    table = coverage.inequality_over_time(TABLE)
    # Gini of 0, 50, 100: sum |xi - xj| / (2 n² mean) = 400 / 900; the uncovered shares are the same three numbers.
    assert table["gini_covered"].iloc[0] == pytest.approx(4 / 9)
    # The corrected index does not depend on the side one looks from.
    other = coverage.inequality_over_time(TABLE.assign(value=100 - TABLE["value"]))
    assert table["corrected"].tolist() == pytest.approx(other["corrected"].tolist(), nan_ok=True)
    assert table["gini_uncovered"].iloc[0] == pytest.approx(4 / 9)
    assert table["interdecile"].iloc[0] == pytest.approx(80)
    assert table["uncovered"].tolist() == [150, 70]
    # Weighted: mean 62.5, squares 3906.25, 156.25 and twice 1406.25, divided by 4.
    assert table["deviation"].iloc[0] == pytest.approx(np.sqrt(1718.75))


def test_saturation_by_hand():
    table = coverage.saturation(TABLE)
    assert table[["full", "saturated"]].to_numpy().tolist() == [[1, 1], [1, 1]]
    assert table["population_part"].tolist() == [50, 25]


def test_catch_up_by_hand():
    table = coverage.catch_up(TABLE, groups=3)
    assert table["gain"].tolist() == [50, 50, -10]
    assert table["closed"].tolist()[:2] == [50, 100]
    assert np.isnan(table["closed"].iloc[2])
    once = TABLE[TABLE["date"] < "2023"]
    assert coverage.catch_up(once).empty
    assert "Une seule date" in coverage.no_catch_up(once)
    with pytest.raises(NotComputable, match="pour 4 groupes"):
        coverage.catch_up(TABLE, groups=4)


def test_falls_and_regions_by_hand():
    assert coverage.falls(TABLE)[["name", "change"]].to_numpy().tolist() == [["c", -10.0]]
    assert coverage.by_region(TABLE).to_numpy().tolist() == [["x", 25.0, 75.0], ["y", 100.0, 90.0]]


def test_a_sentence_names_who_is_missing_at_a_date():
    table = place([("a", "x", (0.0, None)), ("b", "x", (50.0, 100.0)), ("c", "y", (100.0, 90.0))])
    assert "Sans valeur à l'une des dates : a." in coverage.sentence(table)
    assert "Sans valeur" not in coverage.sentence(TABLE)


def test_unknown_level_and_department_are_refused():
    values = pd.DataFrame({"code": ["01"], "date": [pd.Timestamp("2023-10-01")], "value": [66.0]})
    assert coverage.panel(values)["population"].tolist() == [679344.0]
    with pytest.raises(DataError, match="Niveau"):
        coverage.panel(values, level="canton")
    with pytest.raises(DataError, match="« 96 » inconnu"):
        coverage.panel(values.assign(code="96"))


def test_a_single_territory_has_no_inequality():
    with pytest.raises(NotComputable, match="au moins 2"):
        coverage.inequality_over_time(TABLE[TABLE["code"] == TABLE["code"].iloc[0]])


def test_an_empty_panel_gives_empty_results_with_their_columns():
    nothing = TABLE.head(0)
    made = [
        coverage.distribution,
        coverage.distribution_series,
        coverage.inequality_over_time,
        coverage.saturation,
    ]
    for make in [*made, coverage.catch_up, coverage.falls, coverage.by_region, coverage.latest]:
        empty, full = make(nothing), make(TABLE, groups=2) if make is coverage.catch_up else make(TABLE)
        assert empty.empty
        if make is not coverage.by_region:  # its columns are the dates
            assert list(empty.columns) == list(full.columns)
    assert coverage.in_months(coverage.falls(nothing)).empty
    assert coverage.sentence(nothing) == coverage.no_catch_up(nothing) == ""
    assert np.isnan(coverage.reference_value(nothing, "france"))
    assert supply.openings_by_territory(nothing).empty


def test_the_departments_give_the_published_national_coverage(mirror):
    table = coverage.panel(barometre.at(barometre.load("IND-589"), "département"))
    assert table.groupby("date").size().tolist() == [101, 101, 101, 100]
    gaps = coverage.against_published(table, supply.national("cpts_couverture"))
    assert gaps["published"].tolist() == [68, 80, 84, 86.1]
    assert gaps["gap"].abs().max() < 0.5


def test_the_regions_give_the_published_national_number_of_structures(mirror):
    values = barometre.at(barometre.load("IND-311"), "département")
    national = supply.national("msp").set_index("date")["value"]
    assert (values.groupby("date")["value"].sum() - national).dropna().eq(0).all()
    trends = supply.openings_by_territory(supply.panel(values))
    assert len(trends) == 17
    assert (trends["lower"] < trends["value"]).all()
    assert (trends["value"] < trends["upper"]).all()


def test_every_definition_of_a_count_says_what_it_counts():
    known = set(PROJECT.table("coding/count_definitions")["definition"])
    used = set(PROJECT.table("open/cpts_counts_later")["definition"]) - {"autre", "professionnels"}
    assert used <= known


def test_the_last_value_of_each_place():
    table = pd.DataFrame(
        {
            "code": ["02", "01", "01"],
            "date": pd.to_datetime(["2022-12-01", "2022-12-01", "2023-10-01"]),
            "value": [1.0, 2.0, 3.0],
        }
    )
    assert coverage.latest(table)[["code", "value"]].to_numpy().tolist() == [["01", 3.0], ["02", 1.0]]


def test_a_department_without_value_is_no_department_at_zero():
    rows = pd.DataFrame(
        {
            "code": ["01", "03", "01", "03"],
            "date": pd.to_datetime(["2022-01-01"] * 2 + ["2023-01-01"] * 2),
            "value": [10.0, 20.0, 50.0, None],
        }
    )
    table = coverage.panel(rows)
    assert coverage.by_region(table)["01/2023"].tolist() == pytest.approx([50])
    assert coverage.distribution(table)["n"].tolist() == [2, 1]
    assert coverage.sentence(
        coverage.panel(rows.iloc[[0, 1, 2, 2]].assign(code=["01", "03", "01", "02"]))
    ).endswith("Sans valeur à l'une des dates : Aisne, Allier.")
