"""`cpts new --epci|--communes|--departement` and `cpts diagnose`: what was read is printed by name, or nothing is written."""

from __future__ import annotations

import openpyxl
import pytest
from click.testing import CliRunner

from helpers.catalog import Study
from helpers.commands.main import main
from helpers.intake import check, perimeter_file


def run(*words):
    result = CliRunner().invoke(main, list(map(str, words)))
    assert "Traceback" not in result.output
    return result.exit_code, result.output.replace("\u202f", " ").replace("\u00a0", " ")


def test_a_package_begins_with_the_communes_of_an_epci(tmp_path):
    code, said = run("new", tmp_path / "redon", "--epci", "243500741")
    assert code == 0
    assert "35236  Redon (35) : 9 542 hab." in said
    assert "31 communes, 67 666 habitants (population légale 2023)." in said
    assert check.check(tmp_path / "redon") == []
    study = Study(tmp_path / "redon")
    own = study.table("cpts/cpts").iloc[0]
    assert (own["cpts"], own["population"], own["department"], own["size"]) == ("redon", 67666, "35", 2)
    assert f"{own['population_date']:%Y-%m-%d}" == "2023-01-01"
    rows = study.table("cpts/perimeters")
    assert len(rows) == 31
    assert set(rows["status"]) == {"projet"}
    assert set(rows["valid_from"].dt.strftime("%Y-%m-%d")) == {"2025-01-01"}


def test_a_file_of_communes_has_its_names_checked(tmp_path):
    listed = tmp_path / "communes.csv"
    listed.write_text("CP;INSEE;Commune\n45000;45234;Orléans\n45800;45100;Combleux\n", encoding="utf-8")
    code, said = run(
        "new", tmp_path / "a", "--communes", listed, "--depuis", "2024-03-01", "--nom", "CPTS Test"
    )
    assert (code, "45100  Combleux (45)" in said) == (0, True)
    table = Study(tmp_path / "a").table("cpts/perimeters")
    assert set(table["name_fr"]) == {"CPTS Test"}
    assert f"{table['valid_from'].iloc[0]:%Y-%m-%d}" == "2024-03-01"
    listed.write_text("INSEE;Commune\n45234;Orléans\n45100;Orléans\n", encoding="utf-8")
    code, said = run("new", tmp_path / "b", "--communes", listed)
    assert (code, (tmp_path / "b").exists()) == (1, False)
    assert "« 45100 » est le code INSEE de Combleux" in said


def test_files_as_people_keep_them(tmp_path):
    text = tmp_path / "liste.txt"
    text.write_text("Communes\nRedon\n35238\n", encoding="utf-8")
    assert perimeter_file.listed(text) == ["Redon", "35238"]
    bare = tmp_path / "nu.csv"
    bare.write_text("35236,Redon\n35238,Rennes\n", encoding="utf-8")
    assert perimeter_file.listed(bare)[1].startswith("35238")
    book = openpyxl.Workbook()
    for row in (["Nom", "Code"], ["Bourg-en-Bresse", 1053.0], ["Redon", 35236]):
        book.active.append(row)
    book.save(tmp_path / "c.xlsx")
    assert perimeter_file.listed(tmp_path / "c.xlsx") == ["1053 Bourg-en-Bresse", "35236 Redon"]


@pytest.mark.parametrize(
    ("options", "code", "sentence"),
    [
        (["--communes", "45000,45100,45140"], 1, "semblent être des codes postaux"),
        (["--communes", "Orleens"], 1, "Vouliez-vous dire « Orléans » ?"),
        (["--epci", "243500741", "--departement", "35"], 2, "d'une seule façon"),
        (["--epci", "243500741", "--example"], 2, "paquet inventé"),
        (["--epci", "243500741", "--depuis", "demain"], 2, "n'est pas une date"),
        (["--communes", "absent.csv"], 1, "absent"),
        (["--communes", ""], 1, "liste des communes est vide"),
    ],
)
def test_what_is_refused_writes_nothing(tmp_path, options, code, sentence):
    found, said = run("new", tmp_path / "x", *options)
    assert (found, (tmp_path / "x").exists()) == (code, False)
    assert sentence in said


def test_a_name_is_looked_for_in_a_department(tmp_path):
    code, said = run("new", tmp_path / "x", "--communes", "Saint-Aubin", "--departement", "47")
    assert (code, "47230  Saint-Aubin (47)" in said) == (0, True)


def test_a_diagnosis_from_names(tmp_path):
    code, said = run("diagnose", "Redon,35238", "--nom", "Essai", "--out", tmp_path)
    assert code == 0, said
    assert "2 communes" in said
    pages = [path for path in tmp_path.glob("*.html") if path.name != "index.html"]
    assert len(pages) == 1
    text = pages[0].read_text(encoding="utf-8")
    assert "Essai" in text
    assert "cpts get apl" in text
