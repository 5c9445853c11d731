"""Brakes and levers: every statement is counted once, under its label."""

from __future__ import annotations

import pytest

from helpers.practices import missions, obstacles
from tests.project import PROJECT


@pytest.mark.parametrize("side", obstacles.SIDES)
def test_every_statement_is_counted_once_with_its_cpts(side):
    table = obstacles.by_label(PROJECT, side)
    said = PROJECT.table(missions.STATEMENTS)
    said = said[said["domain"].isin(obstacles.SIDES[side])]
    assert table["cpts"].str.split(", ").str.len().tolist() == table["count"].tolist()
    assert table["count"].sum() == len(said)
    assert table["count"].is_monotonic_decreasing


def test_the_sentence_names_the_most_shared_of_the_tables():
    told = obstacles.sentence(PROJECT)
    for side in obstacles.SIDES:
        first = obstacles.by_label(PROJECT, side).iloc[0]
        assert f"« {first['label']} »" in told
        assert f"({first['count']} CPTS sur 16)" in told


def test_the_title_of_the_section_says_what_the_tables_say():
    first = [obstacles.by_label(PROJECT, side).iloc[0]["label"] for side in obstacles.SIDES]
    assert first == ["Démobilisation", "Connaissance mutuelle"]
