"""Damaged files given to every import, damaged descriptions of packages, run lists and notebooks: what each answers.

The good answer is a table, or one French sentence with nothing written. Prints the counts; exits 1 when a call ended with a
traceback, took over thirty seconds, wrote while it refused, or lost rows without a word.

python tools/fuzz_inputs.py [--each 350] [--seed 7] [--only csv]
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import re
import shutil
import signal
import sys
import tempfile
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from click.testing import CliRunner

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from helpers import catalog  # noqa: E402
from helpers.commands.main import main as cpts  # noqa: E402
from helpers.errors import ObservatoireError  # noqa: E402
from helpers.files import grid  # noqa: E402
from helpers.intake import starting  # noqa: E402
from helpers.intake.deposit import deposit  # noqa: E402
from helpers.pipeline import parameters, plan  # noqa: E402

FIXTURES = ROOT / "tests" / "fixtures"
SECONDS = 30
# Wrong values for the places of a description: of each JSON kind, empty, and of the wrong shape.
_WRONG: tuple[Any, ...] = (None, 7, "", [], {}, True, ["x"], {"name": 3}, "../x", "é" * 3000)
_PIECES = (b'\x00;|"\n\r\xe9\xff 9X', b';|"\n\xc3\x81,.5a')
_TOLD = re.compile(r"(\d+) ligne\(s\) ajoutée\(s\), (\d+) remplacée\(s\), (\d+) déjà présente\(s\)")


class Hang(BaseException):
    """A call that took too long."""


def damaged(content: bytes, draw: random.Random) -> bytes:
    """Content with one to four damages: a byte changed, a piece cut, added, doubled, or the end lost."""
    changed = bytearray(content)
    for _ in range(draw.choice((1, 1, 2, 4))):
        place = draw.randrange(len(changed))
        kind = draw.randrange(5)
        if kind == 0:
            changed[place] = draw.choice(_PIECES[0])
        elif kind == 1:
            del changed[place : place + draw.randint(1, 30)]
        elif kind == 2:
            changed[place:place] = bytes(draw.choice(_PIECES[1]) for _ in range(draw.randint(1, 5)))
        elif kind == 3:
            changed[place:place] = changed[place // 2 : place // 2 + 80]
        else:
            del changed[max(place, 1) :]
        if not changed:
            changed = bytearray(b"\n")
    return bytes(changed)


def damaged_file(path: Path, content: bytes, draw: random.Random) -> None:
    """Write the content damaged; half of the times, damage a member inside an archive instead of the archive itself."""
    if not content.startswith(b"PK") or draw.random() < 0.5:
        path.write_bytes(damaged(content, draw))
        return
    source = path.with_name("entier.zip")
    source.write_bytes(content)
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        chosen = draw.choice(old.namelist())
        for name in old.namelist():
            held = old.read(name)
            new.writestr(name, damaged(held, draw) if name == chosen and held else held)


def inputs(folder: Path) -> dict[str, tuple[Path, list[str]]]:
    """A whole file for each import, and the options of its command."""
    from tests.commands.test_import_official import FILES
    from tests.commands.test_words_stay import CORRECTED, PEOPLE, SEGMENTS
    from tests.survey import layouts

    def written(name: str, content: bytes) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    runner = CliRunner()
    runner.invoke(cpts, ["instrument", "export", "answers", "--out", str(folder / "modele.csv")])
    header = layouts.header_of(folder / "modele.csv")
    example = folder / "exemple"
    starting.new(example, example=True)
    table = example / "cpts" / "indicators.csv"
    found = {
        "csv": (written("indicators.csv", table.read_bytes()), ["--table", "cpts/indicators"]),
        "workbook": (filled_workbook(folder), []),
        "limesurvey": (written("l.csv", layouts.as_csv(layouts.limesurvey(PEOPLE, CORRECTED))), []),
        "xlsform": (written("k.csv", layouts.as_csv(layouts.kobo(PEOPLE, CORRECTED))), []),
        "answers": (written("m.csv", layouts.as_csv(layouts.template(PEOPLE, header, CORRECTED))), []),
        "taguette": (written("t.sqlite3", (FIXTURES / "taguette" / "project.sqlite3").read_bytes()), []),
        "refi": (written("r.qdpx", (FIXTURES / "refi" / "qc.qdpx").read_bytes()), []),
        "segments": (written("s.csv", layouts.as_csv(SEGMENTS)), []),
    }
    for kind, (_, _, write) in FILES.items():
        place = folder / kind
        place.mkdir()
        dated = ["--date", "2026-05-12"] if kind in ("finess", "rpps") else []
        found[kind] = (write(place), dated)
    return found


def filled_workbook(folder: Path) -> Path:
    """The workbook of the example package."""
    place = folder / "classeur"
    starting.new(place, example=True, with_workbook=True)
    (found,) = place.rglob("*.xlsx")
    return found


def files(folder: Path) -> dict[str, bytes]:
    """Bytes of every file of a package but its lock."""
    paths = (path for path in folder.rglob("*") if path.is_file() and path.name != ".cpts-verrou")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def called(arguments: Sequence[str]) -> tuple[str, str]:
    """How a command ended ("fait", "refusé", "trace", "trop long"), and what it printed or raised."""

    def work() -> tuple[str, str]:
        done = CliRunner().invoke(cpts, list(arguments))
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return ("refusé" if done.exit_code else "fait"), done.output

    return answered(work)


def answered(work: Callable[[], tuple[str, str]]) -> tuple[str, str]:
    """What the work answers; "refusé" for our own errors, "trace" for any other, "trop long" beyond thirty seconds."""

    def late(*_: object) -> None:
        raise Hang

    signal.signal(signal.SIGALRM, late)
    signal.alarm(SECONDS)
    try:
        return work()
    except Hang:
        return "trop long", ""
    except ObservatoireError as error:
        return "refusé", str(error)
    except Exception as error:
        return "trace", "".join(traceback.format_exception(error)[-3:])
    finally:
        signal.alarm(0)


def imported(each: int, seed: int, only: str) -> Iterator[tuple[str, Counter[str], list[str]]]:
    """For each import: how the calls ended, and the first lines of what went wrong."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        template = folder / "vide"
        starting.new(template)
        deposit({"cpts/cpts": pd.DataFrame({"cpts": ["a"], "name_fr": ["CPTS A"]})}, template)
        empty = files(template)
        for kind, (path, options) in inputs(folder).items():
            if only not in ("", kind):
                continue
            draw, content, own = random.Random(f"{seed} {kind}"), path.read_bytes(), folder / "essai"
            found, wrong = Counter[str](), []
            arguments = ["import", kind, str(path), "--into", str(own), *options]
            shutil.rmtree(own, ignore_errors=True)
            shutil.copytree(template, own)
            whole, said = called(arguments)
            if whole != "fait":
                raise SystemExit(f"{kind} : le fichier entier n'est pas accepté. {said}")
            for _ in range(each):
                shutil.rmtree(own)
                shutil.copytree(template, own)
                damaged_file(path, content, draw)
                how, said = called(arguments)
                if how == "refusé" and files(own) != empty:
                    how = "écrit en refusant"
                if how == "fait" and (loss := lost(kind, path, said)):
                    how, said = "perte tue", f"{loss} {said}"
                found[how] += 1
                if how not in ("fait", "refusé"):
                    wrong.append(said[-700:])
                    keep = ROOT / "reports" / ".fuzz"
                    keep.mkdir(parents=True, exist_ok=True)
                    shutil.copy(path, keep / f"{kind}-{found.total()}{path.suffix}")
            yield kind, found, wrong


def lost(kind: str, path: Path, said: str) -> int:
    """Rows of a plain table that the import neither counted nor named; 0 for the kinds whose rows become others."""
    if kind != "csv":
        return 0 if _TOLD.search(said) or "laissé" in said or "rien" in said.lower() else 1
    try:
        rows = len(grid.read(path).rows)
    except ObservatoireError:
        return 0
    return max(rows - sum(sum(map(int, match.groups())) for match in _TOLD.finditer(said)), 0)


def descriptors(each: int, seed: int) -> tuple[Counter[str], list[str]]:
    """`check` and an import on packages whose description was damaged at one place each."""
    found, wrong = Counter[str](), []
    draw = random.Random(seed)
    with tempfile.TemporaryDirectory() as place:
        template, own = Path(place) / "vide", Path(place) / "essai"
        starting.new(template)
        deposit({"cpts/cpts": pd.DataFrame({"cpts": ["a"], "name_fr": ["CPTS A"]})}, template)
        whole = json.loads((template / catalog.DESCRIPTOR).read_text(encoding="utf-8"))
        spots = list(_spots(whole))
        rows = Path(place) / "s.csv"
        rows.write_text("source,code,text\ne1,temps,mots\n", encoding="utf-8")
        for rank in range(each):
            changed = copy.deepcopy(whole)
            _spoil(changed, draw.choice(spots[:12] if rank % 4 == 0 else spots), draw)
            for arguments in (["check", str(own)], ["import", "segments", str(rows), "--into", str(own)]):
                shutil.rmtree(own, ignore_errors=True)
                shutil.copytree(template, own)
                (own / catalog.DESCRIPTOR).write_text(json.dumps(changed), encoding="utf-8")
                how, said = called(arguments)
                found[how] += 1
                if how not in ("fait", "refusé"):
                    wrong.append(said[-700:])
    return found, wrong


def _spots(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in items:
        yield (*path, key)
        yield from _spots(value, (*path, key))


def _spoil(node: Any, path: Sequence[Any], draw: random.Random) -> None:
    for key in path[:-1]:
        node = node[key]
    if isinstance(node, dict) and draw.random() < 0.2:
        del node[path[-1]]
    else:
        node[path[-1]] = copy.deepcopy(draw.choice(_WRONG))


def lists(each: int, seed: int) -> tuple[Counter[str], list[str]]:
    """Damaged run lists planned, and notebooks of a wrong shape read and cleaned: none is run."""
    found, wrong = Counter[str](), []
    draw = random.Random(seed)
    good = "- notebook: 07\n  parameters:\n    paquet: a\n    cpts: A\n- notebook: 06\n"
    book = json.loads(next((ROOT / "notebooks").glob("06_*.ipynb")).read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as place:
        listed, notebook = Path(place) / "liste.yml", Path(place) / "06_essai.ipynb"
        for _ in range(each):
            changed = copy.deepcopy(book)
            _spoil(changed, draw.choice(list(_spots(changed))), draw)
            listed.write_bytes(damaged(good.encode(), draw))
            for work in (
                lambda: ("fait", str(plan.from_list(listed))),
                lambda changed=changed: (  # type: ignore[misc]
                    notebook.write_text(json.dumps(changed), encoding="utf-8"),
                    ("fait", str(parameters.read(notebook))),
                )[1],
                lambda: called(["notebook", "clean", str(notebook)]),
            ):
                how, said = answered(work)
                found[how] += 1
                if how not in ("fait", "refusé"):
                    wrong.append(said[-700:])
    return found, wrong


def main() -> int:
    """Run what the command line asks for and print the counts."""
    parser = argparse.ArgumentParser(description="Fichiers abîmés : une table, ou une phrase.")
    parser.add_argument("--each", type=int, default=350)
    parser.add_argument("--descriptors", type=int, default=78)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--only", default="")
    asked = parser.parse_args()
    total, faults = Counter[str](), 0
    work: list[tuple[str, Callable[[], Iterator[tuple[str, Counter[str], list[str]]]]]] = [
        ("imports", lambda: imported(asked.each, asked.seed, asked.only)),
    ]
    if not asked.only:
        work += [
            ("descriptions", lambda: iter([("descriptions", *descriptors(asked.descriptors, asked.seed))])),
            ("listes et carnets", lambda: iter([("listes et carnets", *lists(60, asked.seed))])),
        ]
    for _, run in work:
        for kind, found, wrong in run():
            print(
                f"{kind} : " + ", ".join(f"{how} {count}" for how, count in sorted(found.items())), flush=True
            )
            for said in dict.fromkeys(wrong):
                print(f"    {said}", flush=True)
            total += found
            faults += len(wrong)
    print("en tout : " + ", ".join(f"{how} {count}" for how, count in sorted(total.items())))
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
