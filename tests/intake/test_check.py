"""`cpts check`: schema rules and the rules of printed cells, one sentence each."""

import sys
from collections import Counter

import pytest

from helpers import catalog
from helpers.intake import check, starting

FIELDS = [
    {"name": "code", "type": "string", "constraints": {"required": True, "enum": ["a", "b"]}},
    {"name": "printed", "type": "string"},
    {"name": "value", "type": "number", "constraints": {"minimum": 0, "maximum": 100}},
    {"name": "repair", "type": "string"},
    {"name": "line", "type": "integer", "constraints": {"minimum": 10, "maximum": 20}},
    {"name": "note", "type": "string"},
]
HEAD = "code,printed,value,repair,line,note\n"


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ('a,"3,1",3.2,,12,\n', "ne correspond pas à la valeur imprimée « 3,1 »"),
        ('a,"3,1",,,12,\n', "vide alors que « 3,1 » est un nombre"),
        ("a,ND,3,,12,\n", "n'est pas un nombre à la française"),
        ("a,3.1,3.1,,12,\n", "virgule décimale"),
        ("a,8O,80,ocr,12,\n", "doit dire comment dans « note »"),
        ("a,3,3,,21,\n", r"ligne 2, colonne « line » : « 21 »"),
        ("c,3,3,,12,\n", r"colonne « code » : « c »"),
        ("a,3,3,,12,\na,4,4,,13,\n", "répète la clé"),
        ("a,300,300,,12,\n", "dépasse le maximum \\(100\\) : corrigez-le"),
    ],
)
def test_each_fault_has_its_sentence(small_package, rows, sentence):
    faults = check.check(small_package(HEAD + rows, fields=FIELDS))
    assert len(faults) >= 1
    import re

    assert any(re.search(sentence, fault) for fault in faults), faults


def test_a_sound_table_has_no_fault(small_package):
    rows = 'a,"3,1",3.1,,12,\nb,8O,80,ocr,13,O lu pour un zéro\n'
    assert check.check(small_package(HEAD + rows, fields=FIELDS)) == []


def test_a_change_after_sealing_is_seen_and_can_be_accepted(small_package):
    folder = small_package(HEAD + "a,3,3,,12,\n", fields=FIELDS)
    assert check.seal(folder) == 1
    assert check.check(folder) == []
    (folder / "table.csv").write_text(HEAD + "a,4,4,,12,\n", encoding="utf-8")
    assert "empreinte différente" in check.check(folder)[0]
    check.seal(folder)
    assert check.check(folder) == []


def test_foreign_keys(tmp_path, small_package):
    folder = small_package(HEAD + "a,3,3,,12,\n", fields=FIELDS)
    package = catalog.open_package(folder).descriptor
    import json

    child = {
        "name": "demo/child",
        "path": "child.csv",
        "schema": {
            "fields": [{"name": "code", "type": "string"}],
            "foreignKeys": [
                {"fields": ["code"], "reference": {"resource": "demo/table", "fields": ["code"]}}
            ],
        },
    }
    package = {**package, "resources": [*package["resources"], child]}
    (tmp_path / "child.csv").write_text("code\nb\n", encoding="utf-8")
    (tmp_path / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    assert any(
        "child.csv, ligne 2" in fault and "n'existe pas dans table.csv" in fault
        for fault in check.check(tmp_path)
    )


def test_the_project_package_is_sound():
    assert check.check() == []


_opened: list[str] = []


def _audit(event, arguments):
    if event == "open" and _opened and isinstance(arguments[0], str):
        _opened.append(arguments[0])


def test_each_file_is_opened_at_most_twice(tmp_path):
    """Of the package and of the project's data: read once, and once more when a rule needs it."""
    starting.new(tmp_path / "exemple", example=True)
    sys.addaudithook(_audit)
    _opened.append("start")
    try:
        assert check.check(tmp_path / "exemple") == []
        times = Counter(path for path in _opened if path.endswith((".csv", ".json", ".parquet", ".txt")))
    finally:
        _opened.clear()
    own = [path for path in times if path.startswith(str(tmp_path))]
    assert len(own) >= 18
    assert {path: count for path, count in times.items() if count > 2} == {}
