"""What the user sees while reports are made: a line per report, a bar with the time left for a long batch."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from helpers import french
from helpers.pipeline import batch

FEW = 12


@contextmanager
def shown(count: int, *, why: bool) -> Iterator[batch.Progress]:
    """Give a function that tells each outcome: line by line for few reports, failures and a bar for many."""
    if count <= FEW or not sys.stderr.isatty():
        yield lambda outcome: _line(outcome, why=why, all_lines=count <= FEW)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("rapports", total=count)

        def tell(outcome: batch.Outcome) -> None:
            bar.advance(task)
            if outcome.error or (why and outcome.reasons):
                bar.console.print(_text(outcome, why=why), highlight=False, markup=False)

        yield tell


def _line(outcome: batch.Outcome, *, why: bool, all_lines: bool) -> None:
    if all_lines or outcome.error or (why and outcome.reasons):
        click.echo(_text(outcome, why=why))
        sys.stdout.flush()


def _text(outcome: batch.Outcome, *, why: bool) -> str:
    lines = [outcome.sentence]
    if why:
        lines += [f"    {reason}" for reason in outcome.reasons]
    return "\n".join(lines)


def total(outcomes: Sequence[batch.Outcome], place: Path) -> str:
    """One line that sums the run up."""
    states = Counter(
        "échec" if outcome.error else "fait" if outcome.reasons else "inchangé" for outcome in outcomes
    )
    parts = [
        french.plural(states["fait"], "rapport fait", "rapports faits"),
        french.plural(states["inchangé"], "inchangé"),
        french.plural(states["échec"], "échec"),
    ]
    return f"{', '.join(parts)} ; index : {place / 'index.html'}"
