"""The batch on a dask cluster gives the same bytes, even when a worker is lost."""

from __future__ import annotations

import os
import signal

import dask
import pytest
from distributed import Client, LocalCluster

from helpers.errors import RunError
from tests.pipeline import making


@pytest.fixture
def cluster():
    # A worker that may have children can fork warm kernels.
    options = {"distributed.worker.daemon": False, "distributed.worker.preload": [making.LIGHT]}
    settings = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "dashboard_address": None}
    with dask.config.set(options), LocalCluster(**settings) as found:
        yield found


def test_a_lost_worker_loses_no_report(tmp_path, cluster):
    for number in range(90, 98):
        making.notebook(tmp_path / "n", f"import time; time.sleep(0.5); print({number})", slug=f"{number}_x")
    here = making.render(tmp_path / "n", tmp_path / "here")
    assert not any(outcome.error for outcome in here.values())
    with Client(cluster.scheduler_address, set_as_default=False) as client:
        pids = list(client.run(os.getpid).values())
    told = []

    def progress(outcome):
        told.append(outcome)
        if len(told) == 2:
            os.kill(pids[0], signal.SIGKILL)

    from helpers.pipeline import batch, plan

    reports = plan.reports([], {}, folder=tmp_path / "n")
    options = batch.Options(scheduler=cluster.scheduler_address)
    outcomes = batch.render(reports, tmp_path / "there", options, progress=progress)
    assert {outcome.report.name: outcome.error for outcome in outcomes if outcome.error} == {}
    assert making.tree(tmp_path / "there") == making.tree(tmp_path / "here")


def test_a_scheduler_that_does_not_answer(tmp_path, monkeypatch):
    making.notebook(tmp_path / "n", "1")
    monkeypatch.setattr("helpers.pipeline.cluster.PATIENCE", "1s")
    with pytest.raises(RunError, match="ne répond pas"):
        making.render(tmp_path / "n", tmp_path / "out", scheduler="tcp://127.0.0.1:9")
