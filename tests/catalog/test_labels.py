import ast
import functools
import json
import re
from pathlib import Path

import pytest

import helpers
from helpers import catalog
from helpers.catalog import labels
from helpers.errors import UnknownName
from helpers.page import display
from tests.project import PROJECT

SOURCES = Path(helpers.__file__).parent
FOLDERS = (catalog.DEFAULT_FOLDER, catalog.MODEL_FOLDER)


@functools.cache
def _fields():
    return [
        (f"{folder.name}: {resource['name']}", field)
        for folder in FOLDERS
        for resource in json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))["resources"]
        for field in resource["schema"]["fields"]
    ]


def test_every_field_has_a_title_in_french():
    without = [
        (table, field["name"])
        for table, field in _fields()
        if not str(field.get("title", "")).strip() or "_" in field["title"]
    ]
    assert without == []


def test_every_code_of_every_field_has_a_label():
    wrong = [
        (table, field["name"])
        for table, field in _fields()
        if [item["value"] for item in field.get("categories", [])]
        != field.get("constraints", {}).get("enum", [])
    ]
    assert wrong == []


def test_no_label_is_a_bare_code():
    # "_" and a word that French writes with an accent betray a code shown as it is.
    bare = [
        (table, field["name"], item["label"])
        for table, field in _fields()
        for item in field.get("categories", [])
        if not item["label"].strip() or "_" in item["label"]
    ]
    assert bare == []


ACCENTED = """
sante medecin medecins medicale collectivite qualite prevention reseau region departement acces resultats federation societe
periode methode deja idees reponse eleve generaliste generalistes hopital equipe etranger
"""


@pytest.mark.parametrize("word", ACCENTED.split())
def test_labels_and_titles_keep_their_accents(word):
    said = [
        text
        for _, field in _fields()
        for text in [field["title"], *(item["label"] for item in field.get("categories", []))]
        if re.search(rf"\b{word}\b", text.lower())
    ]
    assert said == []


def test_two_codes_of_a_field_have_two_labels():
    # Codes of which a document prints two words for one thing are the only ones that may share a label.
    twice = {
        (table, field["name"])
        for table, field in _fields()
        if len({item["label"] for item in field.get("categories", [])}) < len(field.get("categories", []))
    }
    assert twice == set()


def test_titles_tell_the_columns_of_a_table_apart():
    tables: dict[str, list[str]] = {}
    for table, field in _fields():
        tables.setdefault(table, []).append(field["title"])
    assert [table for table, titles in tables.items() if len(set(titles)) < len(titles)] == []


def test_labels_are_read_from_the_descriptor():
    assert labels.title("aura2022/edges", "actor_type") == "Famille d'acteur"
    assert labels.label("aura2022/edges", "actor_type", "had") == "Hospitalisation à domicile"
    assert labels.label("navinel2020/brakes_by_interview", "present", 1) == "oui"
    assert labels.titles("documents")["short_name"] == "Nom court"
    assert labels.codes("aura2022/edges", "line") == {}
    assert labels.head("population") == "Population"
    assert labels.head("no_such_field") == ""


def test_no_column_is_headed_by_its_raw_name():
    # A field whose French title is its very name in small letters does not exist: a title begins with a capital.
    raw = {field["name"] for _, field in _fields() if display.head(field["name"]) == field["name"]}
    assert raw == set()
    assert display.head("department") == labels.head("department") == "Département"
    assert display.head("Une colonne calculée") == "Une colonne calculée"


def test_a_head_of_the_reports_does_not_repeat_the_catalogue():
    assert [name for name, said in display.HEADS_FR.items() if labels.head(name) == said] == []


def test_an_unknown_name_names_the_nearest():
    with pytest.raises(UnknownName, match="aura2022/edges"):
        labels.title("aura2022/edge", "status")
    with pytest.raises(UnknownName, match="status"):
        labels.codes("aura2022/edges", "statu")
    with pytest.raises(UnknownName, match="ponctuel"):
        labels.label("aura2022/edges", "status", "ponctuels")
    with pytest.raises(UnknownName, match="miller2022"):
        labels.document("miller2021")


def test_documents_are_rows_in_the_order_of_the_reports():
    assert labels.document("laine2021") == "Lainé 2021"
    assert list(labels.documents()) == PROJECT.table("documents")["key"].tolist()


def test_the_documents_are_those_that_the_claims_name():
    assert set(PROJECT.table("claims")["document"]) == set(labels.documents())


def _named_in_code(source):
    # Dictionaries of French names (`*_FR`), wherever they stand, with the text keys that are written in them.
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and isinstance(node.value, ast.Dict):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            keys = {str(key.value) for key in node.value.keys if isinstance(key, ast.Constant)} - {""}
            if isinstance(target, ast.Name) and target.id.endswith("_FR") and len(keys) > 1:
                yield target.id, keys


@functools.cache
def _known_codes():
    return [
        {str(code) for code in field["constraints"]["enum"]}
        for _, field in _fields()
        if field.get("constraints", {}).get("enum")
    ]


def _renamed(source):
    return [name for name, keys in _named_in_code(source) if any(keys <= known for known in _known_codes())]


def test_no_dictionary_of_the_code_names_codes_of_the_data():
    found = {
        f"{path.relative_to(SOURCES).as_posix()} {name}"
        for path in SOURCES.rglob("*.py")
        for name in _renamed(path.read_text(encoding="utf-8"))
    }
    assert found == set()


def test_a_dictionary_that_names_codes_or_documents_is_seen():
    assert _renamed('STATUS_FR = {"oui": "oui", "prevu": "prévu"}') == ["STATUS_FR"]
    assert _renamed('NAMES_FR: dict[str, str] = {"miller2022": "Miller", "laine2021": "Lainé"}') == [
        "NAMES_FR"
    ]
    assert _renamed('HEADS_FR = {"gap": "Écart", "percent": "Différence (%)"}') == []
