"""The page of a territory: four answers, no level for another, what is missing named with its command."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from helpers.errors import UnknownName
from helpers.territory import diagnosis, places
from helpers.territory.diagnosis import drawn, shown, telling
from tests.project import PROJECT

REDON = places.resolve(["243500741"])


class Package:
    """A study whose official tables are those given; the others are empty."""

    def __init__(self, **tables):
        self.tables = {name.replace("__", "/"): table for name, table in tables.items()}

    def table(self, name, *, optional=False):
        return self.tables.get(name, pd.DataFrame())


def apl(codes, value=2.0):
    rows = pd.DataFrame({"commune": list(codes)})
    return rows.assign(
        profession="generalistes", year=2024, apl=value, apl_65=value, apl_62=value, apl_60=value, population=1000,
        standardised_population=1000.0,
    )  # fmt: skip


@pytest.fixture(scope="module")
def alone():
    return diagnosis.of(REDON, PROJECT)


def test_who_lives_here(alone):
    sentence = telling.people(alone).replace("\u202f", " ").replace("\u00a0", " ")
    assert sentence.startswith(
        "CA Redon Agglomération : 31 communes, 67 666 habitants en 2023, soit 68 par km²"
    )
    assert "+0,34 % par an depuis 2016 (Ille-et-Vilaine : +0,91)" in sentence


def test_needs_are_told_beside_the_reference(alone):
    france = diagnosis.of(REDON, PROJECT, reference="france")
    assert "23,3" in telling.needs(alone)
    assert "Ille-et-Vilaine" in telling.needs(alone)
    assert "France" in telling.needs(france)
    with pytest.raises(UnknownName):
        diagnosis.of(REDON, PROJECT, reference="monde")


def test_without_any_file_each_missing_one_has_its_command(alone):
    assert "cpts get apl" in telling.access(alone)
    commands = set(shown.missing(alone).data["brought_by"])
    assert {"cpts get apl", "cpts get ameli", "cpts get ind-311.csv"} <= commands
    assert "Rézone" in telling.limits(alone)
    assert "2016" not in telling.limits(alone)


def test_a_figure_of_the_department_is_never_in_the_column_of_the_territory():
    beside = {
        "IND-312": pd.DataFrame({"code": ["35"], "date": [pd.Timestamp("2023-06-01")], "value": [95.5]})
    }
    found = diagnosis.of(REDON, PROJECT, beside=beside)
    row = shown.care_table(found).data.set_index("indicator").loc["Patients en ALD ayant un médecin traitant"]
    assert row["Territoire"] == shown.NOT_THIS_LEVEL
    assert row["Ille-et-Vilaine"] == "95,5"
    assert row["covered"] == "—"
    assert set(found.rows.loc[found.rows["code"] == "barometre_ald", "level"]) == {"departement"}
    assert "et non sur ce seul territoire" in telling.access(found)


def test_the_apl_of_the_territory_alone_has_no_reference():
    found = diagnosis.of(REDON, Package(official__accessibility=apl(REDON.codes)), threshold=2.5)
    assert found.value("apl_generalistes_mean") == 2
    assert found.value("apl_generalistes_under") == 100
    assert pd.isna(found.value("apl_generalistes_mean", ("departement", "35")))
    assert "2,0 consultations" in telling.access(found)
    assert "apl" in found.found


def test_a_category_that_was_not_imported_is_no_zero():
    rows = pd.DataFrame(
        {
            "category": ["603", "603", "620"], "category_fr": ["Maison de santé"] * 2 + ["Pharmacie"],
            "commune": ["35236", "35238", "35238"], "name_fr": ["A", "B", "C"], "opened": [pd.NaT] * 3,
            "extracted": [pd.Timestamp(dt.date(2026, 5, 12))] * 3,
        }
    )  # fmt: skip
    found = diagnosis.of(REDON, Package(official__establishments=rows))
    counts = found.rows[found.rows["source"] == "finess"].set_index("code")["value"].to_dict()
    # Rennes has the pharmacy: here there is none, which the file says; it says nothing of EHPAD.
    assert counts == {"finess_603": 1, "finess_620": 0}
    assert shown.structures(found).data["name_fr"].tolist() == ["A"]


def test_a_density_of_the_cnam_is_the_one_of_all_sexes_and_stays_with_its_level():
    # Loiret 58.3 and France 81.0 generalists per 100 000 in 2024; men and women stand beside their total.
    rows = pd.DataFrame(
        [
            ("departement", "45", "femme", 25.0), ("departement", "45", "tout sexe", 58.3), ("departement", "45", "homme", 33.3),
            ("france", "france", "tout sexe", 81.0), ("region", "45", "tout sexe", 1.0),
        ],
        columns=["level", "code", "sex", "density"],
    ).assign(profession="Médecins généralistes", year=2024, age="tout_age")  # fmt: skip
    found = diagnosis.of(places.resolve(["45234"]), Package(official__professionals=rows))
    own = found.rows[found.rows["source"] == "ameli"].set_index("level")["value"]
    assert own.to_dict() == {"departement": 58.3, "france": 81.0}
    line = shown.care_table(found).data.iloc[0]
    assert (line["Territoire"], line["Loiret"]) == (shown.NOT_THIS_LEVEL, "58,3")


def test_no_row_of_the_territory_comes_from_a_source_that_stops_above_and_each_says_its_cover():
    """Every source of the page at once: whatever stops at the département stays there, whatever is told says on whom."""
    professionals = pd.DataFrame(
        {"level": ["departement", "region", "france"], "code": ["35", "53", "france"]}
    ).assign(profession="Sages-femmes", sex="tout sexe", density=20.0, year=2024, age="tout_age")
    beside = {
        code: pd.DataFrame({"code": ["35"], "date": [pd.Timestamp("2023-06-01")], "value": [50.0]})
        for code in diagnosis.BAROMETER
    }
    # One commune of thirty-one is without APL.
    package = Package(official__professionals=professionals, official__accessibility=apl(REDON.codes[1:]))
    found = diagnosis.of(REDON, package, beside=beside)
    sources = PROJECT.table("open/diagnosis_sources").set_index("source")
    stops_above = set(sources.index[sources["finest_level"] == "departement"])
    assert stops_above <= set(found.rows["source"])
    own = found.rows[found.rows["level"] == "territoire"]
    assert stops_above.isdisjoint(own["source"])
    assert {"apl", "insee_populations"} <= set(own["source"])
    assert found.rows["covered"].between(0, 100).all()
    access = own[own["code"] == "apl_generalistes_mean"].iloc[0]
    assert 90 < access["covered"] < 100
    for table in (shown.care_table(found), shown.comparison(found)):
        for row in table.data.to_dict("records"):
            told = row["Territoire"] != shown.NOT_THIS_LEVEL
            assert row["covered"].endswith("%") == told, row


def test_mayotte_is_told_without_yearly_figures():
    found = diagnosis.of(places.resolve(["97608"]), PROJECT)
    assert "17 831 habitants au recensement de 2017" in telling.people(found).replace("\u202f", " ").replace(
        "\u00a0", " "
    )
    assert "population de 2023 inconnue" in telling.people(found)
    assert shown.communes_table(found).data["counted"].tolist() == [17_831]
    assert "Âges inconnus" in telling.needs(found)
    for piece in (drawn.outline_map, drawn.curve, drawn.ages, shown.comparable):
        assert piece(found).html.startswith("<p>")


def test_the_size_of_the_agreement_and_its_bounds(alone):
    said = telling.size(alone, PROJECT).replace("\u202f", " ").replace("\u00a0", " ")
    # 40 000 ≤ 67 666 < 80 000: the second class.
    assert "67 666 habitants : taille 2." in said
    assert "27 666 habitants au-dessus" in said
    assert "12 334 habitants sous" in said


def test_arrondissements_are_not_called_communes():
    found = diagnosis.of(places.resolve(["69381", "69382", "69383"]), PROJECT)
    assert ": 3\u00a0arrondissements, " in telling.people(found)


def test_gaps_are_ratios_to_the_reference(alone):
    figure = drawn.spine(alone)
    older = figure.data.set_index("label").loc["Part des 65 ans et plus", "index"]
    value, reference = alone.value("over_65"), alone.value("over_65", alone.against)
    assert older == pytest.approx(100 * value / reference)
    assert "Densité" not in set(figure.data["label"])


def test_sources_say_the_hash_of_what_was_read(alone):
    table = telling.sources_of(alone).set_index("source")
    assert table.loc["ign", "sha256"].count(",") == 1
    assert all(len(part) == 12 for part in table.loc["ign", "sha256"].split(", "))
    assert table.loc["rezone", "sha256"] == ""


def test_a_list_without_a_name_is_not_said_twice():
    two = diagnosis.of(places.resolve(["35236", "35051", "35238", "35024"]), PROJECT)
    assert not telling.people(two).startswith("4 communes : 4")


def test_mayotte_has_no_gap_and_no_size_and_says_so():
    away = diagnosis.of(places.of_department("976"), PROJECT)
    assert "inconnue" in telling.size(away, PROJECT)
    assert "aucun rapport" in drawn.spine(away).html


def test_the_figure_of_gaps_shows_every_level():
    figure = drawn.spine(diagnosis.of(REDON, PROJECT))
    assert {"Bretagne", "France (hors Mayotte)"} <= set(figure.data.columns)
    assert "indice de vieillissement, 36" in figure.caption


def test_changes_are_told_from_the_year_asked():
    found = diagnosis.of(REDON, PROJECT, start=2018)
    growth = found.rows[(found.rows["code"] == "growth") & (found.rows["level"] == "territoire")].iloc[0]
    assert growth["period"] == "2018-2023"
    assert growth["value"] == pytest.approx(
        100 * ((growth["numerator"] / growth["denominator"]) ** (1 / 5) - 1)
    )
    assert "depuis 2018" in telling.people(found)
    assert drawn.curve(found).data["date"].min().year == 2018
    with pytest.raises(UnknownName):
        diagnosis.of(REDON, PROJECT, start=2017)


def test_a_whole_department_is_not_compared_with_itself():
    found = diagnosis.of(places.of_department("35"), PROJECT)
    assert found.against == ("region", "53")
    assert "Ille-et-Vilaine :" not in telling.needs(found)
    assert [level for level, _ in drawn.around(found)] == ["region", "france"]


def test_of_arrondissements_none_gains_and_the_title_says_so_in_words():
    found = diagnosis.of(places.resolve(["69381", "69382", "69383"]), PROJECT)
    assert (found.communes["population_2023"] < found.communes["population_2016"]).all()
    assert drawn.outline_map(found).caption.startswith(
        "Aucun des 3 arrondissements ne gagne d'habitants de 2016"
    )


def test_a_department_that_is_its_region_keeps_what_stops_at_it_and_is_named_once():
    beside = {
        "IND-312": pd.DataFrame({"code": ["971"], "date": [pd.Timestamp("2023-06-01")], "value": [95.5]})
    }
    alone = diagnosis.of(places.resolve(["97105"]), PROJECT, beside=beside)
    row = shown.care_table(alone).data.set_index("indicator").loc["Patients en ALD ayant un médecin traitant"]
    assert row["Guadeloupe"] == "95,5"
    two = diagnosis.of(places.resolve(["97105", "97302"]), PROJECT)
    assert "dans le fichier : Guadeloupe ;" in shown.comparison(two).html.replace("\u00a0", " ").replace(
        "\u202f", " "
    )


def test_the_oldest_source_of_mayotte_is_its_census():
    found = diagnosis.of(places.resolve(["97608"]), PROJECT)
    assert "date de 2017 (recensement de Mayotte)" in telling.limits(found)
    assert "date de 2021" in telling.limits(diagnosis.of(REDON, PROJECT))
