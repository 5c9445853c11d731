"""Files of the barometer: current and initial values, other layouts, a file that is absent."""

from __future__ import annotations

import pytest

from helpers.errors import DataError, UnknownName
from helpers.intake.official import barometre
from helpers.territory import coverage, downloads, supply

HEAD = "indic_id,enforce_zone_id,metric_enforce_date,maille,indic_vi,indic_va,indic_vc,indic_ta\n"


def written(tmp_path, rows):
    path = tmp_path / "ind-589.csv"
    path.write_text(HEAD + rows, encoding="utf-8")
    return path


def test_current_value_first_then_initial_and_targets_alone_are_left_out(tmp_path):
    rows = "IND-589,D2A,2022-12-01,DEPT,45.0,,,\nIND-589,D2A,2023-10-01,DEPT,45.0,66.0,,\n"
    rows += "IND-589,D2A,2026-12-01,DEPT,,,100.0,\nIND-589,R84,2022-12-01,REG,50.0,,,\nIND-589,FRANCE,2022-09-01,NAT,,68.0,,\n"
    table = barometre.parse(written(tmp_path, rows), "IND-589")
    assert table[["level", "code", "value", "initial"]].to_numpy().tolist() == [
        ["France", "france", 68.0, False],
        ["département", "2A", 45.0, True],
        ["département", "2A", 66.0, False],
        ["région", "84", 50.0, True],
    ]
    assert barometre.at(table, "département", ["2023-10"])["value"].tolist() == [66.0]
    with pytest.raises(DataError, match="2022-12, 2023-10"):
        barometre.at(table, "département", ["2021-01"])


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("IND-589,D01,2022-12-01,CANTON,45.0,,,\n", "ligne 2 : indicateur ou maille"),
        ("IND-311,D01,2022-12-01,DEPT,45.0,,,\n", "ligne 2 : indicateur ou maille"),
        ("IND-589,D01,2022-12-01,DEPT,,beaucoup,,\n", "ligne 2, colonne « indic_va » : « beaucoup »"),
    ],
)
def test_another_layout_is_said(tmp_path, rows, sentence):
    with pytest.raises(DataError, match=sentence):
        barometre.parse(written(tmp_path, rows), "IND-589")
    path = tmp_path / "autre.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(DataError, match="l'en-tête n'est pas celui du baromètre"):
        barometre.parse(path, "IND-589")


def test_an_absent_file_is_an_empty_table(tmp_path, monkeypatch):
    monkeypatch.setenv(downloads.PLACE, str(tmp_path))
    table = barometre.load("IND-589")
    assert table.empty
    assert tuple(table.columns) == barometre.COLUMNS
    assert coverage.panel(barometre.at(table, "département", ["2023-10"]), level="région").empty
    assert supply.panel(barometre.at(table, "département")).empty
    with pytest.raises(UnknownName, match="IND-589"):
        barometre.load("IND-58")
