"""Three notebooks from one source: nothing of the teacher's in the student's, everything in the teacher's."""

from __future__ import annotations

import ast
import json

import pytest

from helpers import french
from helpers.classroom import folders, soundness, versions
from helpers.errors import DataError
from helpers.pipeline import parameters
from tests.project import PROJECT

MASTERS = folders.masters()


def content(path):
    return parameters.content_of(path)


def code(node):
    return ["".join(cell["source"]) for cell in node["cells"] if cell["cell_type"] == "code"]


@pytest.mark.parametrize("path", MASTERS, ids=lambda path: path.stem)
def test_the_students_version_shows_no_solution_and_no_note(path):
    node = content(path)
    shown = versions.student(node)
    text = json.dumps(shown, ensure_ascii=False)
    assert "### " not in text.replace('"### ', "")
    assert not any(
        json.dumps(line, ensure_ascii=False)[1:-1] in text for line in versions.solution_lines(node)
    )
    assert "Pour le formateur" not in text
    assert "Correction." not in text
    for source in code(shown):
        ast.parse(source)


@pytest.mark.parametrize("path", MASTERS, ids=lambda path: path.stem)
def test_the_others_show_it_folded_or_in_full(path):
    node = content(path)
    full = "\n".join(code(versions.teacher(node)))
    assert "BEGIN SOLUTION" not in full
    assert all(line in full for line in versions.solution_lines(node))
    folded = versions.after(node)
    told = [
        "".join(cell["source"]) for cell in folded["cells"] if "corrige" in cell["metadata"].get("tags", [])
    ]
    assert all(source.startswith("<details><summary>Correction</summary>") for source in told)
    answers = sum("reponse" in cell["metadata"].get("tags", []) for cell in node["cells"])
    assert sum("```python" in source for source in told) == answers
    assert "Pour le formateur" not in json.dumps(folded, ensure_ascii=False)


@pytest.mark.parametrize("path", MASTERS, ids=lambda path: path.stem)
def test_the_sources_obey_the_rules_of_the_notebooks(path):
    for cell in content(path)["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] != "code":
            continue
        assert not cell["outputs"]
        assert cell["execution_count"] is None
        lines = [line for line in source.splitlines() if line.strip()]
        assert len(lines) <= 9
        nodes = list(ast.walk(ast.parse(source)))
        assert not [node for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda)]
        if "parameters" not in cell["metadata"].get("tags", []):
            assert max(map(len, lines)) <= 110, source
    assert {parameter.help != "" for parameter in parameters.read(path).parameters} == {True}


def test_a_region_that_is_not_closed_is_refused():
    cell = {"cell_type": "code", "id": "x", "metadata": {}, "source": "a = 1\n### BEGIN SOLUTION\na = 2\n"}
    for version in (versions.student, versions.teacher, versions.after):
        with pytest.raises(DataError, match="n'est pas fermée"):
            version({"cells": [cell]})


def test_the_exercises_hold():
    faults, said = soundness.check(PROJECT)
    assert faults == []
    assert (
        french.plain(said)
        == "12 exercices, 2 bonus et 3 facultatifs, 69 erreurs reconnues, 0 collision, 0 fuite."
    )


def test_a_leak_would_be_seen(monkeypatch):
    monkeypatch.setattr(versions, "student", lambda node: node)
    assert any("une ligne de solution reste" in fault for fault in soundness.leaked(PROJECT))
