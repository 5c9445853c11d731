"""A project made in Taguette enters a package and its reports; the words of interviewees stay where they are."""

from __future__ import annotations

import base64
import io
import json
import re
import shutil
import zipfile

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from helpers import catalog
from helpers.intake.deposit import deposit
from helpers.pipeline import summary
from tests.conftest import ROOT
from tests.pipeline import making

PROJECT = ROOT / "tests" / "fixtures" / "taguette" / "project.sqlite3"
# Pieces of every highlighted passage of the fixture, and the names in them.
WORDS = (
    "clés de la salle", "rien pour penser", "organisent toutes seules", "touchaient à peine", "note tout deux fois",
    "sans protocole", "trois heures par semaine", "chaises restent vides", "tableau commun",
)  # fmt: skip
NAMES = ("Barnabé Lune", "BARNABE LUNE")
# All that a notebook could think of showing.
CELLS = (
    "from helpers import catalog, material\nfrom helpers.material import shown\nfrom helpers.page import display, figures",
    "display.table(catalog.load('material/segments', paquet), 'Segments', name='segments')",
    "own = material.load(catalog.Study(paquet))\ndisplay.table(own.segments, 'Les mêmes', name='memes', long=own.segments)",
    "display.text(material.summary(own))",
    "display.table(material.wide(own, 'code', 'source'), 'Codes par source', name='codes')",
    "figures.heat_map(material.wide(own, 'code', 'source', totals=False), 'Codes par source')",
    "material.excerpts.shown(own)",
    "display.table(material.excerpts.table(own, length=600), 'Tous les extraits', name='tous')",
)


def cpts(*arguments):
    done = making.cpts(*arguments)
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture
def own(tmp_path):
    """Folder of a package, made from the model, that holds the Taguette project."""
    folder = tmp_path / "own"
    shutil.copytree(catalog.MODEL_FOLDER, folder)
    deposit({"cpts/cpts": pd.DataFrame({"cpts": ["a"], "name_fr": ["CPTS A"]})}, folder)
    assert "11 ligne(s) ajoutée(s)" in cpts("import", "taguette", PROJECT, "--into", folder)
    assert "aucun défaut" in cpts("check", folder)
    return folder


def diffuse(folder, names=""):
    path = folder / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8")) | {"diffusable": True}
    path.write_text(json.dumps(descriptor, ensure_ascii=False), encoding="utf-8")
    (folder / "noms.txt").write_text(names, encoding="utf-8")


def all_texts(place, *, downloads=True):
    """Text of every file of a run, of every file held in its pages (there are `downloads`), and of every member of those."""
    texts = {}
    for path in place.rglob("*"):
        if path.is_file():
            texts[path.name] = path.read_text(encoding="utf-8", errors="replace")
    held = [
        base64.b64decode(found)
        for text in list(texts.values())
        for found in re.findall(r"data:[\w/.+;=-]+;base64,([A-Za-z0-9+/=]+)", text)
    ]
    assert held or not downloads
    for rank, content in enumerate(held):
        if content.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(content)) as book:
                for name in book.namelist():
                    texts[f"{rank}/{name}"] = book.read(name).decode("utf-8", errors="replace")
        else:
            texts[str(rank)] = content.decode("utf-8", errors="replace")
    return texts


def rendered(folder, tmp_path):
    making.notebook(tmp_path / "n", *CELLS, parameters='paquet = ""  # Dossier du paquet')
    outcomes = making.render(tmp_path / "n", tmp_path / "out", given={"paquet": str(folder)})
    (outcome,) = outcomes.values()
    assert not outcome.error, outcome.error
    summary.write(tmp_path / "out", list(outcomes.values()), whole=False, folder=tmp_path / "n")
    return all_texts(tmp_path / "out")


def where(texts, words):
    return {(name, said) for name, text in texts.items() for said in words if said in text}


def test_no_word_of_a_package_that_is_not_diffusable_is_in_any_file(own, tmp_path):
    texts = rendered(own, tmp_path)
    assert "Les mêmes" in texts["90_essai.html"]
    assert {"manifest.json", "index.html", "90_essai.ipynb"} <= set(texts)
    assert where(texts, (*WORDS, *NAMES)) == set()
    assert "Aucun extrait n" in texts["90_essai.html"]


def test_a_diffusable_package_shows_its_words_without_the_names(own, tmp_path):
    diffuse(own, "barnabe lune\n")
    texts = rendered(own, tmp_path)
    assert {said for _, said in where(texts, WORDS)} == set(WORDS)
    assert "Avec [nom], du contrat local" in texts["90_essai.html"]
    assert where(texts, NAMES) == set()
    page = BeautifulSoup(texts["90_essai.html"], "html.parser")
    for table in page.find_all("table")[:2]:
        assert where({"": table.get_text()}, WORDS) == set()


def test_a_report_is_made_again_when_the_words_may_no_longer_be_shown(own, tmp_path):
    diffuse(own)
    assert where(rendered(own, tmp_path), WORDS)
    (own / "noms.txt").write_text("Barnabé Lune\n", encoding="utf-8")
    assert where(rendered(own, tmp_path), NAMES) == set()
    path = own / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8")) | {"diffusable": False}
    path.write_text(json.dumps(descriptor, ensure_ascii=False), encoding="utf-8")
    assert where(rendered(own, tmp_path), WORDS) == set()


def test_the_articulation_report_counts_the_material_of_the_package(own, tmp_path):
    cpts("render", "02", "--paquet", own, "--out", tmp_path / "out", "--jobs", "1")
    texts = all_texts(tmp_path / "out")
    page = BeautifulSoup(texts["02_articulation_dts.html"], "html.parser")
    assert (
        "3\u00a0sources, 7\u00a0codes dont 6 en usage, 9\u00a0segments par 1\u00a0codeur" in page.get_text()
    )
    rows = {}
    caption = page.find("caption", string=re.compile("^Segments par code "))
    for line in caption.find_parent("table").find_all("tr"):
        cells = [cell.get_text(strip=True) for cell in line.find_all(["th", "td"])]
        rows[cells[0]] = cells[1:]
    assert rows["frein › temps"] == ["3", "2"]
    assert rows["levier › confiance"] == ["2", "2"]
    assert rows["Périmètre partagé"] == ["1", "1"]
    assert rows["interesting"] == ["0", "0"]
    assert where(texts, (*WORDS, *NAMES)) == set()
