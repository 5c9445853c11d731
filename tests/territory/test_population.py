"""Figures of many territories at once: oracles of INSEE, ratios of sums, people left out, regions that share a code."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.territory import communes, places, population, references
from tests.project import PROJECT

REDON = "243500741"


@pytest.fixture(scope="module")
def epci():
    units = communes.units()
    whole = units[(units["kind"] == "commune") & units["epci"].notna()]
    return {str(code): list(rows) for code, rows in whole.groupby("epci")["code"]}


def wide(rows):
    return rows.pivot(index="territory", columns="code", values="value")


def test_all_epci_have_every_indicator_but_those_of_mayotte(epci):
    table = wide(population.profiles(epci))
    missing = table.index[table[["population", "growth", "over_65"]].isna().any(axis=1)]
    where = communes.units()
    assert len(table) == 1255
    assert len(missing) == 5
    assert {where.loc[epci[code][0], "department"] for code in missing} == {"976"}


def test_the_communes_of_every_epci_add_up_to_the_total_that_is_published_for_it(epci):
    # 1,250 EPCI outside Mayotte; CC Hautes Terres (11,118) by its pieces told together.
    rows = population.profiles(epci, start=2022)
    added = rows[rows["code"] == "growth"].set_index("territory")["denominator"].dropna()
    published = PROJECT.table("open/epci").set_index("code")["population_2022"].astype(float)
    assert len(added) == 1250
    assert (added == published[added.index]).all()
    assert added["200066637"] == 11_118


def test_epci_with_split_communes_have_their_figures_again(epci):
    # CU Caen la Mer, CC Hautes Terres, CC des Sablons, CC Saint-Fulgent - Les Essarts: no growth without their wholes.
    sirens = ["200065597", "200066637", "246000582", "200071918"]
    table = wide(population.profiles({siren: epci[siren] for siren in sirens}))
    assert table["population"]["200065597"] == 281165
    assert table[["growth", "area", "over_65"]].notna().all(axis=None)


def test_a_ratio_is_a_ratio_of_sums_whatever_the_order_and_the_cut(epci):
    codes = epci[REDON]
    place = communes.perimeter(codes)
    row = population.profiles({"a": codes[::-1]}).set_index("code").loc["over_65"]
    by_hand = 100 * place["age_65_plus_2021"].sum() / place["population_iris_2021"].sum()
    assert row["value"] == pytest.approx(by_hand)
    # A mean of the shares of communes is another number.
    assert row["value"] != pytest.approx(
        (100 * place["age_65_plus_2021"] / place["population_iris_2021"]).mean(), abs=0.01
    )
    parts = population.profiles({"b": codes[:10], "c": codes[10:]})
    parts = parts[parts["code"] == "over_65"]
    assert parts["numerator"].sum() / parts["denominator"].sum() == pytest.approx(by_hand / 100)


def test_the_epci_of_a_department_make_the_department():
    rows = communes.units().query("department == '35' and kind == 'commune'")
    own = population.profiles({"35": rows["code"]}).set_index("code")["value"]
    reference = population.compared([("departement", "35")]).set_index("code")["value"]
    for code in ("population", "growth", "density", "over_65", "ageing", "dependency"):
        assert own[code] == pytest.approx(reference[code], rel=1e-4)


def test_a_region_and_a_department_of_one_code_are_two():
    table = references.table()
    assert table.loc[("region", "84"), "name"] == "Auvergne-Rhône-Alpes"
    assert table.loc[("departement", "84"), "name"] == "Vaucluse"
    assert (
        table.loc[("region", "84"), "population_2023"]
        > 8_000_000
        > table.loc[("departement", "84"), "population_2023"]
    )
    assert table.index.is_unique
    assert len(table) == 101 + 18 + 1


@pytest.mark.parametrize(("year", "total"), [(2018, 66732538), (2019, 66988403), (2021, 67408052)])
def test_france_has_every_commune(year, total):
    assert references.table().loc[("france", "FR"), f"population_{year}"] == total


def test_references_of_a_territory_begin_with_the_most_peopled():
    keys = references.of(places.resolve([REDON]).communes)
    assert keys[0] == ("departement", "35")
    assert [level for level, _ in keys] == ["departement"] * 3 + ["region"] * 2 + ["france"]


def test_a_missing_commune_is_counted_and_never_lowers_a_sum():
    # Neussargues-Moissac has no past of its own; Saint-Flour has 6 300 inhabitants, Neussargues 824.
    rows = population.profiles({"a": ["15187", "15141"]}).set_index("code")
    people = communes.perimeter(["15187", "15141"]).set_index("code")["population_2023"]
    growth = rows.loc["growth"]
    share = 100 * people["15187"] / people.sum()
    assert growth["covered"] == pytest.approx(share)
    # Told when nine people in ten are covered, and said; a count with a hole is not.
    assert pd.isna(growth["value"]) == (share < 90)
    assert pd.isna(rows.loc["area", "value"])
    assert "habitants" in growth["note"]


def test_every_indicator_names_a_source_of_the_list():
    listed = set(PROJECT.table("open/diagnosis_sources")["source"])
    assert set(population.indicators()["source"]) <= listed


def test_the_index_of_a_series_starts_at_one_hundred():
    place = communes.perimeter([REDON])
    table = population.series(place, "Redon", [("france", "FR")])
    assert (table.groupby("territory")["index"].first() == 100).all()
    assert len(table) == 14


def test_cptso_has_the_area_the_people_and_the_density_that_navinel_prints():
    # Navinel 2020: 279 km², 265 000 inhabitants, 950 per km² (populations of 2016).
    rows = PROJECT.table("navinel2020/perimeters").query("scheme == 'cpts-orleanaise'")
    place = communes.perimeter(rows["commune"].unique())
    people = float(communes.population(place).set_index("period").loc["2016", "value"])
    assert len(place) == 16
    assert communes.area(place) == pytest.approx(279, abs=1)
    assert people == pytest.approx(265_000, rel=0.01)
    assert people / communes.area(place) == pytest.approx(950, rel=0.01)
