"""`cpts watch`: a notebook is rendered again at each save, beside the editor where it is written."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from helpers import catalog
from helpers.commands.command_line import (
    Command,
    notebooks_argument,
    out_option,
    package_option,
    pair,
    parameter_option,
)

if TYPE_CHECKING:
    from helpers.pipeline.batch import Outcome
    from helpers.pipeline.plan import Report


@click.command("watch", cls=Command)
@notebooks_argument
@parameter_option
@package_option
@out_option
def watch(notebooks: tuple[str, ...], given: tuple[str, ...], paquet: str | None, out: Path | None) -> None:
    """Refaire les rapports des CARNETS (par défaut tous) à chaque enregistrement ; Ctrl-C arrête."""
    from helpers.pipeline import batch, plan, watching

    values = dict(map(pair, given)) | ({} if paquet is None else {"paquet": paquet})

    def reports() -> list[Report]:
        return plan.reports(notebooks, values)

    def progress(outcome: Outcome) -> None:
        if outcome.reasons or outcome.error:
            click.echo(outcome.sentence)

    place = out or batch.DEFAULT_OUT
    reports()  # a name or a value that does not exist ends the command at once, and so does a folder without package
    if values.get("paquet"):
        catalog.open_package(values["paquet"]).names()
    click.echo(f"Rapports dans {place} ; Ctrl-C arrête.")
    with suppress(KeyboardInterrupt):
        watching.watch(
            reports, place, batch.Options(), paquet=str(paquet or ""), progress=progress, tell=click.echo
        )
