"""Small notebooks made on the spot for the tests of the engine."""

from __future__ import annotations

import contextlib
import functools
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import time
from multiprocessing import forkserver, resource_tracker
from pathlib import Path
from unittest import mock

import psutil
from click.testing import CliRunner, Result

from helpers.commands.main import main
from helpers.pipeline import batch, kernels, plan

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


def descendants(process: subprocess.Popen | Run) -> list[psutil.Process]:
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


def kill(process: subprocess.Popen | Run, number: int = signal.SIGKILL) -> None:
    """Signal the process itself, not its children."""
    os.kill(process.pid, number)


# Before a program of a test: its kernels are forked with their shell alone, read in half a second. What reports are warmed with
# takes four, and is nothing to who looks at what a run leaves.
LIGHT = """
from helpers.pipeline import kernels
kernels.PRELOAD = "helpers.pipeline.shell"
"""


class Run:
    """A run of reports in a process of its own, for the tests that kill or interrupt it: as `Popen` of what a user types.

    It is forked from a process that has imported all that a run imports, which takes it a second; from there on it is alone, in
    its own session, and starts its own forkserver. No test may touch that of the worker.
    """

    def __init__(
        self, do, *arguments, said: Path | None = None, files: int = 0, light: bool = True, **environment: str
    ) -> None:
        settled = (do, arguments, said, files, light, dict(os.environ) | environment)
        context = multiprocessing.get_context("forkserver")
        self._process = context.Process(target=_alone, args=settled)
        with kernels._without_main(), mock.patch.object(
            forkserver, "connect_to_new_process", _ready_to_run().connect_to_new_process
        ):  # fmt: skip
            self._process.start()
        self.pid = self._process.pid

    def wait(self, timeout: float = 600) -> int | None:
        """Wait until it ends; its exit code, that of a signal when negative."""
        self._process.join(timeout)
        return self._process.exitcode


@functools.cache
def _ready_to_run() -> forkserver.ForkServer:
    server = forkserver.ForkServer()
    modules = ("engine", "run", "render", "searchable", "summary")
    server.set_forkserver_preload([__name__, *(f"helpers.pipeline.{name}" for name in modules)])
    server.ensure_running()
    return server


def _alone(do, arguments, said: Path | None, files: int, light: bool, environment: dict[str, str]) -> None:
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # What it starts is its own: neither the forkserver of the tests nor the process that follows what they share.
    for shared in (forkserver._forkserver, resource_tracker._resource_tracker):
        shared.__init__()
    os.environ.clear()
    os.environ.update(environment)
    tempfile.tempdir = None
    if light:
        exec(LIGHT, {})
    with open(said or os.devnull, "wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    if files:
        import resource

        resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    do(*arguments)


def render_all(folder: Path, out: Path, jobs: int = 2) -> None:
    """What a `Run` does to render every notebook of a folder."""
    reports = plan.reports([], {}, folder=folder)
    outcomes = batch.render(reports, out, batch.Options(jobs=jobs))
    sys.exit(any(outcome.error for outcome in outcomes))


def command(*arguments: str) -> None:
    """What a `Run` does to be `cpts`."""
    main(list(arguments), prog_name="cpts")
