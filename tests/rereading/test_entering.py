"""A reread document enters a copy of the project: whole and judged at once, or not at all."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import shutil
import subprocess
import sys

import pytest

from helpers.catalog import open_package
from helpers.page import exports
from helpers.rereading import proposals
from tests.conftest import ROOT
from tests.rereading.making import EXAMPLE, reread

# Days, words and headings are terms too, which no cell of a table prints.
MORE = (
    "\n\nLa convention des pharmaciens est signée le 9 mars 2022 au niveau national.\n\n"
    "La convention nationale des pharmaciens, signée le 7 mars 2022, change tout.\n"
)
KEY = "exemple2029"
TEST = f"tests/documents/reproductions/test_{KEY}.py"
# The bad files, then the good one when it is told to go on, in one process: the libraries are read once.
SCRIPT = """
import contextlib, io, json, sys
from pathlib import Path
import pytest
from click.testing import CliRunner
from helpers.commands.main import main

def entered(stage):
    for path in sorted(Path(stage).glob("*.csv")):
        result = CliRunner().invoke(main, ["document", "new", "KEY", "--from", str(path)])
        yield path.stem, [result.exit_code, result.output.strip().splitlines()]

def tested(path):
    with contextlib.redirect_stdout(io.StringIO()) as told:
        code = pytest.main(["-q", "-p", "no:cacheprovider", "--rootdir", str(Path.cwd()), path])
    return [int(code), told.getvalue()]

print(json.dumps(dict(entered("bad"))), flush=True)
sys.stdin.readline()
said = dict(entered("good"))
said["check"] = CliRunner().invoke(main, ["check"]).output
said["test"] = tested("TEST")
print(json.dumps(said))
"""


@functools.cache
def rows():
    found = reread(EXAMPLE.read_text(encoding="utf-8") + MORE)
    table = proposals.proposals(found, key=KEY, claims=list(open_package().table("claims").columns))
    return table.assign(a_garder="oui")


def changed(column, value):
    table = rows().copy()
    table.loc[0, column] = value
    return table


# What is changed in the file, and what the one sentence names.
BAD = {
    "bad_answer": (lambda: changed("a_garder", "peut-être"), "« peut-être »"),
    "bad_columns": (lambda: rows().drop(columns=["termes"]), "« termes »"),
    "bad_family": (lambda: changed("famille", "Z9"), "« Z9 »"),
    "bad_infinite": (lambda: changed("value", "1e999"), "ont changé"),
    "bad_kind": (lambda: changed("kind", "magie"), "magie"),
    "bad_none": (lambda: rows().assign(a_garder=""), "aucune ligne"),
    "bad_terms": (
        lambda: changed("termes", '[{"printed": "0", "value": NaN, "unit": "", "line": 1}]'),
        "ont changé",
    ),
}


def digests(folder):
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for part in ("data", "src", "tests")
        for path in (folder / part).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture(scope="module")
def entered(tmp_path_factory):
    """Copy of the project, the answers to bad files and then to a good one, its files before and after the bad ones."""
    folder = tmp_path_factory.mktemp("copy")
    # Compiled modules come along: each process would compile all of them again.
    for part in ("src", "data"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("external"))
    files = {name: make() for name, (make, _) in BAD.items()}
    for stage in ("bad", "good"):
        (folder / stage).mkdir()
    for name, table in files.items():
        (folder / "bad" / f"{name}.csv").write_bytes(exports.csv(table))
    (folder / "bad" / "bad_empty.csv").write_bytes(b"")
    (folder / "good" / "good.csv").write_bytes(exports.csv(rows()))
    environment = os.environ | {"PYTHONPATH": str(folder / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    before = digests(folder)
    with (folder / "erreurs.txt").open("w+b") as errors:
        with subprocess.Popen(
            [sys.executable, "-c", SCRIPT.replace("KEY", KEY).replace("TEST", TEST)], env=environment, cwd=folder,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True, encoding="utf-8",
        ) as process:  # fmt: skip
            bad = process.stdout.readline()
            after = digests(folder)
            good, _ = process.communicate("\n")
        errors.seek(0)
        assert process.returncode == 0, errors.read().decode("utf-8")
    return folder, json.loads(bad) | json.loads(good.splitlines()[-1]), before, after


def test_a_bad_file_is_one_sentence_and_leaves_nothing_half_written(entered):
    _, said, before, after = entered
    for name, named in {**{name: told for name, (_, told) in BAD.items()}, "bad_empty": "vide"}.items():
        code, lines = said[name]
        assert code == 1, name
        assert len(lines) == 1, lines
        assert named in lines[0]
    assert after == before


def test_a_good_file_is_a_document_that_check_and_its_own_test_accept(entered):
    folder, said, *_ = entered
    assert said["good"][0] == 0, said["good"]
    assert "aucun défaut" in said["check"]
    code, told = said["test"]
    assert code == 0, told
    assert "1 passed" in told
    # Each row of the ledger has the verdict that the person saw.
    wanted = rows()["verdict"].value_counts().to_dict()
    assert f"== {wanted!r}" in (folder / TEST).read_text(encoding="utf-8")
