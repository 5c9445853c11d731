"""Time and memory of `cpts render` for 50, 200 and 1 000 synthetic CPTS: the slope must be flat.

python benchmarks/bench_scale.py [COUNT…]
"""

from __future__ import annotations

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


def main(counts: list[int]) -> None:
    """Measure each size and print one table."""
    table = Table(title="cpts render --each, deux rapports à la fois")
    for head in (
        "rapports",
        "s en tout",
        "s par rapport",
        "s de processeur par rapport",
        "mémoire du parent (Mo)",
        "de l'arbre (Mo)",
    ):
        table.add_column(head, justify="right")
    with tempfile.TemporaryDirectory() as folder:
        package = synthetic.write(Path(folder) / "paquet", UNITS)
        for count in counts:
            names = (package / "cpts.csv").read_text(encoding="utf-8").splitlines()
            (package / "cpts.csv").write_text("\n".join(names[: count + 1]) + "\n", encoding="utf-8")
            out = Path(folder) / str(count)
            each = ["--each", "cpts=synthese/cpts", "--paquet", package]
            cost = measure.cost([CPTS, "render", NOTEBOOK, *each, "--jobs", "2", "--out", out])
            made = len(list(out.glob("*.html"))) - 1
            if made != count:
                raise SystemExit(f"{made} rapports au lieu de {count}")
            row = (count, f"{cost.wall:.0f}", f"{cost.wall / count:.3f}", f"{cost.processor / count:.2f}")
            table.add_row(*map(str, row), f"{cost.parent:.0f}", f"{cost.tree:.0f}")
            synthetic.write(package, UNITS)
    Console(width=120).print(table)


if __name__ == "__main__":
    main([int(item) for item in sys.argv[1:]] or [50, 200, 1_000])
