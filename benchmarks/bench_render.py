"""Seconds per report of the ways to make the same reports, and the cost of the cells alone.

    python benchmarks/bench_render.py [REPORTS] [--jupyter-cache FOLDER]

The notebook is benchmarks/notebooks/monographie.ipynb: three tables, three figures, one model, on synthetic CPTS. FOLDER holds
jupyter-cache, which is no dependence of the project: `pip install --no-deps --target FOLDER jupyter-cache sqlalchemy tabulate`.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import measure
import synthetic
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

HERE = Path(__file__).resolve().parent
NOTEBOOK = HERE / "notebooks" / "monographie.ipynb"
BIN = Path(sys.executable).parent
OURS = "(d) cpts render --jobs 2"


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


def prepared(package: Path, out: Path, count: int) -> list[Path]:
    """The notebook once per report with its values, for the programs that know no parameters."""
    import papermill

    paths = [out / f"{number}.ipynb" for number in range(1, count + 1)]
    for number, path in enumerate(paths, start=1):
        given = {"cpts": f"C{number:04d}", "paquet": str(package)}
        papermill.execute_notebook(NOTEBOOK, path, parameters=given, prepare_only=True, progress_bar=False)
    return paths


def two_at_a_time(commands: Iterable[list[str | Path]]) -> None:
    """Run the commands, two at once."""
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda command: subprocess.run(command, check=True, capture_output=True), commands))


def nbconvert(package: Path, out: Path, count: int) -> None:
    """(e) `jupyter nbconvert --execute`, two at a time."""
    start: list[str | Path] = [BIN / "jupyter", "nbconvert", "--execute", "--to", "html"]
    two_at_a_time([*start, path] for path in prepared(package, out, count))


def scripts(package: Path, out: Path, count: int) -> None:
    """(f) A script of the cells per report, two at a time: results are formatted, nothing is written."""
    start: list[str | Path] = [sys.executable, Path(__file__), "script", package, out]
    two_at_a_time([*start, str(number)] for number in range(1, count + 1))


def script(package: Path, _: Path, number: int) -> None:
    """The cells of one report in a new process."""
    shell, code = cells_of_notebook()
    run(shell, code, package, number)


def jupyter_cache(package: Path, out: Path, count: int) -> None:
    """(g) jupyter-cache, which runs side by side, then the calls of nbconvert."""
    from importlib import import_module

    from nbconvert.exporters import HTMLExporter

    # Not declared by the project, nor in its lock: see the head of this file.
    kept = import_module("jupyter_cache").get_cache(out / "cache")
    load_executor = import_module("jupyter_cache.executors").load_executor
    paths = prepared(package, out, count)
    for path in paths:
        kept.add_nb_to_project(str(path))
    done = load_executor("local-parallel", cache=kept).run_and_cache(timeout=600)
    if len(done.succeeded) != count:
        raise SystemExit(f"{len(done.succeeded)} carnets exécutés au lieu de {count} : {done}")
    exporter = HTMLExporter()
    for path in paths:
        _, node = kept.merge_match_into_file(str(path))
        page, _ = exporter.from_notebook_node(node)
        path.with_suffix(".html").write_text(page, encoding="utf-8")


def warmed() -> tuple[InteractiveShell, list[str]]:
    """A shell and the code of the notebook, in this process that imports and warms what a forkserver does."""
    from importlib import import_module

    from helpers.pipeline import cache, kernels, parameters

    for name in (kernels.FIRST, *cache.needed([parameters.read(NOTEBOOK)]), kernels.PRELOAD):
        import_module(name)
    return cells_of_notebook()


def cells_of_notebook() -> tuple[InteractiveShell, list[str]]:
    """A shell, and the code of the notebook but its parameters."""
    import nbformat
    from IPython.core.interactiveshell import InteractiveShell

    code = [cell.source for cell in nbformat.read(NOTEBOOK, as_version=4).cells if cell.cell_type == "code"]
    return InteractiveShell.instance(), code[1:]


def run(shell: InteractiveShell, code: list[str], package: Path, number: int) -> None:
    """Run the cells of one report: a result is formatted as in a kernel, and kept off the screen."""
    from IPython.utils.capture import capture_output

    shell.user_ns.update(cpts=f"C{number:04d}", paquet=str(package))
    for source in code:
        with capture_output():
            shell.run_cell(source, store_history=False).raise_error()


def cells(package: Path, _: Path, count: int) -> None:
    """The cells alone, displayed, in one process that has everything imported and warmed."""
    import time

    shell, code = warmed()
    began = time.process_time()
    for number in range(1, count + 1):
        run(shell, code, package, number)
    print((time.process_time() - began) / count)


def isolated(package: Path, _: Path, count: int) -> None:
    """The same cells, each report in a process forked from the warmed one: what isolation costs before any engine."""
    import resource

    shell, code = warmed()
    for number in range(1, count + 1):
        if not (child := os.fork()):
            run(shell, code, package, number)
            os.kill(os.getpid(), signal.SIGKILL)
        os.waitpid(child, 0)
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    print((usage.ru_utime + usage.ru_stime) / count)


def seconds(command: list[str | Path]) -> float:
    """What one of the two functions above prints, run with the memory and the threads of a kernel."""
    from helpers.pipeline import kernels

    environment = os.environ | kernels.ONE_THREAD | kernels.KEEP_MEMORY
    return float(subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout)


def main(count: int, cache: Path | None) -> None:
    """Measure all and print one table."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        package = synthetic.write(place / "paquet", count)
        render: list[str | Path] = [
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
        ways: dict[str, list[str | Path]] = {
            "(a) papermill puis jupyter nbconvert, deux à la fois": step(
                "commands", package, place / "a", count
            ),
            "(b) appels Python dans un seul processus": step("calls", package, place / "b", count),
            "(c) cpts render --cold --jobs 2": [*render, "--cold", "--out", place / "c"],
            OURS: [*render, "--out", place / "d"],
            "(e) jupyter nbconvert --execute, deux à la fois": step("nbconvert", package, place / "e", count),
            "(f) un script par rapport, sans page, deux à la fois": step(
                "scripts", package, place / "f", count
            ),
        }
        if cache is not None:
            # Only the process of jupyter-cache and its kernels see it.
            os.environ["PYTHONPATH"] = os.pathsep.join(
                filter(None, (os.environ.get("PYTHONPATH"), str(cache)))
            )
            ways["(g) jupyter-cache puis nbconvert"] = step("jupyter_cache", package, place / "g", count)
        costs = {name: measure.cost(command) for name, command in ways.items()}
        again = measure.quickest(ways[OURS])
        alone = seconds(step("cells", package, place / "h", count))
        apart = seconds(step("isolated", package, place / "i", count))
    show(costs, again, alone, apart, count)


def step(name: str, package: Path, out: Path, count: int) -> list[str | Path]:
    """Command that runs one of the functions above in a process of its own."""
    out.mkdir()
    return [sys.executable, Path(__file__), name, package, out, str(count)]


def show(costs: dict[str, measure.Cost], again: measure.Cost, alone: float, apart: float, count: int) -> None:
    """Print the table and the ratios."""
    best = costs[OURS]
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
    first = next(iter(costs.values()))
    console.print(f"(a) / (d) : {first.wall / best.wall:.1f} (à atteindre : 9 au moins)")
    console.print(f"cellules seules, processus chaud : {alone:.2f} s de processeur par rapport")
    console.print(f"(d) / cellules seules : {best.processor / count / alone:.2f} (au plus 1,5)")
    console.print(
        f"les mêmes, un processus forké par rapport : {apart:.2f} s, (d) / celles-ci : {best.processor / count / apart:.2f}"
    )
    console.print(
        f"(d) une seconde fois, rien n'a changé : {again.wall:.2f} s en tout (au plus 0,6), "
        f"dont {again.processor:.2f} de processeur"
    )


STEPS = {
    step.__name__: step
    for step in (commands, calls, nbconvert, scripts, script, jupyter_cache, cells, isolated)
}

if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] in STEPS:
        STEPS[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
    else:
        parser = argparse.ArgumentParser(description=__doc__)
        parser.add_argument("reports", nargs="?", type=int, default=40)
        parser.add_argument("--jupyter-cache", type=Path)
        asked = parser.parse_args()
        main(asked.reports, asked.jupyter_cache)
