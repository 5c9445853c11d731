"""What the seminar promises, at full size: one line for each of the eight points of its contract (what was run, what it said),
and an exit code of 1 when one does not hold.

    python benchmarks/seminar_contract.py [--students 20] [--wheelhouse DIR]

With a wheelhouse (`cpts seminar wheelhouse DIR`) the first kit is installed as its LISEZMOI says, without network, which takes
some minutes and 1.3 GB; without one its notebooks run with this Python and the code of the kit. Run it in a clone where nothing
else works: a class made again after the sources moved has other bytes.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from helpers.catalog import Study, package
from helpers.classroom import folders, sheet
from helpers.intake import check as intake_check
from helpers.pipeline import pdf
from helpers.seminar import checks, exercises, hunt, sealing
from helpers.seminar.answers import answers

ROOT = folders.ROOT
CPTS = [sys.executable, "-m", "helpers"]
# Nothing answers behind this proxy: what asks for the network fails.
OFFLINE = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")
# Seconds for twenty kits on two idle cores; a busy machine is judged by the processor that was spent.
LONGEST, CORES = 240, 2


class Part(NamedTuple):
    """One thing that was run for a point: its words, whether it held, what it said."""

    words: str
    right: bool
    told: str


def run(*words: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command, offline."""
    known = {**os.environ, "PYTHONPATH": str(ROOT / "src"), **OFFLINE, **environment}
    return subprocess.run(
        words, cwd=cwd, env=known, capture_output=True, text=True, encoding="utf-8", check=False
    )


def last(done: subprocess.CompletedProcess[str]) -> str:
    """Last line that a command printed."""
    return ((done.stdout or done.stderr).strip().splitlines() or ["(rien)"])[-1]


def digest(folder: Path, pattern: str = "*.zip") -> dict[str, str]:
    """SHA-256 of each file."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.rglob(pattern))
    }


def unzipped(path: Path, place: Path) -> Path:
    """The folder of a kit, unzipped in `place`."""
    with zipfile.ZipFile(path) as archive:
        archive.extractall(place)
    return place / f"seminaire-{path.stem}"


def run_notebook(python: str, own: Path, name: str) -> subprocess.CompletedProcess[str]:
    """A notebook of a kit run to its end, in place."""
    words = (python, "-m", "nbconvert", "--to", "notebook", "--execute", "--inplace", name)
    return run(*words, cwd=own / "carnets", PYTHONPATH=str(own / "src"))


def sound() -> list[Part]:
    """Point 1, and 200 wrong numbers for each exercise."""
    since, spent = time.perf_counter(), processor()
    done = run(*CPTS, "seminar", "check")
    took, spent = time.perf_counter() - since, processor() - spent
    plain = last(done).replace("\u00a0", " ")
    found = re.fullmatch(
        r"12 exercices, 2 bonus et 3 facultatifs, (\d+) erreurs reconnues, 0 collision, 0 fuite\.", plain
    )
    right = (
        done.returncode == 0 and found is not None and int(found[1]) >= 45 and min(took, spent / CORES) < 60
    )
    study, chance, wrong = Study(""), random.Random(19), 0
    known = exercises.exercises(study)
    for name, item in known.items():
        value = float(answers()[name].value(study))
        for _ in range(200):
            answer = value * chance.uniform(-3, 3) + chance.choice((0, 1, 10, 1000))
            same = exercises.at_digits(answer, item.decimals) == exercises.at_digits(value, item.decimals)
            wrong += not same and checks.check(name, answer, study=study).verdict == exercises.RIGHT
    return [
        Part("cpts seminar check", right, f"{plain} ({took:.0f} s, {spent:.0f} s de processeur)"),
        Part(
            "checks.check",
            not wrong,
            f"{200 * len(known)} nombres au hasard, {wrong} faux pris pour juste",
        ),
    ]


def classes(place: Path, students: int) -> list[Part]:
    """Point 2: the class twice, its sizes, its bytes; then every kit is checked and every planted error moves a verdict."""
    before = digest(package.DEFAULT_FOLDER, "*.csv")
    words = ("seminar", "new", "--format", "3h", "--students", str(students), "--seed", "1")
    since, spent = time.perf_counter(), processor()
    done = run(*CPTS, *words, str(place / "classe"))
    took, spent = time.perf_counter() - since, processor() - spent
    zips = sorted((place / "classe" / "etudiants").glob("*.zip"))
    largest = max((path.stat().st_size for path in zips), default=0)
    quick = min(took, spent / CORES) < LONGEST
    made = done.returncode == 0 and len(zips) == students and largest < 3_000_000 and quick
    run(*CPTS, *words, str(place / "encore"))
    same = digest(place / "classe" / "etudiants") == digest(place / "encore" / "etudiants")
    moved, kinds, faults = [], [], 0
    for path in zips:
        plan = place / "classe" / "formateur" / "plans" / f"{path.stem}.csv"
        rows = list(csv.DictReader(plan.open(encoding="utf-8")))
        kinds += [row["kind"] for row in rows]
        moved.append(len({claim for row in rows for claim in row["claims"].split()}))
        with tempfile.TemporaryDirectory() as temporary:
            faults += len(intake_check.check(unzipped(path, Path(temporary)) / "data"))
    planted = len(kinds) == 5 * students and min(moved, default=0) >= 5 and not faults
    told = (
        f"{len(kinds)} erreurs plantées de {len(set(kinds))} natures, de {min(moved, default=0)} à "
        f"{max(moved, default=0)} verdicts changés par dossier, {faults} défaut, données du projet intactes"
    )
    return [
        Part(
            f"cpts {' '.join(words)} DOSSIER",
            made,
            f"{len(zips)} zips de {largest / 1e6:.2f} Mo au plus en {took:.0f} s ({spent:.0f} s de processeur)",
        ),
        Part("la même encore", same, f"octets {'identiques' if same else 'différents'}"),
        Part("cpts check sur chacun", planted and before == digest(package.DEFAULT_FOLDER, "*.csv"), told),
    ]


def processor() -> float:
    """Seconds of processor that the commands run so far have spent."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def installed(own: Path, wheelhouse: Path) -> Part:
    """A kit installed as its LISEZMOI says, from wheels only."""
    (own / "wheelhouse").symlink_to(wheelhouse.resolve())
    # The last line of the launcher opens JupyterLab: here it says its version.
    launcher = own / "lancer.sh"
    text = launcher.read_text(encoding="utf-8").replace("-m jupyterlab carnets", "-m jupyterlab --version")
    launcher.write_text(text, encoding="utf-8")
    done = run("sh", "lancer.sh", cwd=own, PIP_CONFIG_FILE=os.devnull)
    return Part("sh lancer.sh, réseau coupé", done.returncode == 0, f"JupyterLab {last(done)}")


def kit(place: Path, path: Path, wheelhouse: Path | None) -> list[Part]:
    """Point 3: a kit without network, every notebook to its end, two answers."""
    own = unzipped(path, place / "kit")
    parts, python = [], sys.executable
    if wheelhouse is not None:
        parts.append(installed(own, wheelhouse))
        python = str(own / ".venv" / "bin" / "python")
    names = sorted(item.name for item in (own / "carnets").glob("*.ipynb"))
    failed = [name for name in names if run_notebook(python, own, name).returncode]
    code = (
        "from helpers.catalog import Study\nfrom helpers.seminar import checks\n"
        "for answer in ('54,9', '20,3'): print(checks.check('hausse_aci', answer, study=Study('')))"
    )
    told = run(python, "-c", code, cwd=own, PYTHONPATH=str(own / "src")).stdout.splitlines()
    right = len(told) == 2 and "missions" in told[0] and "Juste" in told[1]
    return [
        *parts,
        Part(
            "carnets exécutés, réseau coupé",
            not failed,
            f"{len(names)} au bout sans erreur {' '.join(failed)}",
        ),
        Part('check("hausse_aci", "54,9" puis "20,3")', right, " / ".join(told)),
    ]


def hidden(place: Path, path: Path) -> list[Part]:
    """Point 4: nothing in clear in what a student opens; the sealed sentence is there all the same."""
    with zipfile.ZipFile(path) as archive:
        ends = (".ipynb", sheet.FILE, "controles.json")
        names = [name for name in archive.namelist() if name.endswith(ends)]
        text = "".join(archive.read(name).decode("utf-8") for name in names)
    found = re.findall(r"123,0|123\.03|123,03", re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL))
    content = json.loads((place / "kit" / f"seminaire-{path.stem}" / "controles.json").read_text("utf-8"))
    sealed = sealing.opened(content, "densite_e", 123.03) is not None
    told = f"{len(names)} fichiers lus, {len(found)} fois ; le contrôle scellé s'ouvre à la bonne réponse"
    return [Part("123,0 ou 123.03 cherché dans carnets, fiche, controles.json", not found and sealed, told)]


def screens(place: Path) -> list[Part]:
    """Point 5: slides and sheet from files, offline, and their tests."""
    done = [
        run(*CPTS, "seminar", "slides", "s1_refaire", "--out", str(place / "pages")),
        run(*CPTS, "seminar", "sheet", "--out", str(place / "pages")),
    ]
    from playwright.sync_api import sync_playwright

    tall, count = 0, 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(pdf.find_browser()), args=["--no-sandbox"])
        page = browser.new_context(viewport={"width": 1280, "height": 720}, offline=True).new_page()
        requests: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        pages = sorted((place / "pages").glob("*.html"))
        for path in pages:
            page.goto(path.as_uri())
            heights = page.evaluate(
                "[...document.querySelectorAll('main > section[tabindex]')].map((one) => one.offsetHeight)"
            )
            count, tall = count + len(heights), tall + sum(height > 720 for height in heights)
        browser.close()
    asked = [url for url in requests if url not in {path.as_uri() for path in pages}]
    right = not any(one.returncode for one in done) and not asked and not tall and count > 0
    tests = run(sys.executable, "-m", "pytest", "-p", "no:randomly", "tests/browser/test_classroom.py")
    return [
        Part(
            "cpts seminar slides s1_refaire && cpts seminar sheet, Chromium hors ligne",
            right,
            f"{len(asked)} requête, {count} diapositives, {tall} au-dessus de 720 px",
        ),
        Part("pytest tests/browser/test_classroom.py", tests.returncode == 0, last(tests)),
    ]


def collected(place: Path) -> list[Part]:
    """Point 6: three pairs fill their notebook and hunt, two with the same mistake."""
    room = place / "classe"
    given = {
        "binome-01": {"hausse_aci": "54,9", "mg_10000": "6,49"},
        "binome-02": {"hausse_aci": "54,9", "base_couverture": "305"},
        "binome-03": {"hausse_aci": "20,3", "mg_10000": "6,11"},
    }
    ends = []
    for name, own in given.items():
        kit = unzipped(room / "etudiants" / f"{name}.zip", place / "remplis")
        notebook = kit / "carnets" / "s2_comparer.ipynb"
        text = notebook.read_text(encoding="utf-8")
        for exercise, answer in own.items():
            text = text.replace(f'{exercise} = \\"\\"', f'{exercise} = \\"{answer}\\"')
        notebook.write_text(text, encoding="utf-8")
        ends.append(run_notebook(sys.executable, kit, notebook.name).returncode)
        plan = list(csv.DictReader((room / "formateur" / "plans" / f"{name}.csv").open(encoding="utf-8")))
        with (kit / "carnets" / "chasse.csv").open("w", encoding="utf-8", newline="") as file:
            lines = csv.writer(file)
            lines.writerow(hunt.COLUMNS)
            lines.writerows(
                [one["table"], one["key"], "printed", one["kind"], one["printed_true"]] for one in plan[:3]
            )
        shutil.copytree(kit / "carnets", room / "rendus" / name)
    done = [run(*CPTS, "seminar", word, str(room)) for word in ("collect", "score")]
    first = next(csv.DictReader((room / "carte.csv").open(encoding="utf-8")))
    right = not any(ends) and not any(one.returncode for one in done) and first["mistake_id"] == "champ"
    told = [done[0].stdout.splitlines()[:2], done[1].stdout.splitlines()[:1]]
    return [
        Part(f"cpts seminar {word} DOSSIER", right, " ".join(lines))
        for word, lines in zip(("collect", "score"), told, strict=True)
    ]


def certified(place: Path) -> list[Part]:
    """Point 7: the same number in two folders, another on planted data."""
    shutil.copytree(package.DEFAULT_FOLDER, place / "copie", ignore=shutil.ignore_patterns("external"))
    words = ("seminar", "certificate", "--claims", "miller2022.t3.*")
    first = run(*CPTS, *words, "--out", str(place / "c1"))
    second = run(*CPTS, *words, "--paquet", str(place / "copie"), "--out", str(place / "c2"))
    numbers = [last(done).split(" ")[0] for done in (first, second)]
    planted = place / "copie" / "documents" / "miller2022" / "territories.csv"
    text = planted.read_text(encoding="utf-8")
    changed = text.replace("77 450,77450", "77 540,77540")
    planted.write_text(changed, encoding="utf-8")
    intake_check.seal(place / "copie")
    given = str(place / "c1" / "codecheck.yml")
    other = run(*CPTS, *words, "--paquet", str(place / "copie"), "--verify", given)
    same = numbers[0] == numbers[1] and numbers[0].startswith("OBS-")
    return [
        Part(f"cpts {' '.join(words)} dans deux dossiers", same, " = ".join(numbers)),
        Part(
            "--verify, une cellule plantée",
            changed != text and other.returncode == 1,
            f"code {other.returncode}, {last(other)}",
        ),
    ]


def left(before: list[str], after: list[str]) -> Part:
    """Point 8: what the run leaves in the working tree; the tests and the reports have their own commands."""
    told = "inchangé" if before == after else f"avant {before}, après {after}"
    return Part("git status --porcelain, git rev-parse HEAD", before == after, told)


def main() -> None:
    """Every point, in order."""
    reader = argparse.ArgumentParser(description=" ".join((__doc__ or "").split("\n\n")[0].split()))
    reader.add_argument("--students", type=int, default=20)
    reader.add_argument("--wheelhouse", type=Path)
    asked = reader.parse_args()
    state = ("git", "status", "--porcelain"), ("git", "rev-parse", "HEAD")
    before = [run(*words).stdout for words in state]
    held = True
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        zipped = place / "classe" / "etudiants" / "binome-01.zip"
        points: tuple[Callable[[], list[Part]], ...] = (
            sound,
            lambda: classes(place, asked.students),
            lambda: kit(place, zipped, asked.wheelhouse),
            lambda: hidden(place, zipped),
            lambda: screens(place),
            lambda: collected(place),
            lambda: certified(place),
            lambda: [left(before, [run(*words).stdout for words in state])],
        )
        for number, point in enumerate(points, start=1):
            since = time.perf_counter()
            parts = point()
            right = all(part.right for part in parts)
            held &= right
            told = " ; ".join(f"{part.words} → {part.told}" for part in parts)
            took = f"{time.perf_counter() - since:.0f} s"
            print(f"{number} | {'tenu' if right else 'NON TENU'} | {told} | {took}", flush=True)
    raise SystemExit(0 if held else 1)


if __name__ == "__main__":
    main()
