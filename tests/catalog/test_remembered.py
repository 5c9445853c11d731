"""What is made once of tables: who asks later depends on them too, and has it made again when one has changed."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from helpers import catalog
from helpers.catalog import package, tables


@pytest.fixture
def counted(monkeypatch):
    """A remembered function that reads one table of the project, and how often it was made."""
    monkeypatch.setattr(package, "_reads", {})
    calls = []

    @catalog.remembered
    def rows() -> int:
        calls.append(1)
        return len(catalog.load("open/ept", catalog.DEFAULT_FOLDER))

    return rows, calls


def _read() -> set[str]:
    return {item["name"] for item in json.loads(catalog.reads())}


def test_what_was_made_before_the_report_counts_as_read_by_it(counted):
    rows, calls = counted
    first = rows()
    catalog.forget_reads()
    assert _read() == set()
    assert rows() == first
    assert len(calls) == 1
    assert "open/ept" in _read()


def test_what_one_remembered_function_asks_of_another_is_noted_through_both(counted):
    rows, calls = counted

    @catalog.remembered
    def doubled() -> int:
        return 2 * rows()

    rows()
    doubled()
    catalog.forget_reads()
    doubled()
    assert len(calls) == 1
    assert "open/ept" in _read()


def test_a_table_that_changed_since_is_read_again(counted, monkeypatch):
    rows, calls = counted
    rows()
    catalog.forget_reads()
    monkeypatch.setattr(tables, "digest", lambda name, folder: "autre")
    rows()
    assert len(calls) == 2


def test_what_is_made_once_of_a_study_is_read_by_each_report_that_asks_for_it(monkeypatch):
    monkeypatch.setattr(package, "_reads", {})
    made = []

    @catalog.once_per_study
    def rows(study: catalog.Study, table: str) -> pd.DataFrame:
        made.append(table)
        return study.table(table)

    study = catalog.Study("")
    first = rows(study, "open/ept")
    first["new"] = 1
    catalog.forget_reads()
    assert "new" not in rows(study, "open/ept")
    assert (made, _read()) == (["open/ept"], {"open/ept"})
    rows(study, "claims")
    rows(catalog.Study(""), "open/ept")
    assert made == ["open/ept", "claims", "open/ept"]
