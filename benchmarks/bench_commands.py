"""Seconds of the commands that a user waits for while nothing has changed: list, claims, check, render.

    python benchmarks/bench_commands.py [REPORTS]

The reports of the last row are copies of one that the pipeline made (1 255 unless said): what is measured is how a batch finds
that nothing has changed.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import measure
import synthetic
from rich.console import Console
from rich.table import Table

from helpers.pipeline import cache, plan

CPTS = Path(sys.executable).with_name("cpts")
NOTEBOOK = Path(__file__).resolve().parent / "notebooks" / "monographie.ipynb"
# The shortest of so many runs: what another program takes of the processors is not ours.
RUNS = 3


def batch(folder: Path, count: int) -> list[str | Path]:
    """Make one report, copy it `count` times with all that it leaves, and give the command that finds them unchanged."""
    package, out = synthetic.write(folder / "paquet", count), folder / "rapports"
    command = [CPTS, "render", NOTEBOOK, "--paquet", package, "--out", out]
    measure.cost([*command, "-p", "cpts=C0001"])
    made = plan.reports([str(NOTEBOOK)], {"cpts": "C0001", "paquet": str(package)})[0]
    entry = cache.load(out, made.name)
    if entry is None:
        raise SystemExit(f"{made.name} n'a pas été fait")
    for report in plan.reports([str(NOTEBOOK)], {"paquet": str(package)}, each="cpts=synthese/cpts"):
        for ending in (".html", ".ipynb"):
            shutil.copyfile(out / f"{made.name}{ending}", out / f"{report.name}{ending}.copie")
            (out / f"{report.name}{ending}.copie").replace(out / f"{report.name}{ending}")
        entry.inputs["paramètres"] = json.dumps(report.values, ensure_ascii=False, sort_keys=True)
        entry.outputs = {
            f"{report.name}{Path(name).suffix}": digest for name, digest in entry.outputs.items()
        }
        (out / cache.FOLDER / f"{report.name}.json").write_text(cache.text(entry), encoding="utf-8")
    return [*command, "--each", "cpts=synthese/cpts"]


def quickest(command: Sequence[str | Path]) -> measure.Cost:
    """Cost of the shortest of a few runs."""
    return min((measure.cost(command) for _ in range(RUNS)), key=lambda cost: cost.wall)


def main(count: int) -> None:
    """Measure all and print one table."""
    table = Table(title="commandes, rien n'ayant changé")
    for head in ("commande", "s", "s de processeur"):
        table.add_column(head, justify="left" if head == "commande" else "right")
    with tempfile.TemporaryDirectory() as place:
        whole = [CPTS, "render", "--out", Path(place) / "tous"]
        measure.cost(whole)
        commands = {
            "cpts --help": [CPTS, "--help"],
            "cpts list": [CPTS, "list"],
            "cpts tables": [CPTS, "tables"],
            "cpts claims": [CPTS, "claims"],
            "cpts check": [CPTS, "check"],
            "cpts render (tous les carnets)": whole,
            f"cpts render --each ({count} rapports)": batch(Path(place), count),
        }
        for name, command in commands.items():
            cost = quickest(command)
            table.add_row(name, f"{cost.wall:.2f}", f"{cost.processor:.2f}")
    Console(width=100).print(table)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_255)
