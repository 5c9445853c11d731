"""Shared fixtures: a tiny data package, the reports rendered once, and the source texts where they exist."""

from __future__ import annotations

import functools
import gc
import json
import os
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


class ReportsTogether(LoadScopeScheduling):
    """Tests of the rendered reports go to one worker, all others wherever there is room.

    The groups of `--dist loadgroup` stay without effect with the locked pytest, which keeps the identifier of an item.
    """

    def _split_scope(self, nodeid):
        return "reports" if nodeid.startswith(("tests/browser/", "tests/reports/")) else nodeid


def pytest_xdist_make_scheduler(config, log):
    return ReportsTogether(config, log)


def pytest_collection_finish():
    """Thousands of tests stay in memory to the end: who looks for what is no longer in use leaves them out."""
    gc.collect()
    gc.freeze()
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
def reports(tmp_path_factory):
    """Folder of all reports and their outcomes. Ask for it only under `xdist_group("reports")`: one worker renders them."""
    from helpers.pipeline import batch, plan, summary

    place = tmp_path_factory.mktemp("reports")
    outcomes = batch.render(plan.reports([], {}), place)
    summary.write(place, outcomes, whole=True)
    return place, {outcome.report.name: outcome for outcome in outcomes}


def render_package(folder):
    """Folder of all reports of the package in `folder`, beside it, and their outcomes by name."""
    from helpers.pipeline import batch, plan, summary

    place = folder.with_name(f"{folder.name}-rapports")
    outcomes = batch.render(plan.reports([], {"paquet": str(folder)}), place)
    summary.write(place, outcomes, whole=True)
    return place, {outcome.report.name: outcome for outcome in outcomes}


@pytest.fixture(scope="session")
def ledger():
    """Verdict on every figure of the project, recomputed once; tests change nothing in it."""
    from helpers.documents import reproductions
    from tests.project import PROJECT

    return reproductions.ledger(study=PROJECT)


@pytest.fixture(scope="session")
def parsed():
    """Parse a page once for all tests, which change nothing in it."""
    from bs4 import BeautifulSoup

    return functools.cache(lambda path: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser"))


@pytest.fixture(scope="session")
def example_reports(tmp_path_factory):
    """Folder of all reports of the package of `cpts new --example`, and their outcomes; under `xdist_group("reports")`."""
    from helpers.intake import starting

    folder = tmp_path_factory.mktemp("exemple") / "paquet"
    starting.new(folder, example=True)
    return render_package(folder)


@pytest.fixture(scope="session")
def empty_reports(tmp_path_factory):
    """Folder of all reports of the package of `cpts new`, still empty, and their outcomes; under `xdist_group("reports")`."""
    from helpers.intake import starting

    folder = tmp_path_factory.mktemp("vide") / "paquet"
    starting.new(folder)
    return render_package(folder)


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
