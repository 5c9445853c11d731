"""Seconds of the commands that a user waits for: list, claims, check, render with nothing changed; watch, after a save.

    python benchmarks/bench_commands.py [REPORTS]

The reports of the last row are copies of one that the pipeline made (1 255 unless said): what is measured is how a batch finds
that nothing has changed.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import measure
import synthetic
from rich.console import Console
from rich.table import Table

from helpers.pipeline import cache, plan

CPTS = Path(sys.executable).with_name("cpts")
NOTEBOOK = Path(__file__).resolve().parent / "notebooks" / "monographie.ipynb"
RUNS = 3
LIMITS = {
    **dict.fromkeys(("cpts list", "cpts claims", "cpts check", "cpts render"), "0,5"),
    "cpts render --each": "2,5",
}


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


def saved_to_page(folder: Path) -> float:
    """Seconds from the save of a copy of 07 to its page, while `cpts watch` is at it: the shortest of a few."""
    notebook, out = folder / "07_monographie_cpts.ipynb", folder / "suivi"
    shutil.copyfile(plan.reports(["07"], {})[0].notebook.path, notebook)
    page = out / "07_monographie_cpts.html"
    watching = subprocess.Popen(
        [CPTS, "watch", notebook, "--out", out], stdout=subprocess.DEVNULL, start_new_session=True
    )
    found = []
    try:
        before = _wait_for(page, None)
        for number in range(RUNS):
            time.sleep(1)
            content = json.loads(notebook.read_text(encoding="utf-8"))
            content["cells"][-1]["metadata"]["essai"] = number
            began = time.time()
            notebook.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
            before = _wait_for(page, before)
            found.append(before - began)
    finally:
        # Not an interruption: a benchmark that runs in the background has its children ignore it.
        watching.terminate()
        watching.wait()
    return min(found)


def _wait_for(page: Path, before: float | None) -> float:
    """Time of the page once it is another than `before`."""
    until = time.monotonic() + 300
    while time.monotonic() < until:
        if page.exists() and (now := page.stat().st_mtime) != before:
            return now
        time.sleep(0.01)
    raise SystemExit("cpts watch n'a pas refait la page en cinq minutes")


def main(count: int) -> None:
    """Measure all and print one table."""
    table = Table(title="commandes, rien n'ayant changé")
    for head in ("commande", "s", "s de processeur", "au plus"):
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
            cost = measure.quickest(command)
            table.add_row(
                name, f"{cost.wall:.2f}", f"{cost.processor:.2f}", LIMITS.get(name.split(" (")[0], "")
            )
        watched = saved_to_page(Path(place))
        table.add_row("cpts watch 07, de l'enregistrement à la page", f"{watched:.2f}", "", "1,5")
    Console(width=100).print(table)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_255)
