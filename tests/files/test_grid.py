"""Files as people save them: separators, encodings, marks, workbooks; and the sentence for each that cannot be read."""

from __future__ import annotations

import datetime as dt
import re
import zipfile

import pytest
from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference

from helpers.errors import DataError
from helpers.files import grid


@pytest.mark.parametrize("mark", list(",;\t|"))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_separators_and_encodings(tmp_path, mark, encoding):
    path = tmp_path / "a.csv"
    text = f'Rôle{mark}"Un{mark} deux"{mark}\r\nété{mark}"dit ""oui""\nhier"{mark}\r\n{mark}{mark}\r\n'
    path.write_bytes(text.encode(encoding))
    sheet = grid.read(path)
    assert sheet.header == ["Rôle", f"Un{mark} deux"]
    assert sheet.rows == [(2, ["été", 'dit "oui"\nhier'])]


@pytest.mark.parametrize("mark", [";", ","])
@pytest.mark.parametrize(
    "said", ["CPTS de l’Étang", "« été » à Ève", "Œuvre où l’on naît ça et là", "Sans accent"]
)
@pytest.mark.parametrize("encoding", ["mac_roman", "cp1252", "utf-8"])
def test_the_letters_of_excel_for_mac_and_of_excel_for_windows(tmp_path, encoding, said, mark):
    (tmp_path / "a.csv").write_bytes(f"code{mark}nom\na{mark}{said}\n".encode(encoding))
    assert grid.read(tmp_path / "a.csv").rows == [(2, ["a", said])]


def test_letters_of_another_script_stay_theirs_in_utf8(tmp_path):
    said = "Ελλάδα, β-bloquant, αβγ → ≥ 3 🚐, Ստեփան"
    (tmp_path / "a.csv").write_text(f"code;nom\na;{said}\n", encoding="utf-8")
    assert grid.read(tmp_path / "a.csv").rows == [(2, ["a", said])]


@pytest.mark.parametrize("above", ["Tableau 1 : nos CPTS;;;\n;;;\n", "Nos CPTS\n\n", "Nos CPTS;;\n\n"])
@pytest.mark.parametrize("even", [True, False])
def test_a_title_above_the_header_is_told_with_the_line_of_the_header(tmp_path, above, even):
    (tmp_path / "a.csv").write_text(
        f"{above}cpts;name_fr;population;date\na;CPTS A;94819;2025\n", encoding="utf-8"
    )
    with pytest.raises(DataError, match=r"un titre et non l'en-tête, qui est à la ligne 3 ; supprimez"):
        grid.read(tmp_path / "a.csv", even=even)


def test_a_sheet_with_a_title_above_its_header_says_so_and_a_row_too_long_does_not(tmp_path):
    book = Workbook()
    for row in (["Nos CPTS"], [], ["cpts", "name_fr"], ["a", "b"]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(DataError, match="un titre et non l'en-tête, qui est à la ligne 3"):
        grid.read(tmp_path / "a.xlsx")
    (tmp_path / "a.csv").write_text("code\na;1,5\n", encoding="utf-8")
    with pytest.raises(DataError, match="n'est sous aucun titre"):
        grid.read(tmp_path / "a.csv")


def test_the_separator_that_excel_announces(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("sep=;\na;b,c,d\n1;2\n", encoding="utf-8")
    assert grid.read(path).header == ["a", "b,c,d"]


def test_short_rows_are_completed_and_blank_ones_left_out(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a,b,c\n1,2\n\n,,\n3,4,5\n", encoding="utf-8")
    assert grid.read(path).rows == [(2, ["1", "2", ""]), (5, ["3", "4", "5"])]


def test_a_workbook_gives_text_as_typed(tmp_path):
    book = Workbook()
    book.active.append(["code", "nombre", "décimal", "date", "heure", "vrai"])
    book.active.append(["007", 3, 1.3, dt.date(2019, 2, 1), dt.datetime(2019, 2, 1, 9, 30), True])
    book.create_sheet("Réponses").append(["autre"])
    book["Réponses"].append(["x"])
    book.save(tmp_path / "a.xlsx")
    (cells,) = [cells for _, cells in grid.read(tmp_path / "a.xlsx").rows]
    assert cells == ["007", "3", "1.3", "2019-02-01", "2019-02-01 09:30:00", "1"]
    assert grid.read(tmp_path / "a.xlsx", "Réponses").rows == [(2, ["x"])]
    assert grid.read(tmp_path / "a.xlsx", "Absente").header[0] == "code"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "il faut une ligne d'en-tête"),
        (b"a,b\n", "au moins une ligne de réponses"),
        (b"a,b,a\n1,2,3\n", "la colonne « a » figure deux fois"),
        (b"a,b\n1,2,3\n", r"ligne 2 : la 3e cellule n'est sous aucun titre"),
        (b"PK\x03\x04abc", "n'est pas un classeur XLSX lisible"),
        (b"\xd0\xcf\x11\xe0abc", "ancien format"),
        (
            b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
            "protégé par un mot de passe : enregistrez-le sans",
        ),
    ],
)
def test_what_cannot_be_read(tmp_path, content, sentence):
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(DataError, match=sentence):
        grid.read(tmp_path / "a.csv")


@pytest.mark.parametrize("name", ["a.ods", "a.xlsx"])
def test_a_workbook_of_libreoffice_says_how_to_save_it(tmp_path, name):
    with zipfile.ZipFile(tmp_path / name, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<x/>")
    with pytest.raises(
        DataError, match=r"est un classeur OpenDocument \(LibreOffice\) : enregistrez-le en « Excel"
    ):
        grid.read(tmp_path / name)


def test_a_text_named_as_a_workbook_is_told_for_what_it_is(tmp_path):
    (tmp_path / "a.xlsx").write_text("a;b\n1;2\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"du texte : renommez-le en \.csv"):
        grid.read(tmp_path / "a.xlsx")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'a,b\nr1,"dit\nr2,x\nr3,y\n', "ligne 2 : un guillemet ouvert n'est pas ferm"),
        (b'a,b\n"' + b"x\n" * 100_000, "un guillemet ouvert n'est pas ferm"),
        ("a\tb\n1\t2\n".encode("utf-16-le"), "n'est pas un tableau de texte"),
        (b"sep=", "pas de ligne de donn"),
    ],
)
def test_a_text_that_would_lose_rows_or_letters(tmp_path, content, sentence):
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(DataError, match=sentence):
        grid.read(tmp_path / "a.csv")


def test_a_long_answer_a_lone_quote_and_blank_lines_are_read(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f'  \n\na;b\n1;"{"x" * 200_000}"\n2;5" de haut\n', encoding="utf-8")
    sheet = grid.read(path)
    assert (sheet.header, [number for number, _ in sheet.rows]) == (["a", "b"], [4, 5])
    assert [len(cells[1]) for _, cells in sheet.rows] == [200_000, 10]


def test_a_wide_header_over_many_short_rows_does_not_fill_the_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(grid, "MOST_CELLS", 100)
    path = tmp_path / "a.csv"
    path.write_text(",".join(f"c{rank}" for rank in range(40)) + "\n1\n2\n3\n", encoding="utf-8")
    with pytest.raises(DataError, match="plus de 200000 lignes ou de 100 cellules"):
        grid.read(path)


def test_a_very_wide_header_is_read(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(",".join(f"c{rank}" for rank in range(50_000)) + "\n1\n", encoding="utf-8")
    assert len(grid.read(path).header) == 50_000


def altered(folder, change, part="sheet1.xml"):
    """A workbook of two rows whose XML of the first sheet, or of another part, was changed."""
    book = Workbook()
    book.active.append(["source", "code"])
    book.active.append(["E1", "temps"])
    book.save(folder / "entier.xlsx")
    with (
        zipfile.ZipFile(folder / "entier.xlsx") as old,
        zipfile.ZipFile(folder / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for item in old.namelist():
            content = old.read(item)
            new.writestr(item, change(content) if item.endswith(part) else content)
    return folder / "a.xlsx"


@pytest.mark.parametrize("dimension", [b"A1", b"A1:XFD1048576"])
def test_the_rows_say_where_a_sheet_ends_and_not_what_it_declares(tmp_path, dimension):
    path = altered(
        tmp_path, lambda xml: re.sub(rb'(<dimension ref=)"[^"]*"', rb'\1"' + dimension + b'"', xml)
    )
    assert grid.read(path).rows == [(2, ["E1", "temps"])]


def test_a_workbook_without_a_default_style_is_read_in_silence(tmp_path, recwarn):
    path = altered(tmp_path, lambda xml: re.sub(rb"<cellStyles.*</cellStyles>", b"", xml), "styles.xml")
    assert grid.read(path).rows == [(2, ["E1", "temps"])]
    assert not recwarn.list


def test_a_far_cell_without_text_is_no_row(tmp_path):
    far = b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
    path = altered(tmp_path, lambda xml: xml.replace(b"</sheetData>", far))
    assert grid.read(path).rows == [(2, ["E1", "temps"])]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda xml: xml[: len(xml) // 2], "n'est pas un classeur XLSX lisible"),
        (lambda xml: xml.replace(b'r="A2"', b'r="??"'), "n'est pas un classeur XLSX lisible"),
        (
            lambda xml: b'<?xml version="1.0" encoding="UXF-8"?>' + xml,
            "n'est pas un classeur XLSX lisible",
        ),
        (lambda xml: xml.replace(b'r="2"', b'r="99999999999"'), "n'est pas un classeur XLSX lisible"),
        (lambda xml: xml + b" " * 3_000_000, "se décompresse .* fois plus gros"),
        (
            lambda xml: xml.replace(b'r="B2"', b'r="C2"'),
            "ligne 2 : la 3e cellule n'est sous aucun titre de colonne",
        ),
    ],
)
def test_a_damaged_or_hostile_workbook_is_one_sentence(tmp_path, change, sentence):
    with pytest.raises(DataError, match=sentence):
        grid.read(altered(tmp_path, change))


def test_a_chart_sheet_of_the_wanted_name_is_no_table(tmp_path):
    book = Workbook()
    book.active.append(["a", "b"])
    book.active.append([1, 2])
    chart = BarChart()
    chart.add_data(Reference(book.active, min_col=1, min_row=1, max_row=2))
    book.create_chartsheet("Réponses", 0).add_chart(chart)
    book.save(tmp_path / "a.xlsx")
    assert grid.read(tmp_path / "a.xlsx", "Réponses").rows == [(2, ["1", "2"])]


def test_an_absent_file(tmp_path):
    with pytest.raises(DataError, match="Fichier absent ou illisible"):
        grid.read(tmp_path / "absent.csv")
