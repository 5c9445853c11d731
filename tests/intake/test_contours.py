"""Finer outlines: read whole or refused in one sentence, and drawn in the place of those of the project."""

from __future__ import annotations

import json

import pytest

from helpers.errors import DataError
from helpers.intake.official import bringing, contours
from helpers.territory import communes, downloads, editions, outlines, store

SQUARE = [[0.0, 47.0], [0.01, 47.0], [0.01, 47.01], [0.0, 47.0]]


def feature(code, geometry=None):
    return {"type": "Feature", "properties": {"code": code}, "geometry": geometry or polygon(SQUARE)}


def polygon(*rings):
    return {"type": "Polygon", "coordinates": list(rings)}


@pytest.fixture(scope="module")
def codes():
    units = communes.units()
    return units.index[units["kind"] == "commune"].tolist()


def stored(folder, features, name="communes-100m-2025.geojson"):
    path = folder / name
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def test_finer_outlines_take_the_place_of_ours_and_a_city_keeps_its_arrondissements(
    tmp_path, monkeypatch, codes
):
    monkeypatch.setenv(downloads.PLACE, str(tmp_path / "external"))
    ours = outlines.rings(["35236", "75101"])
    islands = {"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE[::-1], SQUARE]]}
    features = [feature(code) for code in codes if code != "29155"]
    given = stored(tmp_path, [*features, feature("29155", islands), feature("97502"), feature("ABCDE")])
    (said,) = bringing.bring("contours", given=given)
    assert "édition 2025" in said
    assert f"{len(codes):,}".replace(",", "\u202f") in said
    assert editions.of("contours").edition == "2025"
    found = outlines.rings(["35236", "29155", "75101", "97502"])
    assert found["35236"][0].tolist() == SQUARE
    # A hole is no land: outer rings alone.
    assert [ring.tolist() for ring in found["29155"]] == [SQUARE, SQUARE[::-1]]
    assert len(found["75101"]) == len(ours["75101"])
    assert "97502" not in found
    assert store.editions()["source"].tolist() == ["ign"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda features: features[:1000], r"1.000.communes sur 34.\d{3}"),
        (lambda features: [{"type": "Feature"}, *features], "ni code ni polygone"),
        (lambda features: [feature("35236", {"type": "Point", "coordinates": [0, 47]}), *features], "ni code ni polygone"),
        (lambda features: [feature("35236", polygon(SQUARE[:2])), *features], "le contour de 35236 n'est pas fermé"),
        (lambda features: [feature("35236", polygon([[6e5, 6.7e6]] * 4)), *features], "longitudes et latitudes"),
    ],
)  # fmt: skip
def test_another_layout_is_one_sentence(tmp_path, codes, change, sentence):
    path = stored(tmp_path, change([feature(code) for code in codes[:2000]]))
    with pytest.raises(DataError, match=sentence):
        contours.load(path)


def test_a_file_without_its_year_says_how_to_name_it(tmp_path):
    with pytest.raises(DataError, match="ne dit pas sa date"):
        bringing.read("contours", stored(tmp_path, [], name="communes.geojson"))
