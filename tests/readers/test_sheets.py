"""Files as people save them: separators, encodings, marks, workbooks; and the sentence for each that cannot be read."""

from __future__ import annotations

import datetime as dt

import pytest
from openpyxl import Workbook

from helpers.errors import DataError
from helpers.readers import sheets


@pytest.mark.parametrize("mark", list(",;\t|"))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_separators_and_encodings(tmp_path, mark, encoding):
    path = tmp_path / "a.csv"
    text = f'Rôle{mark}"Un{mark} deux"{mark}\r\nété{mark}"dit ""oui""\nhier"{mark}\r\n{mark}{mark}\r\n'
    path.write_bytes(text.encode(encoding))
    sheet = sheets.read(path)
    assert sheet.header == ["Rôle", f"Un{mark} deux"]
    assert sheet.rows == [(2, ["été", 'dit "oui"\nhier'])]


def test_the_separator_that_excel_announces(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("sep=;\na;b,c,d\n1;2\n", encoding="utf-8")
    assert sheets.read(path).header == ["a", "b,c,d"]


def test_short_rows_are_completed_and_blank_ones_left_out(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a,b,c\n1,2\n\n,,\n3,4,5\n", encoding="utf-8")
    assert sheets.read(path).rows == [(2, ["1", "2", ""]), (5, ["3", "4", "5"])]


def test_a_workbook_gives_text_as_typed(tmp_path):
    book = Workbook()
    book.active.append(["code", "nombre", "décimal", "date", "heure", "vrai"])
    book.active.append(["007", 3, 1.3, dt.date(2019, 2, 1), dt.datetime(2019, 2, 1, 9, 30), True])
    book.create_sheet("Réponses").append(["autre"])
    book["Réponses"].append(["x"])
    book.save(tmp_path / "a.xlsx")
    (cells,) = [cells for _, cells in sheets.read(tmp_path / "a.xlsx").rows]
    assert cells == ["007", "3", "1.3", "2019-02-01", "2019-02-01 09:30:00", "1"]
    assert sheets.read(tmp_path / "a.xlsx", "Réponses").rows == [(2, ["x"])]
    assert sheets.read(tmp_path / "a.xlsx", "Absente").header[0] == "code"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "il faut une ligne d'en-tête"),
        (b"a,b\n", "au moins une ligne de réponses"),
        (b"a,b,a\n1,2,3\n", "la colonne « a » figure deux fois"),
        (b"a,b\n1,2,3\n", r"ligne 2 : « 3 » n'est sous aucun titre"),
        (b"PK\x03\x04abc", "n'est pas un classeur XLSX lisible"),
        (b"\xd0\xcf\x11\xe0abc", "ancien format"),
    ],
)
def test_what_cannot_be_read(tmp_path, content, sentence):
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(DataError, match=sentence):
        sheets.read(tmp_path / "a.csv")


def test_an_absent_file(tmp_path):
    with pytest.raises(DataError, match="Fichier absent ou illisible"):
        sheets.read(tmp_path / "absent.csv")
