"""`cpts import taguette|refi|segments`: rows enter a package whole or not at all, faults are one sentence and exit 1 or 2."""

from __future__ import annotations

import shutil
import zipfile

import pandas as pd
import pytest
from click.testing import CliRunner

from helpers import catalog
from helpers.commands import main
from helpers.intake import check
from helpers.intake.deposit import deposit
from helpers.material import pseudonyms
from tests.conftest import ROOT

FIXTURES = ROOT / "tests" / "fixtures"
PROJECT = FIXTURES / "taguette" / "project.sqlite3"


@pytest.fixture
def own(tmp_path):
    shutil.copytree(catalog.MODEL_FOLDER, tmp_path / "own")
    deposit({"cpts/cpts": pd.DataFrame({"cpts": ["a"], "name_fr": ["CPTS A"]})}, tmp_path / "own")
    return tmp_path / "own"


def call(*arguments):
    return CliRunner().invoke(main.main, ["import", *map(str, arguments)])


def counts(own):
    names = ("codes", "sources", "attributes", "segments")
    return {name: len(catalog.load(f"material/{name}", own)) for name in names}


def test_a_taguette_project_twice_is_once(own):
    first = call("taguette", PROJECT, "--into", own)
    assert first.exit_code == 0, first.output
    assert "material/segments : 11 ligne(s) ajoutée(s)" in first.output
    assert check.check(own) == []
    assert "11 déjà présente(s)" in call("taguette", PROJECT, "--into", own).output
    assert counts(own) == {"codes": 7, "sources": 3, "attributes": 0, "segments": 11}


def test_two_coders_of_the_same_project(own):
    for coder in ("1", "B2"):
        assert call("taguette", PROJECT, "--into", own, "--coder", coder).exit_code == 0
    assert catalog.load("material/segments", own)["coder"].value_counts().to_dict() == {"1": 11, "B2": 11}
    assert check.check(own) == []
    wrong = call("taguette", PROJECT, "--into", own, "--coder", "Ada Nom")
    assert (wrong.exit_code, "sans nom de personne" in wrong.output) == (2, True)


def test_highlights_after_a_codebook_must_know_their_codes(own, tmp_path):
    book = tmp_path / "livre.csv"
    book.write_text("code,label\nautre,Autre\n", encoding="utf-8")
    assert call("segments", book, "--into", own).exit_code == 0
    refused = call("taguette", FIXTURES / "taguette" / "highlights.csv", "--into", own)
    assert refused.exit_code == 1
    assert "nomme un code inconnu du livre de codes" in refused.output
    assert counts(own)["segments"] == 0


def test_a_new_export_takes_the_place_of_the_old_one(own, tmp_path):
    assert call("taguette", PROJECT, "--into", own).exit_code == 0
    lines = (FIXTURES / "taguette" / "highlights.csv").read_text(encoding="utf-8").splitlines()
    later = tmp_path / "plus tard.csv"
    later.write_text(
        "\n".join([lines[0], lines[1].replace("je cours", "je marche")]) + "\n", encoding="utf-8"
    )
    refused = call("taguette", later, "--into", own)
    assert refused.exit_code == 1
    assert "--replace" in refused.output
    assert call("taguette", later, "--into", own, "--replace").exit_code == 0
    kept = catalog.load("material/segments", own, words=True)
    # The two other interviews were not in the file: theirs stay.
    assert kept["source"].value_counts().to_dict() == {
        "entretien-1-coordination": 1,
        "entretien-2-infirmiere": 3,
        "observation-3": 3,
    }
    assert kept["text"].str.contains("je marche").sum() == 1


def test_a_refi_project(own):
    done = call("refi", FIXTURES / "refi" / "qc.qdpx", "--into", own)
    assert done.exit_code == 0, done.output
    assert check.check(own) == []
    assert counts(own)["sources"] == 2


def test_a_project_where_nothing_is_coded_yet_is_said(own, tmp_path):
    project = '<Project xmlns="urn:QDA-XML:project:1.0" name="neuf" origin="ATLAS.ti"><CodeBook/></Project>'
    with zipfile.ZipFile(tmp_path / "neuf.qdpx", "w") as archive:
        archive.writestr("project.qde", project)
    done = call("refi", tmp_path / "neuf.qdpx", "--into", own)
    assert (done.exit_code, "Rien à importer" in done.output) == (1, True), done.output


def test_the_names_of_the_package_are_heeded(own, tmp_path):
    (own / "noms.txt").write_text("Lune\n", encoding="utf-8")
    table = tmp_path / "s.csv"
    table.write_text("source,code\nEntretien Lune,t\n", encoding="utf-8")
    assert call("segments", table, "--into", own).exit_code == 0
    assert catalog.load("material/sources", own)["source"].tolist() == ["source-1"]


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["taguette", "absent.csv"], 1, "Fichier absent ou illisible"),
        (["refi", "absent.qdpx"], 1, "Fichier absent ou illisible"),
        (["segments", "absent.csv"], 1, "Fichier absent ou illisible"),
        (["refi", PROJECT], 1, "un fichier REFI-QDA se termine par"),
        (["segments", FIXTURES / "taguette" / "codebook.csv"], 1, "en-tête inconnu"),
        (["taguette", PROJECT, "--project", "Autre"], 2, "Projet de Taguette inconnu"),
    ],
)
def test_faults_are_one_sentence(own, arguments, code, sentence):
    done = call(*arguments, "--into", own)
    assert (done.exit_code, sentence in done.output) == (code, True), done.output
    assert "Traceback" not in done.output
    assert counts(own)["segments"] == 0


def test_a_folder_that_is_no_package(tmp_path):
    done = call("taguette", PROJECT, "--into", tmp_path / "nulle-part")
    assert (done.exit_code, "Aucun fichier datapackage.json" in done.output) == (1, True)


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("E1", "E1"),
        ("Entretien n° 2 – été.docx", "entretien-n-2-ete"),
        ("CŒUR d'Œuvre", "coeur-d-oeuvre"),
        ("🚐", "source-1"),
        ("x" * 60, "x" * 40),
        ("page.html", "page"),
    ],
)
def test_codes_of_titles(title, code):
    assert pseudonyms.source_codes([title]) == {title: code}
    assert pseudonyms.CODE.fullmatch(code)


def test_codes_of_titles_stay_apart():
    titles = ["Été", "ete", "Eté !", "y" * 50, "y" * 51]
    codes = list(pseudonyms.source_codes(titles).values())
    assert codes == ["ete", "ete-2", "ete-3", "y" * 40, "y" * 36 + "-2"]


def test_many_titles_have_codes_apart():
    codes = pseudonyms.source_codes([f"Entretien numéro {rank}" for rank in range(20_000)])
    assert len(set(codes.values())) == 20_000


def test_codes_of_coders():
    assert pseudonyms.coder_codes(["C1", "codeur 2", "3"]) == {"C1": "C1", "codeur 2": "codeur_2", "3": "3"}
    assert pseudonyms.coder_codes(["Ada", "2", "Ada"]) == {"Ada": "1", "2": "2"}
    assert pseudonyms.coder_codes(["2", "Ada"]) == {"2": "1", "Ada": "2"}
