"""Diagnosis of the EPCI of the country: one pass for all figures, then the pages of a sample, made and made again.

python benchmarks/bench_diagnosis.py [COUNT] [--store]

COUNT is the number of pages (40 by default; 1255 are all); with `--store`, beside an invented national store of every official
file, at its true size. The aims, idle on two cores: all figures in under 2 s, at most 0.75 s per page, the parent under 200 MB,
nothing changed in under 2.5 s for the 1 255. On a busy machine the processor time is the one to read.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

import measure
import national_store
from rich.console import Console
from rich.table import Table

from helpers.territory import communes, downloads, population

HEADS = (
    "étape",
    "nombre",
    "s en tout",
    "s par rapport",
    "s de processeur",
    "de processeur par rapport",
    "mémoire du parent (Mo)",
)
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
        chosen = sorted(communes.units()["epci"].dropna().unique())[:: max(1, territories // count)][:count]
        listed = Path(folder) / "liste.yml"
        listed.write_text(
            "reports:\n"
            + "".join(f'- notebook: "11"\n  parameters: {{epci: "{code}"}}\n' for code in chosen),
            encoding="utf-8",
        )
        command = [CPTS, "render", "--list", listed, "--jobs", "2", "--out", Path(folder) / "rapports"]
        for step in ("pages", "pages, rien n'a changé"):
            cost = measure.cost(command)
            wall, processor = (f"{part / len(chosen):.3f}" for part in (cost.wall, cost.processor))
            table.add_row(
                step, str(len(chosen)), f"{cost.wall:.1f}", wall, f"{cost.processor:.1f}", processor, f"{cost.parent:.0f}"
            )  # fmt: skip
    Console(width=120).print(table)


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if word != "--store"]
    main(int(words[0]) if words else 40, "--store" in sys.argv)
