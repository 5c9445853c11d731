"""How `cpts render` grows: with reports, on a dask cluster of two workers, and with sixteen jobs at once.

    python benchmarks/bench_scale.py [COUNT…]

Reports of synthetic CPTS, 50, 200 and 1 000 unless said: the slope must be flat. The dask cluster makes the last count. The
sixteen jobs are simulated: their cells sleep, and show a page as heavy as a real one, so that what is measured is the parent.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import measure
import synthetic
from rich.console import Console
from rich.table import Table

NOTEBOOK = Path(__file__).resolve().parent / "notebooks" / "monographie.ipynb"
CPTS = Path(sys.executable).with_name("cpts")
# Reports read the same table whatever the number of reports: only the number changes, not the work of each.
UNITS = 1_000
JOBS, SLEEP, SIMULATED = 16, 4.0, 160


def render(notebook: Path, package: Path, out: Path, *more: str) -> list[str | Path]:
    """Command that makes one report of the notebook per CPTS of the package."""
    each = ["--each", "cpts=synthese/cpts", "--paquet", package]
    return [CPTS, "render", notebook, *each, "--out", out, *more]


def first(package: Path, count: int) -> None:
    """Leave the first `count` CPTS in the list of the package."""
    synthetic.write(package, UNITS)
    names = (package / "cpts.csv").read_text(encoding="utf-8").splitlines()
    (package / "cpts.csv").write_text("\n".join(names[: count + 1]) + "\n", encoding="utf-8")


def counted(out: Path, count: int) -> None:
    """Stop when a report is missing."""
    made = len(list(out.glob("*--*.html")))
    if made != count:
        raise SystemExit(f"{made} rapports au lieu de {count}")


def cluster(package: Path, out: Path) -> None:
    """The same batch on two dask workers of this machine, which fork warm kernels."""
    import dask
    from distributed import LocalCluster

    settings = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "dashboard_address": None}
    with dask.config.set({"distributed.worker.daemon": False}), LocalCluster(**settings) as found:
        subprocess.run(render(NOTEBOOK, package, out, "--scheduler", found.scheduler_address), check=True)


def simulated(folder: Path, page: Path) -> Path:
    """Notebook whose cells sleep, then show the pieces of `page`, an executed notebook, as they were."""
    shown = [
        output["data"]["text/html"]
        for cell in json.loads(page.read_text(encoding="utf-8"))["cells"]
        for output in cell.get("outputs", [])
        if "text/html" in output.get("data", {})
    ]
    (folder / "morceaux.json").write_text(json.dumps(["".join(piece) for piece in shown]), encoding="utf-8")
    pause = SLEEP / len(shown)
    sources = ['cpts = "C0001"  # CPTS décrite\npaquet = ""  # Dossier du paquet de synthèse']
    sources.append(
        "import json, time\nfrom pathlib import Path\nfrom IPython.display import HTML\n"
        f"morceaux = json.loads(Path({str(folder / 'morceaux.json')!r}).read_text())"
    )
    sources += [f"time.sleep({pause})\nHTML(morceaux[{number}])" for number in range(len(shown))]
    node = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    code = {"cell_type": "code", "execution_count": None, "outputs": []}
    cells = [
        {**code, "id": f"c{number}", "metadata": {"tags": [] if number else ["parameters"]}, "source": source}
        for number, source in enumerate(sources)
    ]
    node["cells"] = [node["cells"][0], *cells]
    path = folder / "simulation.ipynb"
    path.write_text(json.dumps(node, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def ceiling(folder: Path, package: Path, executed: Path) -> str:
    """Sentence on the reports per second of sixteen sleeping jobs, and of the parent alone."""
    first(package, SIMULATED)
    notebook = simulated(folder, executed)
    out = folder / "simulation"
    cost = measure.cost(render(notebook, package, out, "--jobs", str(JOBS)))
    counted(out, SIMULATED)
    return (
        f"{JOBS} rapports à la fois, cellules qui dorment {SLEEP:.0f} s : {SIMULATED / cost.wall:.2f} rapports par seconde "
        f"(au mieux {JOBS / SLEEP:.1f}) sur {os.cpu_count()} cœurs ; {cost.own / SIMULATED:.3f} s de processeur du parent par "
        f"rapport, soit au plus {SIMULATED / cost.own:.1f} rapports par seconde"
    )


def main(counts: list[int]) -> None:
    """Measure each size, the cluster and the sleeping jobs; print one table and one sentence."""
    table = Table(title="cpts render --each, deux rapports à la fois")
    for head in (
        "rapports",
        "façon",
        "s en tout",
        "s par rapport",
        "s de processeur par rapport",
        "mémoire du parent (Mo)",
        "de l'arbre (Mo)",
    ):
        table.add_column(head, justify="left" if head == "façon" else "right")
    with tempfile.TemporaryDirectory() as place:
        folder, package = Path(place), Path(place) / "paquet"

        def measured(way: str, count: int, command: list[str | Path], out: Path) -> None:
            cost = measure.cost(command)
            counted(out, count)
            row = (f"{cost.wall:.0f}", f"{cost.wall / count:.3f}", f"{cost.processor / count:.2f}")
            table.add_row(str(count), way, *row, f"{cost.parent:.0f}", f"{cost.tree:.0f}")

        for count in counts:
            first(package, count)
            out = folder / str(count)
            measured("--jobs 2", count, render(NOTEBOOK, package, out, "--jobs", "2"), out)
        there = folder / "dask"
        measured("2 ouvriers dask", count, [sys.executable, Path(__file__), "cluster", package, there], there)
        told = ceiling(folder, package, next(out.glob("*--*.ipynb")))
    console = Console(width=120)
    console.print(table)
    console.print(told)


if __name__ == "__main__":
    if sys.argv[1:2] == ["cluster"]:
        cluster(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        main([int(item) for item in sys.argv[1:]] or [50, 200, 1_000])
