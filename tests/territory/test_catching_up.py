"""Départements that catch up: what they gain by themselves, and a test that concludes nothing when neighbours are alike."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.territory import catching_up

NEAR = catching_up.neighbours()
CODES = sorted(NEAR)


def panel(first, last):
    dates = pd.to_datetime(["2022-12-01", "2024-05-01"])
    return pd.concat(
        [pd.DataFrame({"code": CODES, "date": date, "value": values}) for date, values in zip(dates, (first, last), strict=True)]
    )  # fmt: skip


def test_departments_touch_both_ways_and_islands_touch_nobody():
    assert NEAR["75"] == ["92", "93", "94"]
    assert NEAR["2A"] == ["2B"]
    assert "974" not in NEAR
    assert all(code in NEAR[other] for code in NEAR for other in NEAR[code])


def test_neighbours_alike_forbid_a_conclusion_that_others_allow():
    random = np.random.default_rng(2026)
    first = random.uniform(20, 80, len(CODES))
    alone = random.uniform(0.3, 0.7, len(CODES))
    rank = dict(zip(CODES, alone, strict=True))
    smooth = np.array([np.mean([rank[other] for other in [code, *NEAR[code]]]) for code in CODES])
    row = catching_up.tested(panel(first, first + alone * (100 - first))).iloc[0]
    assert not row["alike"]
    assert row["p_value"] > 0.05
    said = catching_up.sentence(panel(first, first + smooth * (100 - first)))
    assert said.startswith("Ce test ne conclut pas")
    gone = 0.2 + first / 200
    steep = catching_up.tested(panel(first, first + (gone + 0.01 * alone) * (100 - first))).iloc[0]
    assert steep["value"] == pytest.approx(5, abs=0.1)
    assert catching_up.sentence(panel(first, first + (gone + 0.01 * alone) * (100 - first))).startswith(
        "La part de l'écart comblée dépend du niveau de départ"
    )


def test_the_lowest_come_back_by_themselves_when_nothing_is_done():
    random = np.random.default_rng(7)
    first, last = random.normal(50, 10, (2, len(CODES)))
    said = catching_up.by_themselves(panel(first, last)).replace("\xa0", " ")
    gain, expected = (float(part.split(" ")[-1].replace(",", ".")) for part in
                      (said.split(" points ;")[0], said.split(" (corrélation")[0]))  # fmt: skip
    assert gain > 5
    assert gain == pytest.approx(expected, abs=2.5)
    one = panel(first, last).head(len(CODES))
    assert (catching_up.by_themselves(one), catching_up.sentence(one)) == ("", "")
