"""Figures of a sentence: what counts, how far its writing lets it stand, and what is no figure at all."""

from __future__ import annotations

import math

import pytest

from helpers.rereading import numbers


def read(text):
    return [(figure.printed, figure.value, figure.unit) for figure in numbers.figures(text)]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("une population de 265 000 habitants", 265_000, "habitants"),
        ("sur 279km² environ", 279, "km²"),
        ("soit 2,4 milliards de livres", 2.4e9, ""),
        ("quatre cent millions d'euros", 4e8, "€"),
        ("vingt-deux communes", 22, ""),
        ("près de 58,3 % des réponses", 58.3, "%"),
        ("150.000 euros par an", 150_000, "€"),
    ],
)
def test_a_figure_has_its_value_and_its_unit(text, value, unit):
    [(_, found, said)] = read(text)
    assert (found, said) == (pytest.approx(value), unit)


@pytest.mark.parametrize(
    "text",
    [
        "en 2019, le 3 mars 2020", "le 27/07/2022", "l'article 12 de la loi", "la figure 4 et le tableau 5", "voir [12, 15]",
        "à 7h30", "entretien n°7", "page 12", "la CPTS12", "une seule CPTS", "https://exemple.fr/12/34",
    ],
)  # fmt: skip
def test_a_reference_a_date_or_a_rank_is_no_figure(text):
    assert read(text) == []


def test_rounding_and_bounds_are_kept():
    rounded, above = numbers.figures("31 270,6 habitants, plus de 60 millions d'usagers")
    assert (rounded.low, rounded.high) == (pytest.approx(31_270.55), pytest.approx(31_270.65))
    assert (above.low, above.high) == (6e7, math.inf)


def test_a_cell_may_hold_a_count_its_base_and_its_share():
    count, base, share = numbers.composed("12/60 (20,0 %)")
    assert (count.value, base.value, share.value) == (12, 60, 20)
    assert numbers.composed("12 (20,0)")[1] is None
    assert numbers.composed("12 à 20") is None
