"""The scales of two years side by side."""

from __future__ import annotations

import pytest

from helpers import aci
from tests.project import PROJECT


def test_scales_of_2019_and_2022():
    table = aci.compare(aci.funding("navinel2020", PROJECT), aci.funding("miller2022", PROJECT)).set_index(
        ["mission", "size"]
    )
    # Access, size 4: 80 000 then 155 000, that is +75 000.
    assert table.loc[("acces_aux_soins", 4), "gap"] == 75_000
    assert table.loc[("total", 1), "percent"] == pytest.approx(100 * (287_500 / 185_000 - 1))
    # The crisis mission did not exist in 2019: its amount is missing, not zero.
    assert table.loc["crise_sanitaire", "first"].isna().all()


def test_two_scales_side_by_side_say_what_changed():
    compared = aci.compare(aci.funding("navinel2020", PROJECT), aci.funding("miller2022", PROJECT))
    table = aci.side_by_side(compared).set_index("mission")
    assert table.loc["Accès aux soins", "Taille 4"] == "80\u202f000 → 155\u202f000"
    assert table.loc["Fonctionnement", "Taille 1"] == "50\u202f000"
    assert table.loc["Crise sanitaire", "Taille 1"].startswith("— → ")
    said = aci.rise_sentence(compared)
    assert "+55,4" in said
    assert "« Accès aux soins »" in said
