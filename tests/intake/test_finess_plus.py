"""FINESS+: establishments of the JSON flow, whatever the order of its members, and one sentence for every damage."""

from __future__ import annotations

import copy
import io
import json
import random
import zipfile

import pandas as pd
import pytest

from helpers.errors import DataError, ObservatoireError
from helpers.files import json_stream
from helpers.intake.official import finess
from tests.conftest import ROOT

SHARED = ROOT.parent / "shared" / "data" / "field-cases" / "finess-plus-json"
NAME = "finess-structures-journalier-20260901.json"


def establishment(number, category, commune, **changes):
    return {
        "informationsGeneralesEGE": {
            "numFinessEge": number, "nomEgeCourt": "STRUCTURE", "nomEgeLong": "STRUCTURE INVENTÉE",
            "siret": "00000000000000", "dateOuverture": "2021-03-01", "datePremiereAutorisation": "1900-01-01",
        },
        "categorieentiteGeographiqueExercice": category,
        "adresse": [
            {"usageAdresse": "02", "cogCommune": "75056", "codePostal": "75001"},
            {
                "usageAdresse": "03", "cogCommune": commune, "codePostal": "35000",
                "coordonneesGeographique": {
                    "coordonneeX": "6789000.5", "coordonneeY": "352000.25",
                    "directionLatitude": "48.1", "directionLongitude": "-1.68",
                },
            },
        ],
        "contact": [{"telecom": {"telephone": "0200000000"}}],
        "etatObjet": "A", "dateDerniereMaj": "2026-05-01T00:00:00Z",
    } | changes  # fmt: skip


def flow(*items, **changes):
    person = {"informationsGeneralesPMEJ": {"numFinessPm": "350000001"}, "ege": list(items)}
    return {
        "schemaVersion": "v1.0.0", "generatedAt": "2026-09-01T02:06:22Z", "gcc": [{"membres": [1, 2]}], "gco": [],
        "pmej": [person, {"informationsGeneralesPMEJ": {"numFinessPm": "350000002"}, "ege": None}],
    } | changes  # fmt: skip


THREE = (
    establishment("350000011", "603", "35238"),
    establishment("2A0000012", "604", "2A004"),
    establishment("970000013", "620", "97123"),
)


def stored(folder, content, name=NAME):
    text = content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode()
    (folder / name).write_bytes(text)
    return folder / name


def test_establishments_with_labels_place_and_dates(tmp_path):
    table = finess.load(stored(tmp_path, flow(*THREE)), categories=()).set_index("finess")
    first = table.loc["350000011"]
    assert first["finess_legal"] == "350000001"
    assert (first["category"], first["category_fr"]) == ("603", "Maison de santé")
    assert (first["commune"], first["department"], first["postcode"]) == ("35238", "35", "35000")
    assert first["opened"] == pd.Timestamp("2021-03-01")
    assert pd.isna(first["authorised"])
    assert first["updated"] == pd.Timestamp("2026-05-01")
    # The axes are exchanged in the flow: east is the small one.
    assert (first["x"], first["y"]) == (352000.25, 6789000.5)
    assert table.loc["970000013", "department"] == "971"
    assert set(table["source"]) == {"FINESS+, extraction du 2026-09-01"}
    assert "0200000000" not in table.to_csv()


def test_categories_departments_closed_ones_and_order(tmp_path):
    closed = establishment("350000014", "603", "35238", etatObjet="I")
    content = flow(*THREE, closed)
    path = stored(tmp_path, dict(reversed(content.items())))
    assert finess.load(path)["finess"].tolist() == ["2A0000012"]
    assert finess.load(path, categories=("603",))["finess"].tolist() == ["350000011"]
    assert finess.load(path, categories=(), departments=("35",))["finess"].tolist() == ["350000011"]
    with pytest.raises(DataError, match="aucune ligne à garder pour le département 48"):
        finess.load(path, departments=("48",))


def test_an_archive_and_one_character_at_a_time(tmp_path, monkeypatch):
    whole = finess.load(stored(tmp_path, flow(*THREE)), categories=())
    monkeypatch.setattr(json_stream, "_BLOCK", 7)
    pd.testing.assert_frame_equal(finess.load(tmp_path / NAME, categories=()), whole)
    with zipfile.ZipFile(tmp_path / "flux.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(tmp_path / NAME, NAME)
    pd.testing.assert_frame_equal(finess.load(tmp_path / "flux.zip", categories=()), whole)
    truncated = (tmp_path / "flux.zip").read_bytes()[:-40]
    (tmp_path / "coupe.zip").write_bytes(truncated)
    with pytest.raises(DataError, match="n'est pas une archive entière"):
        finess.load(tmp_path / "coupe.zip")


def test_establishments_without_a_commune_are_counted(tmp_path):
    many = [establishment(f"35000{rank:04d}", "604", "35238") for rank in range(30)]
    lost = establishment("350009999", "604", "", adresse=[])
    table = finess.load(stored(tmp_path, flow(*many, lost)))
    assert len(table) == 30
    assert table["source"].iloc[0].endswith("(1\u00a0établissement sans commune non lu)")
    with pytest.raises(DataError, match="1\u00a0établissement sur 2 sans code de commune"):
        finess.load(stored(tmp_path, flow(many[0], lost)))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (flow(*THREE, schemaVersion="v2.0.0"), "version « v2.0.0 »"),
        ({"pmej": []}, "version absente"),
        (flow(*THREE, generatedAt=""), "ne dit pas la date"),
        (flow(THREE[0], THREE[0]), "350000011 : l'établissement est donné deux fois"),
        (flow(establishment("35", "604", "35238")), "« 35 » n'est pas un numéro FINESS"),
        (flow(establishment("350000011", "EHPAD", "35238")), "n'est pas une catégorie"),
        (flow(establishment("350000011", "604", "Rennes")), "« Rennes » n'est pas un code de commune"),
        (flow(establishment("350000011", "604", "35238", dateDerniereMaj="hier")), "« hier » .* n'est pas une date"),
        (flow(pmej=[["x"]]), "n'est pas un objet"),
        (flow(pmej=[{"ege": "x"}]), "« ege » n'est pas une liste"),
        (b'{"schemaVersion": "v1", "pmej": [' + b"[" * 5000, "JSON abîmé|emboîtés"),
        (b'{"schemaVersion": "v1.0.0", \xff}', "UTF-8|JSON abîmé"),
        (b"{1: 2}", "JSON abîmé"),
    ],
)  # fmt: skip
def test_damage_is_one_sentence(tmp_path, content, sentence):
    with pytest.raises(DataError, match=sentence) as caught:
        finess.load(stored(tmp_path, content))
    assert str(caught.value).count("\n") == 0


def test_cut_and_changed_bytes_give_a_table_or_one_sentence(tmp_path):
    whole = json.dumps(flow(*THREE), ensure_ascii=False).encode()
    draw, said = random.Random(18), []
    for _ in range(60):
        content = bytearray(whole[: draw.randrange(1, len(whole))] if draw.random() < 0.4 else whole)
        for _ in range(draw.randrange(1, 4)):
            content[draw.randrange(len(content))] = draw.randrange(256)
        try:
            finess.load(stored(tmp_path, bytes(content)), categories=(), extracted="2026-09-01")
        except ObservatoireError as error:
            said.append(str(error))
    assert said
    assert not any("\n" in sentence for sentence in said)


def test_the_case_of_the_field(tmp_path):
    if not SHARED.is_dir():
        pytest.skip("le cas de terrain n'est pas ici")
    with pytest.raises(DataError, match="aucune ligne à garder"):
        finess.load(SHARED / NAME)


def test_members_one_by_one():
    text = b'{"a": 12, "b": [1, {"c": []}, "x"], "d": {}, "e": [], "f": null}'
    found = list(json_stream.members(io.BytesIO(text), "essai.json"))
    assert found == [("a", 12), ("b", 1), ("b", {"c": []}), ("b", "x"), ("d", {}), ("f", None)]
    assert list(json_stream.members(io.BytesIO(b" {} "), "essai.json")) == []
    assert copy.deepcopy(THREE) == THREE
