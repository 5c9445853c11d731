"""Diagnosis of the EPCI of the country: one pass for all figures, then the pages of a sample, made and made again.

python benchmarks/bench_diagnosis.py [COUNT]

COUNT is the number of pages (40 by default; 1255 are all). The aims, idle on two cores: all figures in under 2 s, at most 0.75 s
per page, the parent under 200 MB, nothing changed in under 2.5 s for the 1 255.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import measure
from rich.console import Console
from rich.table import Table

from helpers.territory import communes, population

CPTS = Path(sys.executable).with_name("cpts")


def one_pass() -> tuple[int, float]:
    """Number of EPCI, and seconds to make every indicator of all of them; reading the tables is not counted."""
    units = communes.units()
    whole = units[(units["kind"] == "commune") & units["epci"].notna()]
    groups = {str(code): list(rows) for code, rows in whole.groupby("epci")["code"]}
    population.profiles(dict(list(groups.items())[:1]))
    began = time.perf_counter()
    population.profiles(groups)
    return len(groups), time.perf_counter() - began


def main(count: int) -> None:
    """Measure and print one table."""
    table = Table(title="Diagnostic des EPCI")
    for head in ("étape", "nombre", "s en tout", "s par rapport", "mémoire du parent (Mo)"):
        table.add_column(head, justify="left" if head == "étape" else "right")
    territories, seconds = one_pass()
    table.add_row("toutes les valeurs, en une passe", str(territories), f"{seconds:.2f}", "", "")
    with tempfile.TemporaryDirectory() as folder:
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
            made = str(len(chosen))
            table.add_row(
                step, made, f"{cost.wall:.1f}", f"{cost.wall / len(chosen):.3f}", f"{cost.parent:.0f}"
            )
    Console(width=120).print(table)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
