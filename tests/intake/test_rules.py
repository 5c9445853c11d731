"""`cpts check` of a user's package: one mutation of a sound package, one sentence that says what to do."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import re
import shutil

import pandas as pd
import pytest
from click.testing import CliRunner

from helpers import catalog, material
from helpers.catalog import Study
from helpers.commands.main import main
from helpers.errors import DataError
from helpers.intake import check, rules, starting

BOM = b"\xef\xbb\xbf"


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sound") / "exemple"
    starting.new(folder, example=True)
    return folder


@pytest.fixture
def own(tmp_path, sound):
    return shutil.copytree(sound, tmp_path / "own")


def told(folder):
    """Sentences of `cpts check`, which must exit with 1 and show no traceback."""
    result = CliRunner().invoke(main, ["check", str(folder)])
    assert result.exit_code == 1, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
    # What the list of names cannot guard is told below the faults, and has tests of its own.
    advice = {line for sentence in check.to_read_again(folder) for line in sentence.strip().splitlines()}
    return [line for line in result.output.strip().splitlines() if line not in advice]


def rows_of(path):
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig")), delimiter=";"))


def put(path, rows):
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\n").writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8-sig", newline="")


def set_cells(folder, table, line, **cells):
    """Change cells of the row that a spreadsheet numbers `line`."""
    path = folder / f"{table}.csv"
    rows = rows_of(path)
    for column, value in cells.items():
        rows[line - 1][rows[0].index(column)] = value
    put(path, rows)


def line_of(folder, table, **cells):
    """Number of the first row with these cells."""
    rows = rows_of(folder / f"{table}.csv")
    for line, row in enumerate(rows[1:], start=2):
        if all(row[rows[0].index(column)] == value for column, value in cells.items()):
            return line
    raise AssertionError(cells)


def only(folder, table):
    """Leave in the package the list of CPTS and the tables of the same group: the others are sound and slow to check."""
    path = folder / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    group = table.split("/")[0] + "/"
    package["resources"] = [
        resource
        for resource in package["resources"]
        if resource["name"].startswith(group) or resource["name"] == "cpts/cpts"
    ]
    path.write_text(json.dumps(package), encoding="utf-8")


def test_the_example_has_no_fault(own):
    assert check.check(own) == []


CELLS = [
    (
        "cpts/cpts",
        {"aci_date": "31/12/2023"},
        "« 31/12/2023 » n'est pas une date AAAA-MM-JJ : écrivez 2023-12-31",
    ),
    ("cpts/cpts", {"aci_date": "15 juin 2023"}, "écrivez 2023-06-15 (AAAA-MM-JJ)"),
    ("cpts/cpts", {"aci_date": "45092"}, "écrivez 2023-06-15 (AAAA-MM-JJ)"),
    ("cpts/cpts", {"aci_date": "2023-06"}, "il manque le jour, par exemple 2023-06-01"),
    ("cpts/cpts", {"aci_date": "2023-02-30"}, "n'existe pas au calendrier"),
    ("cpts/cpts", {"aci_date": "0023-06-15"}, "est hors des années 1900 à 2100"),
    ("cpts/cpts", {"aci_date": "juin"}, "n'est pas une date AAAA-MM-JJ, par exemple 2025-12-31"),
    ("cpts/cpts", {"population": "94 819"}, "(il contient une espace) : écrivez 94819"),
    ("cpts/cpts", {"population": "94819 hab."}, "n'est pas un nombre entier : écrivez 94819"),
    (
        "cpts/cpts",
        {"population": "94819,5"},
        "n'est pas un nombre entier : écrivez-le en chiffres, ou videz la cellule.",
    ),
    ("cpts/cpts", {"population": "ND"}, "laissez la cellule vide quand on ne sait pas"),
    (
        "cpts/cpts",
        {"population": "beaucoup"},
        "« beaucoup » n'est pas un nombre entier : écrivez-le en chiffres, ou videz la cellule.",
    ),
    ("cpts/cpts", {"population": "0"}, "est sous le minimum (1)"),
    ("cpts/cpts", {"size": "5"}, "dépasse le maximum (4)"),
    ("cpts/cpts", {"department": "8"}, "le zéro de tête a été perdu : écrivez « 08 »"),
    ("cpts/cpts", {"department": "999"}, "code de département : 01 à 95"),
    ("cpts/cpts", {"status": "signé"}, "(lettre_intention, projet_valide ou aci_signe)"),
    ("cpts/cpts", {"status": "ACI signé"}, "écrivez « aci_signe »"),
    ("cpts/cpts", {"name_fr": ""}, "est vide, alors que la colonne est obligatoire"),
    ("cpts/cpts", {"note": "   "}, "ne contient que des espaces"),
    ("cpts/cpts", {"name_fr": "CPTS de lâ€™Est"}, "accents abîmés"),
    ("cpts/perimeters", {"commune": "8053"}, "le zéro de tête a été perdu : écrivez « 08053 »"),
    ("cpts/perimeters", {"commune": "08999"}, "n'est le code INSEE d'aucune commune"),
    ("cpts/perimeters", {"commune": "08000"}, "est un code postal, non un code INSEE : écrivez"),
    ("cpts/perimeters", {"valid_to": "2019-01-01"}, "précède « valid_from » (2020-01-01)"),
    (
        "cpts/facts",
        {"cpts": "exemple-nor"},
        "n'existe pas dans cpts/cpts.csv, colonne « cpts » : ajoutez-l'y, ou écrivez",
    ),
    (
        "cpts/facts",
        {"chapter": "finances"},
        "n'est pas une valeur permise (historique, territoire, offre_de_soins",
    ),
    ("cpts/facts", {"item": "Idée de départ"}, "1 à 60 minuscules sans accent"),
    ("cpts/facts", {"value": ""}, "est vide alors que « idee » est dit connu"),
    ("cpts/indicators", {"indicator": "ald_sans_m"}, "ajoutez-l'y, ou écrivez « ald_sans_mt »"),
    ("cpts/indicators", {"territory": "exemple-est"}, "n'est ni une CPTS de cpts/cpts.csv"),
    ("cpts/indicators", {"period_end": "2022-12-31"}, "précède « period_start » (2023-01-01)"),
    ("cpts/indicators", {"numerator": "20000"}, "dépasse le dénominateur (16050)"),
    ("cpts/indicators", {"numerator": "1312.5"}, "n'est pas un nombre : écrivez 1312,5"),
    ("cpts/indicators", {"numerator": "1 312"}, "(il contient une espace) : écrivez 1312"),
    (
        "cpts/indicators",
        {"numerator": ""},
        "« numerator » : la cellule est vide alors que « denominator » est rempli",
    ),
    ("cpts/indicators", {"denominator": ""}, "est vide alors que « numerator » est rempli"),
    (
        "cpts/indicators",
        {"lower": "7", "upper": "9"},
        "double l'intervalle que donnent le numérateur et le dénominateur",
    ),
    (
        "cpts/indicators",
        {"lower": "7"},
        "« upper » : la cellule est vide alors que l'autre borne est remplie",
    ),
    (
        "cpts/indicators",
        {"numerator": "", "denominator": "", "value": "6", "lower": "7", "upper": "9"},
        "n'est pas entre les deux bornes publiées (7 et 9)",
    ),
    ("cpts/indicators", {"denominator": "0"}, "est nul : rien ne se calcule"),
    ("cpts/indicators", {"value": "12"}, "contredit le numérateur et le dénominateur (8,17)"),
    (
        "cpts/indicators",
        {"numerator": "", "denominator": "", "value": "812"},
        "sort de l'intervalle de 0 à 100",
    ),
    (
        "cpts/indicator_definitions",
        {"direction": "Baisser"},
        "(hausse, baisse ou neutre) : écrivez « baisse »",
    ),
    (
        "cpts/indicator_definitions",
        {"benchmark": "exemple-est"},
        "n'a aucune valeur de « ald_sans_mt » dans cpts/indicators.csv",
    ),
    ("cpts/actions", {"date_end": "2024-01-01"}, "précède « date_start » (2024-09-01)"),
    ("cpts/actions", {"indicator": "ald"}, "n'existe pas dans cpts/indicator_definitions.csv"),
    ("cpts/missions", {"year": "2022"}, "précède la signature de l'accord de « exemple-nord » (2023-06-15"),
    ("cpts/missions", {"year": "2018"}, "est sous le minimum (2019)"),
    ("cpts/missions", {"fixed_rate": "80"}, "dépasse le maximum (1) : pour 80 %, écrivez 0,8"),
    ("cpts/missions", {"fixed_rate": "0.8"}, "n'est pas un nombre : écrivez 0,8"),
    ("cpts/missions", {"fixed_rate": "80 %"}, "écrivez 0,8"),
    ("cpts/actions", {"partners": "asv-exempl"}, "nomme « asv-exempl », qui n'est pas dans dts/schemes.csv"),
    ("cpts/actions", {"partners": "asv-exemple, cls-exemple"}, "plusieurs séparés par « ; » sans espace"),
    (
        "dts/links",
        {"scheme": "cls-exempl"},
        "n'existe pas dans dts/schemes.csv, colonne « scheme » : ajoutez-l'y, ou écrivez « cls-exemple »",
    ),
    ("dts/links", {"cpts": "exemple-est"}, "n'existe pas dans cpts/cpts.csv, colonne « cpts » : ajoutez-l'y"),
    ("dts/links", {"state": ""}, "est rempli alors que « state » est vide : dites si le lien est en œuvre"),
    ("dts/links", {"state": "souhaite"}, "« state » est « souhaite », et seul un lien en œuvre a un degré"),
    ("dts/links", {"state": "refuse"}, "contredit l'état « refuse »"),
    ("dts/links", {"degree": "0"}, "contredit l'état « en_oeuvre »"),
    ("dts/links", {"degree": "6"}, "n'est pas une valeur permise (0, 1, 2, 3, 4 ou 5)"),
    ("dts/links", {"date_end": "2021-01-01"}, "précède « date_start » (2022-03-10)"),
    ("dts/schemes", {"term_end": "2023-01-01"}, "précède « term_start » (2023-06-15)"),
    ("dts/schemes", {"kind": "cls"}, "contredit cpts/perimeters.csv, où « exemple-nord » est « cpts »"),
    ("dts/priorities", {"scheme": "exemple-nor"}, "n'est ni dans dts/schemes.csv, ni dans cpts/cpts.csv"),
    ("dts/priorities", {"theme": "dépistage"}, "n'est pas une valeur permise"),
    ("dts/districts", {"district": "QN0089"}, "code de quartier prioritaire (QPV)"),
    (
        "dts/districts",
        {"district": "QN05101M"},
        "est un quartier du département 51, et la commune 08105 n'y est pas",
    ),
    ("dts/districts", {"commune": "08999"}, "n'est le code INSEE d'aucune commune"),
    ("survey/answers", {"question": "1"}, "la cellule n'a pas la forme attendue : écrivez Q1 à Q42"),
    ("survey/answers", {"question": "Q43"}, "n'est pas une question du questionnaire"),
    ("survey/answers", {"value": ""}, "veut une option ou une valeur"),
    ("survey/answers", {"status": "sans_reponse"}, "contredit la réponse donnée sur la même ligne"),
    ("survey/answers", {"respondent": "Mme Martin"}, "1 à 40 lettres sans accent, chiffres"),
]


@pytest.fixture(scope="module")
def read_once(sound):
    """The sound package, the cells of its tables, and their frames: what a case changes in memory."""
    package = catalog.Package(sound)
    grids = {name: catalog.cells(name, package) for name in package.names()}
    return package, grids, {name: package.table(name).judge(grid).frame for name, grid in grids.items()}


def told_in_memory(read_once, table, cells):
    """Sentences of the judge, then of the rules across tables, with cells of the second row changed."""
    package, grids, frames = read_once
    rows = [(line, list(texts)) for line, texts in grids[table].rows]
    for column, value in cells.items():
        rows[0][1][grids[table].header.index(column)] = value
    changed = dataclasses.replace(grids[table], rows=rows)
    frame, faults, _ = package.table(table).judge(changed)
    if faults:
        return catalog.told(faults)
    return rules.faults(package, frames | {table: frame})


@pytest.mark.parametrize(("table", "cells", "sentence"), CELLS, ids=[f"{t}-{c}" for t, c, _ in CELLS])
def test_one_wrong_cell_is_one_sentence(read_once, table, cells, sentence):
    sentences = told_in_memory(read_once, table, cells)
    assert len(sentences) == 1, sentences
    assert sentence in sentences[0]
    assert re.match(rf"{table}\.csv, ligne \d+, colonne « \w+ » : («|la cellule) ", sentences[0]), sentences


def test_a_perimeter_of_postcodes_is_refused_and_districts_are_known(read_once):
    package, _, frames = read_once
    written = frames["cpts/perimeters"].iloc[:2].assign(scheme="loiret", kind="cls")
    # Le Rheu and L'Hermitage touch, and are no postcodes though both codes are also postcodes of other places.
    assert (
        rules.faults(package, frames | {"cpts/perimeters": written.assign(commune=["35240", "35131"])}) == []
    )
    # Gévezé and Saint-M'Hervé do not: the postcodes of Dol-de-Bretagne and Fougères were meant.
    apart = rules.faults(package, frames | {"cpts/perimeters": written.assign(commune=["35120", "35300"])})
    assert len(apart) == 1
    assert "semblent être des codes postaux" in apart[0]
    districts = written.assign(commune=["75113", "69383"])
    assert rules.faults(package, frames | {"cpts/perimeters": districts}) == []


def test_a_code_that_is_also_a_postcode_is_told_by_name(own):
    set_cells(own, "cpts/perimeters", 2, commune="45100")
    told_again = [line for line in check.to_read_again(own) if "code postal" in line]
    assert len(told_again) == 1
    assert "45100, Combleux (code postal : Orléans (45234))" in told_again[0]


@pytest.mark.parametrize(
    ("register", "said"), [("signe", None), ("projet", "en projet"), ("valide", "validé"), ("clos", None)]
)
def test_a_perimeter_at_another_stage_than_its_cpts_is_told(own, register, said):
    path = own / "cpts/perimeters.csv"
    head, *rows = rows_of(path)
    at, of = head.index("status"), head.index("scheme")
    signed = "exemple-nord"
    assert any(row[:1] == [signed] and "aci_signe" in row for row in rows_of(own / "cpts/cpts.csv"))
    put(
        path,
        [head, *([*row[:at], register if row[of] == signed else row[at], *row[at + 1 :]] for row in rows)],
    )
    stages = [line for line in check.to_read_again(own) if "se contrediront" in line]
    assert [
        f"« ACI signé » dans cpts/cpts.csv et « {said} » dans cpts/perimeters.csv" in line for line in stages
    ] == ([True] if said else [])


MATERIAL = [
    ("material/codes", {"parent": "frein"}, "nomme un code parent qui n'existe pas"),
    (
        "material/attributes",
        {"source": "E9"},
        "ligne 2, colonne « source » : la cellule nomme une source inconnue",
    ),
    ("material/segments", {"source": "E9"}, "nomme une source inconnue"),
    ("material/segments", {"code": "freins.tems"}, "nomme un code inconnu du livre de codes"),
    ("material/segments", {"end": "12"}, "n'est pas après le début"),
]


@pytest.mark.parametrize(("table", "cells", "sentence"), MATERIAL)
def test_one_fault_between_tables_of_coded_material_is_one_sentence(read_once, table, cells, sentence):
    sentences = told_in_memory(read_once, table, cells)
    assert len(sentences) == 1, sentences
    assert sentence in sentences[0]


def rename(folder, table, name):
    path = folder / f"{table}.csv"
    path.rename(path.with_name(name))


def rewrite(folder, table, change):
    path = folder / f"{table}.csv"
    path.write_bytes(change(path.read_bytes()))


def change_rows(folder, table, change):
    path = folder / f"{table}.csv"
    put(path, change(rows_of(path)))


FILES = {
    "absent": (
        lambda f: (f / "cpts/facts.csv").unlink(),
        "cpts/facts.csv : fichier absent ou illisible. Remettez-le",
    ),
    "renamed": (
        lambda f: rename(f, "cpts/facts", "facts (1).csv"),
        "« facts (1).csv » lui ressemble : renommez-le « facts.csv »",
    ),
    "empty": (lambda f: rewrite(f, "cpts/facts", lambda b: b""), "cpts/facts.csv : fichier vide"),
    "latin-1": (
        lambda f: rewrite(f, "cpts/facts", lambda b: b.removeprefix(BOM).decode().encode("cp1252")),
        "n'est pas en UTF-8 (Excel l'a écrit en latin-1)",
    ),
    "utf-16": (
        lambda f: rewrite(f, "cpts/facts", lambda b: b.removeprefix(BOM).decode().encode("utf-16")),
        "UTF-16",
    ),
    "workbook": (
        lambda f: rewrite(f, "cpts/facts", lambda b: b"PK\x03\x04" + b),
        "c'est un classeur, pas un CSV",
    ),
    "comma": (
        lambda f: rewrite(f, "cpts/missions", lambda b: b.replace(b";", b",")),
        "le séparateur est devenu « virgule » au lieu de « point-virgule »",
    ),
    "tab": (
        lambda f: rewrite(f, "cpts/missions", lambda b: b.replace(b";", b"\t")),
        "le séparateur est devenu « tabulation »",
    ),
    "extra column": (
        lambda f: change_rows(
            f, "cpts/actions", lambda r: [[*row, "x" if i else "budget"] for i, row in enumerate(r)]
        ),
        "ligne 1 : colonne « budget » de trop : supprimez-la",
    ),
    "nameless column": (
        lambda f: change_rows(f, "cpts/actions", lambda r: [[*row, ""] for row in r]),
        "la 14e colonne n'a pas de nom",
    ),
    "missing column": (
        lambda f: change_rows(f, "cpts/actions", lambda r: [row[:-1] for row in r]),
        "colonne « source » absente : remettez-la",
    ),
    "renamed column": (
        lambda f: change_rows(f, "cpts/actions", lambda r: [["code", *r[0][1:]], *r[1:]]),
        "colonne « code » inconnue et colonne « action » absente",
    ),
    "repeated column": (
        lambda f: change_rows(f, "cpts/actions", lambda r: [[*row, row[0]] for row in r]),
        "la colonne « action » figure deux fois",
    ),
    "moved column": (
        lambda f: change_rows(
            f, "cpts/indicator_definitions", lambda r: [[row[1], row[0], *row[2:]] for row in r]
        ),
        "les colonnes ont changé d'ordre à partir de « indicator »",
    ),
    "short row": (
        lambda f: change_rows(f, "cpts/actions", lambda r: [*r[:-1], r[-1][:-2]]),
        "2\u00a0cellules de moins que l'en-tête",
    ),
    "long row": (
        lambda f: change_rows(f, "cpts/actions", lambda r: [*r[:-1], [*r[-1], ""]]),
        "1\u00a0cellule de trop que l'en-tête",
    ),
    "open quote": (
        lambda f: rewrite(f, "cpts/actions", lambda b: b + b'"nord;x\n'),
        "un guillemet est ouvert et n'est pas fermé",
    ),
    "blank row": (
        lambda f: change_rows(f, "cpts/actions", lambda r: [*r, [""] * 13]),
        "ligne 11 : ligne sans aucune valeur",
    ),
    "no row": (
        lambda f: (
            change_rows(f, "cpts/indicators", lambda r: r[:1]) or change_rows(f, "cpts/cpts", lambda r: r[:1])
        ),
        "cpts/cpts.csv : aucune ligne sous l'en-tête, alors que ce tableau est obligatoire",
    ),
    "repeated key": (
        lambda f: change_rows(f, "cpts/indicators", lambda r: [*r, [*r[1][:-1], "encore"]]),
        "ligne 53 : répète la clé de la ligne 2 (indicator = ald_sans_mt, territory = exemple-nord, period",
    ),
}


@pytest.mark.parametrize("kind", FILES)
def test_one_damaged_file_is_one_sentence(own, kind):
    damage, sentence = FILES[kind]
    only(own, "cpts/")
    damage(own)
    sentences = told(own)
    assert [item for item in sentences if sentence in item], sentences
    if kind != "no row":  # every other table points to the missing CPTS
        assert len(sentences) == 1


def test_a_mark_that_the_description_does_not_announce(own):
    path = own / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    for resource in package["resources"]:
        resource["encoding"] = "utf-8"
    path.write_text(json.dumps(package), encoding="utf-8")
    sentences = told(own)
    assert len(sentences) == len(package["resources"])
    assert all("marque d'ordre des octets (BOM)" in item for item in sentences)


def test_a_file_saved_without_its_mark_or_with_other_line_ends_is_sound(own):
    rewrite(own, "cpts/facts", lambda b: b.removeprefix(BOM))
    rewrite(own, "cpts/indicators", lambda b: b.replace(b"\n", b"\r\n"))
    assert check.check(own) == []


def test_two_periods_of_a_commune_that_overlap(own):
    line = line_of(own, "cpts/perimeters", scheme="exemple-nord", valid_to="2024-12-31")
    rows = rows_of(own / "cpts/perimeters.csv")
    again = list(rows[line - 1])
    again[rows[0].index("valid_from")] = "2024-06-01"
    again[rows[0].index("valid_to")] = ""
    put(own / "cpts/perimeters.csv", [*rows, again])
    sentences = told(own)
    assert len(sentences) == 1
    assert f"ligne {len(rows) + 1}" in sentences[0]
    assert "commence avant la fin d'une autre période" in sentences[0]


def test_a_perimeter_of_an_unknown_cpts(own):
    line = line_of(own, "cpts/perimeters", kind="cpts")
    set_cells(own, "cpts/perimeters", line, scheme="exemple-est")
    assert "n'existe pas dans cpts/cpts.csv" in told(own)[0]


def test_a_rate_needs_its_base(own):
    line = line_of(own, "cpts/indicator_definitions", kind="taux")
    set_cells(own, "cpts/indicator_definitions", line, per="")
    assert "dites pour combien d'habitants" in told(own)[0]


def test_a_column_wrong_throughout_is_told_five_times(own):
    for line in range(2, 12):
        set_cells(own, "cpts/indicators", line, period_start="01/01/2023")
    sentences = told(own)
    assert len(sentences) == 5
    assert "(10 lignes de cette colonne ont un défaut)" in sentences[0]


def test_the_row_told_is_that_of_the_spreadsheet(own):
    path = own / "cpts/actions.csv"
    lines = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join([*lines[:3], b"", *lines[3:]]))
    set_line = rows_of(path)
    assert set_line[3] == []
    set_line[4][2] = "1/9/2024"
    put(path, set_line)
    assert told(own)[0].startswith("cpts/actions.csv, ligne 5, colonne « date_start » : « 1/9/2024 »")


def test_the_tables_of_the_project_keep_their_own_checks():
    assert not catalog.open_package().extends


@pytest.mark.parametrize("table", ["cpts/cpts", "cpts/indicators"])
def test_blank_lines_say_nothing(own, table):
    path = own / f"{table}.csv"
    before = catalog.load(table, own)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\n\n") + b"\n\n")
    assert check.check(own) == []
    pd.testing.assert_frame_equal(catalog.load(table, own), before)


def test_a_blank_line_above_the_header_is_said(own):
    path = own / "cpts" / "cpts.csv"
    path.write_bytes(BOM + b"\n" + path.read_bytes().removeprefix(BOM))
    assert told(own) == ["cpts/cpts.csv, ligne 1 : ligne vide au-dessus de l'en-tête. Supprimez-la."]


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda content: content.decode("utf-8-sig").replace("exemple fictif", "inventé").encode("cp1252"), "pas en UTF-8"),
        (lambda content: content.decode("utf-8-sig").encode("utf-16"), "UTF-16"),
        (lambda content: content.replace(b";", b","), "séparateur est devenu « virgule »"),
        (lambda content: content.replace(b"\n", b"\r"), "ancien Macintosh"),
        (lambda content: b"\n \n", "fichier vide"),
        (lambda content: b"", "fichier vide"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_told_once_and_in_french(own, damage, words):
    path = own / "cpts" / "cpts.csv"
    path.write_bytes(damage(path.read_bytes()))
    # Three tables link to this one: none of them repeats what is wrong with it.
    (only,) = told(own)
    assert only.startswith("cpts/cpts.csv")
    assert words in only


def test_a_moved_column_is_told_once(own):
    path = own / "cpts" / "cpts.csv"
    put(path, [[*row[1:], row[0]] for row in rows_of(path)])
    (only,) = told(own)
    assert "les colonnes ont changé d'ordre" in only


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("cpts/cpts", "population", "99999999999999999999999"),
        ("cpts/cpts", "population", "9223372036854775808"),
        ("cpts/indicators", "denominator", "1e300"),
        ("cpts/indicators", "value", "1e999"),
    ],
)
def test_a_number_out_of_all_measure_is_said(own, table, column, value):
    set_cells(own, table, 2, **{column: value})
    assert any(
        line.startswith(f"{table}.csv, ligne 2, colonne « {column} »") and "trop grand" in line
        for line in told(own)
    )
    with pytest.raises(DataError, match=f"ligne 2, colonne « {column} »"):
        catalog.load(table, own)


@pytest.mark.parametrize(
    ("table", "column", "value", "words"),
    [
        ("cpts/actions", "mission", "Prévention", "« Prévention » n'est pas une valeur permise"),
        ("cpts/facts", "chapter", "Historique", "n'est pas une valeur permise"),
        ("cpts/cpts", "name_fr", "", "la cellule est vide, alors que la colonne est obligatoire"),
    ],
)
def test_a_report_refuses_a_table_with_a_fault(own, table, column, value, words):
    """A report made without `cpts check` failed on a KeyError, showed <NA>, or left the row out without a word."""
    set_cells(own, table, 3, **{column: value})
    with pytest.raises(DataError, match=f"ligne 3, colonne « {column} » : .*{words}.*« cpts check »"):
        catalog.load(table, own)


def test_rows_are_counted_as_a_spreadsheet_does(own):
    path = own / "cpts" / "indicators.csv"
    set_cells(own, "cpts/indicators", 4, period_end="31/12/2025")
    path.write_bytes(path.read_bytes().replace(b"\n", b"\n\n", 1))
    with pytest.raises(DataError, match="ligne 5, colonne « period_end »"):
        catalog.load("cpts/indicators", own)


def test_a_column_without_a_name_is_said_when_a_report_reads_it(own):
    path = own / "cpts" / "cpts.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b";;\n"))
    with pytest.raises(DataError, match="la 14e colonne n'a pas de nom"):
        catalog.load("cpts/cpts", own)


def test_line_ends_of_another_age_are_no_traceback(own):
    path = own / "cpts" / "cpts.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r"))
    with pytest.raises(DataError, match="fins de ligne"):
        catalog.load("cpts/cpts", own)


@pytest.mark.parametrize(
    ("table", "option", "words"),
    [
        ("survey/answers", "99", "n'est pas le code d'une réponse à Q2 : écrivez un des codes 1, 2, 3 ou 4"),
        ("survey/answers", "En fonctionnement", "n'est pas le code d'une réponse à Q2"),
        ("survey/consensus", "Partiel", "n'est pas le code d'une réponse à Q4 : écrivez « 2 »"),
    ],
)
def test_an_option_is_a_code_of_its_question(own, table, option, words):
    rows = rows_of(own / f"{table}.csv")
    asked = "Q2" if table == "survey/answers" else "Q4"
    line = next(line for line, row in enumerate(rows, start=1) if asked in row)
    set_cells(own, table, line, option=option)
    (only,) = told(own)
    assert only.startswith(f"{table}.csv, ligne {line}, colonne « option » : la cellule {words}")


def test_an_option_of_the_corrected_questionnaire_is_known(own):
    rows = rows_of(own / "survey" / "answers.csv")
    line = next(line for line, row in enumerate(rows, start=1) if "Q37" in row and "repondu" in row)
    set_cells(own, "survey/answers", line, option="4")
    assert check.check(own) == []


def test_a_report_refuses_a_repeated_key_and_a_bound_as_check_does(own):
    set_cells(own, "cpts/cpts", 3, cpts="exemple-nord")
    with pytest.raises(
        DataError, match=r"cpts/cpts\.csv, ligne 3 : répète la clé de la ligne 2 \(cpts = exemple-nord\)"
    ):
        catalog.load("cpts/cpts", own)
    for cells in ({"department": "8"}, {"size": "5"}, {"aci_date": "31/12/2023"}, {"population": "94 819"}):
        shutil.copyfile(own / "cpts/cpts.csv", own / "copie.csv")
        set_cells(own, "cpts/cpts", 3, cpts="exemple-sud", **cells)
        with pytest.raises(DataError) as caught:
            catalog.load("cpts/cpts", own)
        assert str(caught.value).removesuffix(" « cpts check » dit tous les défauts.") == told(own)[0]
        shutil.copyfile(own / "copie.csv", own / "cpts/cpts.csv")


WORDS = "Madame Roux dit que le médecin ne vient plus"
PLACES = [
    ("material/segments", "code"), ("material/segments", "source"), ("material/segments", "start"),
    ("material/segments", "end"), ("material/segments", "valence"), ("material/segments", "coder"),
    ("material/segments", "segment"), ("material/attributes", "source"), ("material/codes", "parent"),
    ("material/codes", "code"), ("material/sources", "length"), ("material/sources", "date"), ("survey/answers", "option"),
    ("survey/answers", "role"), ("survey/answers", "respondent"), ("survey/answers", "question"),
    ("survey/answers", "status"), ("survey/consensus", "option"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "column"), PLACES)
def test_no_sentence_repeats_words_that_slipped_by_one_column(read_once, own, table, column):
    sentences = told_in_memory(read_once, table, {column: WORDS})
    set_cells(own, table, 2, **{column: WORDS})
    refusals = []
    for command in (lambda: catalog.load(table, own), lambda: material.load(Study(own))):
        try:
            command()
        except DataError as error:
            refusals.append(str(error))
    assert not [said for said in (*sentences, *refusals) if "Roux" in said or "médecin" in said]


def test_a_cpts_is_not_linked_to_itself(own):
    set_cells(own, "dts/links", 2, scheme="exemple-nord")
    assert ["est la CPTS elle-même" in sentence for sentence in told(own)] == [True]


def test_a_package_begun_before_the_tables_of_links_is_still_sound(own):
    path = own / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    package["resources"] = [item for item in package["resources"] if not item["name"].startswith("dts/")]
    fields = next(item for item in package["resources"] if item["name"] == "cpts/actions")["schema"]["fields"]
    position = [field["name"] for field in fields].index("partners")
    del fields[position]
    path.write_text(json.dumps(package), encoding="utf-8")
    change_rows(own, "cpts/actions", lambda r: [[*row[:position], *row[position + 1 :]] for row in r])
    assert check.check(own) == []
