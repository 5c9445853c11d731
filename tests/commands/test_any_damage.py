"""Whatever happens to an official file, the answer is a table or one sentence, never a traceback."""

from __future__ import annotations

import random
import zipfile

import pandas as pd
import pytest
from tools.fuzz_inputs import damaged

from helpers.errors import DataError, ObservatoireError
from helpers.intake.official import ameli, drees, finess, insee, rpps
from tests.commands.test_import_official import FILES

LOAD = {
    "insee": lambda path: insee.load(path, year=2023),
    "ameli": ameli.load,
    "drees": drees.load,
    "finess": lambda path: finess.load(path, extracted="2026-05-12"),
    "rpps": lambda path: rpps.load(path, extracted="2026-05-12")[0],
}


@pytest.mark.parametrize("kind", FILES)
def test_a_table_or_a_sentence(tmp_path, kind):
    path = FILES[kind][2](tmp_path)
    content, draw = path.read_bytes(), random.Random(kind)
    sentences = []
    for _ in range(150):
        path.write_bytes(damaged(content, draw))
        try:
            assert isinstance(LOAD[kind](path), pd.DataFrame)
        except ObservatoireError as error:
            sentences.append(str(error))
    assert len(sentences) > 30
    assert all(len(sentence) > 30 and "\n" not in sentence.strip() for sentence in sentences)


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize(
    "content",
    [b"\x89PNG\r\n\x1a\n\x00\x00", "a;b\n1;2\n".encode("utf-16"), b"\n\n\n", b"<html>erreur 404</html>"],
)
def test_something_else_than_the_file(tmp_path, kind, content):
    path = FILES[kind][2](tmp_path)
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"tel que publié|est vide|n'est pas un classeur XLSX lisible"):
        LOAD[kind](path)


def test_a_workbook_whose_sheet_is_cut_or_has_entities(tmp_path):
    path = FILES["drees"][2](tmp_path)
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
    for content in (bomb, b"<worksheet><sheetData><row"):
        other = tmp_path / "autre.xlsx"
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
            for item in old.namelist():
                new.writestr(item, content if item.endswith("sheet2.xml") else old.read(item))
        with pytest.raises(DataError, match="n'est pas un classeur XLSX lisible"):
            drees.load(other)
