"""Files that failed in the field, each through its command: what its note expects. They are not part of the project."""

from __future__ import annotations

import shutil

import pandas as pd
import pytest
from click.testing import CliRunner

from helpers import catalog
from helpers.commands import main
from helpers.intake import check, starting
from helpers.intake.deposit import deposit
from tests.conftest import ROOT

CASES = ROOT.parent / "shared" / "data" / "field-cases"
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="les cas de terrain ne sont pas sur cette machine")


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cas") / "paquet"
    starting.new(folder)
    return folder


@pytest.fixture
def own(started, tmp_path):
    folder = shutil.copytree(started, tmp_path / "paquet")
    deposit({"cpts/cpts": pd.DataFrame({"cpts": ["ma-cpts"], "name_fr": ["Ma CPTS"]})}, folder)
    return folder


def imported(own, kind, case, *options):
    """Exit code and words of the import of the one file of a case."""
    (path,) = [path for path in (CASES / case).iterdir() if path.name != "EXPECTED.txt"]
    done = CliRunner().invoke(main.main, ["import", kind, str(path), "--into", str(own), *options])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output.replace("\u00a0", " ")


def passages(own):
    return catalog.cells("material/segments", catalog.open_package(own)).frame()["text"].tolist()


def test_a_case_that_nvivo_writes_as_a_code(own):
    code, said = imported(own, "refi", "refi-cas-nvivo")
    assert (code, "1 cas" in said) == (0, True)
    assert "aule" not in "".join(path.read_text("utf-8-sig") for path in own.rglob("material/*.csv"))


def test_line_ends_that_count_for_one(own):
    assert imported(own, "refi", "refi-crlf-noms-tronques")[0] == 0
    found = passages(own)
    assert len(found) == 6
    for rank, text in enumerate(found, start=1):
        assert text.startswith(f"Paragraphe {rank} ")
        assert text.endswith("décision.")


def test_line_ends_without_names(own):
    code, said = imported(own, "refi", "refi-crlf-sans-nom")
    assert (code, "compté pour un seul caractère" in said) == (0, True)
    assert "logiciel commun" in passages(own)


def test_a_passage_without_a_code(own):
    assert (
        "1 passage sans code, rien à importer pour lui" in imported(own, "refi", "refi-passage-sans-code")[1]
    )


def test_a_transcript(own):
    code, said = imported(own, "refi", "refi-transcription-audio")
    assert (code, "sans texte" in said, len(passages(own))) == (0, False, 2)


def test_letters_of_excel_for_mac(own):
    assert imported(own, "csv", "csv-macroman", "--table", "cpts/cpts")[0] == 0
    names = catalog.load("cpts/cpts", own).set_index("cpts")["name_fr"]
    assert names["a"] == "CPTS de l’Étang"


def test_a_title_above_the_header(own):
    code, said = imported(own, "csv", "csv-titre-au-dessus", "--table", "cpts/cpts")
    assert (code, "à la ligne 3" in said, "guillemets" in said) == (1, True, False)


@pytest.mark.parametrize("name", ["apl_2019_moins_de_65.xlsx", "apl_mg_2018.xlsx"])
def test_access_of_older_editions(own, name):
    path = CASES / "drees-moins-de-65-ans" / name
    done = CliRunner().invoke(main.main, ["import", "drees", str(path), "--into", str(own)])
    assert done.exit_code == 0, done.output
    table = catalog.load("official/accessibility", own)
    assert len(table) == 3
    assert table["apl_65"].notna().any()


def test_islands_of_the_north(own):
    assert imported(own, "finess", "finess-iles-du-nord")[0] == 0
    table = catalog.load("official/establishments", own)
    assert {("97701", "977"), ("97801", "978")} <= set(
        zip(table["commune"], table["department"], strict=True)
    )


def test_finess_plus_is_read(own):
    # This file has a legal person and no establishment: it is read to its end, and there is nothing to keep.
    code, said = imported(own, "finess", "finess-plus-json")
    assert (code, "aucune ligne à garder" in said) == (1, True)


def test_timings_of_the_questions_of_identity(own):
    code, said = imported(own, "limesurvey", "limesurvey-durees-identite")
    assert (code, "inconnue" in said) == (0, False)
    assert len(catalog.load("survey/answers", own)["respondent"].unique()) == 1


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("limesurvey", "vague_excel.csv"),
        ("limesurvey", "vague_excel.xlsx"),
        ("answers", "modele_vague_nov26.csv"),
    ],
)
def test_a_wave_that_became_a_date(own, kind, name):
    path = CASES / "vague-changee-en-date" / name
    done = CliRunner().invoke(main.main, ["import", kind, str(path), "--into", str(own)])
    assert done.exit_code == 1
    assert "un tableur en a fait une date" in done.output
    assert catalog.load("survey/answers", own, optional=True).empty


def test_arrondissements_in_a_perimeter(own):
    shutil.copy(CASES / "perimetre-arrondissements" / "perimeters.csv", own / "cpts" / "perimeters.csv")
    assert [fault for fault in check.check(own) if "commune" in fault] == []


def test_words_that_look_like_a_formula_stay_and_the_page_on_security_says_why(own):
    assert imported(own, "segments", "texte-formule")[0] == 0
    assert passages(own)[0] == "=cmd|calc"
    assert "commence par « = »" in (ROOT / "SECURITY.md").read_text(encoding="utf-8")
