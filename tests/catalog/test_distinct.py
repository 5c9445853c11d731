"""Values of a column, read without pandas where a table is plain: the same as those of the loaded table."""

from __future__ import annotations

import json

import pytest

from helpers import catalog
from helpers.errors import DataError, UnknownName


@pytest.mark.parametrize(
    ("name", "column"),
    [("aura2022/interviewed_cpts", "cpts"), ("miller2022/size_classes", "size"), ("claims", "document")],
)
def test_the_same_values_as_the_loaded_table(name, column):
    package = catalog.open_package("")
    loaded = catalog.load(name, package)[column].dropna().drop_duplicates()
    assert [str(value) for value in catalog.distinct(name, column, package)] == [*map(str, loaded)]


@pytest.mark.parametrize("rows", ["A,1\nA,2\n", "A,1\n,2\n", "A,1\nB,deux\n", "A,1\n,\n", ""])
def test_a_faulty_table_says_the_same_fault(tmp_path, rows):
    fields = [
        {"name": "code", "type": "string", "constraints": {"required": True}},
        {"name": "n", "type": "integer"},
    ]
    table = {"name": "essai/t", "path": "t.csv", "schema": {"fields": fields, "primaryKey": ["code"]}}
    (tmp_path / "datapackage.json").write_text(
        json.dumps({"name": "essai", "resources": [table]}), encoding="utf-8"
    )
    (tmp_path / "t.csv").write_text(f"code,n\n{rows}", encoding="utf-8")
    with pytest.raises(DataError) as loaded:
        catalog.load("essai/t", tmp_path)
    with pytest.raises(DataError) as read:
        catalog.distinct("essai/t", "code", tmp_path)
    assert str(read.value) == str(loaded.value)


def test_an_unknown_column_is_named():
    with pytest.raises(UnknownName, match="Colonne de claims"):
        catalog.distinct("claims", "rien", "")
