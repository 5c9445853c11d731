"""Shared fixtures: a tiny data package, the reports rendered once, and the source texts where they exist."""

from __future__ import annotations

import functools
import gc
import json
import os
import pickle
from pathlib import Path

import hypothesis
import pytest
from xdist.scheduler import LoadScopeScheduling

# As in the reports: a sum split over threads could end in another last digit, and the other core has its own tests.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

# One profile for all properties: how long an example takes says how busy the machine is, not whether the code is right.
hypothesis.settings.register_profile("observatoire", deadline=None, database=None)
hypothesis.settings.load_profile("observatoire")

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT.parent / "shared" / "sources"
NEEDS_SOURCES = pytest.mark.skipif(
    not SOURCES.is_dir(), reason="les textes des cinq documents ne sont pas sur cette machine"
)


# Folders whose tests share what a session makes once: a class.
TOGETHER = {"tests/classroom": "classroom"}
# What lasts longest begins first: no worker waits at the end for another that has just begun a minute of work.
FIRST = (
    "tests/browser/test_pages.py", "tests/test_contributing.py", "tests/test_documentation.py", "tests/reports/test_privacy.py",
    "classroom", "tests/test_readme.py", "tests/reports/test_reports.py", "tests/reports/test_hostile_pages.py",
    "tests/pipeline/test_faults.py", "tests/intake/test_oracle.py", "tests/page/test_figures.py",
    "tests/pipeline/test_same_bytes.py", "tests/documents/test_ledger.py", "tests/survey/test_responses.py",
    "tests/commands/test_words_stay.py",
)  # fmt: skip


def unit_of(nodeid):
    """Tests of one file go to one worker, which pays their fixtures once; those that share more go together."""
    file = nodeid.partition("::")[0]
    return TOGETHER.get(file.rpartition("/")[0], file)


class FilesTogether(LoadScopeScheduling):
    """Hands out units of `unit_of`, in the order of the collection."""

    def _split_scope(self, nodeid):
        return unit_of(nodeid)


def pytest_xdist_make_scheduler(config, log):
    config.option.loadscopereorder = False
    return FilesTogether(config, log)


def pytest_collection_modifyitems(config, items):
    if hasattr(config, "workerinput"):
        rank = {unit: place for place, unit in enumerate(FIRST)}
        items.sort(key=lambda item: rank.get(unit_of(item.nodeid), len(FIRST)))


def pytest_sessionstart(session):
    """All kernels of a worker are forked from one process, which keeps what the first run asks: what any notebook imports."""
    gc.disable()  # until the tests are collected: what is made meanwhile stays
    if hasattr(session.config, "workerinput"):
        from helpers.pipeline import cache, kernels, parameters

        kernels.prepare(cache.needed(parameters.notebooks()))


def pytest_collection_finish():
    """Thousands of tests stay in memory to the end: who looks for what is no longer in use leaves them out."""
    gc.freeze()
    gc.enable()
    gc.set_threshold(50_000, 20, 20)


def descriptor(fields, name="demo/table", key=("code",), **more):
    resource = {
        "name": name,
        "path": "table.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {"fields": fields, "primaryKey": list(key), "missingValues": [""]},
        **more,
    }
    return {"name": "demo", "resources": [resource]}


@pytest.fixture(scope="session")
def once(tmp_path_factory):
    """What a function writes in a new folder and returns, made by the first worker that asks for it and read by the others."""
    from helpers.files import locks

    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def made(name, make):
        place = shared / name
        place.mkdir(exist_ok=True)
        kept = place / "rendu.pickle"
        with locks.held(place, wait=900):
            if not kept.exists():
                kept.write_bytes(pickle.dumps(make(place)))
        return pickle.loads(kept.read_bytes())

    return made


@pytest.fixture(scope="session")
def reports(once):
    """Folder of all reports and their outcomes."""
    return once("documents", lambda place: render_all(place / "rapports", {}))


def render_all(place, values):
    """Folder of all reports with those values, and their outcomes by name."""
    from helpers.pipeline import batch, plan, summary

    outcomes = batch.render(plan.reports([], values), place)
    summary.write(place, outcomes, whole=True)
    return place, {outcome.report.name: outcome for outcome in outcomes}


def render_package(place, *, example):
    """As `render_all`, of the package that `cpts new` writes."""
    from helpers.intake import starting

    starting.new(place / "paquet", example=example)
    return render_all(place / "rapports", {"paquet": str(place / "paquet")})


@pytest.fixture(scope="session")
def ledger():
    """Verdict on every figure of the project, recomputed once; tests change nothing in it."""
    from helpers.documents import reproductions
    from tests.project import PROJECT

    return reproductions.ledger(study=PROJECT)


@pytest.fixture
def ledger_at_hand(ledger, monkeypatch):
    """`cpts claims` in this process takes the verdicts of the session; tests/commands/test_outputs.py has it recompute them."""
    from helpers.commands import ledger as commands

    monkeypatch.setattr(commands, "_ledger", lambda: ledger)


@pytest.fixture(scope="session")
def parsed():
    """Parse a page once for all tests, which change nothing in it."""
    from bs4 import BeautifulSoup

    return functools.cache(lambda path: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser"))


@pytest.fixture(scope="session")
def example_reports(once):
    """Folder of all reports of the package of `cpts new --example`, and their outcomes."""
    return once("exemple", functools.partial(render_package, example=True))


@pytest.fixture(scope="session")
def empty_reports(once):
    """Folder of all reports of the package of `cpts new`, still empty, and their outcomes."""
    return once("vide", functools.partial(render_package, example=False))


@pytest.fixture(scope="session")
def sessions_run(once):
    """What `folders.executed` gives of each notebook of the seminar, by its path."""
    from helpers.classroom import folders

    return once("seminaire", lambda _: {path: folders.executed(path) for path in folders.masters()})


@pytest.fixture
def small_package(tmp_path):
    """Write a package of one table from its CSV text; returns its folder."""

    def write(text, fields=None, encoding="utf-8", **more):
        chosen = fields or [
            {"name": "code", "type": "string", "constraints": {"required": True}},
            {"name": "printed", "type": "string"},
            {"name": "value", "type": "number"},
            {"name": "line", "type": "integer", "constraints": {"minimum": 10, "maximum": 20}},
        ]
        (tmp_path / "table.csv").write_bytes(text.encode(encoding) if isinstance(text, str) else text)
        (tmp_path / "datapackage.json").write_text(json.dumps(descriptor(chosen, **more)), encoding="utf-8")
        return tmp_path

    return write
