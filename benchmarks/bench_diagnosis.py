"""Diagnosis of the EPCI of the country: one pass for all figures, then pages made, left alone, resumed and made by a cluster.

python benchmarks/bench_diagnosis.py [COUNT] [--store]

COUNT is the number of pages (40 by default; 1255 are all); with `--store`, beside an invented national store of every official
file, at its true size. The aims, idle on two cores: all figures in under 2 s, at most 0.75 s per page, the parent under 200 MB,
nothing changed in under 2.5 s for the 1 255. On a busy machine the processor time is the one to read.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import measure
import national_store
from rich.console import Console
from rich.table import Table

from helpers.territory import communes, downloads, places, population

HEADS = (
    "étape",
    "nombre",
    "s en tout",
    "s par rapport",
    "s de processeur",
    "de processeur par rapport",
    "mémoire du parent (Mo)",
)
SAMPLE = 12  # reports of the run that is killed, and of the one on a cluster
CPTS = Path(sys.executable).with_name("cpts")


def one_pass() -> tuple[int, float, float]:
    """Number of EPCI, seconds and processor seconds to make every indicator of all of them; reading is not counted."""
    units = communes.units()
    whole = units[(units["kind"] == "commune") & units["epci"].notna()]
    groups = {str(code): list(rows) for code, rows in whole.groupby("epci")["code"]}
    population.profiles(dict(list(groups.items())[:1]))
    began, used = time.perf_counter(), time.process_time()
    population.profiles(groups)
    return len(groups), time.perf_counter() - began, time.process_time() - used


def main(count: int, stored: bool) -> None:
    """Measure and print one table."""
    table = Table(title="Diagnostic des EPCI")
    for head in HEADS:
        table.add_column(head, justify="left" if head == "étape" else "right")
    territories, seconds, used = one_pass()
    table.add_row(
        "toutes les valeurs, en une passe", str(territories), f"{seconds:.2f}", "", f"{used:.2f}", "", ""
    )
    with tempfile.TemporaryDirectory() as folder:
        os.environ[downloads.PLACE] = str(Path(folder) / "external")
        if stored:
            national_store.write(Path(folder) / "external")
        known = sorted(
            set(communes.units()["epci"].dropna()) - {places.GRAND_PARIS}
        )  # a diagnosis asks for a part of it
        chosen = known[:: max(1, territories // count)][:count]
        out = Path(folder) / "rapports"
        command = render(listed(Path(folder), chosen), out)
        for step in ("pages", "pages, rien n'a changé"):
            cost = measure.cost(command)
            wall, processor = (f"{part / len(chosen):.3f}" for part in (cost.wall, cost.processor))
            table.add_row(
                step, str(len(chosen)), f"{cost.wall:.1f}", wall, f"{cost.processor:.1f}", processor, f"{cost.parent:.0f}"
            )  # fmt: skip
        sample = chosen[:: max(1, len(chosen) // SAMPLE)][:SAMPLE]
        made, left = resumed(listed(Path(folder), sample), Path(folder) / "repris")
        table.add_row(f"reprise après un arrêt brutal : {left} finies, refaites", str(made), *[""] * 5)
        same = by_cluster(listed(Path(folder), sample), Path(folder) / "dask", out)
        table.add_row(f"mêmes octets avec dask, sur {len(sample)}", str(same), *[""] * 5)
    Console(width=120).print(table)


def listed(folder: Path, chosen: Sequence[str]) -> Path:
    """Run list of one report per EPCI."""
    place = folder / f"liste-{len(chosen)}.yml"
    place.write_text(
        "reports:\n" + "".join(f'- notebook: "11"\n  parameters: {{epci: "{code}"}}\n' for code in chosen),
        encoding="utf-8",
    )
    return place


def render(reports: Path, out: Path) -> list[str | Path]:
    """Command that makes the reports of a list in the folder `out`."""
    return [CPTS, "render", "--list", reports, "--jobs", "2", "--out", out]


def resumed(reports: Path, out: Path) -> tuple[int, int]:
    """Pages made by a second run after a first one was killed halfway, and pages that the first one had finished."""
    wanted = reports.read_text(encoding="utf-8").count("epci:")
    first = subprocess.Popen(render(reports, out), stdout=subprocess.DEVNULL)
    # A report is finished once its trace is written.
    while first.poll() is None and len(list(out.glob(".cache/*.json"))) < wanted // 2:
        time.sleep(0.05)
    first.kill()
    first.wait()
    before = {path.name: path.stat().st_mtime_ns for path in out.glob(".cache/*.json")}
    subprocess.run(render(reports, out), stdout=subprocess.DEVNULL, check=True)
    after = {path.name: path.stat().st_mtime_ns for path in out.glob(".cache/*.json")}
    return sum(before.get(name) != moment for name, moment in after.items()), len(before)


def by_cluster(reports: Path, out: Path, alone: Path) -> int:
    """How many reports, made by two workers of dask, have the bytes of those made here (page and notebook)."""
    import dask
    from distributed import LocalCluster

    settings = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "dashboard_address": None}
    # A worker that may have children forks warm kernels.
    with dask.config.set({"distributed.worker.daemon": False}), LocalCluster(**settings) as cluster:
        command = [*render(reports, out), "--scheduler", cluster.scheduler_address]
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return sum(
        all(
            path.with_suffix(kind).read_bytes() == (alone / path.name).with_suffix(kind).read_bytes()
            for kind in (".html", ".ipynb")
        )
        for path in out.glob("11_*.html")
    )


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if word != "--store"]
    main(int(words[0]) if words else 40, "--store" in sys.argv)
