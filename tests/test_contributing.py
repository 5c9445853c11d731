"""The recipes of docs/contribuer.md, followed to the letter in a copy of the project."""

from __future__ import annotations

import csv
import html
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys

import pytest

from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "contribuer.md").read_text(encoding="utf-8")


def blocks(recipe):
    """Language and text of every block of one recipe."""
    part = PAGE.split(f"\n## Recipe {recipe}: ", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"^```(\w*)\n(.*?)^```", part, re.MULTILINE | re.DOTALL)


def commands(recipe):
    return [line for language, text in blocks(recipe) if not language for line in text.splitlines()]


# A process of the copy: it reads the libraries once, then answers one request a line, `cpts` with its words or a program.
SERVER = """
import contextlib, io, json, os, sys, traceback
answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)
from click.testing import CliRunner

def ran(source):
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            exec(compile(source, "<essai>", "exec"), {"__name__": "__main__"})
        except BaseException:
            traceback.print_exc()
            return 1, said.getvalue()
    return 0, said.getvalue()

def called(words):
    from helpers.commands.main import main
    done = CliRunner().invoke(main, words, prog_name="cpts")
    return done.exit_code, done.output

for line in sys.stdin:
    asked = json.loads(line)
    print(json.dumps(called(asked) if isinstance(asked, list) else ran(asked)), file=answers, flush=True)
"""


class Copy:
    """A copy of the project, as a contributor's clone, and a process that works in it."""

    def __init__(self, place, journal):
        self.place = place
        # Compiled modules come along: the process would compile all of them again.
        left_out = shutil.ignore_patterns("external")
        for name in ("src", "data", "notebooks"):
            shutil.copytree(ROOT / name, place / name, ignore=left_out)
        for name in ("pyproject.toml", "requirements.lock"):
            shutil.copyfile(ROOT / name, place / name)
        environment = {**os.environ, "PYTHONPATH": str(place / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
        self.journal = journal
        with journal.open("wb") as told:
            self.process = subprocess.Popen(
                [sys.executable, "-c", SERVER], cwd=place, env=environment, stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, stderr=told, text=True, encoding="utf-8",
            )  # fmt: skip
        self.begin()

    def begin(self):
        """From here on, what is touched is touched by the next recipe."""
        self.before = self.state()

    def state(self):
        kept = (path for path in self.place.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
        return {path.relative_to(self.place).as_posix(): path.read_bytes() for path in kept}

    def touched(self):
        """Files changed, added or removed by hand, reports left out."""
        now = self.state()
        changed = {name for name in {*now, *self.before} if self.before.get(name) != now.get(name)}
        return {name for name in changed if not name.startswith(("reports/", "ma-cpts/"))}

    def asked(self, request, code=0):
        """What the process printed for a request, which must end with that code."""
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, self.journal.read_text(encoding="utf-8")
        ended, told = json.loads(answer)
        assert ended == code, (request, told)
        return told

    def run(self, program, code=0):
        """What a program printed, its traceback included."""
        return self.asked(program, code)

    def cpts(self, *lines):
        """What each line printed."""
        return {line: self.asked(shlex.split(line)[1:]) for line in lines}

    def end(self):
        self.process.stdin.close()
        assert self.process.wait() == 0, self.journal.read_text(encoding="utf-8")
        self.process.stdout.close()

    def write(self, language, text):
        """Do what a block says: its first line names the file, and whether its rows are added to it."""
        head = re.match(r"# (\S+?)( \(add\))?\n", text)
        if language == "json" or not head:
            return
        path = self.place / head[1]
        body = text[head.end() :]
        if head[2]:
            add_rows(path, body)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(body, encoding="utf-8")

    def follow(self, recipe):
        for language, text in blocks(recipe):
            if language:
                self.write(language, text)


def add_rows(path, text):
    """Add rows to a table whatever other columns it has, and keep its rows in the order of its key."""
    with path.open(encoding="utf-8", newline="") as file:
        header, *_ = csv.reader(file)
    out = io.StringIO()
    writer = csv.DictWriter(out, header, lineterminator="\n", restval="", extrasaction="ignore")
    writer.writerows(csv.DictReader(io.StringIO(text)))
    with path.open("a", encoding="utf-8", newline="") as file:
        file.write(out.getvalue())


@pytest.fixture(scope="module")
def shared_clone(tmp_path_factory):
    """One clone for all recipes, as a contributor would follow one after the other."""
    copy = Copy(tmp_path_factory.mktemp("clone"), tmp_path_factory.mktemp("journal") / "erreurs.txt")
    yield copy
    copy.end()


@pytest.fixture
def clone(shared_clone):
    shared_clone.begin()
    return shared_clone


def test_a_figure_enters_the_ledger_with_its_verdict(clone):
    clone.follow(1)
    told = "".join(clone.cpts(*commands(1)).values())
    assert "verdict : reproduit" in told.lower()
    assert clone.touched() == {
        "data/claims.csv",
        "data/datapackage.json",
        "src/helpers/documents/reproductions/miller2022_exemple.py",
    }


def describe_tables(clone):
    """What the recipe says of the catalogue: the key of the document, then its three tables."""
    path = clone.place / "data" / "datapackage.json"
    catalogue = json.loads(path.read_text(encoding="utf-8"))
    for resource in catalogue["resources"]:
        for field in resource["schema"]["fields"]:
            codes = field.get("constraints", {}).get("enum", [])
            if resource["name"] == "claims" and field["name"] == "document" and codes:
                codes.append("exemple2030")
                field["categories"].append({"value": "exemple2030", "label": "Exemple 2030"})
    (described,) = (json.loads(text) for language, text in blocks(2) if language == "json")
    for name, title in (("members", "Membres"), ("inhabitants", "Habitants"), ("actions", "Actions")):
        told = json.loads(json.dumps(described).replace("exemple2030/members", f"exemple2030/{name}"))
        catalogue["resources"].append({**told, "title": f"{title} de deux CPTS"})
    path.write_text(json.dumps(catalogue, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def told_claims():
    """Labels of the figures of the fictitious document, as the recipe writes them."""
    (rows,) = (text for language, text in blocks(2) if text.startswith("# data/claims.csv"))
    return [row["label_fr"] for row in csv.DictReader(io.StringIO(rows.split("\n", 1)[1]))]


def shown_in_report(clone, document):
    """Labels of the figures that report 00 shows under the name of a document."""
    page = (clone.place / "reports" / "00_registre.html").read_text(encoding="utf-8")
    rows = re.findall(r"<tr>(?:(?!</tr>).)*</tr>", page, re.DOTALL)
    mine = [row for row in rows if re.search(rf'<td class="locator">\s*{document}, l\.', row)]
    names = [html.unescape(re.search(r'<th scope="row">(.*?)</th>', row)[1]) for row in mine]
    return [name.replace("\N{NARROW NO-BREAK SPACE}", " ") for name in names]


def test_a_sixth_document_enters_with_four_files_beside_its_tables(clone):
    clone.follow(2)
    describe_tables(clone)
    told = clone.cpts(*commands(2))
    assert "aucun défaut" in told["cpts check"]
    assert "Membres de deux CPTS" in told["cpts tables exemple2030/members"]
    verdicts = told["cpts claims --document exemple2030 --verdict reproduit"].splitlines()
    assert len([line for line in verdicts if line.startswith("exemple2030.")]) == 5
    assert "1\N{NO-BREAK SPACE}rapport fait" in told["cpts render 00"]
    assert shown_in_report(clone, "Exemple 2030") == told_claims()
    tables = {f"data/documents/exemple2030/{name}.csv" for name in ("members", "inhabitants", "actions")}
    touched = clone.touched()
    assert tables <= touched
    assert len(touched - tables) <= 4, touched - tables


def test_a_reader_brings_its_rows_into_a_package(clone):
    modules, trial = [(language, text) for language, text in blocks(3) if language == "python"]
    clone.write(*modules)
    clone.cpts("cpts new ma-cpts --example")
    code = (clone.place / "ma-cpts" / "cpts" / "cpts.csv").read_text(encoding="utf-8-sig").splitlines()[1]
    script = trial[1].replace('cpts="nord"', f"cpts={code.split(';')[0]!r}")
    (clone.place / "fiche.csv").write_text("information;valeur\nLocaux;deux salles\n", encoding="utf-8")
    assert "1" in clone.run(script)
    assert "deux salles" in (clone.place / "ma-cpts" / "cpts" / "facts.csv").read_text(encoding="utf-8")
    check = "cpts check ma-cpts"
    assert "aucun défaut" in clone.cpts(check)[check]
    (clone.place / "fiche.csv").write_text("quoi;valeur\nLocaux;une\n", encoding="utf-8")
    assert "attendu « information, valeur »" in clone.run(script, code=1)


def test_a_notebook_is_rendered_and_listed(clone):
    told = clone.cpts(*commands(4), "cpts list")
    assert "1\N{NO-BREAK SPACE}rapport fait" in told["cpts render 13"]
    assert "13_mon_carnet : Mon carnet" in told["cpts list"]
    assert clone.touched() == {"notebooks/13_mon_carnet.ipynb"}


def test_a_reread_document_enters_with_what_a_person_kept(clone):
    reread, *others = commands(5)
    clone.cpts(reread)
    path = clone.place / "relecture" / "claims_proposes.csv"
    with path.open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    kept = [row for row in table if row["famille"] in ("A1", "B2", "B3", "C1", "E4")]
    for row in kept:
        row["a_garder"] = "oui"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, table[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)
    asked = [f"cpts claims --document exemple2029 --verdict {verdict}" for verdict in ("écart", "reproduit")]
    told = clone.cpts(*others, *asked)
    assert "aucun défaut" in told["cpts check"]
    lines = [line for line in told["cpts claims --document exemple2029"].splitlines() if line]
    assert "1\N{NO-BREAK SPACE}rapport fait" in told["cpts render 00"]
    ledger, same = (told[line] for line in asked)
    counted = {
        verdict: sum(row["verdict"] == verdict for row in kept)
        for verdict in ("écart", "reproduit", "arrondi")
    }
    assert lines
    assert ledger.count("exemple2029.") == counted["écart"] > 3
    assert same.count("exemple2029.") == counted["reproduit"] > 10
    touched = {name for name in clone.touched() if not name.startswith("relecture/")}
    assert touched == {
        "data/claims.csv", "data/datapackage.json", "data/documents.csv", "data/documents/exemple2029/terms.csv",
        "src/helpers/documents/reproductions/exemple2029.py", "tests/documents/reproductions/test_exemple2029.py",
    }  # fmt: skip


def test_the_houses_named_are_those_of_the_code():
    table = PAGE.split("| Wing | Question |\n", 1)[1].split("\n\n", 1)[0]
    named = {name for line in table.splitlines() if line.startswith("| `") for name in
             re.findall(r"`(\w+)`", line.split("|")[1])}  # fmt: skip
    wings = {path.name.removesuffix(".py") for path in (ROOT / "src" / "helpers").iterdir()}
    assert named == {name for name in wings if not name.startswith(("_", "py."))}
