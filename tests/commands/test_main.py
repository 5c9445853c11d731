"""`cpts`: what it prints, and one sentence with exit code 1 or 2 for every bad input."""

from __future__ import annotations

import re

import click
import pytest
from click.testing import CliRunner

from helpers import catalog
from helpers.commands.main import main
from tests.pipeline import making

pytestmark = pytest.mark.usefixtures("ledger_at_hand")


def cpts(*arguments):
    return CliRunner().invoke(main, list(arguments))


def test_list_shows_each_notebook_with_the_help_of_its_parameters():
    result = cpts("list")
    assert result.exit_code == 0
    for slug in ("00_registre", "01_tableaux_cpts", "02_articulation_dts", "03_tendances_indicateurs"):
        assert f"{slug} : " in result.output
    assert "confiance = 0.95    Niveau de confiance" in result.output


def test_claims_prints_totals_per_document_and_verdict():
    result = cpts("claims")
    assert result.exit_code == 0
    for word in ("miller2022", "fabrique2022", "reproduit", "écart", "total"):
        assert word in result.output


def test_claims_shows_one_figure():
    result = cpts("claims", "miller2022.t1.total.taille1")
    assert result.exit_code == 0
    assert "reproduit" in result.output
    assert "Recalculé : 287\u202f500 €" in result.output


def test_claims_lists_one_verdict_of_one_document():
    result = cpts("claims", "--document", "navinel2020", "--verdict", "écart")
    assert result.exit_code == 0
    lines = result.output.strip().splitlines()
    assert len(lines) > 10
    assert all("navinel2020" in line for line in lines)
    # French numbers with their unit, never "2e+05" or "45.3".
    assert not re.search(r"recalculé [^—]*(?:\d\.\d|e\+)", result.output)
    assert "publié ≈\u00a0proportionnels" in result.output


ENGLISH = re.compile(
    r"\b(the|of|and|file|folder|write|usage:|options:|commands:|required|default|integer|text|path|directory)\b",
    re.IGNORECASE,
)


def every_command(command=main, path=()):
    yield path
    for name, below in getattr(command, "commands", {}).items():
        yield from every_command(below, (*path, name))


@pytest.mark.parametrize("path", list(every_command()), ids=" ".join)
def test_help_is_in_french_and_says_every_option(path):
    result = cpts(*path, "--help")
    assert result.exit_code == 0, result.output
    assert not ENGLISH.search(result.output), ENGLISH.search(result.output)
    command = main
    for name in path:
        command = command.commands[name]
    assert command.help.strip().endswith(".")
    assert "..." not in result.output, "une phrase d'aide est coupée"
    for parameter in command.params:
        assert not isinstance(parameter, click.Option) or parameter.help, (path, parameter.name)


def test_no_command_shows_the_help():
    result = cpts("import")
    assert result.exit_code == 2
    assert "Usage : main import" in result.output


def test_check_is_silent_about_a_sound_package():
    result = cpts("check")
    assert result.exit_code == 0, result.output
    assert "aucun défaut" in result.output


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["render", "01_tableau"], 2, "Carnet inconnu(e) : « 01_tableau »"),
        (["render", "02", "-p", "tail=3"], 2, "Vouliez-vous dire : taille"),
        (["render", "02", "-p", "taille=9"], 2, "de 1 à 4"),
        (["render", "02", "-p", "taille"], 2, "nom=valeur"),
        (["render", "02", "--paquet", "absent"], 1, "datapackage.json"),
        (["claims", "miller2022.t1.total.taille9"], 2, "miller2022.t1.total.taille"),
        (["claims", "--document", "miller"], 2, "miller2022"),
        (["check", "absent"], 1, "datapackage.json"),
        (["rendre"], 2, "Vouliez-vous dire : render"),
        (["render", "--fore"], 2, "option inconnue : « --fore ». Vouliez-vous dire : --force ?"),
        (
            ["render", "--jobs", "0"],
            2,
            "l'option « --jobs » : valeur refusée, attendu : un nombre entier à partir de 1",
        ),
        (["claims", "--document"], 2, "l'option « --document » attend une valeur"),
        (["render", "--force=oui"], 2, "l'option « --force » ne prend pas de valeur"),
        (["claims", "--verdict", "faux"], 2, "valeurs permises : reproduit"),
        (["check", "a", "b"], 2, "« b » n'est pas attendu"),
        (["import", "refi"], 2, "il manque l'argument FICHIER. Voyez « main import refi --help »."),
        (["import", "csv", "f.csv"], 2, "il manque l'option « --table »"),
        (["import", "insee", "f.csv", "--into", "x", "--year", "1"], 2, "un nombre entier de 2000 à 2100"),
        (["instrument", "montrer"], 2, "Commande inconnu(e) : « montrer »"),
        (["render", "02", "--each", "tail"], 2, "Vouliez-vous dire : taille"),
        (["render", "02", "--each", "taille"], 2, "Aucun tableau n'a « taille » pour clé"),
        (["render", "--list", "absente.yml"], 2, "n'a pas pu être lue : fichier ou dossier absent"),
        (["render", "--list", "."], 2, "n'a pas pu être lue : c'est un dossier"),
        (["render", "07", "--each", "cpts", "-p", "cpts=A"], 2, "« cpts » est donné deux fois"),
        (["watch", "02", "--paquet", "absent"], 1, "datapackage.json"),
        (["tables", "zz"], 2, " autres."),
        (["render", "zz"], 2, "12_relecture, 90_galerie_figures."),
        (["render", "02", "--list", "absente.yml"], 2, "--list remplace"),
        (["render", "absent.ipynb"], 2, "Carnet inconnu(e)"),
    ],
)
def test_bad_input_is_one_sentence(arguments, code, sentence, tmp_path):
    out = tmp_path / "reports"
    out.mkdir()
    (out / "02_articulation_dts.html").write_text("le rapport d'avant", encoding="utf-8")
    extra = ["--out", str(out)] if arguments[0] == "render" else []
    result = cpts(*arguments, *extra)
    assert result.exit_code == code, result.output
    assert sentence in result.output
    assert "Traceback" not in result.output
    assert (out / "02_articulation_dts.html").read_text(encoding="utf-8") == "le rapport d'avant"


GOOD = "code,value\na,1\nb,2\n"
FIELDS = [
    {"name": "code", "type": "string"},
    {"name": "value", "type": "number", "decimalChar": ","},
]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("code\na\n", "colonne « value » absente"),
        ("code,value\na,un\n", "« un »"),
        ("\ufeff" + GOOD, "BOM"),
        ("code,value\na,1.5\n", "« 1.5 »"),
        ("code,value\na,1\na,2\n", "répète la clé"),
        ("", "fichier vide"),
    ],
)
def test_check_says_what_is_wrong_with_a_file(small_package, content, sentence):
    result = cpts("check", str(small_package(content, fields=FIELDS)))
    assert result.exit_code == 1
    assert sentence in result.output
    assert "Traceback" not in result.output
    assert cpts("check", str(small_package(GOOD, fields=FIELDS))).exit_code == 0


def test_render_says_what_it_did_and_why(tmp_path):
    making.notebook(tmp_path / "n", "print(taille)", parameters="taille = 2  # Taille [1 ; 4]")
    path, out = str(tmp_path / "n" / "90_essai.ipynb"), str(tmp_path / "out")
    first = cpts("render", path, "--out", out, "--why")
    assert first.exit_code == 0, first.output
    assert "✓ 90_essai" in first.output
    assert "jamais fait" in first.output
    again = cpts("render", path, "--out", out)
    assert "= 90_essai : inchangé" in again.output
    assert "0 rapport fait, 1 inchangé, 0 échec" in again.output.replace("\xa0", " ")
    each = cpts("render", path, "--out", out, "--each", "taille=miller2022/size_classes:size")
    assert "4 rapports faits" in each.output.replace("\xa0", " ")
    assert (tmp_path / "out" / "90_essai--taille-3.html").exists()
    index = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "90_essai--taille-3.html" in index


def test_a_failing_report_gives_exit_code_1(tmp_path):
    making.notebook(tmp_path / "n", "1 / 0")
    result = cpts("render", str(tmp_path / "n" / "90_essai.ipynb"), "--out", str(tmp_path / "out"))
    assert result.exit_code == 1
    assert "✗ 90_essai : sous « 90_essai », ZeroDivisionError" in result.output


def test_a_value_that_no_row_has_is_told_without_the_words_of_python(tmp_path):
    result = cpts("render", "07", "-p", "cpts=Z", "--out", str(tmp_path))
    assert result.exit_code == 1
    assert "sous « Monographie : une CPTS », CPTS inconnu(e) : « Z ». Noms connus : A, " in result.output


@pytest.mark.parametrize("typed", ["--out=~/outil.html", "--out ~/outil.html"])
def test_the_folder_of_the_user_is_found_wherever_the_shell_leaves_its_mark(tmp_path, monkeypatch, typed):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cpts("instrument", "export", "form", *typed.split()).exit_code == 0
    assert (tmp_path / "outil.html").exists()


def test_a_package_is_opened_by_a_notebook_under_the_folder_of_the_user(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert catalog.open_package("~/ma-cpts").folder == tmp_path / "ma-cpts"
    assert cpts("render", "02", "-p", "paquet=~/absent").output.count(str(tmp_path / "absent")) == 1


def test_a_list_that_yaml_cannot_read_says_its_line(tmp_path):
    (tmp_path / "liste.yml").write_text(
        "reports:\n  - notebook: 02\n    parameters: {taille: 4\n", encoding="utf-8"
    )
    result = cpts("render", "--list", str(tmp_path / "liste.yml"))
    assert result.exit_code == 2
    assert "YAML lisible, ligne 3 : vérifiez" in result.output


@pytest.mark.parametrize("typed", ["q1", "1", "Q1"])
def test_a_question_is_shown_by_its_number_however_typed(typed):
    assert cpts("instrument", "show", typed).output.startswith("Q1 : ")
