"""Which reports are made: values, one per row of a table, run lists."""

from __future__ import annotations

import pytest

from helpers.errors import UnknownName, UsageError
from helpers.intake import starting
from helpers.pipeline import plan
from tests.pipeline import making

CELL = 'cpts = "A"  # CPTS\nseuil = 11  # Seuil [1 ; 50]\npaquet = ""  # Paquet'


@pytest.fixture
def folder(tmp_path):
    making.notebook(tmp_path / "n", "1", slug="91_un", parameters=CELL)
    making.notebook(tmp_path / "n", "1", slug="92_deux", parameters="seuil = 5  # Seuil [1 ; 50]")
    return tmp_path / "n"


def names(reports):
    return [report.name for report in reports]


def test_a_parameter_goes_to_the_notebooks_that_have_it(folder):
    reports = plan.reports([], {"cpts": "B", "seuil": "7"}, folder=folder)
    assert [report.values for report in reports] == [{"cpts": "B", "seuil": 7}, {"seuil": 7}]
    assert names(reports) == ["91_un", "92_deux"]


def test_a_parameter_of_none_is_refused(folder):
    with pytest.raises(UnknownName, match="Vouliez-vous dire : cpts"):
        plan.reports([], {"cpt": "B"}, folder=folder)


def test_one_report_per_row_of_a_table(folder):
    reports = plan.reports(["91"], {"seuil": "7"}, each="cpts=miller2022/members", folder=folder)
    assert names(reports) == [f"91_un--cpts-{letter}" for letter in "ABCDE"]
    assert reports[1].values == {"cpts": "B", "seuil": 7}


def test_the_column_may_have_another_name_and_type(folder):
    reports = plan.reports(["92"], {}, each="seuil=miller2022/size_classes:size", folder=folder)
    assert [report.values["seuil"] for report in reports] == [1, 2, 3, 4]


def test_the_register_of_a_parameter_is_its_table_without_a_choice(folder):
    reports = plan.reports(["91"], {}, each="cpts", folder=folder)
    assert len(reports) == 76
    assert names(reports)[:2] == ["91_un--cpts-A", "91_un--cpts-B"]
    assert "91_un--cpts-BAS_CHABLAIS" in names(reports)


def test_the_register_is_that_of_the_package_given(tmp_path):
    making.notebook(tmp_path / "n", "1", slug="91_un", parameters=CELL)
    starting.new(tmp_path / "mien", example=True)
    reports = plan.reports(["91"], {"paquet": str(tmp_path / "mien")}, each="cpts", folder=tmp_path / "n")
    assert names(reports) == [f"91_un--cpts-exemple_{name}" for name in ("nord", "sud", "vallee")]


def test_a_key_of_several_tables_without_register_is_refused(tmp_path):
    making.notebook(tmp_path / "n", "1", slug="93_trois", parameters="size = 1  # Taille")
    with pytest.raises(UsageError, match="choisissez avec --each size=TABLEAU"):
        plan.reports(["93"], {}, each="size", folder=tmp_path / "n")


@pytest.mark.parametrize(
    ("each", "sentence"),
    [
        ("seuil", "Aucun tableau n'a « seuil » pour clé"),
        ("cpts=miller2022/membres", "Vouliez-vous dire : miller2022/members"),
        ("cpts=miller2022/members:code", "Colonne de miller2022/members"),
        ("cptss=miller2022/members", "Paramètre inconnu"),
        ("seuil=miller2022/members:value", "de 1 à 50"),
    ],
)
def test_each_refuses_in_one_sentence(folder, each, sentence):
    with pytest.raises(UsageError, match=sentence):
        plan.reports([], {}, each=each, folder=folder)


def test_a_run_list(folder, tmp_path):
    path = tmp_path / "liste.yml"
    path.write_text(
        "defaults: {seuil: 9}\n"
        "reports:\n"
        "  - notebook: 91\n"
        "    each: cpts=miller2022/members\n"
        "  - notebook: 92_deux\n"
        "  - notebook: 92\n"
        "    parameters: {seuil: 3}\n",
        encoding="utf-8",
    )
    reports = plan.from_list(path, folder=folder)
    assert names(reports) == [*(f"91_un--cpts-{letter}" for letter in "ABCDE"), "92_deux", "92_deux--seuil-3"]
    assert [report.values["seuil"] for report in reports] == [9] * 6 + [3]


@pytest.mark.parametrize("number", ["1", "01", '"1"', '"01"', "8", "08", '"08"', "11"])
def test_a_run_list_names_a_notebook_by_its_number_however_yaml_reads_it(tmp_path, number):
    """YAML 1.1 reads 01 as one and 08 as a text."""
    for slug in ("01_un", "08_huit", "11_onze"):
        making.notebook(tmp_path / "n", "1", slug=slug)
    path = tmp_path / "liste.yml"
    path.write_text(f"reports:\n  - notebook: {number}\n", encoding="utf-8")
    (report,) = plan.from_list(path, folder=tmp_path / "n")
    assert int(report.name[:2]) == int(number.strip('"'))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("reports: [", "YAML lisible"),
        ("reports: []", "au moins un rapport"),
        ("- a", "au moins un rapport"),
        ("reports: [{carnet: 91}]", "rapport 1 : écrivez « notebook »"),
        ("reports: [{notebook: 99}]", "Carnet inconnu"),
        ("reports: [{notebook: 92, parameters: {seuil: 99}}]", "de 1 à 50"),
        ("reports: [{notebook: 92}, {notebook: 92}]", "même nom « 92_deux »"),
    ],
)
def test_a_bad_run_list_is_one_sentence(folder, tmp_path, content, sentence):
    path = tmp_path / "liste.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=sentence):
        plan.from_list(path, folder=folder)


def test_names_of_files_are_plain():
    assert plan.variant_name("x", {"b": "Élan / Sud..", "a": [1, 2]}) == "x--a-1_2--b-Elan_Sud"
    assert plan.variant_name("x", {"a": "../../etc"}) == "x--a-etc"
