"""What the seminar promises, at full size: one line for each point of its contract, and an exit code of 1 when one does not hold.

    python benchmarks/seminar_contract.py [--students 20] [--wheelhouse DIR]

With a wheelhouse (`cpts seminar wheelhouse DIR`) the first kit is installed as its LISEZMOI says, without network, which takes
some minutes and 1.3 GB; without one its notebooks run with this Python and the code of the kit.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from helpers.catalog import Study, package
from helpers.classroom import folders, sheet
from helpers.intake import check as intake_check
from helpers.pipeline import pdf
from helpers.seminar import checks, exercises, sealing
from helpers.seminar.answers import answers

ROOT = folders.ROOT
CPTS = [sys.executable, "-m", "helpers"]
# Nothing answers behind this proxy: what asks for the network fails.
OFFLINE = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")
held = True


def said(point: str, right: bool, what: str, since: float) -> None:
    """Print one line."""
    global held
    held &= right
    print(
        f"{point} | {'tenu' if right else 'NON TENU'} | {what} | {time.perf_counter() - since:.0f} s",
        flush=True,
    )


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


def sound() -> None:
    """Point 1, and 200 wrong numbers for each exercise, in clear and sealed."""
    since = time.perf_counter()
    done = run(*CPTS, "seminar", "check")
    took = time.perf_counter() - since
    said("1 exercices", done.returncode == 0 and took < 60, last(done), since)
    since = time.perf_counter()
    study, chance, wrong = Study(""), random.Random(19), 0
    known = exercises.exercises(study)
    for name, item in known.items():
        value = float(answers()[name].value(study))
        for _ in range(200):
            answer = value * chance.uniform(-3, 3) + chance.choice((0, 1, 10, 1000))
            same = exercises.at_digits(answer, item.decimals) == exercises.at_digits(value, item.decimals)
            wrong += not same and checks.check(name, answer, study=study).verdict == exercises.RIGHT
    said(
        "1 bis nombres faux",
        wrong == 0,
        f"{200 * len(known)} nombres au hasard, {wrong} pris pour justes",
        since,
    )


def classes(place: Path, students: int) -> Path:
    """Point 2: the class twice, its sizes, its bytes; then every kit is checked and every planted error moves a verdict."""
    before = digest(package.DEFAULT_FOLDER, "*.csv")
    since = time.perf_counter()
    words = ("seminar", "new", "--format", "3h", "--students", str(students), "--seed", "1")
    done = run(*CPTS, *words, str(place / "classe"))
    took = time.perf_counter() - since
    zips = sorted((place / "classe" / "etudiants").glob("*.zip"))
    largest = max((path.stat().st_size for path in zips), default=0)
    right = done.returncode == 0 and len(zips) == students and largest < 3_000_000 and took < 240
    said("2 classe", right, f"{len(zips)} zips, {largest / 1e6:.2f} Mo au plus. {last(done)}", since)
    since = time.perf_counter()
    run(*CPTS, *words, str(place / "encore"))
    same = digest(place / "classe" / "etudiants") == digest(place / "encore" / "etudiants")
    said(
        "2 bis mêmes octets",
        same,
        f"{len(zips)} zips refaits : {'identiques' if same else 'différents'}",
        since,
    )
    since = time.perf_counter()
    planted, moved, faults = 0, [], 0
    for path in zips:
        plan = place / "classe" / "formateur" / "plans" / f"{path.stem}.csv"
        rows = list(csv.DictReader(plan.open(encoding="utf-8")))
        planted += len(rows)
        moved.append(len({claim for row in rows for claim in row["claims"].split()}))
        with tempfile.TemporaryDirectory() as temporary, zipfile.ZipFile(path) as archive:
            archive.extractall(temporary)
            faults += len(intake_check.check(Path(temporary) / f"seminaire-{path.stem}" / "data"))
    right = planted == 5 * students and min(moved) >= 5 and not faults
    told = f"{planted} erreurs plantées, de {min(moved)} à {max(moved)} verdicts changés, {faults} défaut(s) au contrôle"
    said("2 ter plantation", right and before == digest(package.DEFAULT_FOLDER, "*.csv"), told, since)
    return zips[0]


def kit(place: Path, path: Path, wheelhouse: Path | None) -> None:
    """Points 3 and 4: a kit without network, every notebook to its end, two answers, and nothing in clear."""
    with zipfile.ZipFile(path) as archive:
        archive.extractall(place / "kit")
    own = place / "kit" / f"seminaire-{path.stem}"
    since = time.perf_counter()
    python = sys.executable
    if wheelhouse is not None:
        (own / "wheelhouse").symlink_to(wheelhouse.resolve())
        # The last line of the launcher opens JupyterLab: here it says its version.
        launcher = (
            (own / "lancer.sh")
            .read_text(encoding="utf-8")
            .replace("-m jupyterlab carnets", "-m jupyterlab --version")
        )
        (own / "lancer.sh").write_text(launcher, encoding="utf-8")
        done = run("sh", "lancer.sh", cwd=own, PIP_CONFIG_FILE=os.devnull)
        said(
            "3 installation",
            done.returncode == 0,
            f"sh lancer.sh, roues seules : JupyterLab {last(done)}",
            since,
        )
        python = str(own / ".venv" / "bin" / "python")
    since = time.perf_counter()
    source = {"PYTHONPATH": str(own / "src")}
    ends = [
        run(
            python,
            "-m",
            "nbconvert",
            "--to",
            "notebook",
            "--execute",
            "--inplace",
            item.name,
            cwd=own / "carnets",
            **source,
        )
        for item in sorted((own / "carnets").glob("*.ipynb"))
    ]
    code = (
        "from helpers.catalog import Study\nfrom helpers.seminar import checks\n"
        "for answer in ('54,9', '20,3'): print(checks.check('hausse_aci', answer, study=Study('')))"
    )
    told = run(python, "-c", code, cwd=own, **source).stdout.splitlines()
    right = (
        not any(done.returncode for done in ends)
        and len(told) == 2
        and "missions" in told[0]
        and "Juste" in told[1]
    )
    said(
        "3 bis carnets", right, f"{len(ends)} carnets au bout ; 54,9 → {told[:1]} ; 20,3 → {told[1:]}", since
    )
    since = time.perf_counter()
    with zipfile.ZipFile(path) as archive:
        names = [
            name for name in archive.namelist() if name.endswith((".ipynb", sheet.FILE, "controles.json"))
        ]
        text = "".join(archive.read(name).decode("utf-8") for name in names)
    found = re.findall(r"123,0|123\.03|123,03", re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL))
    said("4 rien en clair", not found, f"{len(names)} fichiers lus, {len(found)} réponse(s)", since)
    content = json.loads((own / "controles.json").read_text(encoding="utf-8"))
    assert sealing.opened(content, "densite_e", 123.03) is not None


def screens(place: Path) -> None:
    """Point 5: slides and sheet from files, offline."""
    since = time.perf_counter()
    done = [
        run(*CPTS, "seminar", "slides", "s1_refaire", "--out", str(place / "pages")),
        run(*CPTS, "seminar", "sheet", "--out", str(place / "pages")),
    ]
    from playwright.sync_api import sync_playwright

    asked, tall, count = 0, 0, 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(pdf.find_browser()), args=["--no-sandbox"])
        page = browser.new_context(viewport={"width": 1280, "height": 720}, offline=True).new_page()
        requests: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        for path in sorted((place / "pages").glob("*.html")):
            page.goto(path.as_uri())
            heights = page.evaluate(
                "[...document.querySelectorAll('main > section[tabindex]')].map((one) => one.offsetHeight)"
            )
            count, tall = count + len(heights), tall + sum(height > 720 for height in heights)
        asked = len(requests) - 2
        browser.close()
    right = not any(one.returncode for one in done) and not asked and not tall
    said("5 pages", right, f"{count} diapositives, {tall} au-dessus de 720 px, {asked} requête", since)


def collected(place: Path) -> None:
    """Point 6: three pairs hand back, two with the same mistake."""
    since = time.perf_counter()
    room, study = place / "classe", Study("")
    given = {
        "binome-01": {"hausse_aci": "54,9", "mg_10000": "6,49"},
        "binome-02": {"hausse_aci": "54,9", "densite_e": "125,5"},
        "binome-03": {"hausse_aci": "20,3", "mg_10000": "6,11"},
    }
    for name, own in given.items():
        shown = [
            checks.check(exercise, answer, study=study)._repr_mimebundle_()
            for exercise, answer in own.items()
        ]
        cells = [
            {"cell_type": "code", "outputs": [{"output_type": "execute_result", "data": data}]}
            for data in shown
        ]
        back = room / "rendus" / name
        back.mkdir(parents=True)
        (back / "s2_comparer.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
        plan = list(csv.DictReader((room / "formateur" / "plans" / f"{name}.csv").open(encoding="utf-8")))
        with (back / "chasse.csv").open("w", encoding="utf-8", newline="") as file:
            lines = csv.writer(file)
            lines.writerow(["table", "key", "column", "kind", "corrected"])
            lines.writerows(
                [one["table"], one["key"], "printed", one["kind"], one["printed_true"]] for one in plan[:3]
            )
    done = [run(*CPTS, "seminar", word, str(room)) for word in ("collect", "score")]
    first = next(csv.DictReader((room / "carte.csv").open(encoding="utf-8")))
    right = not any(one.returncode for one in done) and first["mistake_id"] == "champ"
    said("6 retour", right, f"{done[0].stdout.splitlines()[1]} {done[1].stdout.splitlines()[0]}", since)


def certified(place: Path, path: Path) -> None:
    """Point 7: the same number in two folders, another on planted data."""
    since = time.perf_counter()
    shutil.copytree(package.DEFAULT_FOLDER, place / "copie", ignore=shutil.ignore_patterns("external"))
    words = (*CPTS, "seminar", "certificate", "--claims", "miller2022.t3.*")
    first = run(*words, "--out", str(place / "c1"))
    second = run(*words, "--paquet", str(place / "copie"), "--out", str(place / "c2"))
    numbers = [last(done).split(" ")[0] for done in (first, second)]
    planted = place / "copie" / "documents" / "miller2022" / "territories.csv"
    planted.write_text(
        planted.read_text(encoding="utf-8").replace("77 450,77450", "77 540,77540"), encoding="utf-8"
    )
    intake_check.seal(place / "copie")
    other = run(*words, "--paquet", str(place / "copie"), "--verify", str(place / "c1" / "codecheck.yml"))
    right = numbers[0] == numbers[1] and numbers[0].startswith("OBS-") and other.returncode == 1
    said(
        "7 certificat",
        right,
        f"{' = '.join(numbers)} ; cellule changée : code {other.returncode}, {last(other)}",
        since,
    )


def main() -> None:
    """Every point, in order."""
    reader = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    reader.add_argument("--students", type=int, default=20)
    reader.add_argument("--wheelhouse", type=Path)
    asked = reader.parse_args()
    before = run("git", "status", "--porcelain").stdout
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        sound()
        first = classes(place, asked.students)
        kit(place, first, asked.wheelhouse)
        screens(place)
        collected(place)
        certified(place, first)
    after = run("git", "status", "--porcelain").stdout
    said("8 dépôt", before == after, "git status inchangé", time.perf_counter())
    raise SystemExit(0 if held else 1)


if __name__ == "__main__":
    main()
