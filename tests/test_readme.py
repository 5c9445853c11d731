"""« Votre CPTS en 15 minutes » : every command of that section of the README, run in order from an empty folder."""

from __future__ import annotations

import re
import shlex
import shutil

import pytest

from helpers import catalog
from tests.conftest import ROOT
from tests.pipeline import making

SECTION = "## Votre CPTS en 15 minutes"


def commands():
    """Lines of the code blocks of the section."""
    text = (ROOT / "README.md").read_text(encoding="utf-8").split(SECTION, 1)[1].split("\n## ", 1)[0]
    blocks = re.findall(r"^```\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def run(line, folder):
    """Run one line of the README in `folder`; its output."""
    words = shlex.split(line)
    assert words[0] in ("cpts", "cp"), line
    if words[0] == "cp":
        shutil.copyfile(folder / words[1], folder / words[2])
        return ""
    done = making.cpts(*words[1:], folder=folder)
    assert done.exit_code == 0, (line, done.output)
    return done.stdout


@pytest.fixture(scope="module")
def followed(tmp_path_factory):
    """An empty folder where the section was followed to its end, and what each line printed."""
    folder = tmp_path_factory.mktemp("quinze minutes")
    return folder, {line: run(line, folder) for line in commands()}


def test_the_section_stands_where_a_newcomer_looks():
    heads = re.findall(r"^## .*", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert heads[:2] == ["## Démarrer en français", SECTION]


def test_the_section_goes_from_nothing_to_a_monograph():
    verbs = [line.split()[:2] for line in commands()]
    assert verbs[0] == ["cpts", "new"]
    assert ["cpts", "check"] in verbs
    assert [line.split()[2] for line in commands() if line.startswith("cpts import")][:1] == ["workbook"]
    assert any("render 07_monographie_cpts" in line for line in commands())


def test_each_command_does_what_the_section_says(followed):
    folder, printed = followed
    assert {path.name for path in folder.iterdir()} == {"ma-cpts", "rapports-exemple", "mes-rapports"}
    assert (folder / "ma-cpts" / "LISEZMOI.md").exists()
    names = catalog.Package(folder / "ma-cpts").names()
    assert f"{len(names)} tableaux contrôlés, aucun défaut." in printed["cpts check ma-cpts"]
    for name in names:
        own, example = (folder / place / f"{name}.csv" for place in ("ma-cpts", "ma-cpts/exemple"))
        assert own.read_bytes() == example.read_bytes(), name


def test_each_cpts_has_its_monograph(followed):
    folder, _ = followed
    for place in ("rapports-exemple", "mes-rapports"):
        pages = {path.name: path.read_text(encoding="utf-8") for path in (folder / place).glob("07_*.html")}
        assert len(pages) == 3
        assert (folder / place / "index.html").exists()
        assert all("exemple fictif" in page for page in pages.values())
        assert sum("CPTS du Nord (exemple fictif)" in page for page in pages.values()) >= 1
    assert len(list((folder / "mes-rapports").glob("08_*.html"))) == 3


def append(folder, table, *rows):
    with (folder / "ma-cpts" / f"{table}.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"{row}\n" for row in rows)


def test_only_the_templates_filled_by_hand_give_a_monograph(tmp_path):
    """The real thing: a few rows typed in the CSV templates, as a coordinator would in a spreadsheet."""
    run("cpts new ma-cpts", tmp_path)
    append(
        tmp_path,
        "cpts/cpts",
        "vallee;CPTS de la Vallée;35;aci_signe;2023-01-10;2024-02-01;41250;2022-01-01;2;;;;",
    )
    append(
        tmp_path,
        "cpts/facts",
        "vallee;historique;association;Création de l'association;2022;année;2022-06-01;;connu;statuts;;",
        "vallee;ressources;locaux;Locaux propres;;;;;inconnu;;;",
    )
    append(
        tmp_path,
        "cpts/indicator_definitions",
        "mt;Patients sans médecin traitant;;proportion;%;100;baisse;acces_aux_soins;;;relevé de la caisse;",
        "delai;Délai d'un rendez-vous;;moyenne;jours;;baisse;;;;appels;",
    )
    append(
        tmp_path,
        "cpts/indicators",
        "mt;vallee;2024-01-01;2024-12-31;812;9120;;;;relevé;",
        "mt;vallee;2025-01-01;2025-12-31;640;9230;;;;relevé;",
        "delai;vallee;2025-01-01;2025-12-31;;;9,5;;;appels;",
    )
    assert "aucun défaut" in run("cpts check ma-cpts", tmp_path)
    run("cpts render 07_monographie_cpts --paquet ma-cpts --each cpts --out mes-rapports", tmp_path)
    (page,) = (tmp_path / "mes-rapports").glob("07_*.html")
    text = page.read_text(encoding="utf-8")
    assert "CPTS de la Vallée" in text
    assert "Patients sans médecin traitant" in text
    assert "9,5" in text
    assert "exemple fictif" not in text
