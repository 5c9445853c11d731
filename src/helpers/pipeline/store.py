"""Files of the report folder and temporary ones: written whole or not at all, and cleared of what a killed run left."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import threading
from pathlib import Path

from helpers.errors import RunError, reason
from helpers.files import locks

_TEMPORARY = re.compile(r"^\..+\.(?P<pid>\d+)-\d+\.tmp$")
# As tempfile makes it, so that no folder of a user is taken for one.
_RUN, _OF_A_RUN = "cpts-run-", re.compile(r"^cpts-run-(?P<pid>\d+)-[a-z0-9_]{8}$")


def prepare(place: Path, *folders: str) -> None:
    """Sweep what killed runs left, and make the folder ready to be written. Raises RunError when it cannot be."""
    _sweep_temporary()
    try:
        for folder in (place, *(place / name for name in folders)):
            folder.mkdir(parents=True, exist_ok=True)
            _sweep(folder)
        probe = place / f".ecriture.{os.getpid()}-0.tmp"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise RunError(
            f"Impossible d'écrire dans « {place} » : {reason(error)}. Choisissez un autre dossier (--out)."
        ) from None


def temporary() -> Path:
    """A new folder for the sockets of this process, whose name says whose it is; whoever asks removes it."""
    return Path(tempfile.mkdtemp(prefix=f"{_RUN}{os.getpid()}-"))


def write(path: Path, content: str | bytes) -> None:
    """Write a file under a temporary name, then move it. Raises RunError when the disk refuses; the old file is kept."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.tmp")
    try:
        # Half a character (a lone surrogate in a cell of the user) is written as its escape, which JSON reads back.
        encoded = content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content
        temporary.write_bytes(encoded)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise RunError(
            f"« {path.name} » n'a pas pu être écrit : {reason(error)}. L'ancien fichier est gardé."
        ) from None


def _sweep_temporary() -> None:
    # Also by a run that has nothing to make: the one that was killed may have ended all its reports.
    for path in Path(tempfile.gettempdir()).glob(f"{_RUN}*"):
        match = _OF_A_RUN.match(path.name)
        if match and not locks.alive(int(match["pid"])):
            shutil.rmtree(path, ignore_errors=True)


def _sweep(folder: Path) -> None:
    # A run killed in the middle of a write leaves its temporary file; those of a run still alive are its own.
    for path in folder.glob(".*.tmp"):
        match = _TEMPORARY.match(path.name)
        if match and not locks.alive(int(match["pid"])):
            path.unlink(missing_ok=True)
