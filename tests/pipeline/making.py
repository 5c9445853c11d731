"""Small notebooks made on the spot for the tests of the engine."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
from click.testing import CliRunner, Result

from helpers.commands.main import main
from helpers.pipeline import batch, plan

CPTS = Path(sys.executable).with_name("cpts")


def notebook(folder: Path, *cells: str, slug: str = "90_essai", parameters: str = "") -> Path:
    """Write a notebook of code cells, with a parameters cell when given."""
    folder.mkdir(parents=True, exist_ok=True)
    code = [("parameters", parameters)] if parameters else []
    code += [("", cell) for cell in cells]
    content = [
        {"cell_type": "markdown", "id": "t", "metadata": {}, "source": f"# {slug}\n\n**Question.** Oui ?"}
    ]
    for number, (tag, source) in enumerate(code):
        metadata = {"tags": [tag]} if tag else {}
        cell = {"cell_type": "code", "id": f"c{number}", "metadata": metadata, "source": source}
        content.append({**cell, "outputs": [], "execution_count": None})
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    node = {"cells": content, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    path = folder / f"{slug}.ipynb"
    path.write_text(json.dumps(node), encoding="utf-8")
    return path


def render(folder: Path, out: Path, names=(), given=None, *, each=None, **options):
    """Make reports of the notebooks of `folder` in this process; returns the outcomes by name."""
    reports = plan.reports(list(names), given or {}, each=each, folder=folder)
    outcomes = batch.render(reports, out, batch.Options(**options))
    return {outcome.report.name: outcome for outcome in outcomes}


def cpts(*arguments, folder: Path | None = None) -> Result:
    """Run `cpts` from `folder` in this process, whose kernels are already warm. What would be a traceback is raised."""
    with contextlib.chdir(folder or Path.cwd()):
        return CliRunner().invoke(main, list(map(str, arguments)), prog_name="cpts", catch_exceptions=False)


def tree(place: Path) -> dict[str, bytes]:
    """Content of every report file, without what may change from run to run."""
    kept = [path for path in place.rglob("*") if path.is_file() and ".cache" not in path.parts]
    return {path.name: path.read_bytes() for path in kept if path.name != "manifest.json"}


def start(arguments: list[str], **more) -> subprocess.Popen:
    """Start `python -c` or `cpts` in its own session, as from a terminal.

    What a script starts in the background ignores Ctrl-C, and so would the programs that the tests start.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen(arguments, start_new_session=True, **more)
    finally:
        signal.signal(signal.SIGINT, before)


def descendants(process: subprocess.Popen) -> list[psutil.Process]:
    """Processes below `process`, those of other sessions included."""
    try:
        return psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those still running, zombies left out."""
    found = []
    for process in processes:
        try:
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.NoSuchProcess:
            continue
    return found


def wait_until(condition, seconds: float = 240.0) -> bool:
    """Wait for a condition; False when it did not come, however busy the machine."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.05)
    return False


def kill(process: subprocess.Popen, number: int = signal.SIGKILL) -> None:
    """Signal the process itself, not its children."""
    os.kill(process.pid, number)


# Before a program of a test: its kernels are forked with their shell alone, read in half a second. What reports are warmed with
# takes four, and is nothing to who looks at what a run leaves.
LIGHT = """
from helpers.pipeline import kernels
kernels.PRELOAD = "helpers.pipeline.shell"
"""
# A program that renders every notebook of a folder, for the tests that kill or interrupt it.
PROGRAM = """
import sys
from pathlib import Path
from helpers.pipeline import batch, plan
reports = plan.reports([], {}, folder=Path(sys.argv[1]))
outcomes = batch.render(reports, Path(sys.argv[2]), batch.Options(jobs=int(sys.argv[3])))
sys.exit(any(outcome.error for outcome in outcomes))
"""


def program(folder: Path, out: Path, *, jobs: int = 2) -> list[str]:
    """Command line of a run of every notebook of `folder`."""
    return [sys.executable, "-c", LIGHT + PROGRAM, str(folder), str(out), str(jobs)]
