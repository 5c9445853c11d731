"""Make a data package of synthetic CPTS for the benchmarks: nothing in it is real."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd

YEARS = range(2014, 2024)


def write(folder: Path, units: int) -> Path:
    """Write a package of `units` synthetic CPTS over ten years in `folder`, the same at each call; returns the folder."""
    generator = np.random.default_rng(20221027)
    names = [f"C{number:04d}" for number in range(1, units + 1)]
    first = generator.integers(8_000, 250_000, units)
    rows = [
        (
            name,
            f"{year}-01-01",
            year,
            int(size * 1.004**step),
            int(generator.poisson(size / 1_400)),
            int(size / 600),
        )
        for name, size in zip(names, first, strict=True)
        for step, year in enumerate(YEARS)
    ]
    columns = ["cpts", "date", "annee", "population", "generalistes", "infirmiers"]
    folder.mkdir(parents=True, exist_ok=True)
    pd.DataFrame(rows, columns=columns).to_csv(folder / "annees.csv", index=False, lineterminator="\n")
    pd.DataFrame({"cpts": names}).to_csv(folder / "cpts.csv", index=False, lineterminator="\n")
    kinds = {"cpts": "string", "date": "date"}
    fields = [{"name": name, "type": kinds.get(name, "integer"), "description": name} for name in columns]
    resources = [
        {
            "name": "synthese/annees",
            "path": "annees.csv",
            "schema": {"fields": fields, "primaryKey": ["cpts", "date"]},
        },
        {
            "name": "synthese/cpts",
            "path": "cpts.csv",
            "schema": {"fields": fields[:1], "primaryKey": ["cpts"]},
        },
    ]
    descriptor = {"name": "synthese", "resources": resources}
    (folder / "datapackage.json").write_text(json.dumps(descriptor, indent=1) + "\n", encoding="utf-8")
    return folder


if __name__ == "__main__":
    print(write(Path(sys.argv[1]), int(sys.argv[2])))
