"""Facts that the diagnosis adds to the monograph: a typed one wins, the gap is told, a département is never the territory."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers import monograph
from helpers.catalog import Study
from helpers.intake.deposit import deposit
from helpers.monograph import chapters, diagnosed, record
from helpers.monograph.dialogue import dossier
from helpers.territory import communes

REDON = "243500741"


def perimeter(folder):
    rows = [
        {"scheme": "nord", "kind": "cpts", "name_fr": "CPTS du Nord (fictive)", "commune": code, "valid_from": "2025-01-01",
         "status": "projet", "source": "arrêté fictif"}
        for code in communes.of_epci(REDON)
    ]  # fmt: skip
    deposit({"cpts/perimeters": pd.DataFrame(rows)}, folder)
    return folder


def typed(item, value, unit, status="connu"):
    return {
        "cpts": "nord", "chapter": "territoire", "item": item, "label_fr": item.capitalize(), "value": value, "unit": unit,
        "status": status, "source": "dossier de la CPTS", "date": "2024-05-01", "counts_people": "false",
    }  # fmt: skip


@pytest.fixture
def of(package):
    def facts(**tables):
        return monograph.facts("nord", Study(perimeter(package(**tables)))).set_index("item")

    return facts


def test_communes_alone_fill_the_territory_and_the_needs(of):
    known = of()
    assert {"territoire", "offre_de_soins"}.isdisjoint(record.empty_chapters(known.reset_index()))
    assert known.loc["diagnostic_over_65", ["value", "unit"]].tolist() == ["23,3", "%"]
    assert known.loc["diagnostic_communes", "value"] == "31"
    source = known.loc["diagnostic_over_65", "source"]
    assert source.startswith("INSEE")
    assert "2021" in source


def test_without_perimeter_nothing_is_added(package):
    known = monograph.facts("nord", Study(package()))
    assert not known["item"].str.startswith(diagnosed.PREFIX).any()


def test_a_typed_fact_wins_and_the_gap_is_told_with_both_sources(of):
    known = of(facts=[typed("superficie", "1 100", "km²")])
    assert "diagnostic_area" not in known.index
    mine = known.loc["superficie"].replace({"1\u202f100": "1 100"})
    assert (mine["value"], mine["source"], mine["date"].year) == ("1 100", "dossier de la CPTS", 2024)
    assert all(said in mine["note"] for said in ("996,4 km²", "IGN", "2026", "+10,4"))
    agreement = known.loc["fiche_population"].astype(str).str.replace("\u202f", " ")
    assert agreement["value"] == "95 000"
    assert all(said in agreement["note"] for said in ("67 666 habitants", "+40,4"))


def test_what_was_left_unknown_is_known_from_the_file(of):
    known = of(facts=[typed("superficie", "", "km²", status="inconnu")])
    assert "superficie" not in known.index
    assert known.loc["diagnostic_area", "value"] == "996,4"


def test_a_figure_of_the_departement_says_so(package):
    folder = perimeter(package())
    row = {
        "profession": "Médecins généralistes", "level": "departement", "code": "35", "name_fr": "Ille-et-Vilaine",
        "year": 2024, "age": "tout_age", "age_fr": "Tout âge", "sex": "tout sexe", "count": 900, "count_status": "publie",
        "density": 81.0, "density_status": "publie", "source": "fichier d'essai",
    }  # fmt: skip
    deposit({"official/professionals": pd.DataFrame([row])}, folder)
    known = monograph.facts("nord", Study(folder))
    told = known[known["value"] == "81,0"]
    assert len(told) == 1
    assert told["label_fr"].str.contains("dans le département").all()
    assert told["label_fr"].str.contains("non sur ce seul territoire").all()


def test_absent_files_are_asked_by_their_command_in_the_dossier(package):
    found = dossier("nord", Study(perimeter(package())))
    own = found.known[found.known["status"] == chapters.UNKNOWN].set_index("item")
    assert (
        "cpts import drees" in own.loc["diagnostic_apl", "note"]
        or "cpts get" in own.loc["diagnostic_apl", "note"]
    )
