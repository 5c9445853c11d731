"""The folder of a class: what the teacher keeps, and one zip per pair of students with its own planted data."""

from __future__ import annotations

import functools
import io
import json
import multiprocessing
import os
import re
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from helpers import catalog, french
from helpers.catalog import Study
from helpers.classroom import guide, launchers, sheet, slides, versions
from helpers.documents import reproductions
from helpers.documents.reproductions import official
from helpers.errors import UsageError
from helpers.files import grid, limits, written
from helpers.intake import check as validation
from helpers.pipeline import notebook as stored
from helpers.pipeline import parameters, render, run
from helpers.seminar import exercises, expected, hunt, planting, sealing

NOTEBOOKS = parameters.DEFAULT_FOLDER / "seminaire"
ROOT = parameters.DEFAULT_FOLDER.parent
TEACHER, STUDENTS, RETURNED, PLANS = "formateur", "etudiants", "rendus", "plans"
GAPS, SLIDES = "ecarts.csv", "diapositives"
# What a kit does without: the answers and whatever needs them.
_ABSENT = (
    "seminar/answers",
    "seminar/expected.py",
    "seminar/planting.py",
    "classroom",
    "commands/seminar.py",
)
# Places of every commune, of which a kit keeps those whose area the ledger adds up.
_GEOGRAPHY = "open/geography"
# A tight writing, for these tables are a third of a kit: what a value shares with the one above, then its bytes by rank. Higher
# levels of brotli than the ninth take twice the time for a twentieth less.
_TIGHT = {
    "string": "DELTA_BYTE_ARRAY",
    "large_string": "DELTA_BYTE_ARRAY",
    "int32": "BYTE_STREAM_SPLIT",
    "int64": "BYTE_STREAM_SPLIT",
    "float": "BYTE_STREAM_SPLIT",
    "double": "BYTE_STREAM_SPLIT",
}
_BLANKED = ("severity", "origin", "cause", "reply")
_PSEUDONYM = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
# One date for every file: the same class gives the same bytes.
_DATE = (2000, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Class:
    """What a class is made from; `form` is "3h" or "3j"."""

    folder: Path
    form: str
    students: tuple[str, ...]
    seed: int
    errors: int
    paquet: str = ""


def pseudonyms(text: str) -> tuple[str, ...]:
    """Names of the pairs: a number of them ("20"), or a file with one pseudonym per line.

    Raises UsageError for no student, more than 200, or a name that is not letters, digits, "-" and "_".
    """
    if text.isdecimal():
        found = [f"binome-{number:02d}" for number in range(1, min(int(text), 201) + 1)]
    else:
        path = Path(text)
        if not path.is_file():
            raise UsageError(f"« {text} » n'est ni un nombre de binômes ni un fichier de pseudonymes.")
        lines = grid.decoded(limits.content(path, empty="écrivez un pseudonyme par ligne")).splitlines()
        found = [line.strip() for line in lines if line.strip()]
    for name in found:
        if not _PSEUDONYM.fullmatch(name):
            raise UsageError(
                f"« {name} » : un pseudonyme n'a que des lettres sans accent, des chiffres, « - » et « _ »."
            )
    # Windows and macOS would write "Ada" and "ada" in one file.
    if not 1 <= len(found) <= 200 or len({name.lower() for name in found}) != len(found):
        raise UsageError(
            "Il faut de 1 à 200 binômes, chacun son pseudonyme (majuscules ou non, c'est le même)."
        )
    return tuple(found)


def make(room: Class) -> list[Path]:
    """Write the folder of a class: `formateur/` and one zip per student in `etudiants/`, returned in order.

    Same class, same bytes. Raises UsageError for a folder that is not empty, or when no error can be planted.
    """
    if room.folder.exists() and (not room.folder.is_dir() or any(room.folder.iterdir())):
        raise UsageError(f"« {room.folder} » n'est pas un dossier vide : choisissez un dossier neuf.")
    known = planting.plantable(catalog.open_package(room.paquet))
    study = known.study
    plans = room.folder / TEACHER / PLANS
    for place in (plans, room.folder / STUDENTS, room.folder / RETURNED):
        place.mkdir(parents=True, exist_ok=True)
    every = expected.every_expected(study)
    salt = f"observatoire-{room.seed}"
    sealed = sealing.sealed(every, exercises.exercises(study), salt)
    with tempfile.TemporaryDirectory() as temporary, _pool(len(room.students)) as pool:
        # The workers are forked before this process has the threads of a kernel.
        pool.submit(os.getpid).result()
        fiche = sheet.page(_teacher(room, study), study, salt=salt)
        (room.folder / TEACHER / sheet.FILE).write_text(fiche, encoding="utf-8", newline="\n")
        published = hunt.counted(reproductions.ledger(study=study)).to_csv(index=False, lineterminator="\n")
        shared = _shared_files(json.dumps(sealed, ensure_ascii=False, sort_keys=True), fiche, published)
        light = Path(temporary) / "data"
        _lightened(study.package.folder, light, known)
        return list(pool.map(functools.partial(_student, room, light, shared), room.students))


def _pool(students: int) -> ProcessPoolExecutor:
    # A forked worker has the ledger and the answers that are already computed.
    method = "fork" if sys.platform == "linux" else "spawn"
    context = multiprocessing.get_context(method)
    return ProcessPoolExecutor(min(students, os.cpu_count() or 1), mp_context=context)


def _student(room: Class, light: Path, shared: dict[str, bytes], name: str) -> Path:
    """The zip of a pair: the light package with errors of its own, and what every kit holds."""
    known = planting.ledger(catalog.open_package(room.paquet).key)
    with tempfile.TemporaryDirectory() as temporary:
        data = Path(temporary) / "data"
        plan = planting.plant(light, data, f"{room.seed}-{name}", errors=room.errors, known=known)
        files = {f"data/{path.relative_to(data).as_posix()}": path.read_bytes() for path in _files(data)}
    plan.to_csv(room.folder / TEACHER / PLANS / f"{name}.csv", index=False, lineterminator="\n")
    target = room.folder / STUDENTS / f"{name}.zip"
    target.write_bytes(
        _zipped({f"seminaire-{name}/{place}": text for place, text in {**shared, **files}.items()})
    )
    return target


def _shared_files(sealed: str, fiche: str, published: str) -> dict[str, bytes]:
    """What every kit holds: notebooks without solutions, sealed checks and sheet, code without answers, how to start."""
    source = ROOT / "src" / "helpers"
    files = {
        f"src/helpers/{path.relative_to(source).as_posix()}": path.read_bytes()
        for path in _files(source)
        if not path.relative_to(source).as_posix().startswith(_ABSENT)
    }
    for path in masters():
        node = versions.student(parameters.content_of(path))
        files[f"carnets/{path.name}"] = stored.stored(node).encode()
    files["carnets/chasse.csv"] = (",".join(hunt.COLUMNS) + "\n").encode()
    files[f"carnets/{hunt.PUBLISHED}"] = published.encode()
    files["controles.json"] = sealed.encode()
    files[sheet.FILE] = fiche.encode()
    # `checks` sends to the second one after three wrong tries.
    files |= {name: (ROOT / name).read_bytes() for name in ("requirements.lock", "docs/helpers.md")}
    return files | {name: text.encode() for name, text in launchers.FILES.items()}


def masters() -> list[Path]:
    """The notebooks of the seminar, in order."""
    return sorted(NOTEBOOKS.glob("s[0-9]_*.ipynb"))


def _lightened(source: Path, data: Path, known: planting.Ledger) -> None:
    """Copy a package without our judgements on the figures, nor the places of France that nothing in a kit reads."""
    # pyarrow is slow to import and only this needs it.
    import pyarrow.parquet as pq

    shutil.copytree(source, data, ignore=shutil.ignore_patterns("external", ".*", "__pycache__"))
    descriptor = json.loads((data / catalog.DESCRIPTOR).read_text(encoding="utf-8"))
    read = {name for tables in known.reads.values() for name in tables}
    read |= {name for item in exercises.exercises(known.study).values() for name in item.tables}
    places = [item for item in descriptor["resources"] if item["path"].endswith(".parquet")]
    gone = [item for item in places if item["name"] not in read | _needed(places, read)]
    for item in gone:
        (data / item["path"]).unlink()
    for item in places:
        if item not in gone:
            path = data / item["path"]
            measured = [("code", "in", official.measured(known.study))]
            table = pq.read_table(path, filters=measured if item["name"] == _GEOGRAPHY else None)
            pq.write_table(
                table, path, compression="brotli", compression_level=9, use_dictionary=False,
                column_encoding={field.name: _TIGHT.get(str(field.type), "PLAIN") for field in table.schema},
            )  # fmt: skip
    descriptor["resources"] = [item for item in descriptor["resources"] if item not in gone]
    (data / catalog.DESCRIPTOR).write_bytes(written.described_as(descriptor))
    claims = data / "claims.csv"
    table = pd.read_csv(claims, dtype=str, keep_default_na=False, encoding="utf-8")
    table[[name for name in _BLANKED if name in table]] = ""
    table.to_csv(claims, index=False, lineterminator="\n", encoding="utf-8")
    validation.seal(data)


def _needed(resources: list[dict[str, Any]], read: set[str]) -> set[str]:
    """Tables that a key of these ones points to."""
    keys = [
        key for item in resources if item["name"] in read for key in item["schema"].get("foreignKeys", [])
    ]
    return {str(key["reference"]["resource"]) for key in keys}


def _files(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    )


def _zipped(files: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for place in sorted(files):
            entry = zipfile.ZipInfo(place, _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o755 if place.endswith((".sh", ".command")) else 0o644) << 16
            archive.writestr(entry, files[place])
    return content.getvalue()


def _teacher(room: Class, study: Study) -> list[Any]:
    """The guide, each notebook with its corrections, its slides and its version for after the class, the gaps of the documents.

    Returns the executed notebooks.
    """
    place = room.folder / TEACHER
    (place / "guide.html").write_text(
        guide.page(room.form, room.students, study), encoding="utf-8", newline="\n"
    )
    (place / "LISEZMOI-formateur.txt").write_text(launchers.TEACHER, encoding="utf-8", newline="\n")
    gaps = pd.DataFrame(sorted(hunt.real_gaps(study)), columns=["table", "line"])
    gaps.to_csv(place / GAPS, index=False, lineterminator="\n")
    for folder in ("carnets", "apres", "corrections", SLIDES):
        (place / folder).mkdir(exist_ok=True)
    done = []
    for path in masters():
        content = parameters.content_of(path)
        whole = place / "carnets" / path.name
        whole.write_text(stored.stored(versions.teacher(content)), encoding="utf-8", newline="\n")
        after = place / "apres" / path.name
        after.write_text(stored.stored(versions.after(content)), encoding="utf-8", newline="\n")
        known, node = executed(path, room.paquet)
        told = render.html(node, known, {"paquet": room.paquet} if room.paquet else {})
        (place / "corrections" / f"{path.stem}.html").write_text(told, encoding="utf-8", newline="\n")
        screens = slides.page(node, known)
        (place / SLIDES / f"{path.stem}.html").write_text(screens, encoding="utf-8", newline="\n")
        done.append(node)
    return done


def executed(path: Path, paquet: str = "") -> tuple[parameters.Notebook, Any]:
    """A notebook of the seminar with its solutions, run on a package. Raises RunError when a cell fails."""
    with tempfile.TemporaryDirectory() as temporary:
        whole = Path(temporary) / path.name
        whole.write_text(stored.stored(versions.teacher(parameters.content_of(path))), encoding="utf-8")
        known = parameters.read(whole)
        return known, run.execute(known, {"paquet": paquet} if paquet else {}).node


def said(room: Class, zips: Sequence[Path]) -> str:
    """One French sentence on what was written."""
    largest = max(path.stat().st_size for path in zips) / 1e6
    return (
        f"{french.plural(len(zips), 'dossier')} d'étudiants dans {room.folder / STUDENTS} "
        f"({french.number(largest, 1)} Mo au plus) ; le guide est dans {room.folder / TEACHER}."
    )
