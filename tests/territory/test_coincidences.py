"""CPTS that coincide with one territory: by name and population, never by one alone."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.errors import DataError
from helpers.territory import coincidences
from tests.project import PROJECT


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("LYON 5", "Lyon 5e Arrondissement"),
        ("GRESIVAUDAN", "CC Le Grésivaudan"),
        ("VAULX EN VELIN", "Vaulx-en-Velin"),
        ("ST-PRIEST", "Saint-Priest"),
        ("CŒUR DE SAVOIE", "CC Coeur de Savoie"),
    ],
)
def test_names_written_in_two_ways_have_the_same_words(first, second):
    assert coincidences.words(first) == coincidences.words(second)


def test_a_match_needs_a_name_and_a_population():
    names = pd.Series(["LYON 5", "LYON 7", "NORD", "GRENOBLE"])
    found = coincidences.match(names, pd.Series([50749.0, 40000.0, 50000.0, 160441.0]), "84")
    assert found["name"].tolist() == ["LYON 5", "GRENOBLE"]
    # 49 664 inhabitants in 2019: 49 664 / 50 749 - 1 = -2.138 %.
    assert found["gap"].iloc[0] == pytest.approx(-2.13797, abs=1e-5)
    with pytest.raises(DataError, match="Région"):
        coincidences.match(names, pd.Series([1.0] * 4), "00")


def test_an_ambiguous_name_is_left_out(monkeypatch):
    rows = [("1", "Vienne", "commune", 30000), ("2", "CA Vienne", "EPCI", 30100)]
    table = pd.DataFrame(rows, columns=["code", "name", "kind", "population"])
    monkeypatch.setattr(coincidences, "candidates", lambda region: table)
    assert coincidences.match(pd.Series(["VIENNE"]), pd.Series([30050.0]), "84").empty
    assert len(coincidences.match(pd.Series(["VIENNE"]), pd.Series([28600.0]), "84")) == 1


def test_the_matched_cpts_of_the_region():
    listed = PROJECT.table("aura2022/cpts_region")
    found = coincidences.match(listed["name_printed"], listed["value"], "84")
    assert len(found) == 14
    assert found["gap"].abs().max() < 5
    assert coincidences.regional_share("84") == pytest.approx(20.3, abs=0.05)
