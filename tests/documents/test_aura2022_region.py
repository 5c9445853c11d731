"""The seventy-one CPTS of the AURA map: stages that can be deduced, départements that a name makes certain."""

from __future__ import annotations

from itertools import combinations

import pandas as pd
import pytest

from helpers.articulation import gaps
from helpers.territory import communes
from tests.project import PROJECT


@pytest.fixture(scope="module")
def region() -> pd.DataFrame:
    return PROJECT.table("aura2022/cpts_region").set_index("map_id")


@pytest.fixture(scope="module")
def printed() -> pd.Series[float]:
    return PROJECT.table("aura2022/maturity_totals").set_index(["status", "measure"])["value"]


def test_one_quadruplet_alone_gives_the_printed_population_of_the_validated(
    region: pd.DataFrame, printed: pd.Series[float]
) -> None:
    number, total = printed["projet_valide", "nombre"], printed["projet_valide", "population"]
    populations = region["value"].astype(int).to_dict()
    found = [
        ids for ids in combinations(populations, int(number)) if sum(populations[one] for one in ids) == total
    ]
    assert found == [tuple(region.index[region["stage_basis"] == "somme"])] == [(13, 30, 65, 69)]


def test_no_stage_exceeds_what_the_map_counts(region: pd.DataFrame, printed: pd.Series[float]) -> None:
    for stage, rows in region.groupby("stage"):
        assert len(rows) <= printed[stage, "nombre"]
        assert rows["value"].sum() <= printed[stage, "population"]
    assert region["stage"].value_counts().to_dict() == {
        "aci_signe": 5, "projet_valide": 4, "lettre_intention": 2
    }  # fmt: skip


def test_a_stage_from_dates_agrees_with_the_printed_signatures(region: pd.DataFrame) -> None:
    dates = PROJECT.table("aura2022/signature_dates").set_index("cpts")
    told = region[region["stage_basis"] == "texte"].set_index("cpts")["stage"]
    assert (dates.loc[told.index[told == "aci_signe"], "status"] == "signe").all()
    assert not (dates.loc[told.index[told == "lettre_intention"], "status"] == "signe").any()
    # A project validated after June 2022 was not yet validated on the map.
    assert dates.loc["CPTS12", "date"] > pd.Timestamp("2022-06-30")


def test_a_department_stands_on_a_basis_and_is_of_the_region(region: pd.DataFrame) -> None:
    assert region["department"].isna().equals(region["department_basis"].isna())
    assert region["department"].isna().sum() == 8
    names = PROJECT.table("open/communes")
    of_region = set(names.loc[names["region"] == gaps.REGION, "department"])
    assert set(region["department"].dropna()) == of_region


def test_the_department_is_that_of_the_presumed_perimeter(region: pd.DataFrame) -> None:
    coded = region.set_index("name_printed")["department"]
    found = gaps.presumed(PROJECT)
    assert len(found) >= 10
    for row in found.itertuples():
        if pd.notna(coded[row.name]):
            assert set(communes.perimeter([row.code])["department"]) == {coded[row.name]}
