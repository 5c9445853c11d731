"""`cpts watch`: a report is made again at each save of its notebook, its tables or a helper, and nothing is left behind."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys

import pytest

from helpers import catalog
from helpers.intake import starting
from helpers.pipeline import batch, cache, kernels, watching
from tests.pipeline import making

pytestmark = pytest.mark.skipif(not kernels.can_be_warm(), reason="cette machine n'a pas de fork")
CELLS = (
    "from helpers import errors\nfrom helpers.catalog import Study",
    "names = Study(paquet).table('cpts/cpts', optional=True)['name_fr'].tolist()",
    "print(getattr(errors, 'SAID', 'avant'), names)",
)
FIRST = "paquet = ''  # Dossier de votre paquet"


def saved(path, text):
    """What an editor does: another file takes the place of the first."""
    path.with_suffix(".draft").write_text(text, encoding="utf-8")
    path.with_suffix(".draft").replace(path)


def test_a_report_follows_its_notebook_its_tables_and_the_helpers(tmp_path):
    root, out, paquet = tmp_path / "projet", tmp_path / "out", tmp_path / "paquet"
    # Compiled modules come along: the command and its kernels would compile all of them again.
    shutil.copytree(cache.PACKAGE, root / "src" / "helpers")
    (root / "data").symlink_to(catalog.DEFAULT_FOLDER)
    starting.new(paquet)
    notebook = making.notebook(tmp_path / "n", *CELLS, parameters=FIRST)
    command = ["watch", str(notebook), "--paquet", str(paquet), "--out", str(out)]
    code = "import sys; from helpers.commands.main import main; main(sys.argv[1:])"
    process = making.start(
        [sys.executable, "-c", code, *command],
        env={**os.environ, "PYTHONPATH": str(root / "src")},
        cwd=tmp_path,
    )
    page = out / "90_essai.html"

    def shows(text):
        return making.wait_until(lambda: page.exists() and text in page.read_text(encoding="utf-8"))

    try:
        assert shows("avant []")
        making.notebook(tmp_path / "n", *CELLS, "print('un', 'ajout')", parameters=FIRST)
        assert shows("un ajout")
        table = catalog.Package(paquet).table("cpts/cpts")
        row = dict.fromkeys(table.columns, "") | {"cpts": "essai", "name_fr": "CPTS essai"}
        rows = [";".join(table.columns), ";".join(row.values()), ""]
        saved(paquet / table.path, "\n".join(rows))
        assert shows("CPTS essai")
        helper = root / "src" / "helpers" / "errors.py"
        saved(helper, helper.read_text(encoding="utf-8") + "\nSAID = 'après'\n")
        assert shows("après [")
        notebook.write_text("{", encoding="utf-8")
        below = making.descendants(process)
        assert process.poll() is None
        making.kill(process, signal.SIGINT)
        assert process.wait(60) == 0
        assert making.wait_until(lambda: not making.alive(below))
    finally:
        process.kill()
    assert not list(out.rglob("*.tmp"))


@pytest.fixture
def in_a_terminal():
    """Ctrl-C as a terminal gives it, however the tests were started."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("in_a_terminal")
def test_an_interruption_that_a_library_swallows_ends_the_watch(tmp_path):
    asked = []

    def plan():
        asked.append(1)
        with contextlib.suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        return []

    with pytest.raises(KeyboardInterrupt):
        watching.watch(plan, tmp_path, batch.Options(), progress=print, tell=print)
    assert asked == [1]


def test_the_folder_of_the_reports_and_hidden_files_are_not_watched(tmp_path):
    for name in ("table.csv", ".draft", "out/page.html", "__pycache__/x.pyc"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert list(watching.state([tmp_path, tmp_path / "absent"], but=tmp_path / "out")) == [
        tmp_path / "table.csv"
    ]
