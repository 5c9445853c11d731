"""What a class hands back may be damaged or made to harm: read, left, or told in one sentence."""

from __future__ import annotations

import csv
import json

import pandas as pd
import pytest

from helpers.classroom import certificate, collection, folders
from helpers.errors import DataError, UsageError
from helpers.seminar import hunt, planting
from helpers.seminar.checks import MIME
from helpers.seminar.exercises import KNOWN, RIGHT
from tests.project import PROJECT


def saved(**told):
    return {"exercices": [{"exercise": "x", "verdict": RIGHT} | told]}


@pytest.fixture
def room(tmp_path):
    """A class whose only pair is to hand back its files in the folder given."""
    (tmp_path / folders.RETURNED / "binome-01").mkdir(parents=True)
    plans = tmp_path / folders.TEACHER / folders.PLANS
    plans.mkdir(parents=True)
    pd.DataFrame([["miller2022/members", "cpts=A", "share", "decimal", "3", "30", "x"]], columns=planting.COLUMNS).to_csv(
        plans / "binome-01.csv", index=False
    )  # fmt: skip
    (plans.parent / folders.GAPS).write_text("table,line\nmiller2022/members,3\n", encoding="utf-8")
    return tmp_path


def handed(room, name, content):
    (room / folders.RETURNED / "binome-01" / name).write_bytes(content)


@pytest.mark.parametrize(
    "node",
    [
        3, None, [1], {"cells": 5}, {"cells": {"a": 1}}, {"cells": ["x", {"outputs": None}, {"outputs": ["x"]}]},
        {"cells": [{"outputs": [{"data": data}]} for data in (None, [1], {MIME: 3}, {MIME: {"exercise": "x"}})]},
        {"exercices": [None, 3]}, saved(verdict=["a"]), saved(exercise=["x"]), saved(verdict="autre"),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_left(room, node):
    handed(room, "s1.ipynb", json.dumps(node).encode())
    assert len(collection.answers(room)) == 0


@pytest.mark.parametrize(
    "told", [{"try": "abc"}, {"try": None}, {"try": 1e400}, {"mistake": 3}, {"mistake": None}]
)
def test_an_answer_with_odd_details_counts(room, told):
    handed(room, "reponses.json", json.dumps(saved(**told)).encode())
    assert collection.answers(room)[["mistake_id", "essais"]].values.tolist() == [["", 1]]


def test_nothing_that_is_handed_back_runs_in_a_spreadsheet_or_a_page(room):
    handed(room, "a.json", json.dumps(saved(exercise="=cmd|x", verdict=KNOWN, mistake="+1")).encode())
    handed(room, "b.json", json.dumps(saved(exercise="<b>\ud800", verdict=KNOWN, mistake="<i>")).encode())
    collection.collect(room, PROJECT)
    for name in (collection.CLASS, collection.MAP):
        text = (room / name).read_text(encoding="utf-8")
        assert "'=cmd|x" in text
        assert "'+1" in text
    assert "<b>" not in (room / collection.PAGE).read_text(encoding="utf-8")


def test_a_link_is_not_followed(room, tmp_path_factory):
    place = tmp_path_factory.mktemp("ailleurs")
    (place / "a.json").write_text(json.dumps(saved()), encoding="utf-8")
    (room / folders.RETURNED / "lien").symlink_to(place)
    assert "lien" not in collection.returned(room)


@pytest.mark.parametrize("content", [b"", b"\0", b"[" * 200_000])
def test_a_damaged_notebook_is_told_with_its_pair(room, content):
    handed(room, "s1.ipynb", content)
    with pytest.raises(DataError, match=r"binome-01, s1\.ipynb : le fichier rendu n'est pas lisible"):
        collection.collect(room, PROJECT)


@pytest.mark.parametrize(
    "content", ["table,key\né".encode("cp1252"), b"table,key\n" + b"a" * 200_000 + b",k=1\n"]
)
def test_a_hunt_that_does_not_read_is_told(content):
    usual = csv.field_size_limit(131_072)  # other readers raise it
    with pytest.raises(DataError, match=r"chasse\.csv : le fichier ne se lit pas"):
        hunt.lines("chasse.csv", content)
    csv.field_size_limit(usual)


@pytest.mark.parametrize("name", [folders.GAPS, f"{folders.PLANS}/binome-01.csv"])
@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"table,line\nx,y\n", b"table,key\n1,2,3\n"])
def test_a_table_of_the_teacher_that_changed_is_told(room, name, content):
    (room / folders.TEACHER / name).write_bytes(content)
    handed(room, "chasse.csv", b"table,key\n")
    with pytest.raises(DataError):
        collection.score(room, PROJECT)


@pytest.mark.parametrize("text", ["²", "0", "201", "-1", ""])
def test_what_is_no_number_of_pairs_is_refused(text):
    with pytest.raises(UsageError):
        folders.pseudonyms(text)


@pytest.mark.parametrize(
    "ours",
    [
        {"claims": "*", "inputs": [], "lock": None, "figures": {}},
        {"claims": "*", "inputs": {}, "lock": "x", "figures": {"a": 7}},
        {"claims": "*", "inputs": {}, "lock": "x", "figures": {"a": ["1"]}},
    ],
)
def test_a_certificate_of_a_wrong_shape_is_refused_whatever_its_number(tmp_path, ours):
    path = tmp_path / "codecheck.yml"
    path.write_text(
        json.dumps({"observatoire": ours, "certificate": certificate._number(ours)}), encoding="utf-8"
    )
    with pytest.raises(DataError, match="n'est pas un certificat"):
        certificate.verify(path, PROJECT)


def test_a_certificate_too_deep_to_read_is_refused(tmp_path):
    path = tmp_path / "codecheck.yml"
    path.write_text("[" * 5000, encoding="utf-8")
    with pytest.raises(DataError, match="n'est pas un certificat"):
        certificate.verify(path, PROJECT)
