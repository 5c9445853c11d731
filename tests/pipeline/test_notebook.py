"""`cpts notebook`: a new notebook renders at once and holds the rules; a saved one loses its outputs and nothing else."""

from __future__ import annotations

import json

import nbformat
import pytest

from helpers.errors import DataError, UsageError
from helpers.pipeline import notebook, parameters
from tests.pipeline import making


def test_a_new_notebook_renders_at_once(tmp_path):
    (tmp_path / "n").mkdir()
    path = notebook.new("13_mes_membres", folder=tmp_path / "n")
    nbformat.validate(nbformat.read(path, as_version=4))
    read = parameters.read(path)
    assert read.title == "Mes membres"
    assert read.question
    assert [item.name for item in read.parameters] == ["decimales", "paquet"]
    assert all(item.label for item in read.parameters)
    outcomes = making.render(tmp_path / "n", tmp_path / "out")
    assert outcomes["13_mes_membres"].error == ""
    page = (tmp_path / "out" / "13_mes_membres.html").read_text(encoding="utf-8")
    for shown in ("<title>Mes membres", "292", "<table", "<img", "reproduit"):
        assert shown in page, shown


@pytest.mark.parametrize(
    "name", ["essai", "9_essai", "13-essai", "13_Essai", "13_été", "13_a b", "../13_essai"]
)
def test_a_name_that_no_command_could_use_is_refused(tmp_path, name):
    with pytest.raises(UsageError, match=r"trois lettres ou plus.*13_effectifs"):
        notebook.new(name, folder=tmp_path)


def test_a_number_is_given_once(tmp_path):
    notebook.new("13_unique", title="Un titre à moi", folder=tmp_path)
    before = (tmp_path / "13_unique.ipynb").read_bytes()
    assert parameters.read(tmp_path / "13_unique.ipynb").title == "Un titre à moi"
    with pytest.raises(UsageError, match="13 est pris par « 13_unique »"):
        notebook.new("13_deux", folder=tmp_path)
    with pytest.raises(UsageError, match="13_unique"):
        notebook.new("13_unique", folder=tmp_path)
    assert (tmp_path / "13_unique.ipynb").read_bytes() == before


def saved_by_jupyterlab(path):
    """The notebook as the editor leaves it: run, with its own metadata."""
    node = json.loads(path.read_text(encoding="utf-8"))
    node["metadata"]["language_info"] |= {"version": "3.13.1", "file_extension": ".py"}
    for cell in node["cells"]:
        cell["metadata"] |= {"editable": True, "execution": {"iopub.execute_input": "2026-01-01"}}
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["42"]}]
            cell["execution_count"] = 7
    path.write_text(json.dumps(node, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


def test_a_notebook_saved_with_outputs_comes_back_as_it_was(tmp_path):
    path = notebook.new("13_essai", folder=tmp_path)
    before = path.read_bytes()
    saved_by_jupyterlab(path)
    assert path.read_bytes() != before
    assert notebook.clean([path]) == [path]
    assert path.read_bytes() == before
    assert notebook.clean([path]) == []


def test_what_a_person_changed_stays(tmp_path):
    path = notebook.new("13_essai", folder=tmp_path)
    node = json.loads(path.read_text(encoding="utf-8"))
    node["cells"][3]["source"] = ["## Mon titre\n", "Ma phrase."]
    node["cells"][3]["metadata"] = {"tags": ["a"], "slideshow": {"slide_type": "slide"}}
    path.write_text(json.dumps(node), encoding="utf-8")
    saved_by_jupyterlab(path)
    notebook.clean([path])
    cell = json.loads(path.read_text(encoding="utf-8"))["cells"][3]
    assert cell["source"] == ["## Mon titre\n", "Ma phrase."]
    assert cell["metadata"] == {"tags": ["a"], "slideshow": {"slide_type": "slide"}}


@pytest.mark.parametrize("content", ["", "{}", '{"cells": [1]}', "[]"])
def test_a_file_that_is_no_notebook_is_one_sentence(tmp_path, content):
    path = tmp_path / "13_essai.ipynb"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match="n'est pas un carnet lisible"):
        notebook.clean([path])
    assert path.read_text(encoding="utf-8") == content


def test_the_notebooks_of_the_project_are_stored_clean(tmp_path):
    for path in sorted(parameters.DEFAULT_FOLDER.rglob("*.ipynb")):
        copy = tmp_path / path.name
        copy.write_bytes(path.read_bytes())
        assert notebook.clean([copy]) == [], f"« cpts notebook clean » ôte les résultats de {path.name}"
