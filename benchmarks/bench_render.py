"""Seconds per report of four ways to make the same reports, two at a time, and the cost of the cells alone.

    python benchmarks/bench_render.py [REPORTS]

The notebook is benchmarks/notebooks/monographie.ipynb: three tables, three figures, one model, on synthetic CPTS.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import measure
import synthetic
from rich.console import Console
from rich.table import Table

HERE = Path(__file__).resolve().parent
NOTEBOOK = HERE / "notebooks" / "monographie.ipynb"
BIN = Path(sys.executable).parent


def commands(package: Path, out: Path, count: int) -> None:
    """(a) The two commands for each report, two reports at a time."""

    def one(number: int) -> None:
        cpts, executed = f"C{number:04d}", out / f"{number}.ipynb"
        given = ["-p", "cpts", cpts, "-p", "paquet", str(package), "--no-progress-bar"]
        subprocess.run([BIN / "papermill", NOTEBOOK, executed, *given], check=True, capture_output=True)
        subprocess.run(
            [BIN / "jupyter", "nbconvert", "--to", "html", executed], check=True, capture_output=True
        )

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(one, range(1, count + 1)))


def calls(package: Path, out: Path, count: int) -> None:
    """(b) The Python calls of papermill and nbconvert in one process, one report after the other."""
    import papermill
    from nbconvert.exporters import HTMLExporter

    exporter = HTMLExporter()
    for number in range(1, count + 1):
        executed = out / f"{number}.ipynb"
        given = {"cpts": f"C{number:04d}", "paquet": str(package)}
        papermill.execute_notebook(NOTEBOOK, executed, parameters=given, progress_bar=False)
        page, _ = exporter.from_filename(str(executed))
        (out / f"{number}.html").write_text(page, encoding="utf-8")


def cells(package: Path, _: Path, count: int) -> None:
    """The cells alone, displayed, in one process that has everything imported and warmed."""
    import time

    import nbformat
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    from helpers.pipeline import preload

    shell = InteractiveShell.instance()
    code = [cell.source for cell in nbformat.read(NOTEBOOK, as_version=4).cells if cell.cell_type == "code"]
    preload.warm()
    began = time.process_time()
    for number in range(1, count + 1):
        shell.user_ns.update(cpts=f"C{number:04d}", paquet=str(package))
        for source in code[1:]:
            with capture_output():  # the result is formatted as in a kernel, and kept off the screen
                shell.run_cell(source, store_history=False).raise_error()
    print((time.process_time() - began) / count)


def main(count: int) -> None:
    """Measure all and print one table."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        package = synthetic.write(place / "paquet", count)
        render = [
            BIN / "cpts",
            "render",
            NOTEBOOK,
            "--each",
            "cpts=synthese/cpts",
            "--paquet",
            package,
            "--jobs",
            "2",
        ]
        ways = {
            "(a) papermill puis jupyter nbconvert, deux à la fois": step(
                "commands", package, place / "a", count
            ),
            "(b) appels Python dans un seul processus": step("calls", package, place / "b", count),
            "(c) cpts render --cold --jobs 2": [*render, "--cold", "--out", place / "c"],
            "(d) cpts render --jobs 2": [*render, "--out", place / "d"],
        }
        costs = {name: measure.cost(command) for name, command in ways.items()}
        again = measure.cost(ways["(d) cpts render --jobs 2"])
        alone = subprocess.run(
            step("cells", package, place / "e", count), check=True, capture_output=True, text=True
        )
    show(costs, again, float(alone.stdout), count)


def step(name: str, package: Path, out: Path, count: int) -> list[str | Path]:
    """Command that runs one of the functions above in a process of its own."""
    out.mkdir()
    return [sys.executable, Path(__file__), name, package, out, str(count)]


def show(costs: dict[str, measure.Cost], again: measure.Cost, alone: float, count: int) -> None:
    """Print the table and the ratios."""
    best = list(costs.values())[-1]
    table = Table(title=f"{count} rapports : 3 tableaux, 3 figures, 1 modèle")
    for head in (
        "façon",
        "s par rapport",
        "rapport à (d)",
        "s de processeur par rapport",
        "mémoire de l'arbre (Mo)",
    ):
        table.add_column(head, justify="left" if head == "façon" else "right")
    for name, cost in costs.items():
        ratio = f"{cost.wall / best.wall:.1f}"
        table.add_row(
            name, f"{cost.wall / count:.2f}", ratio, f"{cost.processor / count:.2f}", f"{cost.tree:.0f}"
        )
    console = Console(width=120)
    console.print(table)
    console.print(f"cellules seules, processus chaud : {alone:.2f} s de processeur par rapport")
    console.print(f"(d) / cellules seules : {best.processor / count / alone:.2f}")
    console.print(f"(d) une seconde fois, rien n'a changé : {again.wall:.2f} s en tout")


if __name__ == "__main__":
    if len(sys.argv) > 2:
        {"commands": commands, "calls": calls, "cells": cells}[sys.argv[1]](
            Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
        )
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
