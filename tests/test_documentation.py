"""Every command line and every block of the README and of docs/ does what it says, or is checked with the reason why not.

`tests/test_readme.py` follows « Votre CPTS en 15 minutes », `tests/test_contributing.py` the recipes.
"""

from __future__ import annotations

import re
import shlex

import click
import pytest

from helpers.commands.main import main
from helpers.pipeline import parameters
from tests import test_contributing, test_readme
from tests.conftest import ROOT
from tests.pipeline import making
from tests.project import PROJECT

PAGES = [ROOT / "README.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").rglob("*.md"))]

# Not run: their options and their files are checked. The reason says what running would need.
NOT_RUN = {
    "py -3.12 tools/install.py": "Windows, et l'installation de 1,3 Go",
    r".venv\Scripts\cpts render": "Windows ; tous les rapports sont faits par les tests de tests/reports",
    r".venv\Scripts\python -m pytest": "Windows ; c'est cette suite elle-même",
    "cpts render 06 --each population=miller2022/size_classes:upper --scheduler tcp://host:8786": "une grappe dask",
    "cpts render 07_monographie_cpts --each cpts": "76 rapports ; le paquet d'exemple en fait trois dans test_readme",
    "cpts claims reply lettre_miller2022_reponses.csv": "écrit dans data/claims.csv ; tests/commands le suit sur une copie",
    "python benchmarks/bench_methods.py": "une mesure, qui dure",
}


def blocks(page):
    """Language and text of each block of code of a page."""
    return re.findall(r"^```(\w*)\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def lines():
    """Command lines of every block without language."""
    return [
        (page.name, line)
        for page in PAGES
        for language, text in blocks(page)
        if not language
        for line in text.splitlines()
        if line.strip()
    ]


def spans():
    """Commands told inside a sentence, one per alternative (`a|b`)."""
    found = []
    for page in PAGES:
        text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
        for span in re.findall(r"`((?:\.venv/bin/)?cpts [^`]+)`", text):
            plain = re.sub(r"[\[\]…]", " ", span.replace("\\|", "|")).replace(".venv/bin/", "")
            choices = re.search(r"(\w+(?:\|\w+)+)", plain)
            for choice in choices[1].split("|") if choices else [""]:
                found.append((page.name, plain.replace(choices[1], choice) if choices else plain))
    return found


def understood(line):
    """Parse one `cpts` line as click does, without running it: unknown commands and options are refused."""
    words = shlex.split(line.replace("'", " "))[1:]
    command, ctx = main, click.Context(main, info_name="cpts")
    while isinstance(command, click.Group):
        if not words:
            return
        if words[0].startswith("--"):
            names = {name for item in command.get_params(ctx) for name in item.opts}
            assert words[0] in names, line
            return
        if words[0].isupper():
            return
        _, below, left = command.resolve_command(ctx, words)
        assert below is not None, line
        command, words = below, left
    known = {name for item in command.get_params(ctx) for name in (*item.opts, *item.secondary_opts)}
    asked = {word.partition("=")[0] for word in words if word.startswith("-")}
    assert asked <= known, (line, asked - known)


@pytest.mark.parametrize(("page", "line"), [*lines(), *spans()])
def test_every_command_that_a_page_names_exists(page, line):
    words = line.split()
    if words[0] == "cpts" or words[0].endswith(r"\cpts"):
        understood(line)
    elif words[0].endswith(("py", "python")):
        scripts = [word for word in words if word.endswith(".py")]
        assert scripts == [] or (ROOT / scripts[0]).is_file(), (page, line)
    else:
        assert words[0] == "cp", (page, line)


def test_every_target_of_make_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for page in PAGES:
        for target in re.findall(r"`make ([a-z-]+)[^`]*`", page.read_text(encoding="utf-8")):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), (page.name, target)


def test_every_file_that_a_page_names_exists():
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!http)([^)#]+)\)", text):
            assert (page.parent / target).exists(), (page.name, target)
        for path in re.findall(r"`((?:data|docs|src|tests|tools|benchmarks|pipeline)/[\w./-]+)`", text):
            places = [ROOT / path, ROOT / "src" / "helpers" / path]
            written_by_hand = path.startswith(("data/external", "data/documents/exemple"))
            assert written_by_hand or any(place.exists() for place in places), (page.name, path)


def elsewhere():
    """Lines that another test follows."""
    recipes = {line for number in (1, 2, 3, 4, 5) for line in test_contributing.commands(number)}
    return set(test_readme.commands()) | recipes


def test_each_line_is_run_somewhere_or_listed_with_its_reason():
    told = {line for _, line in lines()}
    assert set(NOT_RUN) <= told, set(NOT_RUN) - told
    assert all(NOT_RUN.values())
    assert {line for line in told if not line.startswith("cpts ")} <= set(NOT_RUN) | elsewhere()


RUN = sorted({line for _, line in lines()} - set(NOT_RUN) - elsewhere())


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """An empty folder with the run list that the page prints."""
    place = tmp_path_factory.mktemp("pages")
    (printed,) = (text for page in PAGES for language, text in blocks(page) if language == "yaml")
    (place / "seminaire.yml").write_text(printed, encoding="utf-8")
    return place


@pytest.mark.usefixtures("ledger_at_hand")
@pytest.mark.parametrize("line", RUN)
def test_a_line_does_what_it_says(folder, line):
    words = shlex.split(line)[1:]
    if words[:2] == ["notebook", "new"]:
        words += ["--into", str(folder)]
    if words[0] == "render":
        words += ["--out", str(folder / "reports")]
    done = making.cpts(*words, folder=folder)
    assert done.exit_code == 0, done.output
    assert done.stdout.strip()
    if words[0] == "render":
        assert "0\N{NO-BREAK SPACE}échec" in done.stdout
    if "--out" in words and words[0] == "instrument":
        assert (folder / words[words.index("--out") + 1]).stat().st_size > 100


def test_blocks_of_other_languages_are_read():
    seen = set()
    for page in PAGES:
        for language, text in blocks(page):
            seen.add(language)
            if language == "python":
                compile(text, page.name, "exec")
    assert seen <= {"", "python", "yaml", "csv", "json"}, "un langage de plus demande son test"


def test_the_example_of_the_data_page_loads_a_table():
    (text,) = (text for language, text in blocks(ROOT / "docs" / "donnees.md") if language == "python")
    names = {}
    exec(text, names)
    assert len(names["membres"]) == len(PROJECT.table("miller2022/members"))


def test_the_readme_is_short_french_and_names_every_notebook():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 100
    assert text.splitlines()[2] == "## Démarrer en français"
    assert re.findall(r"^\| `(\d\d_\w+)`", text, re.MULTILINE) == [
        notebook.slug for notebook in parameters.notebooks()
    ]
    for page in ("commandes", "donnees", "methodes", "contribuer"):
        assert f"docs/{page}.md" in text


def test_no_sentence_stands_on_two_pages():
    """A sentence repeated is a sentence that will be corrected once."""
    seen = {}
    # The list of helpers is written from docstrings: a face and its room may say the same.
    for page in (page for page in PAGES if page.name != "helpers.md"):
        text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
        for sentence in re.split(r"(?<=[.;:!?])\s|\n|\|", text):
            plain = sentence.strip()
            if len(plain) > 60:
                assert plain not in seen, (page.name, seen.get(plain), plain)
                seen[plain] = page.name
