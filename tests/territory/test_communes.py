"""Perimeters: population, growth, density, ages and overlap by hand; one sentence for each doubtful code."""

from __future__ import annotations

import pytest

from helpers.errors import DataError, NotComputable
from helpers.territory import communes

RENNES_METROPOLE = "243500139"


def value(table, row=0):
    return table["value"].iloc[row]


def test_population_of_an_epci_is_the_sum_of_its_communes():
    table = communes.population(communes.perimeter([RENNES_METROPOLE])).set_index("period")
    assert table.loc["2016", "value"] == 443192
    assert table.loc["2023", "value"] == 480178


def test_growth_by_hand():
    # Rennes, 216 268 in 2016 and 230 890 in 2023: (230 890 / 216 268)^(1/7) - 1 = 0.939 % a year.
    table = communes.growth(communes.perimeter(["35238"]))
    assert value(table) == pytest.approx(0.938996, abs=1e-6)
    assert (table["numerator"].iloc[0], table["denominator"].iloc[0]) == (230890, 216268)


def test_density_by_hand():
    # 230 890 inhabitants on 50.39 km².
    assert value(communes.density(communes.perimeter(["35238"]), area_km2=50.39)) == pytest.approx(
        4582.06, abs=0.01
    )


def test_the_area_is_that_of_the_outlines():
    # Rennes: 50.39 km² of the cadastre, 50.43 of the outlines.
    assert communes.area(communes.perimeter(["35238"])) == pytest.approx(50.39, rel=0.02)
    with pytest.raises(NotComputable, match="Neussargues"):
        communes.area(communes.perimeter(["15141"]))


def test_split_communes_told_together_have_their_past_again():
    # CC Hautes Terres Communauté: 11 118 inhabitants in 2022, Neussargues-Moissac and the four that left it among them.
    whole = communes.perimeter(["200066637"])
    table = communes.population(whole).set_index("period")["value"]
    assert table["2022"] == 11118
    assert communes.area(whole) > 800
    one_less = whole[whole["code"] != "15171"]
    assert communes.population(one_less).set_index("period")["value"].isna()["2022"]


def test_age_structure_by_hand():
    # Rennes 2021: 51 989 + 139 877 + 33 212 of 225 080; 33 212 / 51 989 = 63.88.
    table = communes.age_structure(communes.perimeter(["35238"])).set_index("indicator")["value"]
    assert table["Part des 65 ans et plus"] == pytest.approx(14.7556, abs=1e-4)
    assert table["Indice de vieillissement"] == pytest.approx(63.8828, abs=1e-4)


def test_overlap_by_hand_and_a_city_against_its_arrondissements():
    first = communes.perimeter(["35238", "35024"])
    second = communes.perimeter(["35238"])
    shares = communes.overlap(first, second)
    people = first.set_index("code")["population_2023"]
    assert value(shares, 0) == pytest.approx(100 * people["35238"] / people.sum())
    assert value(shares, 1) == 100
    lyon = communes.overlap(communes.perimeter(["69123"]), communes.perimeter(["69385"]))
    assert lyon["numerator"].tolist() == [47777, 47777]
    assert lyon["note"].tolist() == ["1\u00a0commune partagée sur 9", "1\u00a0commune partagée sur 1"]


def test_order_does_not_matter():
    assert communes.perimeter(["35238", "01004"]).equals(communes.perimeter(["01004", "35238"]))


def test_describe_puts_all_together_and_says_what_is_refused():
    table = communes.describe([RENNES_METROPOLE], territory="Rennes Métropole", area_km2=704.94)
    assert table["indicator"].nunique() == 7
    mayotte = communes.describe(["97608"])
    assert mayotte["value"].isna().all()
    assert mayotte["note"].str.contains("Dzaoudzi|Population de 2023 inconnue").all()


@pytest.mark.parametrize(
    ("codes", "error", "sentence"),
    [
        ([], DataError, "au moins une commune"),
        (["1004"], DataError, "zéro initial compris"),
        (["99999"], DataError, "n'est le code INSEE d'aucune commune"),
        (["123456789"], DataError, "SIREN d'aucun EPCI"),
        (["45000"], DataError, r"code postal, non un code INSEE : écrivez Orléans \(45234\)"),
        (["98818"], DataError, "collectivité d'outre-mer"),
        (["35238", "35238"], DataError, "comptée deux fois"),
        (["35238", RENNES_METROPOLE], DataError, "par « 35238 » et par « 243500139 »"),
        (["93059"], DataError, r"dans « Saint-Denis » \(93066\)"),
        (["69123", "69385"], DataError, "entière et par arrondissement"),
    ],
)
def test_doubtful_codes_are_refused(codes, error, sentence):
    with pytest.raises(error, match=sentence):
        communes.perimeter(codes)


def test_a_year_that_is_not_known_is_missing_and_said():
    # Neussargues and the four communes that left it have no population of their own before 2025.
    table = communes.population(communes.perimeter(["15141", "35238"])).set_index("period")
    assert table["value"].isna()["2022"]
    assert "Neussargues" in table.loc["2022", "note"]
    assert table["value"].notna()["2023"]


@pytest.mark.parametrize(
    ("method", "options", "sentence"),
    [
        (communes.growth, {"first": 2023, "last": 2016}, "année plus tardive"),
        (communes.growth, {"first": 2017}, "Pas de population en 2017"),
        (communes.density, {"area_km2": 0}, "positif"),
        (communes.density, {"area_km2": 10, "year": 2017}, "inconnue"),
    ],
)
def test_refusals(method, options, sentence):
    with pytest.raises(NotComputable, match=sentence):
        method(communes.perimeter(["35238"]), **options)


def test_refusals_of_unknown_populations_and_ages():
    mayotte, rennes = communes.perimeter(["97608"]), communes.perimeter(["35238"])
    with pytest.raises(NotComputable, match="Âges de 2021"):
        communes.age_structure(mayotte)
    with pytest.raises(NotComputable, match="Population de 2016 inconnue"):
        communes.growth(mayotte)
    with pytest.raises(NotComputable, match="premier périmètre"):
        communes.overlap(mayotte, rennes)
