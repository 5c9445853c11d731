"""FINESS and RPPS in the exact layout, in the encodings and editions known, and damaged."""

from __future__ import annotations

import zipfile

import pandas as pd
import pytest

from helpers.errors import DataError, UsageError
from helpers.files import limits, streams
from helpers.intake.official import ameli, finess, insee, rpps
from helpers.intake.official.rpps_layout import LAYOUT

COMMENT = "finess;etalab;111;2026-05-12"


def structure(number, department, commune, *, category="604", name="CPTS INVENTÉE", opened="2021-03-01"):
    cells = dict.fromkeys(finess.FIELDS, "") | {
        "section": "structureet", "nofinesset": number, "nofinessej": "010000001", "rs": "COURT", "rslongue": name,
        "telephone": "0100000000", "commune": commune, "departement": department, "libdepartement": "INVENTE",
        "ligneacheminement": "01440 VILLE", "categetab": category, "libcategetab": "Communautés professionnelles",
        "siret": "00000000000001", "dateouv": opened, "dateautor": "1900-01-01", "datemaj": "2024-02-03",
    }  # fmt: skip
    return ";".join(cells.values()) + ";"


LINES = [
    COMMENT,
    structure("010000024", "01", "451", name='"CPTS ""DU PAYS INVENTÉ"""'),
    structure("2A0000018", "2A", "004", opened="1900-01-01"),
    structure("970100017", "9A", "124"),
    structure("970400014", "9D", "411", name=""),
    structure("980500001", "9F", "611"),
    structure("010000032", "01", "004", category="603"),
]
PLACED = [
    "geolocalisation;010000024;870215.2;6571590.6;1,ATLASANTE,100,IGN,BD_ADRESSE,V2.1,LAMBERT_93;2024-01-09",
    "geolocalisation;970100017;655000;1800000.5;1,ATLASANTE,93,IGN,UTM_N20;2024-01-09",
]


def stored(folder, lines, *, name="etalab-cs1100507-stock.csv", encoding="utf-8", end="\n"):
    (folder / name).write_bytes((end.join(lines) + end).encode(encoding))
    return folder / name


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_establishments_in_every_encoding(tmp_path, encoding, end):
    table = finess.load(stored(tmp_path, LINES + PLACED, encoding=encoding, end=end))
    assert table["commune"].tolist() == ["01451", "2A004", "97124", "97411", "97611"]
    assert table["department"].tolist() == ["01", "2A", "971", "974", "976"]
    assert table["name_fr"].tolist()[:2] == ['CPTS "DU PAYS INVENTÉ"', "CPTS INVENTÉE"]
    assert table["name_fr"].iloc[3] == "COURT"
    assert table["opened"].isna().tolist() == [False, True, False, False, False]  # 1900-01-01 is unknown
    assert table["authorised"].isna().all()
    assert table["x"].iloc[0] == 870215.2
    assert table["x"].isna().tolist() == [False, True, False, True, True]
    assert "UTM_N20" in table["projection"].iloc[2]
    assert set(table["extracted"]) == {pd.Timestamp("2026-05-12")}
    assert "telephone" not in table


def test_overseas_codes_of_finess():
    pairs = [
        ("9A", "124"),
        ("9A", "123"),
        ("9A", "127"),
        ("9B", "209"),
        ("9C", "302"),
        ("9D", "411"),
        ("9E", "502"),
        ("9F", "611"),
        ("9J", "613"),
    ]
    rows = pd.DataFrame(pairs, columns=["departement", "commune"])
    assert finess.with_communes(rows)["insee"].tolist() == [
        "97124", "97701", "97801", "97209", "97302", "97411", "97502", "97611", "98613",
    ]  # fmt: skip


def test_without_coordinates_and_other_categories(tmp_path):
    path = stored(tmp_path, LINES)
    assert finess.load(path)["x"].isna().all()
    assert finess.load(path, categories=["603"])["finess"].tolist() == ["010000032"]
    assert len(finess.load(path, categories=[])) == 6
    assert finess.load(path, departments=["971"])["commune"].tolist() == ["97124"]
    with pytest.raises(DataError, match="aucune ligne à garder"):
        finess.load(path, categories=["999"])


@pytest.mark.parametrize("last", ["", ";"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_the_copy_with_a_header(tmp_path, last, encoding):
    fields = [*finess.FIELDS[1:], *finess.PLACES[2:5]]
    rows = [line.removesuffix(";").partition(";")[2] + ";870215.2;6571590.6;LAMBERT_93" for line in LINES[1:]]
    path = stored(tmp_path, [";".join(fields) + last, *(row + last for row in rows)], name="finess_etablissements.csv",
                  encoding=encoding)  # fmt: skip
    with pytest.raises(UsageError, match="--date"):
        finess.load(path)
    table = finess.load(path, extracted="2026-05-12")
    assert table["commune"].tolist() == ["01451", "2A004", "97124", "97411", "97611"]
    assert table["name_fr"].iloc[0] == 'CPTS "DU PAYS INVENTÉ"'
    assert set(table["y"]) == {6571590.6}


def test_the_date_of_the_name_when_the_file_has_none(tmp_path):
    table = finess.load(stored(tmp_path, LINES[1:], name="etalab-cs1100502-stock-20260512-0337.csv"))
    assert set(table["extracted"]) == {pd.Timestamp("2026-05-12")}


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (
            [*LINES, "entitejuridique;1;2"],
            r"ligne 8 : elle commence par « entitejuridique » au lieu de « structureet »",
        ),
        (
            [LINES[0], LINES[1] + "X;", LINES[2]],
            r"ligne 2 : 33 cellules au lieu de 32|ligne 3 : 32 cellules au lieu de 33",
        ),
        ([*LINES[:2], LINES[2].replace(";004;", ";"), *LINES[3:]], r"ligne 3 : 31 cellules au lieu de 32"),
        (
            [*LINES[:3], structure("970100017", "9A", "411")],
            r"ligne 4, colonne 13 « commune » : « 411 » n'est pas une commune du département 9A",
        ),
        ([*LINES[:3], structure("970100017", "9Z", "411")], r"ligne 4, colonne 14 « departement » : « 9Z »"),
        (
            [*LINES[:3], structure("0100", "01", "451")],
            r"ligne 4, colonne 2 « nofinesset » : « 0100 » n'est pas un numéro FINESS",
        ),
        ([*LINES[:3], LINES[1]], r"ligne 4, colonne 2 « nofinesset » : « 010000024 » est déjà donné"),
        (
            [*LINES[:3], structure("970100025", "9A", "123", opened="01/03/2021")],
            r"ligne 4, colonne 29 « dateouv » : « 01/03/2021 »",
        ),
        (
            [*LINES[:3], structure("970100025", "9A", "123", opened="2021-02-31")],
            r"ligne 4, colonne 29 « dateouv » : « 2021-02-31 » n'est pas une date",
        ),
        (
            [*LINES, PLACED[0].replace("870215.2", "1e999")],
            r"ligne 8, colonne 3 « coordxet » : « 1e999 » n'est pas un nombre",
        ),
        (
            [*LINES, PLACED[0].replace("870215.2", "est")],
            r"ligne 8, colonne 3 « coordxet » : « est » n'est pas un nombre",
        ),
        ([*LINES, PLACED[0], "geolocalisation;1;2"], r"ligne 9 : 3 cellules au lieu de 6"),
        ([COMMENT], r"aucune ligne « structureet »"),
        (["a;b", "1;2"], r"ligne 1 : ce n'est pas l'en-tête des établissements FINESS"),
    ],
)
def test_damaged_establishments_are_one_sentence(tmp_path, lines, sentence):
    with pytest.raises(DataError, match=sentence):
        finess.load(stored(tmp_path, lines))


def test_a_file_far_too_large_is_refused_before_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "LARGEST_FILE", 100)
    with pytest.raises(DataError, match="ce n'est pas le fichier attendu"):
        finess.load(stored(tmp_path, LINES))


def test_an_unknown_column_of_the_copy_with_a_header(tmp_path):
    path = stored(tmp_path, [";".join([*finess.KEPT[:6], "surface", *finess.KEPT[6:]]), ";".join("1" * 14)])
    with pytest.raises(
        DataError, match=r"ligne 1, colonne 7 : « surface » n'est pas une colonne connue.*nofinesset"
    ):
        finess.load(path)


LABELS = [names[0] for names in LAYOUT.columns.values()]
PLACES = {column: position for position, column in enumerate(LAYOUT.columns)}


def activity(person, profession, mode, commune, *, know_how="", label=None):
    names = {"10": "Médecin", "60": "Infirmier"}
    cells = [""] * len(LABELS)
    cells[PLACES["civility_4"]] = "NOM0001"
    cells[PLACES["contact_5"]] = "nom0001@exemple.invalid"
    for column, value in (
        ("short_person", person[1:]), ("person", person), ("profession", profession), ("mode", mode), ("commune", commune),
        ("know_how", know_how), ("profession_fr", label or names.get(profession, "Autre")),
    ):  # fmt: skip
        cells[PLACES[column]] = value
    return "|".join(cells) + "|"


ACTIVITIES = [
    activity("810000000001", "10", "L", "35238", know_how="SM54"),
    activity("810000000001", "10", "L", "35238", know_how="SM54"),  # two surgeries of one commune: one person
    activity("810000000001", "10", "S", "35238", know_how="SM54"),  # and a salaried post there
    activity("810000000001", "10", "S", "35051", know_how="SM54"),  # and one elsewhere
    activity("810000000002", "10", "L", "35238", know_how="SM04"),  # a cardiologist
    activity("810000000003", "60", "L", "35238"),
    activity("02A000000004", "60", "L", "35238"),  # an identifier with a letter
    activity("02A000000005", "60", "L", "35238"),
    activity("002", "60", "L", "35238"),
    activity("0002", "60", "L", "35238"),  # not the same identifier as 002
    activity("810000000006", "60", "", "97411"),
    activity("810000000007", "60", "L", ""),  # no place
]
HEADER = "|".join(LABELS) + "|"


def directory(
    folder, rows, *, header=HEADER, encoding="utf-8", name="PS_LibreAcces_Personne_activite_202605120300.txt"
):
    (folder / name).write_bytes("\n".join([header, *rows, ""]).encode(encoding))
    return folder / name


def counts(table):
    return {
        (row.commune, row.profession, row.mode): (row.persons, row.activities)
        for row in table.itertuples(index=False)
    }


EXPECTED = {
    ("35051", "10", "S"): (1, 1),
    ("35051", "10", "tous"): (1, 1),
    ("35051", "10-MG", "S"): (1, 1),
    ("35051", "10-MG", "tous"): (1, 1),
    ("35238", "10", "L"): (2, 3),
    ("35238", "10", "S"): (1, 1),
    ("35238", "10", "tous"): (2, 4),
    ("35238", "10-MG", "L"): (1, 2),
    ("35238", "10-MG", "S"): (1, 1),
    ("35238", "10-MG", "tous"): (1, 3),
    ("35238", "60", "L"): (5, 5),
    ("35238", "60", "tous"): (5, 5),
    ("97411", "60", "vide"): (1, 1),
    ("97411", "60", "tous"): (1, 1),
}


def test_the_layout_has_the_56_columns():
    assert len(LABELS) == 56
    assert len(LAYOUT.names) >= 56
    assert HEADER.endswith("|")


def test_persons_count_once_per_commune_profession_and_mode(tmp_path):
    table, sentences = rpps.load(directory(tmp_path, ACTIVITIES))
    assert counts(table) == EXPECTED
    assert sentences == [
        "12 lignes d'activité lues, aucune gardée.",
        "1 lignes sans code de commune lisible n'ont pas été comptées.",
    ]
    assert set(table["extracted"]) == {pd.Timestamp("2026-05-12")}
    assert table.query("profession == '60'")["profession_fr"].unique().tolist() == ["Infirmier"]


def test_shares_add_up_to_persons_where_persons_do_not(tmp_path):
    table, _ = rpps.load(directory(tmp_path, ACTIVITIES), shares=True)
    whole = table[table["mode"] == "tous"].set_index(["commune", "profession"])
    # Person 1 practises in two communes, person 2 in one: 1.5 + 0.5 make the two physicians that persons count as three.
    assert whole.loc[("35238", "10"), "share"] == 1.5
    assert whole.loc[("35051", "10"), "share"] == 0.5
    sums = whole.groupby("profession")[["share", "persons"]].sum()
    assert sums.loc["10"].tolist() == [2, 3]
    assert sums.loc["60"].tolist() == [6, 6]
    assert table.loc[table["mode"] != "tous", "share"].isna().all()


def test_no_name_address_or_identifier_leaves_the_reader(tmp_path):
    table, sentences = rpps.load(directory(tmp_path, ACTIVITIES))
    said = table.to_csv() + " ".join(sentences)
    for secret in ("NOM0001", "exemple.invalid", "81000000", "2A00000"):
        assert secret not in said
    assert list(table) == [
        "commune", "profession", "profession_fr", "mode", "persons", "activities", "extracted", "source",
    ]  # fmt: skip


def test_small_batches_and_compaction_count_the_same(tmp_path, monkeypatch):
    path = directory(tmp_path, ACTIVITIES)
    monkeypatch.setattr(streams, "_BLOCK", 3000)
    monkeypatch.setattr(rpps, "COMPACTED_AT", 2)
    assert counts(rpps.load(path)[0]) == EXPECTED


def test_against_pandas_on_drawn_lines(tmp_path):
    draw = pd.Series(range(3_000)).sample(3_000, replace=True, random_state=3).to_numpy()
    rows = [
        activity(f"8{10**10 + n // 3}", "1060"[n % 2 * 2 :][:2], "LSB"[n % 3], f"35{n % 7:03d}") for n in draw
    ]
    table, _ = rpps.load(directory(tmp_path, rows))
    plain = pd.read_csv(directory(tmp_path, rows), sep="|", dtype=str, quoting=3)
    person, place = "Identification nationale PP", "Code commune (coord. structure)"
    groups = plain.groupby([place, "Code profession", "Code mode exercice"])[person].agg(["nunique", "size"])
    whole = plain.groupby([place, "Code profession"])[person].agg(["nunique", "size"])
    expected = {key: tuple(row) for key, row in zip(groups.index, groups.to_numpy().tolist(), strict=True)}
    expected |= {
        (*key, "tous"): tuple(row) for key, row in zip(whole.index, whole.to_numpy().tolist(), strict=True)
    }
    assert counts(table) == expected


OTHER_LABELS = {
    "Code Département (structure)": "Code département (coord. structure)",
    "Code rôle": "Code fonction",
    "Libellé rôle": "Libellé fonction",
    "Libellé civilité d'exercice": "Libellé civilité exercice",
    "Code genre activité": "Code genre d’activité",
    "Indice répétition voie (coord. structure)": "Indice répétition voie (coord. Structure)",
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_labels_of_other_editions_are_known(tmp_path, encoding):
    header = HEADER.replace("Code département", "Code Département")
    for usual, other in OTHER_LABELS.items():
        header = header.replace(usual, other)
    assert counts(rpps.load(directory(tmp_path, ACTIVITIES, header=header, encoding=encoding))[0]) == EXPECTED


def test_an_edition_without_know_how_says_so(tmp_path):
    kept = [position for position, label in enumerate(LABELS) if "savoir-faire" not in label]
    rows = ["|".join(row.split("|")[position] for position in kept) + "|" for row in ACTIVITIES]
    header = "|".join(LABELS[position] for position in kept) + "|"
    table, sentences = rpps.load(directory(tmp_path, rows, header=header))
    assert counts(table) == {key: value for key, value in EXPECTED.items() if key[1] != "10-MG"}
    assert "savoir-faire" in sentences[-1]


def test_a_quote_in_a_name_is_a_letter_like_another(tmp_path):
    rows = [ACTIVITIES[0].replace("NOM0001", '"NOM'), *ACTIVITIES[1:]]
    assert counts(rpps.load(directory(tmp_path, rows))[0]) == EXPECTED


def test_the_archive_holds_other_files_too(tmp_path):
    path = directory(tmp_path, ACTIVITIES)
    archive = tmp_path / "PS_LibreAcces.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.write(path, path.name)
        zipped.writestr("PS_LibreAcces_Dipl_AutExerc_202605120300.txt", "a|b|\n")
        zipped.writestr("PS_LibreAcces_SavoirFaire_202605120300.txt", "a|b|\n")
    path.unlink()
    table, _ = rpps.load(archive)
    assert counts(table) == EXPECTED
    assert set(table["extracted"]) == {pd.Timestamp("2026-05-12")}


def test_departments_and_dates(tmp_path):
    path = directory(tmp_path, ACTIVITIES, name="ps-libreacces-personne-activite.txt")
    with pytest.raises(UsageError, match="--date"):
        rpps.load(path)
    table, _ = rpps.load(path, departments=["974"], extracted="2026-05-12")
    assert set(table["commune"]) == {"97411"}
    with pytest.raises(DataError, match="pour le département 01"):
        rpps.load(path, departments=["01"], extracted="2026-05-12")


@pytest.mark.parametrize(
    ("header", "rows", "sentence"),
    [
        (
            HEADER.replace("Code profession", "Code du métier"),
            ACTIVITIES,
            r"ligne 1, colonne 10 : « Code du métier » n'est pas une colonne connue.*Code profession",
        ),
        (
            HEADER.replace("|Code mode exercice", ""),
            ACTIVITIES,
            r"colonne « Code mode exercice » absente.*lu : Type",
        ),
        (
            HEADER,
            [*ACTIVITIES[:2], ACTIVITIES[2][:-2], "", *ACTIVITIES[3:]],
            r"ligne 4 : 55 cellules au lieu de 57",
        ),
        (
            HEADER,
            [row.replace("35238", "35 238") for row in ACTIVITIES],
            r"Code commune .* 9 codes illisibles et 1 vides sur 12",
        ),
        (
            HEADER,
            [row.replace("8100", "").replace("|10|", "||") for row in ACTIVITIES[:5]],
            r"sans identifiant ou sans profession sur 5",
        ),
        ("NOM0001|" * 56, ACTIVITIES, r"ligne 1 : ce n'est pas l'en-tête des activités du RPPS"),
    ],
)
def test_damaged_directories_are_one_sentence_without_any_name(tmp_path, header, rows, sentence):
    with pytest.raises(DataError, match=sentence) as caught:
        rpps.load(directory(tmp_path, rows, header=header))
    assert "NOM0001" not in str(caught.value)
    assert "exemple.invalid" not in str(caught.value)


def test_a_nominative_file_without_header_given_to_another_reader_shows_nobody(tmp_path):
    path = directory(tmp_path, ACTIVITIES[1:], header=ACTIVITIES[0])
    for load in (finess.load, insee.load, ameli.load):
        with pytest.raises(DataError, match="une ligne de données") as caught:
            load(path, **({"year": 2023} if load is insee.load else {}))
        assert "NOM0001" not in str(caught.value)
        assert "8100" not in str(caught.value)


def test_columns_of_codes_with_too_many_values_have_moved(tmp_path):
    rows = [activity(f"8{10**10 + n}", "60", f"M{n}", "35238") for n in range(300)]
    with pytest.raises(DataError, match="trop de codes différents"):
        rpps.load(directory(tmp_path, rows))
