"""Coded material of a user's package: faults between its tables, and its words shown with restraint."""

from __future__ import annotations

import json
import shutil

import pandas as pd
import pytest

from helpers import catalog, material
from helpers.catalog import Study
from helpers.errors import DataError, UnknownName
from helpers.intake import check
from helpers.intake.deposit import deposit
from helpers.material import corpus, excerpts
from tests.project import PROJECT

CODES = {
    "code": ["frein", "frein.temps", "levier"],
    "parent": ["", "frein", ""],
    "label_fr": ["Freins", "Temps", "Leviers"],
}
SOURCES = {"source": ["e1", "e2", "e3"], "rank": [2, 1, 3], "length": [100, 200, None]}
ATTRIBUTES = {"source": ["e1", "e2"], "attribute": ["role", "role"], "value": ["coordination", "infirmier"]}
SEGMENTS = [
    ("s1", "e1", "frein.temps", "1", 0, 10, "obstacle", "Zélie court partout"),
    ("s2", "e1", "frein.temps", "1", 20, 30, "", "encore une fois ZELIE"),
    ("s3", "e2", "frein.temps", "2", 5, 9, "obstacle", "trois heures"),
    (
        "s4",
        "e2",
        "levier",
        "1",
        0,
        50,
        "levier",
        "Barnabé Lune appelle sans attendre et tout le monde répond",
    ),
]
COLUMNS = ["segment", "source", "code", "coder", "start", "end", "valence", "text"]


@pytest.fixture
def own(tmp_path):
    """Folder of a package with coded material, not diffusable."""
    folder = tmp_path / "own"
    shutil.copytree(catalog.MODEL_FOLDER, folder)
    tables = {
        "material/codes": pd.DataFrame(CODES),
        "material/sources": pd.DataFrame(SOURCES).astype({"length": "Int64"}),
        "material/attributes": pd.DataFrame(ATTRIBUTES),
        "material/segments": pd.DataFrame(SEGMENTS, columns=COLUMNS),
    }
    deposit({"cpts/cpts": pd.DataFrame({"cpts": ["a"], "name_fr": ["CPTS A"]})} | tables, folder)
    return folder


def allow(folder, names=None):
    path = folder / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(descriptor | {"diffusable": True}, ensure_ascii=False), encoding="utf-8")
    if names is not None:
        (folder / "noms.txt").write_text(names, encoding="utf-8")


def add(folder, name, row):
    path = catalog.Package(folder).path(name)
    path.write_text(path.read_text(encoding="utf-8") + row + "\n", encoding="utf-8")


def test_a_sound_material_has_no_fault(own):
    assert check.check(own) == []


@pytest.mark.parametrize(
    ("table", "row", "sentence"),
    [
        (
            "segments",
            "s9,e1,inconnu,1,40,50,,,,",
            "segments.csv, ligne 6, colonne « code » : la cellule nomme un code inconnu du livre de codes",
        ),
        (
            "segments",
            "s9,e9,levier,1,,,,,,",
            "segments.csv, ligne 6, colonne « source » : la cellule nomme une source inconnue",
        ),
        (
            "segments",
            "s9,e1,levier,1,90,101,,,,",
            "une fin (101) qui dépasse la longueur du texte (100 caractères)",
        ),
        ("segments", "s9,e1,levier,1,50,50,,,,", "une fin (50) qui n'est pas après le début (50)"),
        (
            "segments",
            "s9,e1,levier,1,50,,,,,",
            "colonne « end » : la cellule est vide alors que l'autre borne est donnée",
        ),
        (
            "segments",
            "s9,e1,frein.temps,1,25,40,,,,",
            "chevauche le segment de la ligne 3, du même code par le même codeur",
        ),
        (
            "attributes",
            "e9,role,cpam",
            "material/attributes.csv, ligne 4, colonne « source » : la cellule nomme une source inconnue",
        ),
        (
            "codes",
            "x,absent,X,,,",
            "material/codes.csv, ligne 5, colonne « parent » : la cellule nomme un code parent qui n'existe pas",
        ),
        ("codes", "x,x,X,,,", "ligne 5, colonne « parent » : la cellule rend ce code son propre ancêtre"),
    ],
)
def test_each_fault_is_one_sentence_of_check(own, table, row, sentence):
    add(own, f"material/{table}", row)
    found = check.check(own)
    assert len(found) == 1
    assert sentence in found[0]
    with pytest.raises(DataError):
        material.load(Study(own))


def test_touching_segments_other_codes_and_other_coders_do_not_overlap(own):
    for row in ("s9,e1,frein.temps,1,10,20,,,,", "s10,e1,levier,1,0,10,,,,", "s11,e1,frein.temps,2,0,10,,,,"):
        add(own, "material/segments", row)
    assert check.check(own) == []


def test_a_long_segment_overlaps_all_that_it_holds(own):
    for row in ("s9,e2,levier,1,60,61,,,,", "s10,e2,levier,1,10,20,,,,", "s11,e2,levier,1,40,49,,,,"):
        add(own, "material/segments", row)
    found = check.check(own)
    assert [int(sentence.partition("ligne ")[2].partition(",")[0]) for sentence in found] == [7, 8]


def test_several_faults_are_counted(own):
    add(own, "material/segments", "s9,e9,autre,1,,,,,,")
    with pytest.raises(DataError, match=r"1\sautre défaut"):
        material.load(Study(own))


def test_a_source_code_with_a_listed_name_is_a_fault(own):
    add(own, "material/sources", "entretien-barnabe-lune,4,,,")
    assert check.check(own) == []
    (own / "noms.txt").write_text("Barnabé Lune\n", encoding="utf-8")
    assert "la cellule contient un nom qui est dans noms.txt" in check.check(own)[0]


def test_a_faulty_import_writes_nothing(own):
    before = catalog.Package(own).path("material/segments").read_bytes()
    bad = pd.DataFrame([("s9", "e1", "inconnu", "1")], columns=COLUMNS[:4])
    with pytest.raises(DataError, match=r"Rien n'a été écrit.*nomme un code inconnu du livre de codes"):
        deposit({"material/segments": bad}, own)
    assert catalog.Package(own).path("material/segments").read_bytes() == before


@pytest.mark.parametrize(
    ("table", "row"),
    [("codes", "levier,,Autre,,,"), ("sources", "e1,9,,,"), ("attributes", "e1,role,cpam")],
)
def test_a_key_given_twice_is_said(own, table, row):
    add(own, f"material/{table}", row)
    with pytest.raises(DataError, match="répète la clé de la ligne"):
        material.load(Study(own))


def test_the_project_has_no_material_and_says_how_to_get_one():
    none = material.load(PROJECT)
    assert none.is_empty
    assert "cpts import taguette" in corpus.summary(none)
    assert excerpts.table(none).empty


def test_the_summary_counts(own):
    assert corpus.summary(material.load(Study(own))).replace("\u00a0", " ") == (
        "Votre matériau codé : 3 sources, 3 codes dont 2 en usage, 4 segments par 2 codeurs (un passage lu par plusieurs "
        "compte une fois)."
    )


def test_no_word_leaves_a_package_that_is_not_diffusable(own):
    held = material.load(Study(own))
    assert held.segments["text"].isna().all()
    assert excerpts.table(held).empty
    shown = excerpts.shown(held)
    assert "diffusable" in shown.html
    assert "Zélie" not in shown.html


@pytest.mark.parametrize("value", ["true", 1, "oui", None])
def test_only_true_itself_makes_it_diffusable(own, value):
    path = own / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(descriptor | {"diffusable": value}), encoding="utf-8")
    assert excerpts.table(material.load(Study(own))).empty


def test_the_catalogue_never_gives_words_unasked(own):
    allow(own)
    assert catalog.load("material/segments", own)["text"].isna().all()
    assert catalog.load("material/segments", own, words=True)["text"].notna().all()


def test_excerpts_of_a_diffusable_package_have_no_listed_name(own):
    allow(own, "# inventés\nzelie\nBarnabé Lune\n\n")
    table = excerpts.table(material.load(Study(own)), length=40)
    assert table["code"].tolist() == ["Freins › Temps"] * 3 + ["Leviers"]
    assert table["excerpt"].tolist() == [
        "trois heures",
        "[nom] court partout",
        "encore une fois [nom]",
        "[nom] appelle sans attendre et tout le …",
    ]
    assert "2 noms" in excerpts.notice(material.load(Study(own))).replace("\u00a0", " ")


def test_excerpts_are_few_and_of_one_code(own):
    allow(own)
    held = material.load(Study(own))
    assert len(excerpts.table(held, per_code=1)) == 2
    assert set(excerpts.table(held, code="levier")["source"]) == {"e2"}
    assert "pas de liste noms.txt" in excerpts.notice(held)
    with pytest.raises(UnknownName, match="levier"):
        excerpts.table(held, code="leviers")


@pytest.mark.parametrize("length", [0, 19, 601])
def test_the_length_has_limits(own, length):
    allow(own)
    with pytest.raises(DataError, match="entre 20 et 600"):
        excerpts.table(material.load(Study(own)), length=length)


def test_a_list_of_names_that_cannot_be_read_stops_everything(own):
    allow(own)
    (own / "noms.txt").write_bytes("Zélie".encode("latin-1"))
    with pytest.raises(DataError, match="enregistrez la liste des noms en UTF-8"):
        material.load(Study(own))


def test_the_list_of_names_is_an_input_of_the_report(own):
    before = catalog.digest("noms.txt", own)
    (own / "noms.txt").write_text("Zélie\n", encoding="utf-8")
    assert catalog.digest("noms.txt", own) != before
    material.load(Study(own))
    assert any(
        read["name"] == "noms.txt" and read["folder"] == str(own) for read in json.loads(catalog.reads())
    )


def test_segments_without_words_say_so(own):
    allow(own)
    path = catalog.Package(own).path("material/segments")
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text(
        "\n".join([header, *(row.rpartition(",")[0] + "," for row in rows)]) + "\n", encoding="utf-8"
    )
    assert "ont pas de texte" in excerpts.shown(material.load(Study(own))).html


def test_the_same_segment_is_replaced_when_asked(own):
    other = pd.DataFrame([(*SEGMENTS[0][:6], "neutre", "")], columns=COLUMNS)
    with pytest.raises(DataError, match="--replace"):
        deposit({"material/segments": other}, own)
    deposit({"material/segments": other}, own, replace=True)
    assert catalog.load("material/segments", own)["valence"].value_counts()["neutre"] == 1
    assert len(catalog.load("material/segments", own)) == 4
