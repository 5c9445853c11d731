"""The whole scale against the printed tables, its disagreements, the calendar and the points."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers import aci
from helpers.aci import scale
from helpers.errors import DataError, NotComputable
from tests.project import PROJECT


@pytest.fixture(scope="module")
def rows():
    return aci.whole_scale(PROJECT)


def test_every_printed_amount_is_in_the_scale_with_its_line(rows):
    for document in aci.SCALES:
        printed = PROJECT.table(f"{document}/aci_funding")
        ours = rows[(rows["document"] == document) & (rows["source_table"] != "texte")]
        assert ours["value"].tolist() == printed["value"].tolist()
        assert ours["line"].tolist() == printed["line"].tolist()


def test_periods_tell_the_plan_and_the_crisis_apart(rows):
    crisis = rows[
        (rows["document"] == "fabrique2022") & (rows["mission"] == "crise_sanitaire") & (rows["size"] == 1)
    ]
    amounts = dict(zip(crisis["period"], crisis["value"], strict=True))
    assert amounts == {
        "année de rédaction du plan": 25_000,
        "années suivantes": 12_500,
        "si une crise survient": 37_500,
        "année de rédaction du plan, avec une crise": 62_500,
    }
    assert not rows["mission"].str.startswith("plan_").any()


def test_amounts_of_the_prose_are_rows_with_their_range(rows):
    supplement = rows[rows["mission"] == "supplement_snp"].set_index("size")
    assert supplement["value"].isna().tolist() == [False, True, True, False]
    assert supplement.loc[2, ["lower", "upper"]].tolist() == [35_000, 70_000]
    assert supplement["line"].unique().tolist() == [624]
    increase = rows[rows["mission"] == "majoration"].iloc[0]
    assert (increase["value"], increase["line"], increase["size"]) == (130_000, 701, 4)


def test_repaired_cells_say_so(rows):
    aura = rows[rows["document"] == "aura2022"]
    assert (aura["status"] == "réparé par un calcul").sum() == 15
    assert set(rows.loc[rows["document"] == "navinel2020", "status"]) == {"imprimé"}


def test_a_document_scale_is_that_of_its_agreement_only():
    assert set(aci.document_scale("laine2021", PROJECT)["source_table"]) == {"annexe_7", "texte"}
    aura = aci.document_scale("aura2022", PROJECT)
    assert set(aura["agreement"]) == {"après les avenants 1 et 2"}
    assert 450_000 not in set(aura["value"])
    with pytest.raises(DataError, match="barème ACI"):
        aci.document_scale("insee", PROJECT)


def test_disagreements_show_both_amounts_with_their_lines(rows):
    table = aci.disagreements(rows)
    assert set(table["mission"]) == {"acces_aux_soins", "total"}
    assert set(table["agreement"]) == {"accord de 2019"}
    largest = table[(table["mission"] == "total") & (table["size"] == 4)].iloc[0]
    assert (largest["lowest"], largest["highest"]) == (360_000, 450_000)
    for said in ("navinel2020, l. 914", "laine2021, l. 629", "laine2021, l. 1376", "aura2022, l. 870"):
        assert said in largest["sources"]
    assert aci.disagreements(rows[rows["document"] == "miller2022"]).empty
    assert "Navinel 2020" in aci.disagreements_fr(rows)["sources"].iloc[0]


def test_wide_scale_and_map():
    wide = aci.by_size(aci.document_scale("navinel2020", PROJECT))
    assert wide[["size1", "size2", "size3", "size4"]].iloc[-1].tolist() == [
        185_000,
        242_000,
        315_000,
        380_000,
    ]
    matrix = aci.totals_map(aci.whole_scale(PROJECT)).set_index("Mission")
    assert matrix.loc["Crise sanitaire"].isna().tolist() == [True] * 4 + [False] * 4
    assert matrix.loc["Fonctionnement", "2022, taille 1"] == 50


@pytest.mark.parametrize("year", [2019, 2022])
def test_deadlines_by_agreement(year):
    table = aci.deadlines(year, PROJECT).set_index("mission")
    assert table.loc["acces_aux_soins", ["demarrage", "deploiement"]].tolist() == [6, 18]
    assert ("crise_sanitaire" in table.index) == (year == 2022)


def test_an_optional_mission_has_no_deadline():
    table = aci.deadlines(2022, PROJECT).set_index("mission")
    assert table.loc["qualite_pertinence", ["demarrage", "deploiement"]].isna().all()
    assert aci.deadlines_fr(aci.deadlines(2022, PROJECT))["demarrage"].iloc[-1] == "aucun délai imposé"
    with pytest.raises(DataError, match="Aucun calendrier"):
        aci.deadlines(2015, PROJECT)


def test_scheduled_dates_count_from_the_signature():
    dated = aci.scheduled("2022-01-31", 2022, PROJECT).set_index(["mission", "step"])["date"]
    assert dated["Accès aux soins", "Démarrage au plus tard"] == pd.Timestamp("2022-07-31")
    assert dated["Prévention", "Déploiement complet au plus tard"] == pd.Timestamp("2024-01-31")
    assert aci.dates(PROJECT).agreement == pd.Timestamp("2019-06-20")
    with pytest.raises(NotComputable, match="AAAA-MM-JJ"):
        aci.scheduled("janvier", 2022, PROJECT)


@pytest.mark.parametrize(("year", "free"), [(2019, ""), (2022, " ; 2 missions sans délai")])
def test_nothing_is_due_on_a_day_without_a_signature(year, free):
    assert aci.scheduled("", year, PROJECT).empty
    assert aci.scheduled(None, year, PROJECT).empty
    assert aci.schedule_caption(aci.scheduled(None, year, PROJECT)) == ""
    said = aci.undated_sentence(aci.deadlines(year, PROJECT)).replace("\u00a0", " ")
    assert said.endswith(f"24 mois au plus après elle{free}.")
    dated = aci.schedule_caption(aci.scheduled("2022-01-31", year, PROJECT), "CPTS A").replace("\u00a0", " ")
    assert dated == f"CPTS A : tout doit être déployé le 31 janvier 2024 au plus tard{free}"


def test_points_are_worth_the_variable_part_of_one_side():
    table = aci.points(PROJECT)
    assert (table["points"].sum(), table["share"].sum(), table["amount"].sum()) == (100, 100, 12_500)
    wide = aci.points_by_block(table).set_index("bloc")
    assert wide.loc["Résultats", ["national", "régional"]].tolist() == [40, 10]
    assert pd.isna(wide.loc["Moyens", "national"])


def test_every_post_and_period_has_a_french_name(rows):
    assert set(rows["mission"]) <= set(scale.posts())
    assert set(rows["part"]) <= set(scale.parts())
