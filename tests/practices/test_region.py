"""Départements, Auvergne against the rest, the sixteen among the seventy-one, and the limits of sixteen CPTS."""

from __future__ import annotations

import pytest

from helpers.documents import delays
from helpers.practices import depth, region
from tests.project import PROJECT


def test_no_cpts_is_lost_between_departments():
    table = region.departments(PROJECT).set_index("name")
    parts = table.drop("Région")
    assert parts["cpts"].sum() == table.loc["Région", "cpts"] == 71
    assert parts["covered"].sum() == pytest.approx(table.loc["Région", "covered"])
    assert table.loc["Région", "share"] == pytest.approx(56.2, abs=0.1)
    assert table.loc["Ardèche", "share"] == pytest.approx(8.6, abs=0.05)
    assert table.loc["Allier", "share"] == pytest.approx(87.8, abs=0.05)


def test_auvergne_against_the_rest_is_told_as_bounds():
    table = region.sides(PROJECT)
    assert (table["low"] < table["high"]).all()
    assert table["population"].sum() == region.departments(PROJECT).iloc[-1]["population"]
    # One pair of bounds holds the other: they do more than touch.
    assert region.sides_sentence(PROJECT).endswith("les bornes se recouvrent, on ne peut pas conclure.")


def test_the_sixteen_among_the_seventy_one():
    table = region.sample(PROJECT, draws=200).set_index("what")
    assert table.loc["CPTS de taille 1", "inside"].startswith("9")
    assert table.loc["CPTS de taille 1", "outside"].startswith("15")
    assert table.loc["Population médiane", "inside"].replace("\u202f", "") == "35660"
    assert "16 CPTS sur 46" in region.sample_sentence(PROJECT)


def test_a_draw_is_the_same_for_the_same_seed():
    assert region.sample(PROJECT, draws=50, seed=3).equals(region.sample(PROJECT, draws=50, seed=3))


def test_attributes_are_shared_by_enough_cpts():
    shared = depth.attributes(PROJECT).sum()
    assert shared.min() >= depth.FEWEST
    assert shared.max() <= 16 - depth.FEWEST


def test_no_association_survives_the_correction():
    table = depth.associations(PROJECT)
    counts = table[["both", "only_first", "only_second", "neither"]]
    assert (counts.sum(axis=1) == 16).all()
    assert (table["adjusted"] >= table["p_value"]).all()
    assert table["adjusted"].min() >= 0.05
    said = depth.associations_sentence(PROJECT)
    assert "aucune association" in said
    assert (table["p_value"] < 0.05).sum() == 0
    assert "aucun ne passe sous 0,05, même avant correction" in said


def test_the_typology_is_refused_because_its_axes_do_not_come_again():
    table = depth.stability(PROJECT, draws=60, seed=1)
    assert table.iloc[-1]["axis_1"] < 80
    assert "refusée" in depth.stability_sentence(PROJECT, table)
    stable = table.assign(axis_1=[50.0, 0.1, 0.95, 95.0])
    assert "lisible" in depth.stability_sentence(PROJECT, stable)


def test_delays_are_bounds_and_an_unsigned_contract_has_no_end():
    table = delays.to_contract(PROJECT).set_index("cpts")
    assert table["known"].value_counts().to_dict() == {"non datée": 10, "datée": 4, "pas encore signé": 2}
    assert (table["low"] <= table["high"]).all()
    assert table.loc["CPTS12", "high"] == float("inf")
    # Created in 2018, signed on 1 April 2020.
    assert table.loc["CPTS8", ["low", "high"]].round().tolist() == [15, 27]
    assert "Kaplan-Meier" in depth.delay_sentence(PROJECT)
