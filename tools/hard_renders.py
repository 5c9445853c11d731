"""Renders killed at a random moment: what the folder of the reports has lost afterwards. Prints its counts; exits 1 on a loss.

python tools/hard_renders.py [--kills 100]

In turn the command alone, one of the processes that it started (a kernel, their server), or all of them at once. After each:
no report is half there, no process is left, and the next command gives the same bytes as a run that nobody stopped.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import nbformat
import psutil

from helpers.files import locks

TARGETS = ("la commande", "un de ses processus", "tous")
LOSSES = ("à moitié", "processus restés", "autres octets", "fichiers restés")
# What tells the moment of a run, and not what its reports say.
_NOTED = "sommaire.json"  # times of the files beside it (helpers.pipeline.standing)
_DATED = "manifest.json"
REPORTS = 3
PATIENCE = 60.0  # seconds
IN_A_ROW = 4  # kills of the same run before it is left to end


def notebooks(folder: Path, count: int = REPORTS) -> Path:
    """Notebooks that wait a little, print and load a table, and the list that renders them."""
    names = []
    for number in range(90, 90 + count):
        node = nbformat.v4.new_notebook()
        cells = [
            nbformat.v4.new_markdown_cell(f"# Essai {number}\n\n**Question.** Oui ?", id="titre"),
            nbformat.v4.new_code_cell(f"import time\ntime.sleep(0.7)\nprint({number} * 3)", id="calcul"),
            nbformat.v4.new_code_cell(
                "from helpers.catalog.study import Study\nStudy('').table('miller2022/members').head()",
                id="tableau",
            ),
        ]
        node.cells = cells
        nbformat.write(node, folder / f"{number}_essai.ipynb")
        names.append(f"  - notebook: {folder / f'{number}_essai.ipynb'}\n")
    path = folder / "liste.yml"
    path.write_text("reports:\n" + "".join(names), encoding="utf-8")
    return path


def asked(run_list: Path, out: Path) -> list[str]:
    """Arguments of `cpts` for the reports of a list, one after the other."""
    return ["render", "--list", str(run_list), "--out", str(out), "--jobs", "1"]


def around(run_list: Path) -> dict[str, str]:
    """Environment of a command whose temporary files go to the folder "autour" beside the list."""
    folder = run_list.parent / "autour"
    folder.mkdir(exist_ok=True)
    return {"TMPDIR": str(folder), "JUPYTER_RUNTIME_DIR": str(folder)}


def started(run_list: Path, out: Path) -> subprocess.Popen[bytes]:
    """`cpts render --list` in a session of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "helpers", *asked(run_list, out)],
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | around(run_list),
    )


def content(folder: Path) -> dict[str, bytes]:
    """Bytes of every file of a folder, by its place."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def told(found: dict[str, bytes]) -> dict[str, object]:
    """A folder of reports without what changes from run to run: how long each took, when it was written, the record of both."""
    reports = {name: text for name, text in found.items() if name != _DATED and not name.startswith(".cache")}
    traces = {name: text for name, text in found.items() if name.startswith(".cache")}
    entries = {name: json.loads(text) for name, text in traces.items() if not name.endswith(_NOTED)}
    for entry in entries.values():
        for moment in ("seconds", "states", "checksum"):
            entry.pop(moment)
    return reports | entries | {_DATED: sorted(json.loads(found[_DATED])["reports"])}


def half(found: dict[str, bytes], whole: dict[str, bytes]) -> list[str]:
    """Files that a killed run left neither absent nor as a run that ends writes them.

    Apart: drafts, which nobody reads, and the mark of who was writing, which stops nobody once its owner is dead.
    """
    wrong = []
    for name, text in found.items():
        if name.endswith((".json", "_ECHEC.ipynb")):
            try:
                json.loads(text)
            except ValueError:
                wrong.append(name)
        elif name == "index.html":
            # That of fewer reports is whole too: it says what the folder has.
            wrong += [] if text.rstrip().endswith(b"</html>") else [name]
        elif not name.endswith(".tmp") and name != locks.NAME and text != whole.get(name):
            wrong.append(name)
    return wrong


def killed(folder: Path, kills: int, seed: int = 23) -> dict[str, int]:
    """Renders killed: reports half written, processes left, files left and bytes that differ after the next command."""
    draw = random.Random(seed)
    run_list = notebooks(folder)
    whole_place, place = folder / "entier", folder / "rapports"
    began = time.perf_counter()
    if started(run_list, whole_place).wait():
        raise SystemExit("Les rapports d'essai ne se font pas.")
    lasted = time.perf_counter() - began
    whole = content(whole_place)
    found = dict.fromkeys(("arrêts", *LOSSES), 0)
    found |= {f"rapports gardés {number}": 0 for number in range(REPORTS + 1)}
    for rank in range(kills):
        run = started(run_list, place)
        time.sleep(draw.uniform(0.05, 1.05) * lasted)
        below = _stopped(run, TARGETS[rank % 3], draw)
        found["arrêts"] += 1
        found["processus restés"] += not _gone(below)
        left = content(place)
        found["à moitié"] += len(half(left, whole))
        made = sum(name.endswith("_essai.html") for name in left)
        found[f"rapports gardés {made}"] += 1
        if made < REPORTS and (rank + 1) % IN_A_ROW and rank + 1 < kills:
            continue
        failed = started(run_list, place).wait()
        after = content(place)
        found["fichiers restés"] += len(set(after) ^ set(whole))
        found["autres octets"] += failed != 0 or told(after) != told(whole)
        found["fichiers restés"] += len(list((folder / "autour").rglob("*")))
        shutil.rmtree(place)
    return found


def _stopped(run: subprocess.Popen[bytes], target: str, draw: random.Random) -> list[psutil.Process]:
    """Kill what the turn names; the processes that were below the command."""
    below: list[psutil.Process] = []
    with suppress(psutil.NoSuchProcess):
        below = psutil.Process(run.pid).children(recursive=True)
    aimed = {"la commande": [run.pid], "tous": [run.pid, *(process.pid for process in below)]}.get(target)
    if aimed is None:
        aimed = [draw.choice(below).pid] if below else [run.pid]
    for pid in aimed:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    run.wait()
    return below


def _gone(processes: list[psutil.Process]) -> bool:
    _, alive = psutil.wait_procs(processes, timeout=PATIENCE)
    return not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]


def main() -> int:
    """Kill as many renders as the command line asks for and print the counts."""
    parser = argparse.ArgumentParser(description="Rapports arrêtés à un moment au hasard : ce qui se perd.")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=23)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        found = killed(Path(place), asked.kills, asked.seed)
    print("rapports arrêtés (kill -9) : " + ", ".join(f"{name} {count}" for name, count in found.items()))
    return 1 if any(found[name] for name in LOSSES) else 0


if __name__ == "__main__":
    raise SystemExit(main())
