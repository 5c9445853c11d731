"""Four mistakes found in tools of the field, made on purpose in a copy of the helpers: the tests must fail on each.

`python tools/mutate_diagnosis.py`: one line per mistake, exit code 1 when one of them passes, or when its place in the code has
moved. The mistakes: the APL weighted by another population, professionals of both sexes added to their total, a mean of the
densities of communes, a region and a département of the same code taken for one.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import mutation

TERRITORY = "src/helpers/territory"
# What is said, the module, the code as it is, the mistake, the tests that must fail.
MUTANTS = (
    (
        "APL pondérée par la population totale",
        "access.py",
        'for name in (column, "standardised_population", "population")',
        'for name in (column, "population", "population")',
        "tests/territory/test_access.py",
    ),
    (
        "les deux sexes avec leur total",
        "diagnosis/care.py",
        'last = last[(last["age"] == ALL_AGES) & (last["sex"] == ALL_SEXES)]',
        'last = last[last["age"] == ALL_AGES]',
        "tests/territory/test_diagnosis.py",
    ),
    (
        "moyenne des rapports des communes",
        "population.py",
        "sums = [summed(top), summed(bottom)]",
        "sums = [summed(top), summed(bottom)] if count else [summed(top / bottom), summed(bottom / bottom)]",
        "tests/territory/test_population.py",
    ),
    (
        "région et département de même code confondus",
        "references.py",
        'return pd.concat(parts, names=["level", "code"])',
        'whole = pd.concat(parts, names=["level", "code"]); return whole.assign(**whole[figures].groupby(level="code")'
        '.transform("first"))',
        "tests/territory/test_population.py",
    ),
)


def survives(copy: Path, module: str, code: str, mistake: str, tests: str) -> str:
    """What is wrong with the tests on this mistake, in French; empty when they fail as they must."""
    try:
        mutant = mutation.planted(f"{TERRITORY}/{module}", code, mistake)
    except LookupError as gone:
        return str(gone)
    said = mutation.tried(mutant, [tests], copy)
    # 1: a test has failed; anything else, or a mistake that cannot run, is no answer.
    seen = said.code == 1 and "AssertionError" in said.printed
    return "" if seen else f"les tests passent (code {said.code})"


def main() -> int:
    """Make each mistake, print what the tests said."""
    with tempfile.TemporaryDirectory() as folder:
        copy = mutation.copied(Path(folder))
        found = [(said, survives(copy, *mutant)) for said, *mutant in MUTANTS]
    for said, wrong in found:
        print(f"{'✗' if wrong else '✓'} {said} : {wrong or 'vu par les tests'}")
    return 1 if any(wrong for _, wrong in found) else 0


if __name__ == "__main__":
    raise SystemExit(main())
