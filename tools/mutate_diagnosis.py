"""Four mistakes found in tools of the field, made on purpose in a copy of the helpers: the tests must fail on each.

`python tools/mutate_diagnosis.py`: one line per mistake, exit code 1 when one of them passes, or when its place in the code has
moved. The mistakes: the APL weighted by another population, professionals of both sexes added to their total, a mean of the
densities of communes, a region and a département of the same code taken for one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# What is said, the module, the code as it is, the mistake, the tests that must fail.
MUTANTS = (
    (
        "APL pondérée par la population totale",
        "territory/access.py",
        'weights = known["standardised_population"]',
        'weights = known["population"].astype("float64")',
        "tests/territory/test_access.py",
    ),
    (
        "les deux sexes avec leur total",
        "territory/diagnosis/care.py",
        'last = last[(last["age"] == ALL_AGES) & (last["sex"] == ALL_SEXES)]',
        'last = last[last["age"] == ALL_AGES]',
        "tests/territory/test_diagnosis.py",
    ),
    (
        "moyenne des rapports des communes",
        "territory/population.py",
        "sums = [part.where(known).groupby(by, sort=False).sum() for part in (top, bottom)]",
        "sums = [part.where(known).groupby(by, sort=False).mean() "
        "for part in ((top / bottom) if not count else top, bottom / bottom)]",
        "tests/territory/test_population.py",
    ),
    (
        "région et département de même code confondus",
        "territory/references.py",
        'return pd.concat(parts, names=["level", "code"])',
        'whole = pd.concat(parts, names=["level", "code"]); return whole.assign(**whole[figures].groupby(level="code")'
        '.transform("first"))',
        "tests/territory/test_population.py",
    ),
)


def survives(module: str, code: str, mistake: str, tests: str) -> str:
    """What is wrong with the tests on this mistake, in French; empty when they fail as they must."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "src"
        shutil.copytree(ROOT / "src", source, ignore=shutil.ignore_patterns("__pycache__"))
        place = source / "helpers" / module
        text = place.read_text(encoding="utf-8")
        if text.count(code) != 1:
            return "le code visé n'est plus là"
        place.write_text(text.replace(code, mistake), encoding="utf-8")
        # The package finds its data beside src.
        for name in ("data", "notebooks"):
            (Path(folder) / name).symlink_to(ROOT / name)
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-q",
                "-x",
                "-p",
                "no:randomly",
                "-p",
                "no:cacheprovider",
                tests,
            ],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(source)},
            capture_output=True,
            text=True,
            check=False,
        )
    # 1: a test has failed; anything else is no answer.
    return (
        ""
        if done.returncode == 1 and "AssertionError" in done.stdout
        else f"les tests passent (code {done.returncode})"
    )


def main() -> int:
    """Make each mistake, print what the tests said."""
    found = [(said, survives(*mutant)) for said, *mutant in MUTANTS]
    for said, wrong in found:
        print(f"{'✗' if wrong else '✓'} {said} : {wrong or 'vu par les tests'}")
    return 1 if any(wrong for _, wrong in found) else 0


if __name__ == "__main__":
    raise SystemExit(main())
