"""`cpts instrument` and `cpts import` of answers, from the questionnaire to the tables of a package."""

from __future__ import annotations

import shutil

import pandas as pd
import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from helpers import catalog
from helpers.commands.main import main
from helpers.intake import check
from helpers.intake.deposit import deposit
from helpers.survey import instrument
from tests.project import PROJECT
from tests.survey import layouts
from tests.survey.layouts import Given, Respondent

CORRECTED = instrument.load("corrected", study=PROJECT)
PEOPLE = [
    Respondent(
        "a",
        "2026-11",
        "coordination",
        "r1",
        {"Q2": Given({"1"}), "Q5": Given({"1", "5"}, {"5": '=été ; "oui",\nnon'})},
    ),
    Respondent("a", "2026-11", "ars", "r2", {"Q2": Given({"3"}), "Q1": Given(texts={"": "2019-02"})}),
]


def cpts(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def own(tmp_path):
    shutil.copytree(catalog.MODEL_FOLDER, tmp_path / "own")
    deposit({"cpts/cpts": pd.DataFrame({"cpts": ["a"], "name_fr": ["CPTS A"]})}, tmp_path / "own")
    return tmp_path / "own"


def content(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("limesurvey", "q.txt"),
        ("xlsform", "q.xlsx"),
        ("form", "q.html"),
        ("answers", "r.csv"),
        ("answers", "r.xlsx"),
    ],
)
def test_export_writes_one_file(tmp_path, kind, name):
    result = cpts("instrument", "export", kind, "--out", tmp_path / name)
    assert result.exit_code == 0, result.output
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).stat().st_size > 300


@pytest.mark.parametrize("name", ["r.csv", "r.xlsx"])
def test_a_template_that_was_filled_is_never_written_over(tmp_path, name):
    path = tmp_path / name
    for _ in range(2):
        assert cpts("instrument", "export", "answers", "--out", path).exit_code == 0
    if name == "r.csv":
        path.write_bytes(path.read_bytes() + b"a;2026-11;ars;r1\r\n")
    else:
        book = load_workbook(path)
        book["Réponses"].append(["a", "2026-11", "ars", "r1"])
        book.save(path)
    before = path.read_bytes()
    refused = cpts("instrument", "export", "answers", "--out", path)
    assert (refused.exit_code, path.read_bytes()) == (2, before)
    assert "des réponses y sont peut-être saisies" in refused.output


def test_export_of_the_printed_variant_differs(tmp_path):
    for variant in instrument.VARIANTS:
        cpts("instrument", "export", "limesurvey", "--variant", variant, "--out", tmp_path / f"{variant}.txt")
    original, corrected = (
        (tmp_path / f"{variant}.txt").read_text(encoding="utf-8-sig") for variant in instrument.VARIANTS
    )
    assert "\tY\tQ37\t" in original
    assert "\tM\tQ37\t" in corrected


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["export", "xlsform", "--out", "q.txt"], 2, "« q.txt » doit finir par .xlsx."),
        (["export", "answers", "--out", "q.ods"], 2, "doit finir par .csv ou .xlsx."),
        (["export", "xlsform", "--out", "q.xlsx", "--pdf"], 2, "--pdf ne vaut que pour le formulaire"),
        (["export", "form", "--out", "absent/q.html"], 1, "n'a pas pu être écrit"),
        (["show", "Q99"], 2, "Question inconnu(e) : « Q99 »"),
    ],
)
def test_bad_calls_are_one_sentence(tmp_path, monkeypatch, arguments, code, sentence):
    monkeypatch.chdir(tmp_path)
    result = cpts("instrument", *arguments)
    assert list(tmp_path.iterdir()) == []
    assert result.exit_code == code
    assert sentence in result.output
    assert "Traceback" not in result.output


def test_form_as_pdf_says_when_there_is_no_browser(tmp_path, monkeypatch):
    monkeypatch.setenv("CHROMIUM", "navigateur-absent")
    result = cpts("instrument", "export", "form", "--pdf", "--out", tmp_path / "q.html")
    assert result.exit_code == 1
    assert "Aucun Chromium" in result.output
    assert (tmp_path / "q.html").exists()


def test_show_lists_questions_and_answers():
    assert (
        len([line for line in cpts("instrument", "show").output.splitlines() if line.startswith("    Q")])
        == 42
    )
    shown = cpts("instrument", "show", "Q26", "--variant", "original").output
    assert "se pose si Q2 : CPTS en fonctionnement" in shown
    assert "      3  Par un consultant externe" in shown
    assert "51 à 100 → 51 à 99" in cpts("instrument", "differences").output


@pytest.mark.parametrize("tool", ["limesurvey", "xlsform", "answers"])
def test_answers_of_each_tool_reach_the_package(own, tmp_path, tool):
    template = tmp_path / "modele.csv"
    cpts("instrument", "export", "answers", "--out", template)
    header = layouts.header_of(template)
    table = {
        "limesurvey": lambda: layouts.limesurvey(PEOPLE, CORRECTED, heads="full", full=True),
        "xlsform": lambda: layouts.kobo(PEOPLE, CORRECTED, joined=False, split=True),
        "answers": lambda: layouts.template(PEOPLE, header, CORRECTED),
    }[tool]()
    (tmp_path / "reponses.csv").write_bytes(layouts.as_csv(table, delimiter=";", encoding="cp1252"))
    result = cpts("import", tool, tmp_path / "reponses.csv", "--into", own)
    assert result.exit_code == 0, result.output
    answers = catalog.load("survey/answers", own)
    rows = [tuple(row) for row in answers.astype(object).where(answers.notna(), None).to_numpy()]
    assert rows == layouts.expected_rows(PEOPLE, CORRECTED)
    assert check.check(own) == []
    again = cpts("import", tool, tmp_path / "reponses.csv", "--into", own)
    assert "0 ligne(s) ajoutée(s)" in again.output


def test_the_workbook_that_was_handed_out_comes_back_filled(own, tmp_path):
    path = tmp_path / "modele.xlsx"
    cpts("instrument", "export", "answers", "--out", path)
    book = load_workbook(path)
    sheet = book["Réponses"]
    titles = [cell.value for cell in sheet[1]]
    for row, person in enumerate(layouts.template(PEOPLE, titles, CORRECTED)[1:], start=2):
        for column, text in enumerate(person, start=1):
            cell = sheet.cell(row, column)
            cell.value = text or None
            cell.data_type = "s" if text else "n"
    book.save(path)
    result = cpts("import", "answers", path, "--into", own)
    assert result.exit_code == 0, result.output
    answers = catalog.load("survey/answers", own)
    rows = [tuple(row) for row in answers.astype(object).where(answers.notna(), None).to_numpy()]
    assert rows == layouts.expected_rows(PEOPLE, CORRECTED)


def test_changed_answers_wait_for_replace(own, tmp_path):
    path = tmp_path / "reponses.csv"
    path.write_bytes(layouts.as_csv(layouts.kobo(PEOPLE, CORRECTED)))
    cpts("import", "xlsform", path, "--into", own)
    before = content(own)
    changed = [Respondent("a", "2026-11", "ars", "r2", {"Q2": Given({"1"})}), PEOPLE[0]]
    path.write_bytes(layouts.as_csv(layouts.kobo(changed, CORRECTED)))
    refused = cpts("import", "xlsform", path, "--into", own)
    assert refused.exit_code == 1
    assert "--replace" in refused.output
    assert content(own) == before
    assert cpts("import", "xlsform", path, "--into", own, "--replace").exit_code == 0
    answers = catalog.load("survey/answers", own)
    assert answers.loc[answers["respondent"].eq("r2") & answers["question"].eq("Q2"), "option"].tolist() == [
        "1"
    ]
    assert len(answers.drop_duplicates(["respondent", "question"])) == 2 * 42


@pytest.mark.parametrize(
    ("cells", "sentences"),
    [
        (
            "a,2026-11,ars,r1,A9,x",
            [
                "Ligne 2, Q2 : la cellule",
                "Ligne 2, Q7 : la cellule",
                "variante « corrected »",
                "Rien n'a été importé",
            ],
        ),
        (
            "b,2026-11,ars,r1,A1,2",
            ["Rien n'a été importé", "1\u00a0répondant d'une CPTS qui n'est pas dans le tableau"],
        ),
    ],
)
def test_a_fault_writes_nothing(own, tmp_path, cells, sentences):
    path = tmp_path / "reponses.csv"
    path.write_text(f"cpts,vague,role,repondant,Q2,Q7\n{cells}\n", encoding="utf-8")
    before = content(own)
    result = cpts("import", "limesurvey", path, "--into", own)
    assert result.exit_code == 1
    for sentence in sentences:
        assert sentence in result.output
    assert content(own) == before


def test_identity_may_come_from_the_command(own, tmp_path):
    path = tmp_path / "reponses.csv"
    path.write_text("token,Q2,Avis\nt1,A1,bien\n", encoding="utf-8")
    common = ("import", "limesurvey", path, "--into", own, "--cpts", "a", "--wave", "2026-11")
    assert "--ignore" in cpts(*common, "--role", "cpam").output
    result = cpts(*common, "--role", "cpam", "--ignore", "Avis")
    assert result.exit_code == 0, result.output
    assert set(catalog.load("survey/answers", own)["respondent"]) == {"t1"}
