"""INSEE "dossier complet": columns known by their pattern, the latest census, secrecy, and one sentence for every damage."""

from __future__ import annotations

import random
import zipfile

import pytest

from helpers.errors import DataError, ObservatoireError
from helpers.intake.official import dossier

HEADER = [
    "CODGEO", "P22_POP", "P16_POP", "SUPERF", "P22_POP0014", "P22_POP7589", "P22_POP90P", "P22_POP80P", "P22_POP80P_PSEUL",
    "P16_POP80P", "P22_ACT1564", "P22_CHOM1564", "NAISD24", "NAISD23", "DECESD24", "C16_POP15P_CS5", "MED21", "X Y, é",
]  # fmt: skip
ROWS = [
    [
        "01001",
        "860,4",
        "767",
        "15,95",
        "150.5",
        "60",
        "5.25",
        "40",
        "12",
        "30",
        "400",
        "25.5",
        "7",
        "8",
        "6",
        "50",
        "",
        "s",
    ],
    [
        "2A004",
        "72000",
        "69000",
        "82.03",
        "10000",
        "6000",
        "900",
        "s",
        "",
        "",
        "33000",
        "4100",
        "600",
        "1",
        "650",
        "9",
        "",
        "",
    ],
    [
        "75101",
        "15919",
        "16252",
        "1.83",
        "1200",
        "1100",
        "s",
        "900",
        "500",
        "1",
        "8000",
        "700",
        "90",
        "1",
        "80",
        "1",
        "x",
        "",
    ],
]


def stored(folder, rows=ROWS, header=HEADER, *, encoding="utf-8", name="dossier_complet.csv", mark=""):
    text = mark + "\n".join(";".join(cells) for cells in [header, *rows]) + "\n"
    (folder / name).write_bytes(text.encode(encoding))
    return folder / name


def test_the_latest_census_and_missing_cells(tmp_path):
    table = dossier.load(stored(tmp_path)).set_index("commune")
    first = table.loc["01001"]
    assert (first["year"], first["vital_year"]) == (2022, 2024)
    assert (first["population"], first["age_90_plus"], first["unemployed"]) == (860.4, 5.25, 25.5)
    assert (first["births"], first["deaths"]) == (7, 6)
    assert table["age_80_plus"].isna().tolist() == [False, True, False]
    assert table["age_90_plus"].isna().tolist() == [False, False, True]
    # Only the census of 2016 has it: it is not mixed with that of 2022.
    assert table["employees"].isna().all()
    assert "Employés" in dossier.absent(table.reset_index())
    assert "Population" not in dossier.absent(table.reset_index())


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_encodings_departments_and_archives(tmp_path, encoding, mark):
    if mark and encoding != "utf-8":
        mark = ""
    path = stored(tmp_path, encoding=encoding, mark=mark)
    assert dossier.load(path, departments=("2A",))["commune"].tolist() == ["2A004"]
    with zipfile.ZipFile(tmp_path / "dossier_complet.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path, path.name)
        archive.writestr("meta_dossier_complet.csv", "COD_VAR;LIB_VAR\n")
    assert dossier.load(tmp_path / "dossier_complet.zip").equals(dossier.load(path))


def changed(row, column, text):
    rows = [list(cells) for cells in ROWS]
    rows[row][HEADER.index(column)] = text
    return rows


@pytest.mark.parametrize(
    ("rows", "header", "sentence"),
    [
        (ROWS, ["COM", *HEADER[1:]], "ce n'est pas l'en-tête du dossier complet"),
        (ROWS, [*HEADER[:4], "P22_POP0015", *HEADER[5:]], "« P22_POP0014 » .* absente"),
        (ROWS, [*HEADER[:4], "P21_POP0014", *HEADER[5:]], "recensements mêlés .*0 à 14 ans.* de 2021, le reste de 2022"),
        (ROWS, [*HEADER[:-1], "P22_POP"], "« P22_POP » figure deux fois"),
        (changed(1, "CODGEO", "Ajaccio"), HEADER, "ligne 3, colonne « CODGEO » : « Ajaccio » n'est pas un code"),
        (changed(1, "CODGEO", "01001"), HEADER, "ligne 3, .* déjà lue plus haut"),
        (changed(1, "P22_POP", "beaucoup"), HEADER, "ligne 3, colonne « P22_POP » : « beaucoup » n'est pas un nombre"),
        (changed(1, "P22_POP", "-3"), HEADER, "n'est pas un nombre positif"),
        ([ROWS[0], ROWS[1][:-2]], HEADER, "ligne 3 : 16 cellules au lieu de 18"),
        ([], HEADER, "aucune ligne de données"),
    ],
)  # fmt: skip
def test_damage_is_one_sentence(tmp_path, rows, header, sentence):
    with pytest.raises(DataError, match=sentence) as caught:
        dossier.load(stored(tmp_path, rows, header))
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400


def test_cut_and_changed_bytes_give_a_table_or_one_sentence(tmp_path):
    whole = stored(tmp_path).read_bytes()
    draw, said = random.Random(18), []
    for _ in range(60):
        content = bytearray(whole[: draw.randrange(1, len(whole))] if draw.random() < 0.4 else whole)
        for _ in range(draw.randrange(1, 4)):
            content[draw.randrange(len(content))] = draw.randrange(256)
        (tmp_path / "essai.csv").write_bytes(content)
        try:
            dossier.load(tmp_path / "essai.csv")
        except ObservatoireError as error:
            said.append(str(error))
    assert said
    assert not any("\n" in sentence for sentence in said)
