"""Make the reports of a few notebooks again at each save of what they are made from, until the user stops it.

Files are looked at, not asked of the system: the cache already tells what a report depends on, and a look at all of these files
takes a few milliseconds on every system, network folders included.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from helpers import catalog
from helpers.errors import ObservatoireError
from helpers.pipeline import batch, cache, summary
from helpers.pipeline.plan import Report

# Seconds between two looks at what is being written, and looks at it for one at the many files of the program.
EVERY, RARELY = 0.1, 3

State = dict[Path, tuple[int, int]]


def watch(
    plan: Callable[[], list[Report]],
    place: Path,
    options: batch.Options,
    *,
    paquet: str = "",
    progress: batch.Progress,
    tell: Callable[[str], None],
) -> None:
    """Make the reports of `plan()` that are not up to date in `place`, then wait for a change, and so on without end.

    Kernels are forked from a process that stays ready. A change of a helper or of the project's data starts this program
    anew, since what was imported or read cannot be forgotten. `tell` is given each sentence for the user: a notebook saved in
    pieces, a table with a fault. An interruption ends it, and is raised.
    """
    with _interruptible() as stopped:
        _watch(plan, place, options, paquet=paquet, progress=progress, tell=tell, stopped=stopped)
    raise KeyboardInterrupt


@contextmanager
def _interruptible() -> Iterator[threading.Event]:
    """An event that remembers a Ctrl-C: a library that is being imported, or told of it in a destructor, may swallow it."""
    stopped = threading.Event()

    def remember(_number: int, _frame: object) -> NoReturn:
        stopped.set()
        raise KeyboardInterrupt

    before = signal.getsignal(signal.SIGINT)
    # Who started it in the background wants it to go on.
    if before is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, remember)
    try:
        yield stopped
    finally:
        signal.signal(signal.SIGINT, before)


def _watch(
    plan: Callable[[], list[Report]],
    place: Path,
    options: batch.Options,
    *,
    paquet: str,
    progress: batch.Progress,
    tell: Callable[[str], None],
    stopped: threading.Event,
) -> None:
    lasting = [cache.PACKAGE, catalog.DEFAULT_FOLDER]
    changing = [Path(paquet)] if paquet else []
    notebooks: list[Path] = []
    while not stopped.is_set():
        # Taken before the reports are made: what is saved meanwhile is seen at the next look.
        before, code = state([*changing, *notebooks], but=place), state(lasting)
        try:
            reports = plan()
            if notebooks != (notebooks := sorted({report.notebook.path for report in reports})):
                before = state([*changing, *notebooks], but=place)
            outcomes = batch.render(reports, place, options, progress=progress)
            summary.write(place, outcomes, whole=False)
        except ObservatoireError as error:
            tell(f"cpts : {error}")
        looks = 0
        while not stopped.is_set() and state([*changing, *notebooks], but=place) == before:
            looks += 1
            if looks % RARELY == 0 and state(lasting) != code:
                _begin_again(tell)
                code = state(lasting)
            time.sleep(EVERY)


def state(places: Iterable[Path], *, but: Path | None = None) -> State:
    """Time and size of each file at these places; of a folder, all that is below it, hidden files and `but` aside."""
    found = {}
    for path in _files(places, but):
        try:
            stat = path.stat()
        except OSError:  # saved by a program that puts a new file in its place
            continue
        found[path] = (stat.st_mtime_ns, stat.st_size)
    return found


def _files(places: Iterable[Path], but: Path | None) -> Iterator[Path]:
    for place in places:
        if not place.is_dir():
            yield place
        for folder, below, names in os.walk(place):
            below[:] = [
                name for name in below if not name.startswith((".", "__")) and Path(folder, name) != but
            ]
            yield from (Path(folder, name) for name in names if not name.startswith("."))


def _begin_again(tell: Callable[[str], None]) -> None:
    if os.name == "nt":
        tell("Un module ou une donnée du projet a changé : arrêtez par Ctrl-C, puis relancez cpts watch.")
        return
    tell("↻ un module ou une donnée du projet a changé")
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
