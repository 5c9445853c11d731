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
SCRIPT = """
import json, sys
from pathlib import Path
from click.testing import CliRunner
from helpers.commands.main import main
said = {}
for path in sorted(Path(sys.argv[1]).glob("*.csv")):
    result = CliRunner().invoke(main, ["document", "new", "KEY", "--from", str(path)])
    said[path.stem] = [result.exit_code, result.output.strip().splitlines()]
said["check"] = CliRunner().invoke(main, ["check"]).output
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
    before, said = digests(folder), {}
    for stage in ("bad", "good"):
        run = subprocess.run(
            [sys.executable, "-c", SCRIPT.replace("KEY", KEY), str(folder / stage)],
            env=environment, cwd=folder, capture_output=True, text=True, check=True,
        )  # fmt: skip
        said |= json.loads(run.stdout.splitlines()[-1])
        if stage == "bad":
            after = digests(folder)
    return folder, said, before, after, environment


def test_a_bad_file_is_one_sentence_and_leaves_nothing_half_written(entered):
    _, said, before, after, _ = entered
    for name, named in {**{name: told for name, (_, told) in BAD.items()}, "bad_empty": "vide"}.items():
        code, lines = said[name]
        assert code == 1, name
        assert len(lines) == 1, lines
        assert named in lines[0]
    assert after == before


def test_a_good_file_is_a_document_that_check_and_its_own_test_accept(entered):
    folder, said, *_, environment = entered
    assert said["good"][0] == 0, said["good"]
    assert "aucun défaut" in said["check"]
    test = folder / "tests" / "documents" / "reproductions" / f"test_{KEY}.py"
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(folder), str(test)],
        env=environment, cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout
    # Each row of the ledger has the verdict that the person saw.
    wanted = rows()["verdict"].value_counts().to_dict()
    assert f"== {wanted!r}" in test.read_text(encoding="utf-8")
