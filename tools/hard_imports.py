"""Imports at once and imports killed: what a package has lost afterwards. Prints its counts; exits 1 when anything is lost.

python tools/hard_imports.py [--rounds 100] [--kills 100]
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from helpers import catalog
from helpers.files import written
from helpers.intake import starting
from helpers.intake.deposit import deposit

ROWS = 50


def codes(first: int, label: str = "x") -> pd.DataFrame:
    """Rows of `material/codes`, `ROWS` of them from number `first`."""
    names = [f"c{number:05d}" for number in range(first, first + ROWS)]
    return pd.DataFrame({"code": names, "label_fr": [f"{label} {name}" for name in names]})


def started(work: Callable[[], object]) -> int:
    """Process number of a child that does the work and ends, with 0 when it went well."""
    pid = os.fork()
    if pid:
        return pid
    try:
        work()
    except BaseException:
        os._exit(1)
    os._exit(0)


def together(folder: Path, rounds: int, writers: int = 2) -> dict[str, int]:
    """Writers that add rows to one table at the same time, round after round: rows lost, writers refused."""
    lost = refused = 0
    for number in range(rounds):
        first = number * writers * ROWS
        children = [
            started(lambda first=first, k=k: deposit({"material/codes": codes(first + k * ROWS)}, folder))  # type: ignore[misc]
            for k in range(writers)
        ]
        ends = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
        refused += sum(end != 0 for end in ends)
        known = set(catalog.load("material/codes", folder)["code"])
        for k, end in enumerate(ends):
            lost += len(set(codes(first + k * ROWS)["code"]) - known) if end == 0 else 0
    return {"tours": rounds, "écritures": rounds * writers, "refusées": refused, "lignes perdues": lost}


def killed(folder: Path, kills: int, seed: int = 7) -> dict[str, int]:
    """Deposits of three tables killed at a random moment: none, all or half of it there at the next command, files left."""
    draw = random.Random(seed)
    template = folder.with_name("modele")
    shutil.copytree(folder, template)
    tables = {
        "material/codes": codes(0),
        "material/sources": pd.DataFrame({"source": [f"s{k}" for k in range(40)], "rank": range(1, 41)}),
        "cpts/cpts": pd.DataFrame({"cpts": ["nord"], "name_fr": ["CPTS du Nord"]}),
    }
    before = content(folder)
    start = time.perf_counter()
    deposit(tables, folder)
    lasted = time.perf_counter() - start
    after = content(folder)
    found = {"arrêts": kills, "rien": 0, "tout": 0, "moitié": 0, "fichiers restés": 0}
    for _ in range(kills):
        shutil.rmtree(folder)
        shutil.copytree(template, folder)
        child = started(lambda: deposit(tables, folder))
        time.sleep(draw.uniform(0, 1.6 * lasted))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        catalog.open_package(folder)  # as the next command does
        left = content(folder)
        name = "rien" if same(left, before) else "tout" if same(left, after) else "moitié"
        found[name] += 1
        found["fichiers restés"] += len(set(left) - set(before) - {".cpts-verrou"})
        deposit(tables, folder)
        found["moitié"] += not same(content(folder), after)
        found["fichiers restés"] += len(set(content(folder)) - set(before))
    return found


def killed_in_between(folder: Path) -> dict[str, int]:
    """A deposit killed between any two of its steps on the disk, one after the other: the same counts."""
    template = folder.with_name("modele2")
    shutil.copytree(folder, template)
    files = {"cpts/cpts.csv": b"a\n", "cpts/facts.csv": b"b\n", "material/codes.csv": b"c\n"}
    before = content(folder)
    found = {"étapes": 0, "rien": 0, "tout": 0, "moitié": 0, "fichiers restés": 0}
    while True:
        shutil.rmtree(folder)
        shutil.copytree(template, folder)
        child = started(lambda: _cut(found["étapes"], lambda: written.replace(folder, files)))
        whole = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        catalog.open_package(folder)
        left = content(folder)
        name = "rien" if same(left, before) else "tout" if same(left, before | files) else "moitié"
        found[name] += 1
        found["fichiers restés"] += len(set(left) - set(before))
        found["étapes"] += 1
        if whole:
            return found


def _cut(step: int, work: Callable[[], object]) -> None:
    """Kill this process when it is about to ask the system for its file operation of that rank."""
    seen = 0

    def watch(event: str, _: object) -> None:
        nonlocal seen
        if event in ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.chmod"):
            if seen == step:
                os.kill(os.getpid(), signal.SIGKILL)
            seen += 1

    sys.addaudithook(watch)
    work()


def content(folder: Path) -> dict[str, bytes]:
    """Bytes of every file of a folder, by its place."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def same(left: Mapping[str, bytes], right: Mapping[str, bytes]) -> bool:
    """Whether the tables and the catalogue are the same, whatever else is there."""
    both = (
        {name: found for name, found in side.items() if not name.startswith(".cpts")}
        for side in (left, right)
    )
    one, other = both
    return one == other


def main() -> int:
    """Run what the command line asks for and print the counts."""
    parser = argparse.ArgumentParser(description="Imports en même temps, imports arrêtés : ce qui se perd.")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--kills", type=int, default=100)
    asked = parser.parse_args()
    lost = 0
    with tempfile.TemporaryDirectory() as place:
        for rank, (title, work) in enumerate(
            {
                "deux imports à la fois": lambda folder: together(folder, asked.rounds),
                "imports arrêtés (kill -9)": lambda folder: killed(folder, asked.kills),
                "arrêt à chaque étape sur le disque": killed_in_between,
            }.items()
        ):
            folder = Path(place) / str(rank) / "paquet"
            folder.parent.mkdir()
            starting.new(folder)
            found = work(folder)
            lost += found.get("lignes perdues", 0) + found.get("moitié", 0) + found.get("fichiers restés", 0)
            print(f"{title} : " + ", ".join(f"{name} {count}" for name, count in found.items()))
    return 1 if lost else 0


if __name__ == "__main__":
    raise SystemExit(main())
