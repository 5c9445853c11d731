"""Processor seconds of `make reports` after set-up, and of the cells of each notebook alone.

    python benchmarks/bench_reports.py [NOTEBOOK...]

With notebooks (`02 05`), their cells only. They run in one process that has everything imported and warmed, as in a kernel; what
they spend in drawing is told apart.
"""

from __future__ import annotations

import importlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import measure
from rich.console import Console
from rich.table import Table

from helpers.pipeline import cache, plan

CPTS = Path(sys.executable).with_name("cpts")


def cells(notebook: Path) -> None:
    """Run the cells of a notebook, and print the seconds of all and of what is drawn."""
    import nbformat
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    for module in cache.needed([plan.reports([str(notebook)], {})[0].notebook]):
        importlib.import_module(module)
    from helpers.page import figures
    from helpers.page.figures.theme import Figure
    from helpers.pipeline import preload  # noqa: F401

    drawn = [0.0]

    def timed(draw: Callable[..., Any]) -> Callable[..., Any]:
        def measured(*args: Any, **options: Any) -> Any:
            began = time.process_time()
            try:
                return draw(*args, **options)
            finally:
                drawn[0] += time.process_time() - began

        return measured

    for name in filter(str.islower, figures.__all__):
        setattr(figures, name, timed(getattr(figures, name)))
    Figure._repr_mimebundle_ = timed(Figure._repr_mimebundle_)  # type: ignore[method-assign]
    shell = InteractiveShell.instance()
    began = time.process_time()
    for cell in nbformat.read(notebook, as_version=4).cells:
        if cell.cell_type == "code":
            with capture_output():
                shell.run_cell(cell.source, store_history=False).raise_error()
    print(time.process_time() - began, drawn[0])


def main(names: list[str]) -> None:
    """Measure all and print two tables."""
    console = Console(width=100)
    if not names:
        table = Table("commande", "s", "s de processeur", title="make reports, une fois tout installé")
        with tempfile.TemporaryDirectory() as folder:
            cost = measure.cost([CPTS, "render", "--example", "--out", folder])
        table.add_row("cpts render --example", f"{cost.wall:.1f}", f"{cost.processor:.1f}")
        console.print(table)
    table = Table(
        "carnet", "cellules (s de processeur)", "dont dessins", title="cellules seules, processus chaud"
    )
    for report in plan.reports(names, {}):
        command = [sys.executable, __file__, "cells", str(report.notebook.path)]
        found = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-2:]
        table.add_row(report.notebook.path.stem, *(f"{float(seconds):.2f}" for seconds in found))
    console.print(table)


if __name__ == "__main__":
    if sys.argv[1:2] == ["cells"]:
        cells(Path(sys.argv[2]))
    else:
        main(sys.argv[1:])
