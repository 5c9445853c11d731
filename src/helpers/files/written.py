"""CSV files that a French spreadsheet opens right: semicolons, decimal commas, and the mark that says UTF-8.

The description of a table says how its file is written (Table Schema and CSV Dialect): `encoding` is `utf-8-sig`,
`dialect.delimiter` is `;` and each column of numbers has `decimalChar` `,`. A file saved again without the mark stays
readable.
"""

from __future__ import annotations

import contextlib
import copy
import csv
import io
import json
import os
import shutil
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from helpers.errors import DataError, UsageError, reason
from helpers.files import grid

ENCODING = "utf-8-sig"
DELIMITER, DECIMAL = ";", ","
# Files of a deposit: being written, then whole and to be put in place.
DRAFT, READY = ".cpts-brouillon", ".cpts-pret"
_LIST = "liste.json"


def refuse_filled(path: Path, column: str, kept: Collection[str] = ()) -> None:
    """Raise UsageError when somebody typed in that column of a file that is about to be written again without it.

    A command makes such a file for a person to fill: asked for again, it must not erase that work. `kept` are the cells that
    the new file has too.
    """
    if not path.exists():
        return
    try:
        sheet = grid.read(path)
        place = sheet.header.index(column) if column in sheet.header else None
        typed = place is None or any(cells[place].strip() not in ("", *kept) for _, cells in sheet.rows)
    except DataError:  # no more than its header, or what a spreadsheet made of it
        typed = sum(bool(line.strip()) for line in path.read_bytes().splitlines()) > 1
    if typed:
        raise UsageError(
            f"« {path} » est déjà rempli (colonne « {column} ») et serait écrasé : renommez-le, ou donnez un autre dossier à "
            "la commande (--out). Rien n'a été écrit."
        )


def described(resource: dict[str, Any]) -> dict[str, Any]:
    """The same table, described as a file for a French spreadsheet."""
    found = copy.deepcopy(resource) | {"encoding": ENCODING, "dialect": {"delimiter": DELIMITER}}
    for field in found["schema"]["fields"]:
        if field["type"] == "number":
            field["decimalChar"] = DECIMAL
    return found


def like(known: Sequence[dict[str, Any]], added: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Descriptions `added`, made for a spreadsheet when the tables `known` are."""
    ours = any(resource.get("encoding") == ENCODING for resource in known)
    return [described(resource) if ours else resource for resource in added]


def content(rows: Iterable[Sequence[str]], columns: Sequence[str], *, delimiter: str, encoding: str) -> bytes:
    """File of rows of text with that separator and that encoding; quotes where they are needed, line ends of Unix."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows([columns, *rows])
    return text.getvalue().encode(encoding)


def described_as(descriptor: dict[str, Any]) -> bytes:
    """Content of a `datapackage.json`."""
    return (json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n").encode()


def replace(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Put the files, named by their place in `folder`, all in place or none, also when the process is killed meanwhile.

    Whoever calls holds the lock of the folder (`locks.held`). The files are written aside, in `DRAFT`; renamed `READY`, they
    are as good as in place: `recover` finishes the moves. Raises DataError with nothing changed when one cannot be written.
    """
    recover(folder)
    draft = folder / DRAFT
    before: dict[Path, bytes | None] = {}
    try:
        draft.mkdir()
        for rank, (place, found) in enumerate(contents.items()):
            path = folder / place
            path.parent.mkdir(parents=True, exist_ok=True)
            before[path] = path.read_bytes() if path.exists() else None
            _whole(draft / str(rank), found)
            (draft / str(rank)).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        _whole(draft / _LIST, json.dumps(list(contents)).encode())
        draft.rename(folder / READY)
        _finish(folder)
    except OSError as error:
        _undo(folder, before)
        refused = error.filename2 or error.filename or folder
        raise DataError(
            f"« {refused} » ne peut pas être écrit ({reason(error)}) : rien n'a été écrit."
        ) from None


def recover(folder: Path) -> None:
    """Finish what a killed command had ready, and sweep its drafts; whoever calls holds the lock of the folder.

    Raises DataError when a file that was ready cannot be put in place.
    """
    try:
        shutil.rmtree(folder / DRAFT, ignore_errors=True)
        for left in (
            *folder.glob(".depot-*"),
            *folder.glob(".*.csv.????????"),
            *folder.glob("*/.*.csv.????????"),
        ):
            # What versions before this one left.
            shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)
        if (folder / READY).exists():
            _finish(folder)
    except OSError as error:
        raise DataError(
            f"« {folder} » garde dans « {READY} » des fichiers d'une commande interrompue, qui ne peuvent pas être mis en place "
            f"({reason(error)}) : rendez-lui le droit d'écrire, fermez ses fichiers, puis recommencez."
        ) from None


def _finish(folder: Path) -> None:
    ready = folder / READY
    listed = ready / _LIST
    if listed.exists():
        for rank, place in enumerate(json.loads(listed.read_bytes())):
            if (ready / str(rank)).exists():
                (ready / str(rank)).replace(folder / place)
        listed.unlink()
    shutil.rmtree(ready)


def _undo(folder: Path, before: Mapping[Path, bytes | None]) -> None:
    for name in (READY, DRAFT):
        shutil.rmtree(folder / name, ignore_errors=True)
    for path, found in before.items():
        with contextlib.suppress(OSError):
            if found is None:
                path.unlink(missing_ok=True)
            elif path.read_bytes() != found:
                path.write_bytes(found)


def _whole(path: Path, found: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(found)
        stream.flush()
        os.fsync(stream.fileno())


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
