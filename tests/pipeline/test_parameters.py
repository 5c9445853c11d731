"""Parameters are read and checked before a kernel starts."""

import json

import papermill
import pytest

from helpers.catalog import labels
from helpers.errors import DataError, UnknownName, UsageError
from helpers.pipeline import parameters
from tests.pipeline import making

CELL = (
    'titre = "a = b"  # Titre du rapport\n'
    "seuil = 11  # Seuil de masquage [1 ; 50]\n"
    "confiance = 0.95  # Confiance [0,5 ; 0,999]\n"
    "tout = True  # Tout montrer\n"
    'documents = ["x"]  # Documents {x|y}\n'
)


@pytest.fixture
def notebook(tmp_path):
    cells = [
        {
            "cell_type": "markdown",
            "metadata": {},
            "source": ["# Un titre\n", "\n", "**Question.** Laquelle ?"],
        },
        {
            "cell_type": "code",
            "metadata": {"tags": ["parameters"]},
            "source": CELL,
            "outputs": [],
            "execution_count": None,
        },
    ]
    path = tmp_path / "07_essai.ipynb"
    path.write_text(
        json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), encoding="utf-8"
    )
    return parameters.read(path)


def test_title_question_and_help(notebook):
    assert (notebook.title, notebook.question, notebook.slug) == ("Un titre", "Laquelle ?", "07_essai")
    assert [parameter.label for parameter in notebook.parameters][1:3] == ["Seuil de masquage", "Confiance"]
    assert notebook.parameters[0].default == "a = b"


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("seuil", "12", 12),
        ("confiance", "0,9", 0.9),
        ("confiance", 0.9, 0.9),
        ("tout", "non", False),
        ("documents", "x, y", ["x", "y"]),
        ("titre", "été", "été"),
    ],
)
def test_values_are_typed_like_their_default(notebook, name, given, expected):
    assert notebook.values({name: given}) == {name: expected}


@pytest.mark.parametrize(
    ("name", "given", "sentence"),
    [
        ("seuil", "douze", "un nombre entier"),
        ("seuil", "0", "de 1 à 50"),
        ("seuil", "1.5", "un nombre entier"),
        ("confiance", "1", "de 0.5 à 0.999"),
        ("tout", "peut-être", "oui ou non"),
        ("documents", "x,z", "valeurs permises : x, y"),
        ("seuil", True, "un nombre entier"),
    ],
)
def test_refused_values_have_their_sentence(notebook, name, given, sentence):
    with pytest.raises(UsageError, match=sentence):
        notebook.values({name: given})


def test_a_misspelt_name_is_refused_with_the_nearest(notebook):
    with pytest.raises(UnknownName, match="Vouliez-vous dire : confiance"):
        notebook.values({"confiane": "0.9"})


def test_derived_parameters_are_refused(tmp_path):
    path = tmp_path / "x.ipynb"
    cell = {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": "a = 1\nb = a + 1\n"}
    path.write_text(json.dumps({"cells": [cell]}), encoding="utf-8")
    with pytest.raises(DataError, match="nom = valeur"):
        parameters.read(path)


def test_a_file_that_is_not_a_notebook(tmp_path):
    path = tmp_path / "x.ipynb"
    path.write_text("pas du json", encoding="utf-8")
    with pytest.raises(DataError, match="n'est pas un carnet lisible"):
        parameters.read(path)


def test_choose_by_number_slug_or_file():
    every = parameters.notebooks()
    assert [found.slug for found in parameters.choose(["01"])] == ["01_tableaux_cpts"]
    assert parameters.choose(["notebooks/01_tableaux_cpts.ipynb"]) == parameters.choose(["01_tableaux_cpts"])
    assert parameters.choose([]) == every
    with pytest.raises(UnknownName, match="01_tableaux_cpts"):
        parameters.choose(["01_tableau"])


def test_our_reading_agrees_with_papermill():
    for notebook in parameters.notebooks():
        known = papermill.inspect_notebook(notebook.path)
        assert set(known) == {parameter.name for parameter in notebook.parameters}


def test_use_of_a_notebook_is_read_and_an_unknown_one_is_refused(tmp_path):
    path = making.notebook(tmp_path, "1", slug="90_essai")
    assert parameters.read(path).use == "comprendre"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["metadata"]["observatoire"] = {"usage": "ma-cpts"}
    path.write_text(json.dumps(content), encoding="utf-8")
    assert parameters.read(path).use == "ma-cpts"
    content["metadata"]["observatoire"] = {"usage": "autre"}
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(DataError, match="verifier"):
        parameters.read(path)


def test_the_documents_allowed_are_those_of_their_table():
    scale = next(item for item in parameters.choose(["06"])[0].parameters if item.name == "bareme")
    assert scale.choices == tuple(labels.documents())
    with pytest.raises(UsageError, match="miller2022"):
        scale.read("miller")
