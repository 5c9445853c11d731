"""`cpts new --epci|--communes|--departement` and `cpts diagnose`: what was read is printed by name, or nothing is written."""

from __future__ import annotations

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner

from helpers.articulation import ground
from helpers.catalog import Study
from helpers.commands import territory
from helpers.commands.main import main
from helpers.intake import check, perimeter_file
from helpers.territory import diagnosis, places
from tests.intake import test_finess_rpps


def run(*words):
    result = CliRunner().invoke(main, list(map(str, words)))
    assert "Traceback" not in result.output
    return result.exit_code, result.output.replace("\u202f", " ").replace("\u00a0", " ")


def test_a_package_begins_with_the_communes_of_an_epci(tmp_path):
    code, said = run("new", tmp_path / "redon", "--epci", "243500741")
    assert code == 0
    assert "35236  Redon (35) : 9 542 hab." in said
    assert "31 communes, 67 666 habitants (population légale 2023)." in said
    assert check.check(tmp_path / "redon") == []
    study = Study(tmp_path / "redon")
    own = study.table("cpts/cpts").iloc[0]
    assert (own["cpts"], own["population"], own["department"], own["size"]) == ("redon", 67666, "35", 2)
    assert f"{own['population_date']:%Y-%m-%d}" == "2023-01-01"
    rows = study.table("cpts/perimeters")
    assert len(rows) == 31
    assert set(rows["status"]) == {"projet"}
    assert set(rows["valid_from"].dt.strftime("%Y-%m-%d")) == {"2025-01-01"}


def test_a_file_of_communes_has_its_names_checked(tmp_path):
    listed = tmp_path / "communes.csv"
    listed.write_text("CP;INSEE;Commune\n45000;45234;Orléans\n45800;45100;Combleux\n", encoding="utf-8")
    code, said = run(
        "new", tmp_path / "a", "--communes", listed, "--depuis", "2024-03-01", "--nom", "CPTS Test"
    )
    assert (code, "45100  Combleux (45)" in said) == (0, True)
    table = Study(tmp_path / "a").table("cpts/perimeters")
    assert set(table["name_fr"]) == {"CPTS Test"}
    assert f"{table['valid_from'].iloc[0]:%Y-%m-%d}" == "2024-03-01"
    listed.write_text("INSEE;Commune\n45234;Orléans\n45100;Orléans\n", encoding="utf-8")
    code, said = run("new", tmp_path / "b", "--communes", listed)
    assert (code, (tmp_path / "b").exists()) == (1, False)
    assert "« 45100 » est le code INSEE de Combleux" in said


@pytest.mark.parametrize("typed", ["01/03/2024", "1er mars 2024", "2024-03-01"])
def test_a_day_is_typed_as_in_a_cell(tmp_path, typed):
    code, said = run("new", tmp_path / "a", "--communes", "Redon", "--depuis", typed)
    assert code == 0, said
    assert set(Study(tmp_path / "a").table("cpts/perimeters")["valid_from"]) == {pd.Timestamp("2024-03-01")}


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_a_list_typed_in_a_word_processor(tmp_path, encoding):
    text = tmp_path / "liste.txt"
    text.write_text("Communes\n•\tRedon\n- Saint-Médard-sur-Ille\n\t• Langon (35)\n", encoding=encoding)
    assert perimeter_file.listed(text) == ["Redon", "Saint-Médard-sur-Ille", "Langon (35)"]


def test_files_as_people_keep_them(tmp_path):
    text = tmp_path / "liste.txt"
    text.write_text("Communes\nRedon\n35238\n", encoding="utf-8")
    assert perimeter_file.listed(text) == ["Redon", "35238"]
    bare = tmp_path / "nu.csv"
    bare.write_text("35236,Redon\n35238,Rennes\n", encoding="utf-8")
    assert perimeter_file.listed(bare)[1].startswith("35238")
    book = openpyxl.Workbook()
    for row in (["Nom", "Code"], ["Bourg-en-Bresse", 1053.0], ["Redon", 35236]):
        book.active.append(row)
    book.save(tmp_path / "c.xlsx")
    assert perimeter_file.listed(tmp_path / "c.xlsx") == ["1053 Bourg-en-Bresse", "35236 Redon"]


# Every line of what a user may get wrong: what is typed, the sentence that refuses it (one line, nothing written).
REFUSED = [
    (["--communes", "45000,45100,45140"], "semblent être des codes postaux (« 45000 » dessert Orléans, code INSEE 45234)"),
    (["--communes", "45000"], "est un code postal, non un code INSEE : écrivez Orléans (45234)"),
    (["--communes", "35600"], "écrivez Bains-sur-Oust (35013), Redon (35236) ou Sainte-Marie (35294)"),
    (["--communes", "35999"], "n'est le code INSEE d'aucune commune, actuelle ou ancienne, ni un code postal"),
    (["--communes", "35999 Redon"], "Redon a le code 35236"),
    (["--communes", "45100 Orléans"], "est le code INSEE de Combleux (c'est aussi un code postal), et non de « Orléans »"),
    (["--communes", "35236 Rennes"], "Rennes a le code 35238 : corrigez l'un des deux"),
    (["--communes", "Orleens"], "Vouliez-vous dire « Orléans » ?"),
    (["--communes", "Saint-Aubin"], "10 communes s'appellent « Saint-Aubin » : écrivez le code de la bonne, 02671 (02)"),
    (["--communes", "Orléans", "--departement", "35"], "Aucune commune ni aucun EPCI ne s'appelle « Orléans » dans 35"),
    (["--communes", "35"], "est un code de département, non de commune"),
    (["--communes", "352366"], "n'est ni un code de commune (cinq caractères) ni un SIREN d'EPCI (neuf chiffres)"),
    (["--communes", "75056,75101"], "entière et par arrondissement : gardez l'un ou l'autre"),
    *((["--communes", code], "d'une collectivité d'outre-mer") for code in ("97502", "97701", "97801", "98818")),
    (["--communes", ""], "La liste des communes est vide"),
    (["--epci", "200054781"], "130 communes et 7,1 millions d'habitants : donnez un établissement public territorial"),
    (["--epci", "243500742"], "n'est le SIREN d'aucun EPCI à fiscalité propre au 1er janvier 2025"),
]  # fmt: skip
# What is read all the same, with the doubt that is told; the last words are the communes read.
DOUBTED = [
    (
        "1004,35236.0,2a004",
        "en 3 morceaux : Ajaccio et Redon ne touchent pas le reste",
        "2A004  Ajaccio (2A)",
    ),
    (
        "93059",
        "« 93059 » (Pierrefitte-sur-Seine) n'est plus une commune : Saint-Denis (93066) est comptée",
        "93066",
    ),
    (
        "35236,35236",
        "« Redon » (35236) était donnée deux fois : elle compte une fois",
        "1 commune, 9 542 habitants",
    ),
    (
        "35236,243500741",
        "« Redon » (35236) était donnée deux fois : elle compte une fois",
        "31 communes, 67 666",
    ),
    ("75056", "2 103 778 habitants : est-ce bien une CPTS ?", "75056  Paris (75)"),
    ("97608", "Mayotte n'a que le recensement de 2017", "1 commune, population de 2023 inconnue."),
    ("45100,45234", "45100, Combleux (code postal : Orléans (45234))", "45100  Combleux (45)"),
    ("29155,85113", "en 2 morceaux", "29155  Ouessant (29)"),
    (",".join(f"{number:02d}004" for number in range(1, 20)), "morceaux : ", "01004"),
]


@pytest.mark.parametrize(("options", "sentence"), REFUSED)
def test_each_bad_input_is_one_sentence_and_writes_nothing(tmp_path, options, sentence):
    found, said = run("new", tmp_path / "x", *options)
    assert (found, (tmp_path / "x").exists()) == (1, False)
    assert sentence in said
    assert said.strip().count("\n") == 0
    kind, typed, *more = options
    found, same = run("diagnose", *([] if kind == "--epci" else more), typed, "--out", tmp_path / "out")
    assert (found, (tmp_path / "out").exists()) == (1, False)
    assert same == said


@pytest.mark.parametrize(("typed", "remark", "read"), DOUBTED)
def test_each_doubt_is_told_and_does_not_stop(tmp_path, monkeypatch, typed, remark, read):
    rendered = []
    monkeypatch.setattr(territory, "_render", lambda place, *_: rendered.append(place.remarks))
    for words in (("new", tmp_path / "x", "--communes", typed), ("diagnose", typed)):
        code, said = run(*words)
        assert code == 0, said
        assert read in said
        assert remark in said.partition("À vérifier : ")[2]
    assert len(rendered) == 1


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--epci", "243500741", "--departement", "35"], "d'une seule façon"),
        (["--epci", "243500741", "--example"], "paquet inventé"),
        (["--epci", "243500741", "--depuis", "demain"], "n'est pas une date"),
    ],
)
def test_options_that_exclude_each_other(tmp_path, options, sentence):
    found, said = run("new", tmp_path / "x", *options)
    assert (found, (tmp_path / "x").exists()) == (2, False)
    assert sentence in said


def test_a_missing_file_and_an_unknown_department_are_refused(tmp_path):
    for code, options, sentence in (
        (1, ["--communes", "absent.csv"], "absent"),
        (2, ["--departement", "99"], "code de département"),
    ):
        found, said = run("new", tmp_path / "x", *options)
        assert (found, (tmp_path / "x").exists(), said.strip().count("\n")) == (code, False, 0)
        assert sentence in said


def test_a_commune_of_another_cpts_of_the_register_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(territory, "_render", lambda *_: None)
    run("new", tmp_path / "redon", "--epci", "243500741", "--nom", "CPTS du pays de Redon")
    code, said = run("diagnose", "35236,35238", "--paquet", tmp_path / "redon")
    assert code == 0
    assert (
        "À vérifier : Déjà dans « CPTS du pays de Redon » du registre (cpts/perimeters), 1 commune : Redon."
        in said
    )
    assert "Déjà dans" not in run("diagnose", "243500741", "--paquet", tmp_path / "redon")[1]
    assert "Déjà dans" not in run("diagnose", "35238", "--paquet", tmp_path / "redon")[1]
    page = ground.chosen(Study(tmp_path / "redon"), communes="35236,35238")
    assert any(remark.startswith("Déjà dans") for remark in page.remarks)


def test_chosen_indicators_go_into_the_package_with_their_benchmark(tmp_path):
    package = tmp_path / "redon"
    run("new", package, "--epci", "243500741")
    code, said = run("diagnose", "--into", package, "--indicators", "over_65,density")
    assert code == 0, said
    assert "31 communes" in said
    rows = Study(package).table("cpts/indicators").set_index(["indicator", "territory"])["value"]
    assert rows["diagnostic_over_65", "redon"] == pytest.approx(23.3, abs=0.05)
    assert rows["diagnostic_over_65", "departement-35"] < rows["diagnostic_over_65", "redon"]
    assert len(rows) == 4
    assert check.check(package) == []
    before = (package / "cpts/indicators.csv").read_bytes()
    assert run("diagnose", "--into", package, "--indicators", "density,over_65")[0] == 0
    assert (package / "cpts/indicators.csv").read_bytes() == before
    for words, told in (
        (["--into", package], "Choisissez des indicateurs"),
        (["--into", package, "--indicators", "over_66"], "over_65"),
        (["--into", package, "--cpts", "autre", "--indicators", "over_65"], "redon"),
        (["--indicators", "over_65", "35236"], "vont avec « --into »"),
        (["--into", package, "--out", tmp_path], "au lieu de rendre"),
        ([], "Donnez des communes"),
    ):
        code, said = run("diagnose", *words)
        assert code, words
        assert told in said
    assert (package / "cpts/indicators.csv").read_bytes() == before


def test_professionals_are_counted_by_territory_once_each(tmp_path):
    package = tmp_path / "rennes"
    run("new", package, "--communes", "35238,35051")
    given = test_finess_rpps.directory(tmp_path, test_finess_rpps.ACTIVITIES)
    code, said = run("import", "rpps", given, "--into", package, "--territory")
    assert code == 0, said
    study = Study(package)
    rows = study.table("official/territory_activities").set_index("profession")
    # One physician practises in both communes: two persons, where the communes add up to three.
    assert rows["persons"].to_dict() == {"10": 2, "10-MG": 1, "60": 5}
    assert rows.loc["10", "activities"] == 5
    assert set(rows["scheme"]) == {"rennes"}
    found = diagnosis.of(places.resolve(["35238", "35051"]), study)
    assert found.value("rpps_infirmiers_personnes") == 5
    assert "rpps" in found.found
    assert pd.isna(diagnosis.of(places.resolve(["35238"]), study).value("rpps_infirmiers_personnes"))
    empty = tmp_path / "vide"
    run("new", empty)
    code, said = run("import", "rpps", given, "--into", empty, "--territory")
    assert (code, "cpts/perimeters est vide" in said) == (1, True)


def test_a_name_is_looked_for_in_a_department(tmp_path):
    code, said = run("new", tmp_path / "x", "--communes", "Saint-Aubin", "--departement", "47")
    assert (code, "47230  Saint-Aubin (47)" in said) == (0, True)


def test_a_diagnosis_from_names(tmp_path):
    code, said = run("diagnose", "Redon,35238", "--nom", "Essai", "--out", tmp_path)
    assert code == 0, said
    assert "2 communes" in said
    pages = [path for path in tmp_path.glob("*.html") if path.name != "index.html"]
    assert len(pages) == 1
    text = pages[0].read_text(encoding="utf-8")
    assert "Essai" in text
    assert "cpts get apl" in text


def test_the_page_reads_what_was_typed_and_doubts_nothing_else(monkeypatch):
    """The communes of a SIREN were not typed: the page has no doubt on their codes, and says what became of one that was."""
    written = []
    monkeypatch.setattr(territory, "_render", lambda place, text, *_: written.append(text))
    for typed in (["243500741"], ["01455"], ["Saint-Aubin", "--departement", "47"]):
        assert run("diagnose", *typed)[0] == 0
    pages = [ground.chosen(Study(""), communes=text) for text in written]
    assert pages[0].remarks == ()
    assert any("n'est plus une commune" in remark for remark in pages[1].remarks)
    assert (pages[2].codes, pages[2].name_fr) == (("47230",), "Saint-Aubin")
