"""Whatever goes wrong, the last good report survives, nothing half-written stays, and a second run completes."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from helpers.errors import RunError
from helpers.files import locks
from helpers.pipeline import summary
from tests.conftest import ROOT
from tests.pipeline import making

sys.path.insert(0, str(ROOT / "tools"))
import hard_renders

SLUG = "90_essai"


@pytest.fixture
def good(tmp_path):
    """A notebook rendered once; returns the bytes of its report."""
    making.notebook(tmp_path / "n", "1 + 1")
    making.render(tmp_path / "n", tmp_path / "out")
    return (tmp_path / "out" / f"{SLUG}.html").read_bytes()


def clean(place):
    return [path.name for path in place.rglob("*.tmp")] == []


def survives(tmp_path, good, sentence, **options):
    outcome = making.render(tmp_path / "n", tmp_path / "out", **options)[SLUG]
    assert sentence in outcome.error
    assert (tmp_path / "out" / f"{SLUG}.html").read_bytes() == good
    assert clean(tmp_path / "out")
    making.notebook(tmp_path / "n", "2 + 2")
    assert making.render(tmp_path / "n", tmp_path / "out")[SLUG].error == ""
    assert not (tmp_path / "out" / f"{SLUG}_ECHEC.ipynb").exists()


def test_a_cell_that_raises(tmp_path, good):
    making.notebook(tmp_path / "n", "print('avant')", "1 / 0")
    making.render(tmp_path / "n", tmp_path / "out")
    failed = (tmp_path / "out" / f"{SLUG}_ECHEC.ipynb").read_text(encoding="utf-8")
    assert "avant" in failed
    assert "ZeroDivisionError" in failed
    survives(tmp_path, good, "sous « 90_essai », ZeroDivisionError")


def test_a_cell_that_never_ends(tmp_path, good):
    making.notebook(tmp_path / "n", "while True: pass")
    survives(tmp_path, good, "une cellule a dépassé 2 secondes (option --timeout)", timeout=2)


def test_a_notebook_that_never_ends(tmp_path, good):
    making.notebook(tmp_path / "n", *["import time; time.sleep(1.2)"] * 6)
    survives(
        tmp_path,
        good,
        "le carnet a dépassé 3 secondes (option --notebook-timeout)",
        timeout=60,
        notebook_timeout=3,
    )


def test_a_kernel_killed_by_the_system(tmp_path, good):
    making.notebook(tmp_path / "n", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    survives(tmp_path, good, "le noyau s'est arrêté")


def test_an_ordinary_kernel_killed_by_the_system(tmp_path, good):
    making.notebook(tmp_path / "n", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    survives(tmp_path, good, "le noyau s'est arrêté", cold=True)


def test_other_reports_of_the_batch_are_made(tmp_path):
    making.notebook(tmp_path / "n", "1 / 0", slug="91_a")
    making.notebook(tmp_path / "n", "1 + 1", slug="92_b")
    outcomes = making.render(tmp_path / "n", tmp_path / "out")
    assert [bool(outcome.error) for outcome in outcomes.values()] == [True, False]
    assert (tmp_path / "out" / "92_b.html").exists()


def test_every_report_of_a_batch_longer_than_the_queue_is_made(tmp_path):
    making.notebook(tmp_path / "n", "print(q)", parameters='q = "Q1"  # Question')
    each = "q=miller2022/questions:question"
    outcomes = making.render(tmp_path / "n", tmp_path / "out", each=each, jobs=1)
    assert len(outcomes) == 42
    assert len(list((tmp_path / "out").glob("*.html"))) == 42
    assert {outcome.error for outcome in outcomes.values()} == {""}


def test_a_run_killed_in_mid_batch_is_resumed(tmp_path):
    for number in range(91, 96):
        making.notebook(
            tmp_path / "n", f"import time; time.sleep({0.2 if number < 93 else 900})", slug=f"{number}_x"
        )
    run = making.Run(making.render_all, tmp_path / "n", tmp_path / "out")
    assert making.wait_until(lambda: len(list((tmp_path / "out" / ".cache").glob("9*.json"))) >= 2)
    below = making.descendants(run)
    making.kill(run)
    run.wait(timeout=240)
    assert making.wait_until(lambda: not making.alive(below))
    for number in range(93, 96):
        making.notebook(tmp_path / "n", "1", slug=f"{number}_x")
    outcomes = making.render(tmp_path / "n", tmp_path / "out")
    assert [bool(outcome.reasons) for outcome in outcomes.values()] == [False, False, True, True, True]
    assert clean(tmp_path / "out")


def started(run_list, out):
    return making.Run(making.command, *hard_renders.asked(run_list, out), **hard_renders.around(run_list))


@pytest.mark.skipif(os.name == "nt", reason="kill -9")
def test_a_run_killed_at_random_leaves_whole_reports_and_no_file(monkeypatch):
    monkeypatch.setattr(hard_renders, "started", started)
    # The folder of a test is too deep for the sockets of what is killed.
    with tempfile.TemporaryDirectory() as folder:
        found = hard_renders.killed(Path(folder), 2)
    assert found["arrêts"] == 2
    assert [found[name] for name in hard_renders.LOSSES] == [0, 0, 0, 0]


def test_what_a_killed_run_was_writing_is_swept(tmp_path):
    making.notebook(tmp_path / "n", "1")
    making.render(tmp_path / "n", tmp_path / "out")
    # No process has this number: it is over the largest that the system gives.
    (tmp_path / "out" / f".{SLUG}.html.4194999-1.tmp").write_text("moit", encoding="utf-8")
    alive = tmp_path / "out" / f".{SLUG}.html.{os.getpid()}-1.tmp"
    alive.write_text("en cours", encoding="utf-8")
    making.render(tmp_path / "n", tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").glob(".*.tmp")] == [alive.name]


def test_a_run_killed_while_it_wrote_the_index_leaves_nothing_after_the_next_one(tmp_path, monkeypatch):
    making.notebook(tmp_path / "n", "1")
    around, out = tmp_path / "autour", tmp_path / "out"
    around.mkdir()
    # Its reports were made: the next run makes none, and starts no kernel.
    making.render(tmp_path / "n", out)
    whole = hard_renders.content(out)
    (out / locks.NAME).write_text(
        json.dumps({"host": socket.gethostname(), "pid": 4194999}), encoding="utf-8"
    )
    assert hard_renders.half(hard_renders.content(out), whole) == []
    sockets, own = around / "cpts-run-4194999-ab12_cd3", around / "cpts-run-2024-redon"
    for folder in (sockets / "pymp-1", own):
        folder.mkdir(parents=True)
    monkeypatch.setattr(tempfile, "tempdir", str(around))
    outcomes = making.render(tmp_path / "n", out)
    summary.write(out, list(outcomes.values()), whole=False, folder=tmp_path / "n")
    assert list(around.iterdir()) == [own]
    assert not (out / locks.NAME).exists()


def test_a_full_disk(tmp_path, good):
    disk = tmp_path / "disque"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("cette machine ne permet pas de monter un petit disque (il faut être administrateur)")
    try:
        making.notebook(tmp_path / "n", "print('a')")
        assert making.render(tmp_path / "n", disk)[SLUG].error == ""
        before = (disk / f"{SLUG}.html").read_bytes()
        making.notebook(tmp_path / "n", "import random; print(''.join(random.choices('abcdef', k=200_000)))")
        outcome = making.render(tmp_path / "n", disk)[SLUG]
        assert "n'a pas pu être écrit" in outcome.error
        assert (disk / f"{SLUG}.html").read_bytes() == before
        assert clean(disk)
        making.notebook(tmp_path / "n", "print('b')")
        assert making.render(tmp_path / "n", disk)[SLUG].error == ""
    finally:
        subprocess.run(["umount", disk], check=True)


def test_a_folder_that_cannot_be_written(tmp_path):
    making.notebook(tmp_path / "n", "1")
    (tmp_path / "out").write_text("un fichier, pas un dossier", encoding="utf-8")
    with pytest.raises(Exception, match=r"Impossible d'écrire dans .* : un dossier du chemin est un fichier"):
        making.render(tmp_path / "n", tmp_path / "out")
    assert (tmp_path / "out").read_text(encoding="utf-8") == "un fichier, pas un dossier"


def test_the_page_of_a_site_is_not_taken_for_our_index(tmp_path):
    making.notebook(tmp_path / "n", "1")
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("<title>Mon site</title>", encoding="utf-8")
    with pytest.raises(RunError, match=r"n'est pas un index de rapports.*autre dossier"):
        making.render(tmp_path / "n", tmp_path / "site")
    assert [path.name for path in (tmp_path / "site").iterdir()] == ["index.html"]
    making.render(tmp_path / "n", tmp_path / "out")
    assert making.render(tmp_path / "n", tmp_path / "out")[SLUG].error == ""


def test_two_runs_at_once_on_the_same_folder(tmp_path):
    for number in (91, 92, 93):
        making.notebook(tmp_path / "n", "print('x' * 1000)", slug=f"{number}_x")
    runs = [making.Run(making.render_all, tmp_path / "n", tmp_path / "out") for _ in range(2)]
    assert [run.wait(timeout=600) for run in runs] == [0, 0]
    outcomes = making.render(tmp_path / "n", tmp_path / "out")
    assert [outcome.reasons for outcome in outcomes.values()] == [[], [], []]
    assert clean(tmp_path / "out")


def test_a_corrupted_manifest_stops_nothing(tmp_path):
    from helpers.pipeline import batch, plan, summary

    making.notebook(tmp_path / "n", "1")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "manifest.json").write_bytes(b"\xff\x00{")
    outcomes = batch.render(plan.reports([], {}, folder=tmp_path / "n"), tmp_path / "out")
    summary.write(tmp_path / "out", outcomes, whole=False, folder=tmp_path / "n")
    assert '"90_essai"' in (tmp_path / "out" / "manifest.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(("failures", "sentence"), [(2, ""), (3, "le noyau n'a pas démarré (Kernel died)")])
def test_a_process_that_dies_at_once_is_started_again(tmp_path, monkeypatch, failures, sentence):
    from helpers.pipeline import kernels

    tried = []
    whole = kernels.Forked.receive

    def receive(self, seconds):
        first = self not in tried
        tried.extend([self] if first else [])
        if first and len(tried) <= failures:
            self.kill()
            while whole(self, seconds):
                pass
        return whole(self, seconds)

    monkeypatch.setattr(kernels.Forked, "receive", receive)
    making.notebook(tmp_path / "n", "1")
    outcome = making.render(tmp_path / "n", tmp_path / "out")[SLUG]
    assert outcome.error == sentence
    assert len(tried) == 3


@pytest.mark.skipif(os.name == "nt", reason="Windows ne limite pas ainsi les fichiers ouverts")
@pytest.mark.parametrize(("limit", "made", "said"), [(256, 9, ""), (64, 0, "augmentez « ulimit -n »")])
def test_few_open_files_make_fewer_reports_at_once_or_are_told(tmp_path, limit, made, said):
    for number in range(91, 100):
        making.notebook(tmp_path / "n", "1", slug=f"{number}_x")
    written = tmp_path / "dit"
    run = making.Run(making.render_all, tmp_path / "n", tmp_path / "out", 9, said=written, files=limit)
    code = run.wait()
    assert len(list((tmp_path / "out").glob("*.html"))) == made
    assert said in written.read_text(encoding="utf-8")
    assert bool(code) is bool(said)


def test_a_failure_under_a_title_that_waits_for_its_subject_says_it_without(tmp_path):
    path = making.notebook(tmp_path / "n", "1 / 0")
    path.write_text(
        path.read_text(encoding="utf-8").replace(f"# {SLUG}", "# Carnet {sujet|d'une CPTS}"), encoding="utf-8"
    )
    error = making.render(tmp_path / "n", tmp_path / "out")[SLUG].error
    assert error.startswith("sous « Carnet d'une CPTS », ZeroDivisionError")
