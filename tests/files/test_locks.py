"""One writer at a time in a folder, whole or not at all even when killed; a dead owner keeps nothing."""

from __future__ import annotations

import errno
import json
import os
import signal
import socket
import sys
import time

import pytest

from helpers import catalog
from helpers.errors import DataError
from helpers.files import locks, written
from helpers.intake import starting
from tests.conftest import ROOT

sys.path.insert(0, str(ROOT / "tools"))
import hard_imports

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the children of these tests are forked")


@pytest.fixture
def folder(tmp_path):
    starting.new(tmp_path / "p")
    return tmp_path / "p"


def test_two_writers_at_once_lose_no_row(folder):
    assert hard_imports.together(folder, 4) == {
        "tours": 4, "écritures": 8, "refusées": 0, "lignes perdues": 0,
    }  # fmt: skip


def test_a_killed_import_leaves_all_or_nothing(folder):
    found = hard_imports.killed(folder, 6)
    assert found["rien"] + found["tout"] == 6
    assert (found["moitié"], found["fichiers restés"]) == (0, 0)


def test_a_deposit_killed_at_any_step_of_the_disk_is_all_or_nothing(folder):
    found = hard_imports.killed_in_between(folder)
    assert found["étapes"] > 10
    assert min(found["rien"], found["tout"]) > 2
    assert (found["moitié"], found["fichiers restés"]) == (0, 0)


class _Windows:
    """What Windows offers for locks: bytes of an open file, and no second lock on them."""

    LK_NBLCK = 2

    def __init__(self):
        self.locked = {}

    def locking(self, stream, mode, count):
        assert (mode, count) == (self.LK_NBLCK, 1)
        assert os.lseek(stream, 0, os.SEEK_CUR) == locks._BYTE
        file = os.fstat(stream).st_ino
        holder = self.locked.setdefault(file, stream)
        # A closed file leaves its number to the next one.
        if holder != stream and os.fstat(holder).st_ino == file:
            raise OSError(errno.EACCES, "Permission denied")


def test_the_lock_of_windows(tmp_path, monkeypatch):
    """Its branch, on a machine of another system."""
    monkeypatch.setitem(sys.modules, "msvcrt", _Windows())
    monkeypatch.setattr(locks, "_WINDOWS", True)
    with locks.held(tmp_path):
        assert locks.alive(4194999)
        with pytest.raises(DataError, match=rf"processus {os.getpid()} de "), locks.held(tmp_path, wait=0):
            pass
    assert list(tmp_path.iterdir()) == []
    # A process that dies leaves the file, and the system frees its bytes.
    (tmp_path / locks.NAME).write_text(json.dumps({"host": socket.gethostname(), "pid": 1}), encoding="utf-8")
    monkeypatch.setattr(locks, "_WINDOWS", True)
    with locks.held(tmp_path, wait=0):
        assert json.loads((tmp_path / locks.NAME).read_bytes())["pid"] == os.getpid()


def test_who_holds_the_lock_is_said(tmp_path):
    sentence = rf"en cours d'écriture par une autre commande \(processus {os.getpid()} de .*, depuis 0 s\).*rien n'a été écrit"
    with locks.held(tmp_path), pytest.raises(DataError, match=sentence), locks.held(tmp_path, wait=0):
        pass
    assert list(tmp_path.iterdir()) == []


def test_the_lock_of_a_killed_process_is_free(tmp_path):
    def hold():
        with locks.held(tmp_path):
            os.kill(os.getpid(), signal.SIGKILL)

    os.waitpid(hard_imports.started(hold), 0)
    assert (tmp_path / locks.NAME).exists()
    with locks.held(tmp_path, wait=0):
        pass
    assert list(tmp_path.iterdir()) == []


def test_the_lock_of_another_machine_is_kept_until_it_is_stale(tmp_path):
    path = tmp_path / locks.NAME
    path.write_text(json.dumps({"host": "ailleurs", "pid": 1, "since": 0}), encoding="utf-8")
    with pytest.raises(DataError, match="processus 1 de ailleurs"), locks.held(tmp_path, wait=0):
        pass
    old = time.time() - locks.STALE - 1
    os.utime(path, (old, old))
    with locks.held(tmp_path, wait=0):
        assert json.loads(path.read_bytes())["pid"] == os.getpid()


def test_what_cannot_be_written_changes_nothing_and_leaves_nothing(folder):
    before = hard_imports.content(folder)
    blocked = {"cpts/cpts.csv": b"a\n", "cpts/facts.csv/x.csv": b"b\n"}
    with pytest.raises(DataError, match="ne peut pas être écrit"):
        written.replace(folder, blocked)
    assert hard_imports.content(folder) == before


def test_drafts_of_killed_commands_are_swept(folder):
    (folder / written.DRAFT).mkdir()
    (folder / written.DRAFT / "0").write_text("mots", encoding="utf-8")
    catalog.open_package(folder)
    assert not (folder / written.DRAFT).exists()
    (folder.parent / ".cpts-new-999999999-abc").mkdir()
    starting.new(folder.parent / "autre")
    assert not list(folder.parent.glob(".cpts-new-*"))
