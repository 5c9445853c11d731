"""Time, processor time and memory of a command with everything it starts (Linux)."""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

PR_SET_CHILD_SUBREAPER = 36


@dataclass
class Cost:
    """Seconds on the clock, seconds of processor, largest memory of the process tree and of the first process (MB).

    `own` is the processor time of the first process and of the children that it waited for: kernels are not among them.
    """

    wall: float
    processor: float
    tree: float
    parent: float
    own: float = 0.0


def cost(command: Sequence[str | Path], *, folder: Path | None = None, every: float = 1.0) -> Cost:
    """Run a command to its end and measure it. Raises CalledProcessError when it fails.

    Memory is looked at `every` so many seconds: reading the shares of many processes costs processor time that they need.
    It is the proportional share (PSS): pages that forked kernels share are counted once.
    """
    # Orphans of the command (its forkserver) come to us, so that their processor time is counted.
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    before = _children_seconds()
    began = time.perf_counter()
    process = subprocess.Popen([str(item) for item in command], cwd=folder, stdout=subprocess.DEVNULL)
    peaks = {"tree": 0.0, "parent": 0.0}
    watching = threading.Thread(target=_watch, args=(process.pid, peaks, every), daemon=True)
    watching.start()
    _, status, usage = os.wait4(process.pid, 0)
    code = process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - began
    with suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)
    watching.join()
    if code:
        raise subprocess.CalledProcessError(code, command)
    own = usage.ru_utime + usage.ru_stime
    return Cost(wall, _children_seconds() - before, peaks["tree"], peaks["parent"], own)


def quickest(command: Sequence[str | Path], runs: int = 3) -> Cost:
    """Cost of the shortest of a few runs: what another program takes of the processors is not ours."""
    return min((cost(command) for _ in range(runs)), key=lambda found: found.wall)


def _children_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _watch(pid: int, peaks: dict[str, float], every: float) -> None:
    with suppress(psutil.NoSuchProcess):
        root = psutil.Process(pid)
        while root.is_running() and root.status() != psutil.STATUS_ZOMBIE:
            parent = _share(root)
            peaks["parent"] = max(peaks["parent"], parent)
            peaks["tree"] = max(peaks["tree"], parent + sum(map(_share, root.children(recursive=True))))
            time.sleep(every)


def _share(process: psutil.Process) -> float:
    try:
        return float(process.memory_full_info().pss) / 1e6
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0.0
