"""A package follows its workbook: what was corrected and deleted there is told, pruned, and named by its cell."""

from __future__ import annotations

import csv
import shutil

import pytest
from openpyxl import load_workbook

from helpers import catalog
from helpers.errors import DataError
from helpers.intake import check, origins, starting
from helpers.intake.workbook_import import import_workbook

PERIMETERS = "Périmètres"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("classeur")
    starting.new(folder / "vide", with_workbook=True)
    return folder


@pytest.fixture
def place(made, tmp_path):
    shutil.copytree(made / "vide", tmp_path / "p")
    return tmp_path


def typed(place, rows, name="classeur.xlsx"):
    """The workbook of the package with those rows in its sheets, below their heads."""
    book = load_workbook(place / "p" / "classeur.xlsx")
    for sheet, lines in rows.items():
        heads = [cell.value for cell in book[sheet][1]]
        for number, row in enumerate(lines, start=2):
            for column, value in row.items():
                book[sheet].cell(number, heads.index(column) + 1).value = value
    book.save(place / name)
    return place / name


def commune(code, **more):
    about = {"name_fr": "CPTS du Nord", "status": "signe", "source": "statuts", "valid_from": "2024-01-01"}
    return {"scheme": "nord", "kind": "cpts", "commune": code} | about | more


def rows_of(*codes, cpts="nord"):
    return {
        "CPTS": [{"cpts": cpts, "name_fr": "CPTS du Nord"}],
        PERIMETERS: [commune(code, scheme=cpts) for code in codes],
    }


def tables(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.csv")}


def test_a_package_corrected_and_pruned_equals_one_typed_right(place):
    wrong = rows_of("53001", "53002", "53003")
    wrong["CPTS"].append({"cpts": "nrod", "name_fr": "Code mal tapé"})
    right = rows_of("53001", "53003")
    right[PERIMETERS][1]["note"] = "corrigée"
    import_workbook(typed(place, wrong, "a.xlsx"), place / "p")
    told = import_workbook(typed(place, right, "b.xlsx"), place / "p", replace=True)
    assert any(
        "1\u00a0ligne du paquet que le classeur n'a plus" in sentence
        and "commune = 53002" in sentence
        and "--prune" in sentence
        for sentence in told
    )
    assert any("cpts = nrod" in sentence for sentence in told)
    assert set(catalog.load("cpts/perimeters", place / "p")["commune"]) == {"53001", "53002", "53003"}
    told = import_workbook(typed(place, right, "b.xlsx"), place / "p", prune=True)
    assert any("cpts/perimeters" in sentence and "1 retirée(s)" in sentence for sentence in told)
    starting.new(place / "neuf")
    import_workbook(place / "b.xlsx", place / "neuf")
    assert tables(place / "p") == tables(place / "neuf")
    assert check.check(place / "p") == []
    again = import_workbook(place / "b.xlsx", place / "p", prune=True)
    assert all(
        "0 ligne(s) ajoutée(s), 0 remplacée(s)" in sentence and "retirée" not in sentence
        for sentence in again
    )


def test_a_row_that_another_table_points_to_is_not_pruned(place):
    both = rows_of("53001")
    both["CPTS"].append({"cpts": "sud", "name_fr": "CPTS du Sud"})
    both["Monographie"] = [
        {"cpts": "sud", "chapter": "actions", "item": "x", "label_fr": "X", "status": "inconnu"}
    ]
    import_workbook(typed(place, both), place / "p")
    before = tables(place / "p")
    with pytest.raises(
        DataError, match=r"cpts/facts.csv, ligne 2, colonne « cpts ».*n'existe pas dans cpts/cpts.csv"
    ):
        import_workbook(typed(place, rows_of("53001"), "b.xlsx"), place / "p", prune=True)
    assert tables(place / "p") == before


def test_an_empty_sheet_removes_nothing_and_says_so(place):
    import_workbook(typed(place, rows_of("53001")), place / "p")
    only = {"CPTS": [{"cpts": "nord", "name_fr": "CPTS du Nord"}]}
    told = import_workbook(typed(place, only, "b.xlsx"), place / "p", prune=True)
    assert any(
        "cpts/perimeters : la feuille est vide, 1\u00a0ligne du paquet" in sentence for sentence in told
    )
    assert len(catalog.load("cpts/perimeters", place / "p")) == 1


def test_equal_faults_are_one_sentence_and_all_are_in_a_file(place):
    path = typed(place, rows_of(*[f"53{rank:03d}" for rank in range(1, 53)], cpts="nord mayenne"))
    with pytest.raises(DataError) as refusal:
        import_workbook(path, place / "p")
    said = str(refusal.value).splitlines()
    assert said[0] == "Rien n'a été écrit : 53\u00a0défauts."
    assert len(said) == 4
    assert (
        "feuille « Périmètres », colonne « scheme » (A) : 52\u00a0lignes (2, 3, 4, 5, 6, 7, 8, 9…)" in said[2]
    )
    assert "(« nord mayenne »)" in said[2]
    assert "sans espace" in said[2]
    assert said[3] == "Tous les défauts, ligne par ligne : classeur-defauts.csv, à côté du fichier."
    rows = list(
        csv.reader((place / "classeur-defauts.csv").read_text("utf-8-sig").splitlines(), delimiter=";")
    )
    assert len(rows) == 54
    assert rows[-1][1:4] == ["53", "« scheme » (A)", "nord mayenne"]


def test_check_names_the_cell_of_the_workbook(place):
    rows = rows_of("53001") | {
        "Monographie": [
            {"cpts": "nord", "chapter": "actions", "item": "x", "label_fr": "X", "status": "connu"}
        ],
    }
    rows[PERIMETERS].append(commune("53999"))
    import_workbook(typed(place, rows), place / "p")
    told = check.check(place / "p")
    assert len(told) == 2
    assert (
        "cpts/perimeters.csv, ligne 3, colonne « commune » (classeur.xlsx, feuille « Périmètres », cellule D3)"
        in told[0]
    )
    assert "feuille « Monographie », cellule E2)" in told[1]
    # A row that was changed since in the package is no longer that of the workbook.
    path = place / "p" / "cpts" / "perimeters.csv"
    path.write_bytes(path.read_bytes().replace(b"53999", b"53998"))
    assert "classeur.xlsx" not in check.check(place / "p")[0]
    (place / "p" / origins.FILE).write_text("[1", encoding="utf-8")
    assert len(check.check(place / "p")) == 2


def test_names_of_communes_and_epci_are_accepted_in_a_perimeter(place):
    told = import_workbook(
        typed(place, rows_of("53001", "Aron", "LAVAL", "saint denis de gastines")), place / "p"
    )
    assert any("3\u00a0noms de communes mis en codes (« Aron » → « 53008 »)" in sentence for sentence in told)
    assert set(catalog.load("cpts/perimeters", place / "p")["commune"]) == {
        "53001",
        "53008",
        "53130",
        "53211",
    }
    communes = catalog.load("open/communes", "")
    epci = communes.loc[communes["code"] == "53147", "epci"].iloc[0]
    starting.new(place / "epci")
    told = import_workbook(typed(place, rows_of(epci), "b.xlsx"), place / "epci")
    assert any(f"EPCI {epci} remplacé par ses" in sentence for sentence in told)
    expected = set(communes.loc[communes["epci"] == epci, "code"])
    assert set(catalog.load("cpts/perimeters", place / "epci")["commune"]) == expected
    assert check.check(place / "epci") == []


def test_a_name_of_several_communes_asks_for_the_code(place):
    with pytest.raises(
        DataError, match=r"« Saint-Denis » est le nom de .*communes \(.*\) : écrivez le code de la vôtre"
    ):
        import_workbook(typed(place, rows_of("Saint-Denis")), place / "p")


def test_arrondissements_are_communes_of_a_perimeter(place):
    import_workbook(typed(place, rows_of("75113", "69383")), place / "p")
    assert check.check(place / "p") == []
