"""Where a command writes: closed, full, a pipe that ends, an encoding without French letters. Never a traceback."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

FULL = Path("/dev/full")
CLAIM = ["claims", "miller2022.avenants.croissance"]


def ran(arguments, shell="", **more):
    """The command run by a shell with that ending, its error stream and its exit code."""
    line = f'"{sys.executable}" -m helpers {" ".join(arguments)} {shell}'
    done = subprocess.run(
        ["sh", "-c", line], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False, **more
    )
    assert "Traceback" not in done.stderr
    return done


@pytest.mark.parametrize("closed", [">&-", ">&- 2>&-"])
def test_a_closed_output_stops_nothing(closed):
    assert ran(["list"], closed).returncode == 0


@pytest.mark.skipif(not FULL.exists(), reason="ce système n'a pas de /dev/full")
@pytest.mark.parametrize("arguments", [["list"], CLAIM, ["--help"]])
def test_a_full_output_is_one_sentence(arguments):
    done = ran(arguments, ">/dev/full")
    assert done.returncode == 1
    assert done.stderr.strip() == (
        "cpts : ce qui s'affiche n'a pas pu être écrit : disque plein. Ce qui était fait est gardé."
    )


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_an_encoding_without_our_letters_loses_marks_and_not_the_command(encoding):
    import os

    done = subprocess.run(
        [sys.executable, "-m", "helpers", *CLAIM],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": encoding},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"Libell" in done.stdout


def test_a_reader_that_has_enough_is_no_fault():
    assert ran(["list"], "| head -n 1").stderr == ""


def test_an_interruption_while_the_program_starts_is_one_sentence(monkeypatch, capsys):
    from helpers import __main__ as program

    class Interrupted:
        def find_spec(self, name, *_):
            if name == "helpers.commands.main":
                raise KeyboardInterrupt

    monkeypatch.delitem(sys.modules, "helpers.commands.main", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Interrupted(), *sys.meta_path])
    with pytest.raises(SystemExit, match="130"):
        program.main()
    assert capsys.readouterr().err == "cpts : interrompu.\n"
