"""Words pasted one column too far into any file to import: no sentence of any importer repeats them."""

from __future__ import annotations

import csv
import io
import re
import shutil
import sqlite3
from contextlib import closing

import pandas as pd
import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from helpers import catalog
from helpers.commands.main import main
from helpers.intake import starting, workbook
from helpers.intake.deposit import deposit
from helpers.survey import instrument
from tests.conftest import ROOT
from tests.material import test_refi_qda as refi
from tests.project import PROJECT
from tests.survey import layouts

FIXTURES = ROOT / "tests" / "fixtures"
QUESTIONNAIRES = {variant: instrument.load(variant, study=PROJECT) for variant in instrument.VARIANTS}
CORRECTED = QUESTIONNAIRES["corrected"]
WORDS = "Paola Zingst pleurait, derriere le paravent mauve"
PIECES = ("zingst", "pleurait", "paravent")
PEOPLE = [
    layouts.Respondent(
        "a",
        "2026-11",
        role,
        code,
        {"Q2": layouts.Given({"1"}), "Q5": layouts.Given({"1", "5"}, {"5": "autre chose"})},
    )
    for role, code in (("coordination", "r1"), ("ars", "r2"))
]


@pytest.fixture(autouse=True)
def _one_questionnaire(monkeypatch):
    """The printed questionnaire is read once here, not at each of the hundreds of imports."""
    monkeypatch.setattr(instrument, "load", lambda variant, *, study: QUESTIONNAIRES[variant])


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A package with one CPTS, copied for each file that is tried."""
    folder = tmp_path_factory.mktemp("paquet") / "own"
    shutil.copytree(catalog.MODEL_FOLDER, folder)
    deposit({"cpts/cpts": pd.DataFrame({"cpts": ["a"], "name_fr": ["CPTS A"]})}, folder)
    return folder


@pytest.fixture
def own(made, tmp_path):
    return shutil.copytree(made, tmp_path / "own")


def told(own, *arguments):
    """What the import says, in small letters; never a traceback."""
    done = CliRunner().invoke(main, ["import", *map(str, arguments), "--into", str(own)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.output.lower()


def leaks(said):
    return [piece for piece in PIECES if piece in said]


def spoiled(rows):
    """The table with the words in each column of its first row of data, then as its title; then without its first row."""
    for line in (1, 0):
        for column in range(len(rows[0])):
            changed = [list(row) for row in rows]
            changed[line][column] = WORDS
            yield f"{'titre' if not line else 'cellule'} {rows[0][column]}", changed
    yield "sans en-tête", [[WORDS if cell and len(cell) > 3 else cell for cell in row] for row in rows[1:]]
    yield "mots répétés", [[WORDS] * len(rows[0]), *rows[1:]]


def tried(own, rows, path, *arguments, keep=lambda where: True):
    found, count = [], 0
    for where, changed in spoiled(rows):
        if not keep(where):
            continue
        path.write_bytes(layouts.as_csv(changed))
        count += 1
        if leaks(told(own, *arguments)):
            found.append(where)
    print(f"{arguments[0]} : {count} déplacements, {len(found)} fuite(s)")
    assert found == []
    return count


@pytest.mark.parametrize("heads", ["code", "full"])
def test_limesurvey(own, tmp_path, heads):
    rows = layouts.limesurvey(PEOPLE, CORRECTED, heads=heads)
    some = re.compile(
        r"(cellule|titre) .*(submitdate|soumission|lastpage|cpts|vague|role|titre|repondant|Q[1-9]\b|Q17|Q26)"
    )
    path = tmp_path / "export.csv"
    assert tried(own, rows, path, "limesurvey", path, keep=lambda w: w[0] in "sm" or some.match(w)) > 5


def test_kobo(own, tmp_path):
    rows = layouts.kobo(PEOPLE, CORRECTED, joined=True, split=True)
    some = re.compile(r"(cellule|titre) .*(identite|Q[1-7]\b|Q17|Q26|_uuid|start)")
    path = tmp_path / "export.csv"
    assert tried(own, rows, path, "xlsform", path, keep=lambda w: w[0] in "sm" or some.match(w)) > 20


def test_our_template(own, tmp_path):
    CliRunner().invoke(main, ["instrument", "export", "answers", "--out", str(tmp_path / "modele.csv")])
    header = layouts.header_of(tmp_path / "modele.csv")
    rows = layouts.template(PEOPLE, header, CORRECTED)
    some = re.compile(r"(cellule|titre) (cpts|vague|role|repondant|Q[1-7]\b|Q17|Q26)")
    path = tmp_path / "reponses.csv"
    assert tried(own, rows, path, "answers", path, keep=lambda w: w[0] in "sm" or some.match(w)) > 20


@pytest.mark.parametrize("name", ["codebook", "highlights"])
def test_taguette_exports(own, tmp_path, name):
    rows = list(csv.reader(io.StringIO((FIXTURES / "taguette" / f"{name}.csv").read_text("utf-8-sig"))))
    path = tmp_path / "export.csv"
    beside = [FIXTURES / "taguette" / "codebook.csv"] if name == "highlights" else []
    assert tried(own, rows[:3], path, "taguette", *beside, path) >= 6


def test_taguette_projects(own, tmp_path):
    project, count = FIXTURES / "taguette" / "project.sqlite3", 0
    with closing(sqlite3.connect(project)) as base:
        tables = [row[0] for row in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        columns = [(t, row[1]) for t in tables for row in base.execute(f"PRAGMA table_info({t})")]
    for table, column in columns:
        path = tmp_path / "essai.sqlite3"
        shutil.copy(project, path)
        with closing(sqlite3.connect(path)) as base:
            base.execute("PRAGMA ignore_check_constraints = 1")
            try:
                base.execute(
                    f"UPDATE {table} SET {column} = ? WHERE rowid = (SELECT MIN(rowid) FROM {table})",
                    (WORDS,),
                )
                base.commit()
            except sqlite3.Error:
                continue  # a key of whole numbers holds no words
        # What a project is called is how one is chosen.
        count += 1
        said = told(own, "taguette", path)
        assert not leaks(said) or (table, column) == ("projects", "name"), (table, column)
    print(f"taguette, projet : {count} déplacements, 0 fuite")
    assert count > 20


def test_refi_projects(own, tmp_path):
    document = refi.qde(
        variables=f'<Variables><Variable guid="{refi.guid(70)}" name="Métier" typeOfVariable="Text"/></Variables>\n',
        cases=f'<Cases><Case guid="{refi.guid(80)}" name="A">'
        + "".join(refi.VALUE.format(refi.guid(70), kind="TextValue", said=said) for said in ("un", "deux"))
        + f'<SourceRef targetGUID="{refi.guid(50)}"/></Case></Cases>\n',
    )
    spots = [match.span(1) for match in re.finditer(r'="([^"]*)"', document)]
    spots += [match.span(1) for match in re.finditer(r">([^<>\s][^<>]*)<", document)]
    for start, end in spots:
        path = refi.archive(tmp_path, document[:start] + WORDS + document[end:])
        assert not leaks(told(own, "refi", path)), document[max(0, start - 40) : end]
    for name in (f"Sources/{WORDS}.txt", f"{WORDS}/../../texte.txt"):
        path = refi.archive(tmp_path, refi.qde(path=f"internal://{WORDS}.txt"), {name: b"\xff\xfe\x00\xd8"})
        assert not leaks(told(own, "refi", path)), name
    print(f"refi : {len(spots) + 2} déplacements, 0 fuite")
    assert len(spots) > 50


SEGMENTS = [
    ["segment", "source", "code", "coder", "start", "end", "text", "valence"],
    ["s1", "e1", "c1", "1", "0", "4", "mots", "frein"],
]
CODES = [
    ["code", "label_fr", "parent", "definition_fr"],
    ["c1", "Temps", "", "rien"],
    ["c2", "Lieu", "c1", ""],
]
OTHERS = [["source", "rank", "length", "date"], ["e1", "1", "40", "2026-01-01"]]
ATTRIBUTES = [["source", "attribute", "value"], ["e1", "métier", "infirmier"]]


@pytest.mark.parametrize("rows", [SEGMENTS, CODES, OTHERS, ATTRIBUTES])
def test_coded_tables(own, tmp_path, rows):
    path = tmp_path / "materiau.csv"
    tried(own, rows, path, "segments", path)


GUARDED = (
    "material/codes",
    "material/sources",
    "material/attributes",
    "material/segments",
    "survey/answers",
    "survey/consensus",
)


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    folder = tmp_path_factory.mktemp("exemple") / "p"
    starting.new(folder, example=True, with_workbook=True)
    return folder


@pytest.mark.parametrize("table", GUARDED)
def test_csv(own, example, tmp_path, table):
    cells = catalog.cells(table, example)
    rows = [cells.header, *(row for _, row in cells.rows[:2])]
    path = tmp_path / "tableau.csv"
    tried(own, rows, path, "csv", path, "--table", table)


@pytest.mark.parametrize("table", GUARDED)
def test_workbook(own, example, tmp_path, table):
    path, found = tmp_path / "classeur.xlsx", []
    book = load_workbook(example / "classeur.xlsx")
    for name in book.sheetnames:
        if name not in ("CPTS", workbook.sheet_name(table)):
            del book[name]
    sheet = book[workbook.sheet_name(table)]
    # A thousand answers would be read again for each cell: ten rows are enough for every fault of one and of several.
    sheet.delete_rows(12, sheet.max_row)
    for line in (1, 2):
        for column in range(1, len(catalog.Package(example).table(table).fields) + 1):
            cell = sheet.cell(line, column)
            before, cell.value = cell.value, WORDS
            book.save(path)
            cell.value = before
            if leaks(told(own, "workbook", path)):
                found.append((line, column))
    assert found == []
