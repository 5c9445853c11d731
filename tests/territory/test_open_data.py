"""Open data: the year of each column, mergers, Mayotte, arrondissements, and totals published elsewhere."""

from __future__ import annotations

import pytest

from helpers import catalog
from tests.project import PROJECT

YEARS = (2016, 2018, 2019, 2020, 2021, 2022, 2023)


@pytest.fixture(scope="module")
def communes():
    return PROJECT.table("open/communes").set_index("code")


@pytest.mark.parametrize(
    ("code", "known"),
    [
        # Legal populations published by INSEE.
        ("35238", {2016: 216268, 2018: 217728, 2019: 220488, 2020: 222485, 2021: 225081, 2022: 227830, 2023: 230890}),
        ("75056", {2016: 2190327, 2018: 2175601, 2019: 2165423, 2020: 2145906, 2021: 2133111, 2022: 2113705}),
    ],
)  # fmt: skip
def test_each_column_is_of_the_year_it_says(communes, code, known):
    for year, value in known.items():
        assert communes.loc[code, f"population_{year}"] == value


@pytest.mark.parametrize(
    ("year", "total"),
    [(2016, 66361658), (2018, 66732538), (2019, 66988403), (2020, 67162154), (2021, 67408052),
     (2022, 67760573), (2023, 68094280)],
)  # fmt: skip
def test_departments_add_up_to_the_total_of_france_without_mayotte(year, total):
    assert PROJECT.table("open/departments")[f"population_{year}"].sum() == total


@pytest.mark.parametrize(("code", "published"), [("22", 599584), ("29", 911735), ("85", 679991)])
def test_departments_of_2018_have_their_islands(code, published):
    # Files of INSEE; without the islands of no EPCI: 356, 1 089 and 4 829 less.
    assert PROJECT.table("open/departments").set_index("code")["population_2018"][code] == published


def test_no_department_jumps_between_the_two_sources_of_a_population():
    # Ages come from the census by IRIS, populations from the legal ones: a commune lost in one of them is seen here.
    table = PROJECT.table("open/departments").query("code != '976'")
    assert (table["population_iris_2021"] - table["population_2021"]).abs().max() <= 20
    groups = table[["age_0_19_2021", "age_20_64_2021", "age_65_plus_2021"]].sum(axis=1)
    assert (groups - table["population_iris_2021"]).abs().max() <= 300


def test_an_epci_adds_up_to_its_published_total(communes):
    # Rennes Métropole: totals of the EPCI file, which the columns do not come from (2018 and 2021 excepted).
    inside = communes[communes["epci"] == "243500139"]
    totals = [int(inside[f"population_{year}"].sum()) for year in YEARS]
    assert totals == [443192, 451762, 457416, 462580, 467858, 473973, 480178]


def test_merged_communes_are_added(communes):
    # Saint-Denis absorbed Pierrefitte-sur-Seine in 2025: 115 237 + 33 670 inhabitants in 2022.
    assert communes.loc["93066", "boundary"] == "fusionnée"
    assert communes.loc["93066", "population_2022"] == 148907
    # Valserhône, created in 2018 out of three communes: 16 302 and not the 11 666 of its head.
    assert communes.loc["01033", "population_2016"] == 16302
    former = PROJECT.table("open/former_communes").set_index("code")
    assert former.loc["93059", "commune"] == "93066"
    assert not former.index.isin(communes.index).any()


def test_restored_communes_and_those_they_left_have_no_guessed_value(communes):
    assert communes.loc["14666", "boundary"] == "rétablie"
    assert communes.loc["14712", "boundary"] == "amputée"
    for code in ("14666", "14712"):
        assert communes["population_2016"].isna()[code]
        assert communes["population_2018"].notna()[code]


def test_a_commune_that_only_changed_its_code_keeps_its_series(communes):
    # Conques-en-Rouergue: 12076 until 2024, 12218 since; the same territory.
    assert communes.loc["12218", "boundary"] == "inchangée"
    assert communes.loc["12218", ["population_2016", "population_2019", "population_2022"]].tolist() == [
        1671,
        1615,
        1555,
    ]
    assert set(communes.loc[communes["boundary"] == "amputée"].index) == {"14712", "15141", "60054", "85084"}
    assert (communes["boundary"] == "rétablie").sum() == 8


def test_islands_of_no_epci_have_every_year(communes):
    alone = communes[communes["epci"].isna()]
    assert sorted(alone.index) == ["22016", "29083", "29155", "85113"]
    assert alone[[f"population_{year}" for year in YEARS]].notna().all(axis=None)
    assert alone.loc["85113", ["population_2018", "population_2021"]].tolist() == [4829, 4877]


def test_split_communes_have_the_population_of_their_whole(communes):
    split = PROJECT.table("open/split_communes").set_index("code")
    assert sorted(split.index) == ["14712", "15141", "60054", "85084"]
    assert {code for codes in split["communes"] for code in codes.split()} == set(
        communes.index[communes["boundary"].isin(["rétablie", "amputée"])]
    )
    # Where each piece has its own population, the whole is their sum.
    for row in split.itertuples():
        pieces = communes.loc[row.communes.split(), "population_2023"]
        assert row.population_2023 == pieces.sum()


def test_areas_are_those_of_the_cadastre_within_two_percent():
    km2 = PROJECT.table("open/geography").set_index("code")["km2"]
    for code, known in {"35238": 50.39, "75056": 105.4, "45234": 27.48}.items():
        assert km2[code] == pytest.approx(known, rel=0.02)
    assert km2[km2.index.str.fullmatch("751..")].sum() == pytest.approx(km2["75056"], rel=1e-3)


def test_neighbours_touch_and_islands_have_none(communes):
    pairs = PROJECT.table("open/neighbours")
    around = set(pairs.loc[pairs["commune"] == "35238", "neighbour"])
    around |= set(pairs.loc[pairs["neighbour"] == "35238", "commune"])
    # The ten communes around Rennes.
    names = {
        "Cesson-Sévigné",
        "Chantepie",
        "Saint-Jacques-de-la-Lande",
        "Vezin-le-Coquet",
        "Pacé",
        "Montgermont",
    }
    assert names <= set(communes.loc[sorted(around), "name"])
    assert (pairs["commune"] < pairs["neighbour"]).all()
    touched = set(pairs["commune"]) | set(pairs["neighbour"])
    assert not {"22016", "29083", "29155", "85113"} & touched


def test_outlines_are_there_for_all_but_five_communes(communes):
    drawn = set(PROJECT.table("open/outlines")["code"])
    cities = {"13055", "69123", "75056"}
    assert set(communes.index) - drawn - cities == {"15031", "15035", "15047", "15141", "15171"}


def test_half_of_the_postcodes_are_the_code_of_another_commune(communes):
    table = PROJECT.table("open/postcodes")
    served = table.groupby("postcode")["commune"].agg(set)
    other = [code for code, places in served.items() if code in communes.index and code not in places]
    assert 2500 < len(other) < 3200
    assert "45234" in served["45100"]
    assert communes.loc["45100", "name"] == "Combleux"


def test_mayotte_has_its_census_of_2017_and_no_yearly_series(communes):
    mayotte = communes[communes["department"] == "976"]
    assert len(mayotte) == 17
    assert mayotte["population_2017_mayotte"].sum() == 256518
    assert mayotte[[f"population_{year}" for year in YEARS]].isna().all(axis=None)
    assert communes.loc[communes["department"] != "976", "population_2017_mayotte"].isna().all()


def test_arrondissements_make_their_city_and_are_no_commune(communes):
    districts = PROJECT.table("open/arrondissements")
    assert len(districts) == 45
    assert not districts["code"].isin(communes.index).any()
    for city, group in districts.groupby("commune"):
        for year in (2016, 2019, 2020, 2021, 2022, 2023):
            assert group[f"population_{year}"].sum() == communes.loc[city, f"population_{year}"]


def test_ages_add_up_and_follow_the_legal_population(communes):
    ages = communes.dropna(subset=["population_iris_2021", "population_2021"])
    groups = ages[["age_0_19_2021", "age_20_64_2021", "age_65_plus_2021"]].sum(axis=1)
    # Each IRIS is rounded by itself: a few inhabitants per city.
    assert (groups - ages["population_iris_2021"]).abs().max() <= 200
    assert (ages["population_iris_2021"] - ages["population_2021"]).abs().max() <= 14
    creuse = ages[ages["department"] == "23"]
    share = 100 * creuse["age_65_plus_2021"].sum() / creuse["population_iris_2021"].sum()
    assert share == pytest.approx(30.9, abs=0.05)


def test_the_files_stay_small():
    package = catalog.open_package()
    names = [name for name in package.names() if package.path(name).suffix == ".parquet"]
    assert len(names) == 12
    assert sum(package.path(name).stat().st_size for name in names) < 4_000_000


def test_national_series_have_a_source_and_a_date_on_each_row():
    table = PROJECT.table("open/national")
    assert set(table["series"]) == {"cpts_couverture", "msp", "cds", "ald_medecin_traitant"}
    assert (table["source_date"] >= table["date"]).all()
    msp = table[table["series"] == "msp"]
    # 14 half-years without a hole once the missing one is taken from the earlier edition.
    assert len(msp) == 14
    assert msp["value"].is_monotonic_increasing


def test_the_national_series_and_the_counts_of_the_bridges_agree():
    later = PROJECT.table("open/cpts_counts_later")
    read = later[~later["second_hand"] & (later["definition"] == "population_couverte")].set_index("date")[
        "value"
    ]
    series = PROJECT.table("open/national").query("series == 'cpts_couverture'").set_index("date")["value"]
    assert series[read.index].tolist() == read.tolist()
