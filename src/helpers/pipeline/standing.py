"""Whether the index and the manifest that an earlier run wrote still stand: a run in which nothing changed leaves them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from helpers.errors import RunError
from helpers.pipeline import cache, parameters, store
from helpers.pipeline.batch import Outcome

NAME = "sommaire.json"


def stands(place: Path, outcomes: Sequence[Outcome], whole: bool, folder: Path | None) -> bool:
    """True when nothing that these files of `place` are made from has changed since `keep` noted it."""
    try:
        known = json.loads((place / cache.FOLDER / NAME).read_text(encoding="utf-8"))
        return bool(known["state"] == _state(place, outcomes, whole, folder, known["packages"]))
    except (OSError, ValueError, KeyError, TypeError):
        return False


def keep(
    place: Path, outcomes: Sequence[Outcome], whole: bool, folder: Path | None, packages: Iterable[str]
) -> None:
    """Note what these files, just written, were made from: the program, notebooks, reports, and the users' `packages`.

    Nothing is noted after a fault, which the next run is to tell again.
    """
    path, named = place / cache.FOLDER / NAME, sorted({name for name in packages if name})
    if any(outcome.error for outcome in outcomes):
        path.unlink(missing_ok=True)
        return
    try:
        path.parent.mkdir(exist_ok=True)
        state = _state(place, outcomes, whole, folder, named)
        store.write(path, json.dumps({"state": state, "packages": named}))
    except (OSError, RunError):
        path.unlink(missing_ok=True)  # written again by the next run


def _state(
    place: Path, outcomes: Sequence[Outcome], whole: bool, folder: Path | None, packages: Iterable[str]
) -> str:
    notebooks = {outcome.report.notebook.path for outcome in outcomes}
    notebooks |= set((folder or parameters.DEFAULT_FOLDER).glob("*.ipynb"))
    told = [
        (outcome.report.name, outcome.report.values, outcome.reasons, outcome.seconds) for outcome in outcomes
    ]
    examples = place / parameters.EXAMPLE
    looked_at = [
        *(found for below in (place, examples) for found in (*_files(below), *_files(below / cache.FOLDER))),
        *(_file(path) for path in sorted(notebooks)),
        *(_file(Path(package, "datapackage.json")) for package in packages),
    ]
    return cache.text_digest(repr((cache.project(), whole, told, looked_at)))


def _files(folder: Path) -> Iterator[tuple[object, ...]]:
    """Name, time, size and number of each file; hidden ones (what is half written, a lock) and our own note aside."""
    try:
        with os.scandir(folder) as found:
            names = sorted(item.name for item in found if item.is_file())
    except OSError:
        return
    yield from (_file(folder / name) for name in names if name != NAME and not name.startswith("."))


def _file(path: Path) -> tuple[object, ...]:
    return (path.as_posix(), *cache.file_state(path))
