"""The slowest tests, in seconds on the clock and of processor: where `make test` spends its minutes.

    python benchmarks/bench_tests.py [--first N] [TESTS…]

One worker, in the order of the files: fixtures are paid by the first test that asks for them, as in its row "set-up". The
kernels of reports are counted when they end (on Linux).
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from collections import defaultdict
from collections.abc import Iterator
from multiprocessing import forkserver
from pathlib import Path

import pytest
from rich.console import Console
from rich.table import Table


class Watch:
    """Plugin of pytest: seconds and processor seconds of each phase of each test."""

    def __init__(self) -> None:
        self.spent: dict[tuple[str, str], tuple[float, float]] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Iterator[None]:
        """Measure the fixtures."""
        return (yield from self._measured(item, "set-up"))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        """Measure the test itself."""
        return (yield from self._measured(item, "test"))

    def _measured(self, item: pytest.Item, phase: str) -> Iterator[None]:
        wall, processor = time.perf_counter(), _processor()
        try:
            return (yield)
        finally:
            spent = (time.perf_counter() - wall, _processor() - processor)
            self.spent[item.nodeid, phase] = spent


def _processor() -> float:
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages) + _kernels()


def _kernels() -> float:
    """Seconds of processor of the forked kernels: children of the forkserver, which no usage of ours counts before it ends."""
    server = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]
    told = Path(f"/proc/{server}/stat")
    if not told.is_file():
        return 0.0
    fields = told.read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def show(spent: dict[tuple[str, str], tuple[float, float]], first: int) -> None:
    """Print the dearest files, then the dearest phases."""
    files: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for (test, _), (wall, processor) in spent.items():
        total = files[test.partition("::")[0]]
        total[0] += wall
        total[1] += processor
    wall, processor = (sum(times[k] for times in files.values()) for k in (0, 1))
    tests = len({test for test, _ in spent})
    console = Console(width=200, highlight=False)
    console.print(f"{tests} tests : {wall:.0f} s, {processor:.0f} s de processeur")
    for title, rows in (
        ("fichiers", [(name, "", *times) for name, times in files.items()]),
        ("tests", [(test, phase, *times) for (test, phase), times in spent.items()]),
    ):
        table = Table(title=f"les plus longs : {title}")
        for head in (title, "phase", "s", "s de processeur"):
            table.add_column(head, justify="right" if head.startswith("s") else "left", no_wrap=True)
        for name, phase, wall, processor in sorted(rows, key=lambda row: -row[2])[:first]:
            table.add_row(name, phase, f"{wall:.1f}", f"{processor:.1f}")
        console.print(table)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=25)
    parser.add_argument("tests", nargs="*", default=["tests"])
    asked = parser.parse_args()
    watch = Watch()
    code = pytest.main(
        ["-q", "--no-header", "-p", "no:randomly", "--tb=short", *asked.tests], plugins=[watch]
    )
    show(watch.spent, asked.first)
    raise SystemExit(int(code))
