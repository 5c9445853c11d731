"""CPTS against practices: what is in place, what is not, and what the titles of the page say."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from helpers.practices import interviewed, missions, money, pharmacist
from tests.project import PROJECT

PAGE = Path(__file__).resolve().parents[2] / "notebooks" / "09_pratiques_cpts.ipynb"


def numbers(cell: str) -> set[int]:
    """Numbers of the CPTS in a cell such as "1 (l. 3247), 4 (l. 5318) ; imposé : 3 (l. 12)"."""
    return {
        int(part.split("(l.")[0].split(":")[-1])
        for part in cell.replace(";", ",").split(",")
        if "(l." in part
    }


@pytest.mark.parametrize("domain", missions.DOMAINS)
def test_each_count_is_the_number_of_cpts_of_its_cell(domain):
    table = missions.practices(PROJECT, domain)
    assert [len(numbers(cell)) for cell in table["done"]] == table["count"].tolist()
    assert table["count"].is_monotonic_decreasing


@pytest.mark.parametrize("domain", missions.DOMAINS)
def test_no_statement_is_lost_between_the_columns(domain):
    table = missions.practices(PROJECT, domain)
    cells = table.drop(columns=["practice", "count"]).to_numpy().ravel()
    shown = sum(str(cell).count("(l.") for cell in cells)
    own = PROJECT.table(missions.STATEMENTS)
    assert shown == len(own[own["domain"] == domain].drop_duplicates(["cpts", "code", "status"]))


def test_an_imposed_pathway_is_not_in_place():
    table = missions.practices(PROJECT, "parcours").set_index("practice")
    heart = table.loc["Insuffisance cardiaque"]
    assert numbers(heart["done"]) == {1, 5, 8, 13, 14}
    assert heart["otherwise"].startswith("imposé : ")
    assert numbers(heart["otherwise"]) == {3, 6, 7, 11}


def test_every_cpts_has_one_place_for_each_mission():
    table = missions.reach(PROJECT)
    assert (table[list(missions.REACH)].sum(axis=1) == len(interviewed(PROJECT))).all()
    assert len(table) == len(missions.DOMAINS)


def test_of_six_in_the_sas_five_report_empty_slots():
    inside, vacant, success = missions.in_the_sas(PROJECT)
    assert inside == ["CPTS3", "CPTS4", "CPTS6", "CPTS11", "CPTS13", "CPTS14"]
    assert (set(inside) - set(vacant), success) == ({"CPTS13"}, ["CPTS13"])


def test_patients_without_a_doctor_keep_their_bounds():
    table = missions.without_doctor(PROJECT).set_index("cpts")
    assert table.loc[7, "patients"].startswith("au moins")
    assert table["share"].round(1).to_dict() == {7: 9.4, 14: 3.2}


def test_every_number_told_is_shown_with_its_line():
    shown, facts = missions.facts(PROJECT), PROJECT.table("aura2022/facts")
    assert len(shown) == len(facts)
    assert sorted(shown["line"].astype(int)) == sorted(facts["line"])
    assert (shown["said"].str.len() > 0).all()


def test_titles_of_the_page_say_what_the_tables_say():
    titles = [
        source.removeprefix("## ")
        for cell in json.loads(PAGE.read_text(encoding="utf-8"))["cells"]
        if (source := "".join(cell["source"])).startswith("## ")
    ]
    counts = {domain: missions.practices(PROJECT, domain)["count"] for domain in missions.DOMAINS}
    placed = int((counts["soins_non_programmes"] > 0).sum())
    assert (counts["medecin_traitant"].max(), counts["prevention"].max(), placed) == (2, 3, 13)
    assert missions.widest(PROJECT, "parcours")[0].startswith("Retour")
    assert missions.reach(PROJECT).iloc[0]["mission"] == "Crise sanitaire"
    for words in (
        "par plus de deux",
        "treize réponses",
        "retour à domicile",
        "plus de trois CPTS",
        "Crise sanitaire",
    ):
        assert any(words in title for title in titles), words


def test_a_pharmacist_sits_in_ten_and_exercises_in_five():
    table = pharmacist.places(PROJECT)
    seated, coordinated = table["seat"] != "non dit", table["exercise"] != "non dit"
    assert (seated.sum(), coordinated.sum(), (seated & coordinated).sum()) == (10, 5, 4)
    assert set(table.loc[table["role"] != "—", "cpts"]) == {5, 12, 14, 15, 16}


def test_testimonies_are_counted_once_per_theme():
    codes = PROJECT.table("aura2022/pharmacist_statement_codes")
    table = pharmacist.testimonies(PROJECT)
    assert len(table) == codes["theme"].nunique()
    assert int(table[pharmacist.valences()].to_numpy().sum()) == len(
        codes.drop_duplicates(["statement", "theme", "valence"])
    )
    assert len(pharmacist.shared_themes(PROJECT, minimum=3)) == 6


def test_each_cpts_pays_by_its_own_rule_and_amounts_keep_their_unit():
    table = money.compensation(PROJECT)
    assert (len(table), table["practice"].nunique(), table["cpts"].nunique()) == (12, 12, 12)
    assert "75 €/h" in table.set_index("cpts").loc[11, "amounts"]
    assert pd.Series(money.other_sums(PROJECT)["cpts"]).is_monotonic_increasing


def test_practices_that_are_all_alone_have_no_most_widespread_one():
    counts = missions.practices(PROJECT, "qualite_pertinence")["count"]
    assert counts.max() == 1
    said = missions.alone_sentence(PROJECT, "qualite_pertinence").replace("\u00a0", " ")
    assert said == f"Aucune des {(counts > 0).sum()} pratiques en place ne l'est dans plus d'une CPTS."
