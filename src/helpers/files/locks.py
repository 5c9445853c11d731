"""One writer at a time in a folder: a lock that says who holds it and since when, and that no dead process keeps.

The lock is that of the system on a file of the folder: it goes with its process, however that one ends. Beside it the file
says its owner, for a shared drive that does not carry locks from one machine to another: there a lock of another machine is
held until it is `STALE` seconds old.
"""

from __future__ import annotations

import errno
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from helpers.errors import DataError, reason

NAME = ".cpts-verrou"
STALE = 900.0  # seconds; no deposit lasts as long
_WAIT = 60.0
_PAUSE = 0.02
# Windows locks bytes that nobody else may then read: one that the file does not have.
_BYTE = 1 << 30
_WINDOWS = os.name == "nt"


@contextmanager
def held(folder: Path, *, wait: float = _WAIT) -> Iterator[None]:
    """Hold the lock of `folder`, waiting up to `wait` seconds for whoever holds it.

    Raises DataError, with nothing written, when it is still held then (the sentence says by whom and since when), or when
    nothing can be written in the folder.
    """
    path, until = folder / NAME, time.monotonic() + wait
    while (stream := _taken(path)) is None:
        if time.monotonic() >= until:
            raise DataError(
                f"« {folder} » est en cours d'écriture par une autre commande ({_owner(path)}) : rien n'a été écrit. Recommencez "
                f"quand elle aura fini ; si aucune ne tourne, supprimez « {NAME} »."
            )
        time.sleep(_PAUSE)
    try:
        yield
    finally:
        if _WINDOWS:
            os.close(stream)
            with suppress(OSError):
                path.unlink()
        else:
            # While it is held: whoever waits sees that the file is another.
            path.unlink(missing_ok=True)
            os.close(stream)


def _taken(path: Path) -> int | None:
    """The lock, open and signed; None while another has it."""
    try:
        stream = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise DataError(
            f"« {path.parent} » ne peut pas être écrit ({reason(error)}) : rien n'a été écrit."
        ) from None
    kept = False
    try:
        if _locked(stream) and _same(stream, path) and not _elsewhere(stream):
            mark = {"host": socket.gethostname(), "pid": os.getpid(), "since": int(time.time())}
            os.lseek(stream, 0, os.SEEK_SET)
            os.ftruncate(stream, 0)
            os.write(stream, json.dumps(mark).encode())
            kept = True
    finally:
        if not kept:
            os.close(stream)
    return stream if kept else None


def _locked(stream: int) -> bool:
    try:
        if _WINDOWS:
            import msvcrt

            os.lseek(stream, _BYTE, os.SEEK_SET)
            msvcrt.locking(stream, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        # A drive without locks: the owner written in the file is all there is.
        return error.errno in (errno.ENOLCK, errno.ENOTSUP, errno.EINVAL) and not _alive_here(stream)
    return True


def _same(stream: int, path: Path) -> bool:
    """Whether the file that was locked is still the one of the folder."""
    try:
        return os.path.samestat(os.fstat(stream), path.stat())
    except OSError:
        return False


def _read(stream: int) -> dict[str, object]:
    try:
        os.lseek(stream, 0, os.SEEK_SET)
        found = json.loads(os.read(stream, 4096) or b"{}")
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _elsewhere(stream: int) -> bool:
    """Whether the owner written is of another machine, and not stale."""
    host = _read(stream).get("host", "")
    return bool(host) and host != socket.gethostname() and _age(os.fstat(stream)) < STALE


def _alive_here(stream: int) -> bool:
    mark = _read(stream)
    if not mark or _age(os.fstat(stream)) >= STALE:
        return False
    if mark.get("host") != socket.gethostname():
        return True
    owner = str(mark.get("pid"))
    return not owner.isdigit() or alive(int(owner))


def alive(pid: int) -> bool:
    """Whether a process of this machine has that number; always on Windows, which does not say it."""
    if _WINDOWS:
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _age(stat: os.stat_result) -> float:
    return max(0.0, time.time() - stat.st_mtime)


def _owner(path: Path) -> str:
    try:
        stream = os.open(path, os.O_RDONLY)
    except OSError:
        return "propriétaire inconnu"
    try:
        mark = _read(stream)
        age = f"depuis {_age(os.fstat(stream)):.0f} s"
    finally:
        os.close(stream)
    if not mark:
        return f"propriétaire inconnu, {age}"
    return f"processus {mark.get('pid')} de {mark.get('host')}, {age}"
