"""A class from its making to its scores: kits without answers, checks that work there, one table and one map at the end."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys

import nbformat
import pytest

from helpers.catalog.package import MODEL_FOLDER
from helpers.classroom import collection, folders, versions
from helpers.errors import DataError, UsageError
from helpers.french import NBSP
from helpers.pipeline import notebook as stored
from helpers.pipeline import parameters, run
from helpers.seminar import checks, exercises, hunt, planting
from helpers.seminar.answers import answers
from tests.project import PROJECT

# What a pair may ask of its kit, in one process: its code is read once.
IN_THE_KIT = f"""
from helpers.catalog import Study
from helpers.documents import reproductions
from helpers.intake import check
from helpers.seminar import checks, hunt

etude = Study('')
for name, answer in [('hausse_aci', '54,9'), ('hausse_aci', '20,3'), ('mg_60_b', 34.8), ('densite_e', 'x')]:
    print(checks.check(name, answer, study=etude).verdict)
print(check.check())
registre = reproductions.ledger(study=Study(''))
print(*hunt.moved('carnets/{hunt.PUBLISHED}', registre).index)
print(len(hunt.moved('absent.csv', registre)))
"""


@pytest.fixture(scope="module")
def told_by_the_kit(room):
    kit = room[2]
    environment = {**os.environ, "PYTHONPATH": str(kit / "src")}
    done = subprocess.run(
        [sys.executable, "-c", IN_THE_KIT],
        cwd=kit,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_a_kit_is_small_and_shows_nothing(room):
    _, zips, kit = room
    assert all(path.stat().st_size < 3_000_000 for path in zips)
    assert not (kit / "src/helpers/seminar/answers").exists()
    assert not (kit / "src/helpers/classroom").exists()
    shown = "".join(
        path.read_text(encoding="utf-8")
        for path in [*kit.glob("carnets/*"), kit / "controles.json", kit / "fiche.html"]
    )
    assert not re.search(r"123[,.]0\b|123[,.]03|\b20[,.]3\b|\b6[,.]49\b|BEGIN SOLUTION", shown)
    claims = list(csv.DictReader((kit / "data/claims.csv").open(encoding="utf-8")))
    assert {row[name] for row in claims for name in ("severity", "cause", "reply")} == {""}
    assert {"LISEZMOI.txt", "lancer.sh", "lancer.bat", "lancer.command"} <= {
        path.name for path in kit.iterdir()
    }
    assert not list(kit.rglob("plans"))
    assert (kit / "docs/helpers.md").is_file()


def test_no_answer_of_three_digits_is_in_what_a_kit_says_of_the_exercises(room):
    kit = room[2]
    own = [*kit.glob("*.txt"), kit / "data/claims.csv", kit / "docs/helpers.md"]
    own += [
        path
        for place in ("src/helpers/seminar", "carnets", "data/seminar")
        for path in (kit / place).rglob("*.*")
    ]
    shown = {path.name: path.read_text(encoding="utf-8") for path in own if path.suffix != ".pyc"}
    known = exercises.exercises(PROJECT)
    for name, answer in answers().items():
        value = exercises.at_digits(float(answer.value(PROJECT)), known[name].decimals).replace(".", "[.,]")
        if sum(map(str.isdigit, value)) >= 3:
            written = re.compile(rf"(?<![\w.,-]){value}(?![\w])")
            assert [place for place, text in shown.items() if written.search(text)] == [], name


def test_the_checks_of_a_kit_open_the_sealed_sentences(told_by_the_kit):
    assert told_by_the_kit[:-2] == ["erreur reconnue", "juste", "erreur reconnue", "pas encore", "[]"]


def test_each_pair_has_errors_of_its_own_and_the_same_class_the_same_bytes(room, tmp_path):
    made, zips, _ = room
    plans = [
        (made.folder / "formateur/plans" / f"{name}.csv").read_text(encoding="utf-8")
        for name in made.students
    ]
    assert plans[0] != plans[1]
    files = folders._shared_files("{}", "", "")
    assert folders._zipped(files) == folders._zipped(dict(reversed(files.items())))
    for folder in ("etudiants", "formateur/plans"):
        (tmp_path / folder).mkdir(parents=True)
    shared = [
        (room[2] / name).read_text(encoding="utf-8")
        for name in ("controles.json", "fiche.html", f"carnets/{hunt.PUBLISHED}")
    ]
    alone = folders.Class(tmp_path, "3h", ("ada",), 1, 3)
    known = folders.planting.ledger(PROJECT.package.key)
    folders._lightened(PROJECT.package.folder, tmp_path / "data", known)
    again = folders._student(alone, tmp_path / "data", folders._shared_files(*shared), "ada")
    assert again.read_bytes() == zips[0].read_bytes()


def test_the_teacher_has_the_answers_and_the_corrections(room):
    place = room[0].folder / "formateur"
    guide = (place / "guide.html").read_text(encoding="utf-8")
    assert "20,3" in guide
    assert "<script" not in guide
    for path in folders.masters():
        page = (place / "corrections" / f"{path.stem}.html").read_text(encoding="utf-8")
        if path.stem != "s4_chasse":
            assert "Juste" in page
            assert "Pas encore" not in page


def executed(path, place):
    """A student's notebook, run with nothing filled in."""
    empty = place / path.name
    empty.write_text(stored.stored(versions.student(parameters.content_of(path))), encoding="utf-8")
    return nbformat.writes(run.execute(parameters.read(empty), {}).node)


def answered(answers):
    """The notebook that JupyterLab saves once these answers are checked: its records only."""
    shown = [
        checks.check(name, answer, study=PROJECT)._repr_mimebundle_() for name, answer in answers.items()
    ]
    outputs = [{"output_type": "execute_result", "data": data} for data in shown]
    return json.dumps({"cells": [{"cell_type": "code", "outputs": [output]} for output in outputs]})


@pytest.fixture(scope="module")
def handed_back(room, tmp_path_factory):
    """Three pairs: an empty notebook, and two that made the same mistake of scope; one of them hunted."""
    place = room[0].folder / "rendus"
    second, given = folders.masters()[1], tmp_path_factory.mktemp("vide")
    answers = {
        "vide": {},
        "ada": {"hausse_aci": "54,9", "mg_10000": "6,49"},
        "max": {"hausse_aci": "54,9", "mg_10000": "6,11"},
    }
    for name, own in answers.items():
        (place / name).mkdir()
        (place / name / second.name).write_text(
            answered(own) if own else executed(second, given), encoding="utf-8"
        )
    plan = list(
        csv.DictReader(io.StringIO((room[0].folder / "formateur/plans/ada.csv").read_text(encoding="utf-8")))
    )
    lines = [f'{row["table"]},{row["key"]},printed,{row["kind"]},"{row["printed_true"]}"' for row in plan[:2]]
    text = "\n".join(["table,key,column,kind,corrected", *lines])
    (place / "ada/chasse.csv").write_text(text, encoding="utf-8")
    return place


def test_an_empty_notebook_runs_to_its_end_and_nothing_is_counted(handed_back):
    node = json.loads(next((handed_back / "vide").glob("*.ipynb")).read_text(encoding="utf-8"))
    outputs = [output for cell in node["cells"] for output in cell.get("outputs", [])]
    assert not [output for output in outputs if output["output_type"] == "error"]
    records = [output["data"][checks.MIME] for output in outputs if checks.MIME in output.get("data", {})]
    assert len(records) == 9
    assert {record["verdict"] for record in records} == {"à faire"}


def test_the_class_map_begins_with_the_most_frequent_mistake(room, handed_back):
    said = collection.collect(room[0].folder, PROJECT)
    assert said[0].startswith(f"3{NBSP}dossiers rendus, 4{NBSP}réponses")
    first = next(csv.DictReader((room[0].folder / "carte.csv").open(encoding="utf-8")))
    assert (first["exercise_id"], first["mistake_id"], first["binomes"]) == ("hausse_aci", "champ", "2")
    page = (room[0].folder / "classe.html").read_text(encoding="utf-8")
    assert "54" not in re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)


def test_the_hunt_is_scored(room, handed_back):
    said = collection.score(room[0].folder, PROJECT)
    rows = list(csv.DictReader((room[0].folder / "scores.csv").open(encoding="utf-8")))
    assert [(row["pseudonyme"], row["points"], row["trouvees"]) for row in rows] == [
        ("ada", "4.0", "2"),
        ("max", "0.0", "0"),
    ]
    assert any(sentence.startswith("vide : aucun plan") for sentence in said)
    found = list(csv.DictReader((room[0].folder / "trouvailles.csv").open(encoding="utf-8")))
    results = [(row["pseudonyme"], row["resultat"]) for row in found]
    assert results == [("ada", "trouvée")] * 2 + [("ada", "manquée")] + [("max", "manquée")] * 3
    assert all(row["claims"] for row in found)


def test_the_published_verdicts_say_in_which_tables_to_look(room, told_by_the_kit):
    tables, untouched = told_by_the_kit[-2:]
    plan = csv.DictReader((room[0].folder / "formateur/plans/ada.csv").open(encoding="utf-8"))
    ledger = PROJECT.table("claims").set_index("claim_id")["table"]
    of_the_plan = {ledger[claim] for row in plan for claim in row["claims"].split()}
    # Two errors may exchange the verdicts of one table: then their sum says nothing of it.
    assert set(tables.split()) <= of_the_plan
    assert len(tables.split()) >= 2
    assert untouched == "0"


def test_what_is_not_a_class_is_one_sentence(tmp_path, room):
    with pytest.raises(DataError, match="ne contient aucun dossier rendu"):
        collection.collect(tmp_path, PROJECT)
    (tmp_path / "rendus").mkdir()
    (tmp_path / "rendus/x.zip").write_bytes(b"PK")
    with pytest.raises(DataError, match="n'est pas une archive entière"):
        collection.collect(tmp_path, PROJECT)
    with pytest.raises(DataError, match="plans de plantation"):
        collection.score(tmp_path, PROJECT)
    with pytest.raises(UsageError, match="n'est pas un dossier vide"):
        folders.make(room[0])


def test_a_package_without_published_figures_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(UsageError, match="partez d'une copie"):
        folders.make(folders.Class(tmp_path / "classe", "3h", ("ada",), 1, 3, str(MODEL_FOLDER)))
    with pytest.raises(UsageError, match="partez d'une copie"):
        planting.plant(MODEL_FOLDER, tmp_path / "classe", 1)
    assert not (tmp_path / "classe").exists()


@pytest.mark.parametrize(
    ("text", "error"), [("0", "de 1 à 200"), ("201", "de 1 à 200"), ("absent.txt", "ni un nombre")]
)
def test_pairs_are_a_number_or_a_file(text, error):
    with pytest.raises(UsageError, match=error):
        folders.pseudonyms(text)


def test_a_file_of_pseudonyms_refuses_what_looks_like_a_name_with_spaces(tmp_path):
    path = tmp_path / "noms.txt"
    path.write_text("ada\nlovelace-2\n", encoding="utf-8")
    assert folders.pseudonyms(str(path)) == ("ada", "lovelace-2")
    path.write_text("ada\nlovelace-2\n", encoding="utf-16")
    assert folders.pseudonyms(str(path)) == ("ada", "lovelace-2")
    path.write_text("Ada\nada\n", encoding="utf-8")
    with pytest.raises(UsageError, match="chacun son pseudonyme"):
        folders.pseudonyms(str(path))
    path.write_text("Ada Lovelace\n", encoding="utf-8")
    with pytest.raises(UsageError, match="un pseudonyme n'a que"):
        folders.pseudonyms(str(path))
