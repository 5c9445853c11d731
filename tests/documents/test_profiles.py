"""Profiles of CPTS recomputed by hand, and names of their codes."""

from __future__ import annotations

import pytest

from helpers.documents import profiles
from helpers.errors import DataError
from tests.project import PROJECT


def test_density_by_hand():
    table = profiles.recomputed_density(PROJECT.table("miller2022/territories")).set_index("cpts")
    # CPTS E: 77 450 / 629.5 = 123.03, printed 125.5.
    assert table.loc["E", "recomputed"] == pytest.approx(123.034, abs=1e-3)
    assert table.loc["E", "gap_percent"] == pytest.approx(-1.965, abs=1e-3)


def test_doctors_for_ten_thousand_inhabitants():
    supply, territories = (
        PROJECT.table("miller2022/supply_epidemiology"),
        PROJECT.table("miller2022/territories"),
    )
    table = profiles.per_inhabitants(supply, territories, indicators=["mg_nombre"]).set_index("cpts")
    # CPTS A: 28 / 57 482 = 4.87 for 10 000.
    assert table.loc["A", "value"] == pytest.approx(4.871, abs=1e-3)
    with pytest.raises(DataError, match="Aucune population"):
        profiles.per_inhabitants(supply, territories[territories["cpts"] != "A"], indicators=["mg_nombre"])


def test_sixteen_interviewed():
    table = profiles.interviewed(PROJECT).set_index("cpts")
    assert len(table) == 16
    differing = table[table["size"] != table["size_from_map"]]
    assert differing.index.tolist() == ["CPTS3"]
