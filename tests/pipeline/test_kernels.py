"""Warm kernels: a process each, the same results as ordinary ones, and none left behind."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest

from helpers.pipeline import kernels
from tests.pipeline import making

pytestmark = [
    pytest.mark.skipif(
        not kernels.can_be_warm(), reason="cette machine n'a pas de fork : noyaux ordinaires seulement"
    ),
]


def printed(out, name):
    node = json.loads((out / f"{name}.ipynb").read_text(encoding="utf-8"))
    return "".join(
        "".join(output.get("text", "")) for cell in node["cells"] for output in cell.get("outputs", [])
    )


def test_each_notebook_has_a_process_of_its_own(tmp_path):
    for slug in ("91_a", "92_b"):
        making.notebook(
            tmp_path / "n",
            "import os, helpers; helpers.mark = 1; print(os.getpid(), os.getsid(0))",
            slug=slug,
        )
    making.render(tmp_path / "n", tmp_path / "out", jobs=2)
    seen = [printed(tmp_path / "out", slug).split() for slug in ("91_a", "92_b")]
    assert seen[0][0] != seen[1][0]
    # A kernel leads its own session, so that a signal to it reaches nobody else.
    assert all(pid == session for pid, session in seen)


def test_nothing_of_a_notebook_reaches_the_next(tmp_path):
    making.notebook(tmp_path / "n", "import pandas; pandas.trace = 'reste'", slug="91_a")
    making.notebook(tmp_path / "n", "import pandas; print(hasattr(pandas, 'trace'))", slug="92_b")
    making.render(tmp_path / "n", tmp_path / "out", jobs=1)
    assert printed(tmp_path / "out", "92_b") == "False\n"


def test_a_warm_kernel_has_the_folder_and_the_environment_of_the_caller(tmp_path, monkeypatch):
    making.notebook(
        tmp_path / "n", "import os, time; print(os.getcwd(), os.environ['ESSAI'], time.tzname[0])"
    )
    (tmp_path / "ici").mkdir()
    monkeypatch.chdir(tmp_path / "ici")
    monkeypatch.setenv("ESSAI", "été")
    monkeypatch.setenv("TZ", "XYZ-3")
    making.render(tmp_path / "n", tmp_path / "out")
    assert printed(tmp_path / "out", "90_essai").split() == [str(tmp_path / "ici"), "été", "XYZ"]


def test_warm_and_cold_give_the_same_bytes(tmp_path):
    figure = (
        "from helpers import catalog\nfrom helpers.methods import describe\nfrom helpers.page import figures\n"
        "t = catalog.load('aura2022/cpts_region', '')"
    )
    draw = "figures.lorenz(describe.lorenz(t['value']), 'Essai', gini=describe.gini(t['value']))"
    making.notebook(tmp_path / "n", figure, draw)
    making.render(tmp_path / "n", tmp_path / "warm")
    making.render(tmp_path / "n", tmp_path / "cold", cold=True)
    assert making.tree(tmp_path / "warm") == making.tree(tmp_path / "cold")


def test_what_a_program_prints_comes_in_its_order(tmp_path):
    below = "import os, sys\nprint('avant')\nos.system('echo \u00e9t\u00e9')\nprint('après')\nos.write(2, b'erreur\\n');"
    making.notebook(tmp_path / "n", below, "!echo par IPython", "print('fin', end='')")
    making.render(tmp_path / "n", tmp_path / "out")
    assert printed(tmp_path / "out", "90_essai") == "avant\nété\naprès\nerreur\npar IPython\nfin"


@pytest.mark.parametrize("cold", [False, True])
def test_a_cell_that_asks_the_reader_is_refused(tmp_path, cold):
    making.notebook(tmp_path / "n", "input('Votre nom ?')")
    outcome = making.render(tmp_path / "n", tmp_path / "out", cold=cold)["90_essai"]
    assert "StdinNotImplementedError" in outcome.error


def test_what_was_printed_before_the_limit_is_kept(tmp_path):
    making.notebook(
        tmp_path / "n", "import time\nfor number in range(3):\n    print(number)\ntime.sleep(900)"
    )
    outcome = making.render(tmp_path / "n", tmp_path / "out", timeout=1)["90_essai"]
    assert "une cellule a dépassé 1 secondes" in outcome.error
    assert printed(tmp_path / "out", "90_essai_ECHEC") == "0\n1\n2\n"


def test_a_kernel_imports_nothing_after_the_fork(tmp_path):
    # The forkserver of these tests may have been started for another notebook: a process of its own.
    code = (Path(__file__).parents[2] / "notebooks" / "04_freins_leviers.ipynb").read_text(encoding="utf-8")
    cells = ["".join(cell["source"]) for cell in json.loads(code)["cells"] if cell["cell_type"] == "code"]
    # Without a line of import: all that it names would be made ready too.
    ready = "sys.modules['helpers.pipeline.preload'].READY"
    late = f"import sys\nprint(sorted(set(sys.modules) - {ready}))"
    path = making.notebook(tmp_path / "n", *cells[1:], late, parameters=cells[0])
    run = making.Run(making.command, "render", str(path), "--out", str(tmp_path / "out"), light=False)
    assert run.wait() == 0
    assert printed(tmp_path / "out", "90_essai").splitlines()[-1] == "[]"


def test_a_process_that_may_have_no_children_falls_back_on_ordinary_kernels(monkeypatch):
    monkeypatch.setattr(kernels, "can_be_warm", lambda: False)
    assert kernels.prepare() == kernels.COLD
    monkeypatch.undo()
    assert kernels.prepare() == kernels.WARM
    assert kernels.prepare(cold=True) == kernels.COLD


SLOW = "import pathlib, time; pathlib.Path({marker!r}).touch(); time.sleep(900)"


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_no_orphan_when_the_run_is_stopped(tmp_path, number):
    marker = tmp_path / "en_cours"
    making.notebook(tmp_path / "n", SLOW.format(marker=str(marker)))
    run = making.Run(making.render_all, tmp_path / "n", tmp_path / "out")
    # Before the cell runs, an interruption may fall into an import that swallows it.
    assert making.wait_until(marker.exists)
    below = making.descendants(run)
    assert len(below) >= 2  # its forkserver and the kernel
    making.kill(run, number)
    run.wait(timeout=240)
    assert making.wait_until(lambda: not making.alive(below)), making.alive(below)
    assert not (tmp_path / "out" / "90_essai.html").exists()


def test_no_kernel_is_left_after_success_or_failure(tmp_path):
    making.notebook(tmp_path / "n", "1 + 1", slug="91_a")
    making.notebook(tmp_path / "n", "1 / 0", slug="92_b")
    making.render(tmp_path / "n", tmp_path / "out")
    assert making.wait_until(lambda: not kernels._running)


def test_a_child_of_a_cell_dies_with_its_kernel(tmp_path):
    child = "import subprocess, sys; p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(900)']); print(p.pid)"
    making.notebook(tmp_path / "n", child)
    making.render(tmp_path / "n", tmp_path / "out")
    import psutil

    pid = int(printed(tmp_path / "out", "90_essai"))
    assert making.wait_until(
        lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    )


@pytest.mark.skipif(os.name == "nt", reason="Windows n'a pas de sockets Unix pour les noyaux")
@pytest.mark.parametrize("cold", [False, True])
def test_a_kernel_opens_no_port_and_leaves_no_socket(tmp_path, cold, monkeypatch):
    (tmp_path / "run").mkdir()
    monkeypatch.setattr(kernels, "place", lambda: tmp_path / "run")
    code = (
        "import psutil; print([c for c in psutil.Process().net_connections('inet') if c.status == 'LISTEN'])"
    )
    making.notebook(tmp_path / "n", code)
    outcomes = making.render(tmp_path / "n", tmp_path / "out", cold=cold)
    assert outcomes["90_essai"].error == ""
    assert "[]" in (tmp_path / "out" / "90_essai.ipynb").read_text(encoding="utf-8")
    left = [path.name for path in (tmp_path / "run").iterdir()]
    # The socket of the server of kernels stays as long as this process.
    assert [name for name in left if not name.startswith("pymp-")] == []


def test_a_folder_too_deep_for_a_socket_falls_back_on_ports(tmp_path, monkeypatch):
    monkeypatch.setattr(kernels, "place", lambda: tmp_path / ("a" * 120))
    assert kernels.KernelManager().transport == "tcp"


@pytest.mark.parametrize("jobs", [1, 2])
def test_no_more_notebooks_run_their_cells_at_once_than_asked(tmp_path, jobs):
    """A kernel more may be starting or ending, never running."""
    running = tmp_path / "running"
    running.mkdir()
    cell = f"""import os, pathlib, time
mark = pathlib.Path({str(running)!r}, str(os.getpid()))
mark.touch()
time.sleep(0.3)
print(len(list(mark.parent.iterdir())))"""
    for number in range(5):
        making.notebook(tmp_path / "n", cell, "mark.unlink()", slug=f"9{number}_essai")
    outcomes = making.render(tmp_path / "n", tmp_path / "out", jobs=jobs)
    assert all(outcome.error == "" for outcome in outcomes.values())
    seen = [
        int("".join(json.loads(path.read_text())["cells"][1]["outputs"][0]["text"]))
        for path in sorted((tmp_path / "out").glob("9*.ipynb"))
    ]
    assert len(seen) == 5
    assert max(seen) <= jobs
