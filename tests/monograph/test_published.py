"""Indicators that the documents print, and the counts found again from a printed share."""

from __future__ import annotations

import math

import pytest

from helpers.methods import basis
from helpers.methods import measured as measure
from helpers.monograph import benchmark, indicators, published
from tests.project import PROJECT


@pytest.mark.parametrize(
    ("percent", "size", "count"),
    [(50.0, 28, 14), (40.0, 60, 24), (44.3, 70, 31), (37.5, 48, 18), (0.0, 10, 0), (100.0, 7, 7)],
)
def test_the_only_count_that_gives_the_share_is_found(percent, size, count):
    assert published.counted_share(percent, size) == count
    assert round(100 * count / size, 1) == percent


@pytest.mark.parametrize(
    ("percent", "size"),
    # No whole count of 60 gives 58.0 %; several of 8 624 give 39.6 %; nothing to divide.
    [(58.0, 60), (39.6, 8624), (float("nan"), 60), (50.0, float("nan")), (50.0, 0)],
)
def test_a_share_that_no_single_count_gives_stays_without_interval(percent, size):
    assert math.isnan(published.counted_share(percent, size))


def test_the_count_found_again_is_the_one_that_the_monograph_prints():
    staff = PROJECT.table("miller2022/monograph_professionals").set_index(["profession", "age"])["value"]
    _, values = published.indicators("A", PROJECT)
    row = values[(values["indicator"] == "mg_part_60_plus") & (values["territory"] == "A")].iloc[0]
    assert row["numerator"] == staff["medecin_generaliste", "plus_60"]
    assert row["denominator"] == staff["medecin_generaliste", "total"]


@pytest.mark.parametrize("code", list("ABCDE"))
def test_values_are_those_of_the_tables(code):
    supply = PROJECT.table("miller2022/supply_epidemiology").set_index(["cpts", "indicator"])["value"]
    definitions, values = published.indicators(code, PROJECT)
    measure.defined(definitions, values)
    measured = indicators.measures(definitions, values)
    own = benchmark.latest(measured, code).set_index("indicator")
    for indicator in ("vaccination_grippe", "part_ald", "mg_part_60_plus", "mg_file_active"):
        printed = supply[code, indicator]
        shown = own.loc[indicator, "value"]
        assert (math.isnan(printed) and math.isnan(shown)) or round(shown, 1) == printed
    assert own.loc["mg_densite", "value"] == pytest.approx(
        10_000 * supply[code, "mg_nombre"] / own.loc["mg_densite", "denominator"]
    )


@pytest.mark.parametrize("code", ["CPTS12", "BAS_CHABLAIS"])
def test_a_cpts_without_printed_indicator_has_none(code):
    definitions, values = indicators.load(code, PROJECT)
    assert definitions.empty
    assert values.empty


def test_a_missing_value_is_said_not_drawn_as_zero():
    definitions, values = published.indicators("E", PROJECT)
    table = benchmark.compared(definitions, indicators.measures(definitions, values), "E")
    row = table.set_index("indicator").loc["part_ald"]
    assert math.isnan(row["value"])
    assert benchmark.value_fr(row) == measure.ABSENT_FR


def test_a_complete_count_has_no_smallest_visible_change():
    definitions, values = published.indicators("A", PROJECT)
    table = benchmark.compared(definitions, indicators.measures(definitions, values), "A").set_index(
        "indicator"
    )
    counted = table[table["census"]]
    assert set(counted.index) == {*published._COUNTED, *published._DENSITIES}
    assert counted[["down", "up"]].isna().all(axis=None)
    # Nothing was drawn: no interval, and the difference with the benchmark is a fact.
    assert counted["lower"].isna().all()
    assert counted["refusal"].eq(basis.NOTES_FR[basis.CENSUS]).all()
    assert counted.loc["mg_part_60_plus", "verdict"] == "au-dessus de la référence"
    assert counted.loc["mg_densite", "verdict"] == "au-dessous de la référence"
