"""Make many reports: only those whose inputs changed, side by side, then the ledger, the index and the manifest."""

from __future__ import annotations

import ctypes
import gc
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any

from helpers.errors import ObservatoireError, RunError
from helpers.pipeline import cache, store
from helpers.pipeline.parameters import EXAMPLE
from helpers.pipeline.plan import Report

# Reports between two returns of freed memory to the system.
_RETURN_EVERY = 10
# Open files of the parent, counted with 1 to 8 jobs: 35 and 30 for each kernel, with a margin.
_FILES, _FILES_PER_JOB = 50, 35
# Many reports that import the first share what the second makes ready; under so many, each is sooner made alone.
_SUBJECT, _PRELOADED, _WORTH = "helpers.territory.diagnosis", "helpers.pipeline.preload_territory", 4
_SITE = b"Observatoire des CPTS</title>"  # of every index.html that a run writes
DEFAULT_OUT = Path(__file__).resolve().parents[3] / "reports"


@dataclass(frozen=True)
class Options:
    """How to run: jobs at the same time, time limits in seconds, ordinary kernels, all reports again, cluster address."""

    jobs: int | None = None
    timeout: int = 600
    notebook_timeout: int | None = None
    cold: bool = False
    force: bool = False
    scheduler: str | None = None


@dataclass
class Made:
    """Content of one report, ready to be written, or the reason why there is none."""

    page: str = ""
    notebook: str = ""
    reads: list[dict[str, str]] = field(default_factory=list)
    records: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0
    error: str = ""
    partial: str = ""
    title: str = ""
    sections: list[list[str]] = field(default_factory=list)


@dataclass
class Outcome:
    """What happened to one report; `reasons` is why it was made again, empty when nothing had changed."""

    report: Report
    reasons: list[str]
    seconds: float = 0.0
    error: str = ""
    records: list[dict[str, Any]] = field(default_factory=list)
    of_example: bool = False

    @property
    def sentence(self) -> str:
        """One line for the user."""
        name = f"{EXAMPLE}/{self.report.name}" if self.of_example else self.report.name
        if self.error:
            return f"✗ {name} : {self.error}"
        if not self.reasons:
            return f"= {name} : inchangé"
        return f"✓ {name} ({self.seconds:.1f} s, {len(self.records)} chiffres vérifiés)"


Progress = Callable[[Outcome], None]


def render(
    reports: list[Report], place: Path, options: Options | None = None, *, progress: Progress | None = None
) -> list[Outcome]:
    """Make the reports in the folder `place`; returns one outcome per report, in their order.

    A report whose inputs did not change is left as it is. A failing report keeps its last good version. `progress` is called
    with each outcome as it comes. Raises RunError when the folder cannot be written.
    """
    return render_in({place: reports}, options, progress=progress)[place]


def render_in(
    folders: Mapping[Path, list[Report]], options: Options | None = None, *, progress: Progress | None = None
) -> dict[Path, list[Outcome]]:
    """Make the reports of several folders in one go, as `render` does for one; returns the outcomes of each folder."""
    options = options or Options()
    tell = progress or (lambda _: None)
    found: dict[Path, list[Outcome]] = {}
    waiting: list[tuple[Path, Outcome]] = []
    now = cache.Snapshot()
    for place, reports in folders.items():
        _refuse_page_of_others(place)
        store.prepare(place, cache.FOLDER)
        found[place] = [_looked_at(report, place, now, force=options.force) for report in reports]
        for outcome in found[place]:
            if outcome.reasons:
                waiting.append((place, outcome))
            else:
                tell(outcome)
    made_of = _made([outcome.report for _, outcome in waiting], options)
    for number, (rank, made) in enumerate(made_of, start=1):
        if number % _RETURN_EVERY == 0:
            _give_memory_back()
        place, outcome = waiting[rank]
        outcome.seconds, outcome.error, outcome.records = made.seconds, made.error, made.records
        try:
            _keep(outcome.report, made, place, now)
        except RunError as error:
            outcome.error = outcome.error or str(error)
        tell(outcome)
    return found


def _refuse_page_of_others(place: Path) -> None:
    """Raise RunError where an index.html that is not ours would be written over, before anything is made.

    In a folder where a run has kept its work, a damaged index is ours, and is made again.
    """
    index = place / "index.html"
    # One that cannot be read is told with the folder, when it is prepared.
    with suppress(OSError):
        if index.is_file() and not (place / cache.FOLDER).is_dir() and _SITE not in index.read_bytes():
            raise RunError(
                f"« {index} » n'est pas un index de rapports, et il serait remplacé : choisissez un autre dossier (--out), ou "
                "renommez cette page."
            )


def _looked_at(report: Report, place: Path, now: cache.Snapshot, *, force: bool) -> Outcome:
    """The outcome of a report before it is made: why it has to be, or what the last run kept of it."""
    entry = cache.load(place, report.name)
    why = now.reasons(entry, now.inputs(report.notebook, report.values), place)
    if force:
        why = why or ["demandé (--force)"]
    outcome = Outcome(report, why, of_example=place.name == EXAMPLE)
    if not why and entry is not None:
        outcome.records, outcome.seconds = entry.records, entry.seconds
    return outcome


def make(report: Report, options: Options) -> Made:
    """Run and render one report in this process, without writing anything."""
    # Heavy imports wait until there is something to run.
    import nbformat

    from helpers.pipeline import parts, run, searchable
    from helpers.pipeline import render as pages
    from helpers.pipeline.parameters import titled

    began = perf_counter()
    made = Made()
    try:
        executed = run.execute(
            report.notebook,
            report.values,
            timeout=options.timeout,
            notebook_timeout=options.notebook_timeout,
        )
        made.records = run.records(executed.node)
        made.notebook = nbformat.v4.writes(executed.node) + "\n"
        made.page = pages.html(executed.node, report.notebook, report.values)
        made.title = titled(report.notebook.title, parts.subject_of(executed.node))
        made.sections = searchable.sections(made.page)
        made.reads = executed.reads
    except ObservatoireError as error:
        made.error = str(error)
        partial = getattr(error, "partial", None)
        made.partial = nbformat.v4.writes(partial) + "\n" if partial is not None else ""
    made.seconds = perf_counter() - began
    return made


def _made(reports: list[Report], options: Options) -> Iterable[tuple[int, Made]]:
    """Rank and content of each report, as they come."""
    if not reports:
        return ()
    if options.scheduler:
        from helpers.pipeline import cluster

        return cluster.make_all(reports, options)
    return _made_here(reports, options)


def _made_here(reports: list[Report], options: Options) -> Iterator[tuple[int, Made]]:
    from helpers.pipeline import kernels

    jobs = _openable(min(options.jobs or os.cpu_count() or 1, len(reports)))
    kernels.prepare(
        cache.needed(report.notebook for report in reports), also=_shared(reports), cold=options.cold
    )
    # The caller imports what it needs while the forkserver preloads.
    from helpers.pipeline import engine

    # One more than run their cells: it starts its kernel, or writes its page, while the processors would wait for it.
    workers = min(jobs + 1, len(reports))
    pool = ThreadPoolExecutor(max_workers=workers)
    with engine.turns.at_most(jobs), pool, _stopping(pool, kernels.kill_all):
        queue = iter(enumerate(reports))
        running = {pool.submit(make, report, options): rank for rank, report in islice(queue, 2 * workers)}
        # Few are submitted ahead, so that a batch of a thousand holds a handful of pages in memory.
        while running:
            done = next(as_completed(running))
            rank = running.pop(done)
            running |= {pool.submit(make, report, options): after for after, report in islice(queue, 1)}
            yield rank, done.result()


def _shared(reports: list[Report]) -> list[str]:
    """What is worth making ready once for these reports, as a module to preload."""
    sources = {report.notebook.path: report.notebook.path.read_bytes() for report in reports}
    concerned = {path for path, source in sources.items() if _SUBJECT in cache.imported(source)}
    return [_PRELOADED] if sum(report.notebook.path in concerned for report in reports) >= _WORTH else []


def _openable(jobs: int) -> int:
    """Jobs at once that the files this process may open allow, once as many as needed were asked of the system.

    Raises RunError when not even one report can be made.
    """
    if sys.platform == "win32":
        return jobs
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = _FILES + _FILES_PER_JOB * (jobs + 1)
    if soft != resource.RLIM_INFINITY and soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    else:
        return jobs
    least = _FILES + 2 * _FILES_PER_JOB
    if soft < least:
        raise RunError(
            f"Le système ne permet d'ouvrir que {soft} fichiers à la fois, et il en faut {least} : augmentez « ulimit -n »."
        )
    return min(jobs, (soft - _FILES) // _FILES_PER_JOB - 1)


@contextmanager
def _stopping(pool: ThreadPoolExecutor, kill: Callable[[], None]) -> Iterator[None]:
    try:
        yield
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        kill()
        raise


def _give_memory_back() -> None:
    # Executed notebooks are part of reference cycles: Python would keep many of them before it looks. glibc then keeps the
    # holes that they leave, and the parent would grow with the reports.
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


def _keep(report: Report, made: Made, place: Path, now: cache.Snapshot) -> None:
    failed = place / f"{report.name}_ECHEC.ipynb"
    if made.error:
        if made.partial:
            store.write(failed, made.partial)
        return
    files = {f"{report.name}.ipynb": made.notebook, f"{report.name}.html": made.page}
    for name, content in files.items():
        store.write(place / name, content)
    failed.unlink(missing_ok=True)
    entry = cache.Entry(
        inputs=now.inputs(report.notebook, report.values),
        reads=made.reads,
        outputs={name: cache.text_digest(content) for name, content in files.items()},
        records=made.records,
        seconds=round(made.seconds, 3),
        title=made.title,
        sections=made.sections,
        states={name: cache.file_state(place / name) for name in files},
    )
    store.write(place / cache.FOLDER / f"{report.name}.json", cache.text(entry))
