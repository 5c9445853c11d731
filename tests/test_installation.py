"""Installing says where it is and refuses in French; Binder, pre-commit and the citation follow what the project declares."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib

import pytest
import yaml
from tools import install

from tests.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.mark.parametrize("version", [(3, 11, 2), (3, 12, 0), (3, 13, 9)])
def test_a_python_that_the_project_declares_is_taken(version):
    assert install.refusal(version) == ""


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 1), (3, 10, 14), (3, 14, 0), (4, 0, 0)])
def test_another_python_is_refused_in_french_with_what_to_do(version):
    sentence = install.refusal(version)
    assert f"Python {version[0]}.{version[1]} ne convient pas" in sentence
    assert "make PYTHON=python3.12 reports" in sentence


def test_the_refusal_follows_the_declaration():
    assert PROJECT["requires-python"] == f">={'.'.join(map(str, install.OLDEST))},<3.{install.NEWEST[1] + 1}"


def test_any_python_3_can_read_the_refusal():
    """A syntax that an old Python does not know would be an English traceback before the first sentence."""
    source = (ROOT / "tools" / "install.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 5))
    kinds = {type(node).__name__ for node in ast.walk(ast.parse(source))}
    assert not kinds & {"JoinedStr", "AnnAssign", "NamedExpr", "Match"}


def test_progress_is_said_in_french():
    printed = []
    lines = [f"Collecting library{number}\n" for number in range(45)]
    last = install.told([*lines, "Installing collected packages: a\n", "ERROR: no\n"], 45, printed.append)
    assert printed[:2] == ["  20 bibliothèques sur 45 environ…\n", "  40 bibliothèques sur 45 environ…\n"]
    assert "installation en cours" in printed[2]
    assert last[-1] == "ERROR: no"


def test_a_failed_installation_ends_with_what_pip_said(tmp_path):
    broken = tmp_path / "python"
    broken.write_text(
        "#!/bin/sh\necho 'Collecting a'\necho 'ERROR: nothing found'\nexit 1\n", encoding="utf-8"
    )
    broken.chmod(0o755)
    with pytest.raises(SystemExit, match=r"(?s)L'installation a échoué.*ERROR: nothing found"):
        install.pip(str(broken), ["-r", "x"], 1)


@pytest.mark.skipif(shutil.which("make") is None, reason="make n'est pas sur cette machine")
def test_make_says_in_french_that_python_is_absent(tmp_path):
    shutil.copyfile(ROOT / "Makefile", tmp_path / "Makefile")
    (tmp_path / "requirements.lock").write_text("", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    done = subprocess.run(
        ["make", "reports", "PYTHON=python-absent"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "« python-absent » est introuvable : installez Python 3.11, 3.12 ou 3.13" in done.stderr


def test_binder_installs_the_same_lock_and_the_project():
    folder = ROOT / "binder"
    assert (folder / "requirements.txt").read_text(encoding="utf-8").split("\n")[
        -2
    ] == "-r ../requirements.lock"
    version = (folder / "runtime.txt").read_text(encoding="utf-8").strip().removeprefix("python-")
    assert install.refusal(tuple(map(int, version.split(".")))) == ""
    script = folder / "postBuild"
    assert os.access(script, os.X_OK)
    assert "pip install --no-cache-dir --no-deps --no-build-isolation -e ." in script.read_text(
        encoding="utf-8"
    )


def hooks():
    (repository,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    assert repository["repo"] == "local", "un dépôt de hooks se télécharge"
    return {hook["id"]: hook for hook in repository["hooks"]}


def run_hook(hook, *files, folder):
    program, *arguments = hook["entry"].split()
    assert program.startswith(".venv/bin/")
    name = program.rpartition("/")[2]
    command = [os.path.join(os.path.dirname(sys.executable), name), *arguments, *map(str, files)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_hooks_download_nothing_and_do_what_they_say(tmp_path):
    found = hooks()
    assert {hook["language"] for hook in found.values()} == {"system"}
    shutil.copyfile(ROOT / "pyproject.toml", tmp_path / "pyproject.toml")
    code = tmp_path / "a.py"
    code.write_text('"""A."""\n\nimport os\nx = {  "a":1 }\n', encoding="utf-8")
    run_hook(found["ruff-check"], code, folder=tmp_path)
    run_hook(found["ruff-format"], code, folder=tmp_path)
    assert code.read_text(encoding="utf-8") == '"""A."""\n\nx = {"a": 1}\n'
    stored = (ROOT / "notebooks" / "01_tableaux_cpts.ipynb").read_text(encoding="utf-8")
    node = json.loads(stored)
    code_cell = next(cell for cell in node["cells"] if cell["cell_type"] == "code")
    code_cell |= {
        "outputs": [{"output_type": "stream", "name": "stdout", "text": "42"}],
        "execution_count": 1,
    }
    saved = tmp_path / "01_essai.ipynb"
    saved.write_text(json.dumps(node), encoding="utf-8")
    hook = found["notebooks-without-outputs"]
    assert re.match(hook["files"], "notebooks/01_essai.ipynb")
    assert re.match(hook["files"], "notebooks/seminaire/01_essai.ipynb")
    assert run_hook(hook, saved, folder=tmp_path).returncode == 0
    assert not any(cell.get("outputs") for cell in json.loads(saved.read_text(encoding="utf-8"))["cells"])


def test_the_citation_names_this_version():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == PROJECT["version"]
    assert citation["license"] == PROJECT["license"]
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## {PROJECT['version']} (" in changes


def test_python_m_helpers_is_cpts():
    done = subprocess.run(
        [sys.executable, "-m", "helpers", "rendre"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 2
    assert "Vouliez-vous dire : render" in done.stderr
