"""The package as one workbook: what its sheets hold, and the way back."""

from __future__ import annotations

import datetime as dt
import functools
import shutil

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from helpers import catalog
from helpers.catalog import labels
from helpers.commands.main import main
from helpers.errors import DataError
from helpers.intake import starting, workbook
from helpers.intake.workbook_import import import_workbook


@pytest.fixture(scope="module")
def book(example_folder):
    """The workbook of the example, to look at: who changes one loads its own."""
    return load_workbook(example_folder / "classeur.xlsx")


@pytest.fixture(scope="module")
def parts(example_folder, tmp_path_factory):
    """Load the sheet of that name, beside that of the CPTS it is about: the others are as long to read, and say nothing."""
    folder = tmp_path_factory.mktemp("parts")

    @functools.cache
    def part(sheet):
        whole = load_workbook(example_folder / "classeur.xlsx")
        for name in {*whole.sheetnames} - {"CPTS", *sheet.split("+")}:
            del whole[name]
        whole.save(folder / f"{sheet}.xlsx")
        return folder / f"{sheet}.xlsx"

    return lambda sheet: load_workbook(part(sheet))


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    folder = tmp_path_factory.mktemp("empty") / "ma-cpts"
    starting.new(folder)
    return folder


@pytest.fixture
def empty(tmp_path, started):
    return shutil.copytree(started, tmp_path / "ma-cpts")


def content(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.csv")}


def test_one_sheet_per_table_after_the_instructions(book):
    model = catalog.Package(catalog.MODEL_FOLDER)
    typed = [name for name in model.names() if not name.startswith(workbook.BY_IMPORT)]
    assert book.sheetnames == ["LISEZMOI", *map(workbook.sheet_name, typed)]
    assert book.sheetnames[1:4] == ["CPTS", "Périmètres", "Monographie"]
    assert "exemple fictif" in book["LISEZMOI"]["A1"].value
    for name in typed:
        fields = model.resource(name)["schema"]["fields"]
        heads = book[workbook.sheet_name(name)][1]
        assert [cell.value for cell in heads] == [field["name"] for field in fields]
        for cell, field in zip(heads, fields, strict=True):
            assert cell.comment.text.startswith(f"{field['title']}\n{field['description']}")
            assert cell.number_format == f'@" · {field["title"]}"'
    chapter = next(cell for cell in book["Monographie"][1] if cell.value == "chapter")
    label = labels.codes("cpts/facts", "chapter")["systeme_information"]
    assert f"systeme_information ({label})" in chapter.comment.text


def test_lists_dates_and_codes(book):
    sheet = book["Périmètres"]
    column = {cell.value: cell.column_letter for cell in sheet[1]}
    lists = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert lists[f"{column['kind']}2:{column['kind']}20000"] == '"cpts,cls,clsm,asv,epci,autre"'
    assert sheet[f"{column['commune']}2"].value == "08105"
    assert sheet[f"{column['commune']}2"].number_format == "@"
    assert sheet.column_dimensions[column["commune"]].number_format == "@"
    assert isinstance(sheet[f"{column['valid_from']}2"].value, dt.datetime)
    facts = book["Monographie"]
    of_cpts = {str(rule.sqref): rule.formula1 for rule in facts.data_validations.dataValidation}
    assert of_cpts["A2:A20000"] == "'CPTS'!$A$2:$A$20000"
    bounds = {str(rule.sqref): rule for rule in book["Missions"].data_validations.dataValidation}
    rate = bounds["E2:E20000"]
    assert (rate.type, rate.formula1, rate.formula2) == ("decimal", "0", "1")


def test_every_drop_down_list_is_short_enough_for_a_spreadsheet(book):
    for sheet in book.worksheets:
        for rule in sheet.data_validations.dataValidation:
            if rule.type == "list":
                assert len(rule.formula1) <= 257
                assert rule.error


def test_the_example_comes_back_unchanged(example_folder, empty):
    result = CliRunner().invoke(
        main, ["import", "workbook", str(example_folder / "classeur.xlsx"), "--into", str(empty)]
    )
    assert result.exit_code == 0, result.output
    assert "réécrite" not in result.output
    wanted = content(example_folder)
    assert {path: text for path, text in content(empty).items() if path.parts[0] != "exemple"} == wanted
    again = import_workbook(example_folder / "classeur.xlsx", empty)
    assert all(" 0 ligne(s) ajoutée(s), 0 remplacée(s)" in sentence for sentence in again)


def test_text_that_looks_like_a_formula_stays_text(own, tmp_path, empty):
    path = own / "cpts/cpts.csv"
    path.write_text(
        path.read_text(encoding="utf-8-sig").replace("CPTS du Nord", "=1+1"), encoding="utf-8-sig"
    )
    workbook.write(catalog.Package(own), tmp_path / "x.xlsx")
    import_workbook(tmp_path / "x.xlsx", empty)
    assert catalog.load("cpts/cpts", empty)["name_fr"][0] == "=1+1 (exemple fictif)"


FAULTS = [
    (
        "Monographie",
        "B2",
        "finances",
        r"feuille « Monographie », ligne 2, colonne « chapter » \(B\) : « finances » n'est pas une valeur",
    ),
    (
        "Indicateurs",
        "C3",
        "31/02/2025",
        r"feuille « Indicateurs », ligne 3, colonne « period_start » \(C\) : « 31/02/2025 »",
    ),
    ("Indicateurs", "C3", dt.datetime(2025, 1, 1, 8, 30), r"« 2025-01-01 08:30:00 » n'est pas une date"),
    ("Indicateurs", "E2", "beaucoup", r"« beaucoup » n'est pas un nombre"),
    ("Indicateurs", "E2", -4, r"« -4 » est sous le minimum"),
    ("Indicateurs", "E2", "=1/0", r"contient une formule qui n'a pas de valeur enregistrée"),
    ("Indicateurs", "E2", "#REF!", r"« #REF! »"),
    ("Indicateurs", "L2", "seul", r"« seul » est hors des colonnes du tableau"),
    (
        "Réponses",
        "B2",
        dt.datetime(2026, 5, 1),
        r"colonne « wave » \(B\) : la cellule a pris la forme d'une date",
    ),
    ("CPTS", "B2", None, r"colonne « name_fr » \(B\) : la cellule est vide"),
    (
        "CPTS",
        "A1",
        "code",
        r"feuille « CPTS » : colonne « code » \(A\) inconnue \(attendu : cpts, name_fr.*trouvé : code.*Rendez-lui son nom",
    ),
]


@pytest.mark.parametrize(("sheet", "cell", "value", "sentence"), FAULTS)
def test_a_fault_is_told_by_sheet_row_and_column(parts, tmp_path, empty, sheet, cell, value, sentence):
    before = content(empty)
    book = parts(sheet)
    book[sheet][cell] = value
    book.save(tmp_path / "x.xlsx")
    with pytest.raises(DataError, match=sentence):
        import_workbook(tmp_path / "x.xlsx", empty)
    assert content(empty) == before


def test_what_a_spreadsheet_writes_otherwise_is_put_right(parts, tmp_path, empty):
    book = parts("Périmètres+Définitions+Indicateurs")
    book["Périmètres"]["D2"] = 8105
    book["Indicateurs"]["C2"] = "01/01/2023"
    book.save(tmp_path / "x.xlsx")
    told = import_workbook(tmp_path / "x.xlsx", empty)
    assert "« 8105 » → « 08105 »" in told[0]
    assert "« 01/01/2023 » → « 2023-01-01 »" in told[1]
    assert catalog.load("cpts/perimeters", empty)["commune"][0] == "08105"


@pytest.mark.parametrize("shown", [False, True], ids=["names alone", "names with their titles"])
def test_heads_with_or_without_their_titles_are_read(tmp_path, empty, example_folder, shown):
    book = load_workbook(example_folder / "classeur.xlsx")
    # Older workbooks show the names alone; a spreadsheet may write what ours shows.
    for sheet in book.worksheets[1:]:
        for cell in sheet[1]:
            if shown:
                cell.value = cell.number_format.replace("@", cell.value, 1).replace('"', "")
            cell.number_format = "General"
    book.save(tmp_path / "x.xlsx")
    import_workbook(tmp_path / "x.xlsx", empty)
    wanted = content(example_folder)
    assert {path: text for path, text in content(empty).items() if path.parts[0] != "exemple"} == wanted


def test_an_unknown_sheet(parts, tmp_path, empty):
    book = parts("CPTS")
    book.create_sheet("Feuil1")["B7"] = "un brouillon"
    book.save(tmp_path / "x.xlsx")
    with pytest.raises(DataError, match="feuille « Feuil1 » inconnue"):
        import_workbook(tmp_path / "x.xlsx", empty)


def test_a_blank_sheet_and_another_writing_of_a_name_are_read(parts, tmp_path, empty):
    book = parts("CPTS")
    book.create_sheet("Feuil1")
    book["CPTS"].title = " Cpts "
    book.save(tmp_path / "x.xlsx")
    assert any("3 ligne(s) ajoutée(s)" in said for said in import_workbook(tmp_path / "x.xlsx", empty))


def test_a_title_over_a_sheet_is_told_with_the_row_of_its_header(parts, tmp_path, empty):
    book = parts("CPTS")
    book["CPTS"].insert_rows(1, 2)
    book.save(tmp_path / "x.xlsx")
    assert any("3 ligne(s) ajoutée(s)" in said for said in import_workbook(tmp_path / "x.xlsx", empty))
    book["CPTS"]["A1"] = "Notre CPTS, saisie de mars"
    book.save(tmp_path / "y.xlsx")
    with pytest.raises(DataError, match=r"feuille « CPTS » : sa première ligne est un titre .* à la ligne 3"):
        import_workbook(tmp_path / "y.xlsx", empty)


def test_merged_heads_are_told_and_an_empty_column_is_passed_over(parts, tmp_path, empty):
    book = parts("CPTS")
    book["CPTS"].insert_cols(2)
    book.save(tmp_path / "x.xlsx")
    assert any("3 ligne(s) ajoutée(s)" in said for said in import_workbook(tmp_path / "x.xlsx", empty))
    book["CPTS"].delete_cols(2)
    book["CPTS"].merge_cells("A1:B1")
    book.save(tmp_path / "y.xlsx")
    with pytest.raises(DataError, match="feuille « CPTS », ligne 1 : la colonne B n'a pas de titre"):
        import_workbook(tmp_path / "y.xlsx", empty)


def test_a_workbook_that_the_library_cannot_read_is_no_traceback(parts, tmp_path, empty):
    book = parts("CPTS")
    book.create_chartsheet("Graphique")  # without its drawing, openpyxl ends in an AttributeError
    book.save(tmp_path / "x.xlsx")
    with pytest.raises(DataError, match="n'est pas un classeur XLSX lisible"):
        import_workbook(tmp_path / "x.xlsx", empty)


def test_a_workbook_that_is_none(tmp_path, empty, started):
    (tmp_path / "x.xlsx").write_text("code;nom\n", encoding="utf-8")
    for path, sentence in (
        (tmp_path / "x.xlsx", "n'est pas un classeur XLSX"),
        (tmp_path / "y.xlsx", "absent"),
    ):
        with pytest.raises(DataError, match=sentence):
            import_workbook(path, empty)
    workbook.write(catalog.Package(started), tmp_path / "z.xlsx")
    with pytest.raises(DataError, match="aucune feuille n'a de ligne remplie"):
        import_workbook(tmp_path / "z.xlsx", empty)


def test_a_workbook_with_the_names_of_the_tables_is_read_and_two_sheets_of_one_table_are_refused(
    example_folder, empty, tmp_path
):
    book = load_workbook(example_folder / "classeur.xlsx")
    for table in catalog.Package(catalog.MODEL_FOLDER).names():
        if not table.startswith(workbook.BY_IMPORT):
            book[workbook.sheet_name(table)].title = table.replace("/", ".")
    book.save(tmp_path / "ancien.xlsx")
    assert any("cpts/cpts" in said for said in import_workbook(tmp_path / "ancien.xlsx", empty))
    book.create_sheet("CPTS").append(["cpts"])
    book.save(tmp_path / "deux.xlsx")
    with pytest.raises(DataError, match=r"les feuilles « cpts\.cpts » et « CPTS » sont du même tableau"):
        import_workbook(tmp_path / "deux.xlsx", empty)


def test_a_sheet_has_a_short_french_name():
    typed = workbook.typed_tables(catalog.Package(catalog.MODEL_FOLDER))
    names = [workbook.sheet_name(table.name) for table in typed]
    assert len(set(names)) == len(names)
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in names)
