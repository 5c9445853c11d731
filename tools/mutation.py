"""One mutant: a change of one module in a copy of the project, and what its tests say of it. Used by the two mutation scripts."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LONGEST = 180  # seconds: a loop without end is noticed


@dataclass(frozen=True)
class Mutant:
    """One change: module, line (from 1), what was there and what replaces it, the whole source with it, the line as it was."""

    module: str
    line: int
    change: str
    source: str
    text: str


@dataclass(frozen=True)
class Said:
    """What the tests said: the exit code of pytest (1: a test has failed) and what it printed; no code when they never end."""

    code: int | None
    printed: str

    @property
    def failed(self) -> bool:
        """Whether the tests did not pass."""
        return self.code != 0


def planted(module: str, old: str, new: str) -> Mutant:
    """The mutant that writes `new` for `old`. Raises LookupError when `old` is not in the module once."""
    source = (ROOT / module).read_text(encoding="utf-8")
    if source.count(old) != 1:
        raise LookupError(f"{module} : « {old} » n'y est plus une fois.")
    line = source[: source.index(old)].count("\n") + 1
    return Mutant(module, line, f"{old} -> {new}", source.replace(old, new), old)


def copied(folder: Path) -> Path:
    """A copy of the project whose code can be changed; data and pages are those of the project."""
    for name in ("src", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in ROOT.iterdir():
        if path.name not in ("src", "tests", ".git", ".cache"):
            (folder / path.name).symlink_to(path)
    return folder


def tried(mutant: Mutant, tests: Sequence[str], copy: Path) -> Said:
    """What the tests say of a mutant, planted in a copy that is then as it was."""
    target = copy / mutant.module
    whole = target.read_text(encoding="utf-8")
    target.write_text(mutant.source, encoding="utf-8")
    try:
        return run(tests, copy)
    finally:
        target.write_text(whole, encoding="utf-8")


def run(tests: Sequence[str], copy: Path) -> Said:
    """What tests say of a copy as it is."""
    plain = ("-p", "no:randomly", "-p", "no:cacheprovider")
    try:
        done = subprocess.run(
            [sys.executable, "-B", "-m", "pytest", "-q", "-x", *plain, *tests],
            cwd=copy, env=os.environ | {"PYTHONPATH": str(copy / "src")}, capture_output=True, text=True, timeout=LONGEST,
            check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Said(None, "")
    return Said(done.returncode, done.stdout)
