"""Distances to the nearest structure: by commune, over the boundary of the territory, weighted by the people."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from helpers.territory import communes, diagnosis, distances, downloads, places, store
from helpers.territory.diagnosis import care, national, shown, telling
from tests.project import PROJECT

REDON = places.resolve(["243500741"])


def structures(*pairs):
    rows = pd.DataFrame(pairs, columns=["commune", "category"])
    return rows.assign(
        category_fr=rows["category"], name_fr="X", opened=pd.NaT, extracted=pd.Timestamp("2026-05-12")
    )


def kilometres(first, second):
    """Great circle by the haversine formula: another way than the one of the module."""
    table = PROJECT.table("open/geography").set_index("code")
    (east, north), (other_east, other_north) = (
        [math.radians(float(table.loc[code, name])) for name in ("longitude", "latitude")]
        for code in (first, second)
    )
    angle = (
        math.sin((other_north - north) / 2) ** 2
        + math.cos(north) * math.cos(other_north) * math.sin((other_east - east) / 2) ** 2
    )
    return 2 * 6371.0088 * math.asin(math.sqrt(angle))


def told(codes, *pairs):
    near = care.Nearest.of(structures(*pairs))
    return near.measured({"": ("ici", tuple(codes))}, "territoire").set_index("code")


def test_half_of_the_people_and_those_who_are_far():
    # Redon has the pharmacy, and three people in four of these two communes.
    rows = told(["35236", "35145"], ("35236", "620"))
    people = communes.units()["population_2023"].astype(float)
    away = kilometres("35236", "35145")
    assert away > 10
    assert rows.loc["finess_pharmacie_km", "value"] == 0
    share = 100 * people["35145"] / (people["35236"] + people["35145"])
    assert rows.loc["finess_pharmacie_10km", "value"] == pytest.approx(share)
    assert rows.loc["finess_pharmacie_10km", "numerator"] == people["35145"]
    assert told(["35145"], ("35236", "620")).loc["finess_pharmacie_km", "value"] == pytest.approx(away)
    # Nobody is told to be far from what the file does not have.
    assert not rows.index.str.contains("hopital").any()


def test_the_nearest_may_be_over_the_boundary_and_a_city_has_what_its_parts_have():
    rows = told(["35145"], ("35236", "355"), ("75101", "355"))
    assert rows.loc["finess_hopital_km", "value"] == pytest.approx(kilometres("35145", "35236"))
    assert told(["75056"], ("75101", "355")).loc["finess_hopital_km", "value"] == 0
    # A former commune is on the ground of the one of today.
    assert told(["93066"], ("93059", "620")).loc["finess_pharmacie_km", "value"] == 0


def test_people_without_a_place_are_told(monkeypatch):
    points = distances._points().drop("35236")
    monkeypatch.setattr(distances, "_points", lambda: points)
    rows = told(["35236", "35145"], ("35238", "620"))
    assert rows["value"].isna().all()
    assert (rows["covered"] < 90).all()
    assert rows["note"].str.startswith("non donné").all()


def test_a_diagnosis_tells_them_from_the_store_alone(tmp_path, monkeypatch):
    table = structures(("35236", "620"), ("44109", "101"), ("75101", "355"), ("35238", "603")).assign(
        finess=["1", "2", "3", "4"]
    )
    package = diagnosis.of(REDON, type("Study", (), {
        "table": lambda self, name, optional=False: table if name == "official/establishments" else pd.DataFrame()
    })())  # fmt: skip
    # A package often holds the structures of its own département alone: the nearest may not be in it.
    assert not package.rows["code"].str.contains("km").any()
    monkeypatch.setenv(downloads.PLACE, str(tmp_path))
    store.write("finess", table, name="2026-05-12", sha256="ab" * 32)
    national.write("finess", table)
    found = diagnosis.of(REDON, PROJECT)
    rows = found.rows[found.rows["code"] == "finess_pharmacie_10km"]
    assert set(rows["level"]) == {"territoire", "departement", "region", "france"}
    assert (
        0 < found.value("finess_pharmacie_10km") < found.value("finess_pharmacie_10km", national.WHOLE) < 100
    )
    assert "Habitants, à vol d'oiseau : " in telling.access(found)
    assert "à plus de 10 km d'une pharmacie (Ille-et-Vilaine : " in telling.access(found)
    line = shown.care_table(found).data.set_index("indicator").loc["Distance médiane à un hôpital"]
    assert line["covered"].replace("\u00a0", " ") == "100 %"
    assert "commune qui en a" in shown.definitions(found).html
