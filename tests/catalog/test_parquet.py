"""Parquet tables: read with the types of the schema, and every rule of the schema checked with one sentence."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from helpers import catalog
from helpers.errors import DataError
from helpers.intake import check

FIELDS = [
    {"name": "code", "type": "string", "constraints": {"required": True, "pattern": r"\d{2}"}},
    {"name": "kind", "type": "string", "constraints": {"enum": ["x", "y"]}},
    {"name": "count", "type": "integer", "constraints": {"minimum": 0, "maximum": 10, "unique": True}},
]


def package(folder, rows, **schema):
    pd.DataFrame(rows, columns=["code", "kind", "count"]).to_parquet(folder / "table.parquet")
    resource = {"name": "demo/table", "path": "table.parquet", "schema": {"fields": FIELDS, **schema}}
    (folder / "datapackage.json").write_text(json.dumps({"resources": [resource]}), encoding="utf-8")
    return folder


def test_load_gives_the_types_of_the_schema(tmp_path):
    table = catalog.load("demo/table", package(tmp_path, [("01", "x", 1), ("02", None, None)]))
    assert [str(kind) for kind in table.dtypes] == ["string", "string", "Int64"]
    assert table["count"].isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (("1", "x", 2), "ligne 2, colonne « code » : « 1 » n'a pas la forme"),
        ((None, "x", 2), "colonne « code » : la cellule est vide"),
        (("02", "z", 2), "colonne « kind » : « z » n'est pas une valeur permise (x ou y)"),
        (("02", "x", -1), "colonne « count » : « -1 » est sous le minimum (0)"),
        (("02", "x", 11), "colonne « count » : « 11 » dépasse le maximum (10)"),
        (("02", "x", 1), "répète, dans une colonne sans doublon, la valeur de la ligne 1 (count = 1)"),
        (("01", "x", 3), "répète la clé de la ligne 1 (code = 01)"),
    ],
)
def test_each_fault_has_its_sentence(tmp_path, row, sentence):
    faults = check.check(package(tmp_path, [("01", "x", 1), row], primaryKey=["code"]))
    assert any(sentence in fault for fault in faults), faults


def test_a_column_wrong_throughout_is_told_five_times(tmp_path):
    faults = check.check(package(tmp_path, [("a", "x", number) for number in range(9)]))
    assert len(faults) == 5
    assert "(9 lignes de cette colonne ont un défaut)" in faults[0]


def test_foreign_keys(tmp_path):
    key = {"fields": ["kind"], "reference": {"resource": "", "fields": ["code"]}}
    faults = check.check(package(tmp_path, [("01", "x", 1)], foreignKeys=[key]))
    assert "« x » n'existe pas dans table.parquet, colonne « code »" in faults[0]


def test_bad_files_are_said_in_one_sentence(tmp_path):
    folder = package(tmp_path, [("01", "x", 1)])
    whole = (folder / "table.parquet").read_bytes()
    (folder / "table.parquet").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match="n'est pas un fichier Parquet entier"):
        catalog.load("demo/table", folder)
    (folder / "table.parquet").unlink()
    assert "absent ou illisible" in check.check(folder)[0]
    package(folder, [("01", "x", "un")])
    with pytest.raises(DataError, match="colonne « count »"):
        catalog.load("demo/table", folder)
    pd.DataFrame({"code": ["01"], "kind": ["x"]}).to_parquet(folder / "table.parquet")
    with pytest.raises(DataError, match="colonne « count » absente"):
        catalog.load("demo/table", folder)
    pd.DataFrame({"code": [], "kind": [], "count": []}).to_parquet(folder / "table.parquet")
    with pytest.raises(DataError, match="aucune ligne"):
        catalog.load("demo/table", folder)


def test_a_change_after_sealing_is_seen(tmp_path):
    folder = package(tmp_path, [("01", "x", 1)])
    check.seal(folder)
    assert check.check(folder) == []
    pd.DataFrame({"code": ["01"], "kind": ["x"], "count": [2]}).to_parquet(folder / "table.parquet")
    assert "empreinte différente" in check.check(folder)[0]


def test_a_table_is_judged_once_and_never_shared(tmp_path):
    folder = package(tmp_path, [("01", "x", 1), ("02", "y", 2)])
    table = catalog.load("demo/table", folder)
    table.loc[0, "kind"] = "changed"
    table["count"] = 0
    again = catalog.load("demo/table", folder)
    assert again["kind"].tolist() == ["x", "y"]
    assert again["count"].tolist() == [1, 2]
    package(tmp_path, [("1", "x", 1)])
    with pytest.raises(DataError, match="n'a pas la forme"):
        catalog.load("demo/table", folder)
