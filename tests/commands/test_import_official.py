"""`cpts import` of official files: rows in the package with their types, or one sentence and nothing written."""

from __future__ import annotations

import importlib
import shutil

import pandas as pd
import pytest
from click.testing import CliRunner

from helpers import catalog
from helpers.commands.main import main
from helpers.intake import check
from helpers.intake.deposit import deposit
from tests.intake import test_drees as apl
from tests.intake import test_finess_rpps as lists
from tests.intake import test_insee_ameli as tables


@pytest.fixture
def own(tmp_path):
    shutil.copytree(catalog.MODEL_FOLDER, tmp_path / "own")
    deposit({"cpts/cpts": pd.DataFrame({"cpts": ["a"], "name_fr": ["CPTS A"]})}, tmp_path / "own")
    return tmp_path / "own"


def content(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def run(kind, file, own, *options):
    return CliRunner().invoke(main, ["import", kind, str(file), "--into", str(own), *options])


FILES = {
    "insee": ("official/populations", 3, lambda folder: tables.written(folder, tables.RECENT)),
    "ameli": ("official/professionals", 6, lambda folder: tables.cnam(folder, tables.CNAM)),
    "drees": (
        "official/accessibility",
        3,
        lambda folder: apl.workbook(folder, {"APL 2024": apl.generalists()}),
    ),
    "finess": ("official/establishments", 5, lambda folder: lists.stored(folder, lists.LINES + lists.PLACED)),
    "rpps": ("official/activities", 14, lambda folder: lists.directory(folder, lists.ACTIVITIES)),
}
DAMAGED = {
    "insee": lambda folder: tables.written(folder, tables.RECENT.replace("PMUN", "POP")),
    "ameli": lambda folder: tables.cnam(folder, tables.CNAM.replace("effectif;", "nombre;")),
    "drees": lambda folder: apl.workbook(
        folder, {"APL 2024": apl.generalists(header=["Code commune INSEE", "X"])}
    ),
    "finess": lambda folder: lists.stored(folder, [*lists.LINES, "autre;1"]),
    "rpps": lambda folder: lists.directory(
        folder, lists.ACTIVITIES, header=lists.HEADER.replace("Code rôle", "Rang")
    ),
}


@pytest.mark.parametrize("kind", FILES)
def test_an_official_file_comes_in_with_its_types(own, tmp_path, kind):
    name, rows, write = FILES[kind]
    path = write(tmp_path)
    result = run(kind, path, own)
    assert result.exit_code == 0, result.output
    assert f"{name} : {rows} ligne(s) ajoutée(s)" in result.output
    assert len(catalog.load(name, own)) == rows
    assert check.check(own) == []
    before = content(own)
    assert f"{rows} déjà présente(s)" in run(kind, path, own).output
    assert content(own) == before


@pytest.mark.parametrize("kind", FILES)
def test_the_model_describes_every_column_read(tmp_path, kind):
    name, _, write = FILES[kind]
    loaded = importlib.import_module(f"helpers.intake.official.{kind}").load(write(tmp_path))
    table = loaded[0] if kind == "rpps" else loaded
    resource = catalog.Package(catalog.MODEL_FOLDER).resource(name)
    assert list(table) == [field["name"] for field in resource["schema"]["fields"]]
    assert all(field["description"].endswith(".") for field in resource["schema"]["fields"])
    assert resource["optional"] is True


def test_what_was_read_is_what_the_package_holds(own, tmp_path):
    run("ameli", FILES["ameli"][2](tmp_path), own)
    table = catalog.load("official/professionals", own).set_index("code")
    assert table["count"].isna().sum() == 3
    assert table.loc["974", "count"] == 0
    run("finess", FILES["finess"][2](tmp_path), own)
    seats = catalog.load("official/establishments", own).set_index("finess")
    assert pd.isna(seats.loc["2A0000018", "opened"])
    assert seats.loc["970100017", ["commune", "department"]].tolist() == ["97124", "971"]
    run("rpps", FILES["rpps"][2](tmp_path), own)
    assert lists.counts(catalog.load("official/activities", own)) == lists.EXPECTED


@pytest.mark.parametrize("kind", DAMAGED)
def test_a_damaged_file_writes_nothing(own, tmp_path, kind):
    before = content(own)
    result = run(kind, DAMAGED[kind](tmp_path), own)
    assert result.exit_code == 1
    assert len(result.output.strip().splitlines()) == 1
    assert "ligne" in result.output
    assert "attendu" in result.output or "au lieu de" in result.output
    assert "Traceback" not in result.output
    assert content(own) == before


@pytest.mark.parametrize("kind", FILES)
def test_only_one_department(own, tmp_path, kind):
    name, _, write = FILES[kind]
    result = run(kind, write(tmp_path), own, "--departement", "974")
    assert result.exit_code == 0, result.output
    table = catalog.load(name, own)
    codes = table["code" if kind == "ameli" else "commune"]
    assert all(code.startswith("974") for code in codes if code != "france")
    assert (codes == "france").sum() == (kind == "ameli")


def test_another_edition_is_refused_unless_asked(own, tmp_path):
    run("insee", FILES["insee"][2](tmp_path), own)
    before = content(own)
    other = tables.written(tmp_path, tables.RECENT.replace("860;16;876", "861;16;877"))
    refused = run("insee", other, own)
    assert refused.exit_code == 1
    assert "--replace" in refused.output
    assert content(own) == before
    assert "1 remplacée(s)" in run("insee", other, own, "--replace").output


@pytest.mark.parametrize(
    ("kind", "options", "code", "sentence"),
    [
        ("insee", ["--department", "2c"], 2, "« 2c » n'est pas un code de département"),
        ("finess", ["--date", "12/2026"], 2, "« 12/2026 » n'est pas une date : écrivez-la AAAA-MM-JJ"),
        ("drees", ["--year", "2019"], 2, "Année de l'APL inconnu(e)"),
        ("ameli", ["--year", "2019"], 1, "aucune ligne à garder"),
        ("finess", ["--category", "999"], 1, "aucune ligne à garder"),
    ],
)
def test_bad_options_are_one_sentence(own, tmp_path, kind, options, code, sentence):
    before = content(own)
    result = run(kind, FILES[kind][2](tmp_path), own, *options)
    assert result.exit_code == code
    assert sentence in result.output
    assert content(own) == before


@pytest.mark.parametrize(
    ("kind", "typed", "plain"),
    [
        ("insee", ["--department", "1"], ["--department", "01"]),
        ("finess", ["--date", "12/05/2026"], ["--date", "2026-05-12"]),
    ],
)
def test_an_option_is_read_as_a_cell_would_be(own, tmp_path, kind, typed, plain):
    path, copy = FILES[kind][2](tmp_path), tmp_path / "copie"
    shutil.copytree(own, copy)
    assert run(kind, path, own, *typed).output == run(kind, path, copy, *plain).output
    assert content(own) == content(copy)


def test_the_help_names_every_import():
    listed = CliRunner().invoke(main, ["import", "--help"]).output
    assert all(f"  {kind} " in listed for kind in FILES)
