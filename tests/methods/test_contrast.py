"""Differences and ratios of two groups against R, published cases, and what must hold whatever the counts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.errors import NotComputable, UnknownName
from helpers.methods import comparison

ORACLE = pd.read_csv(Path(__file__).with_name("oracles") / "contrast.csv")
UP = "hausse favorable"


def pair(rows):
    return (rows["x1"], rows["n1"]), (rows["x2"], rows["n2"])


@pytest.mark.parametrize("kind", ["proportion", "rate"])
def test_limits_are_those_of_r(kind):
    rows = ORACLE[ORACLE["kind"] == kind].reset_index(drop=True)
    gap = comparison.difference(kind, *pair(rows), polarity=UP, per=1)
    np.testing.assert_allclose(gap["lower"], rows["diff_low"], atol=1e-9)
    np.testing.assert_allclose(gap["upper"], rows["diff_high"], atol=1e-9)
    times = comparison.ratio(kind, *pair(rows), polarity=UP)
    np.testing.assert_allclose(times["lower"], rows["ratio_low"], rtol=1e-6)
    np.testing.assert_allclose(times["upper"], rows["ratio_high"], rtol=1e-6)


# Newcombe (1998), table II, method 10: the first group less the second.
@pytest.mark.parametrize(
    ("one", "other", "limits"),
    [
        ((56, 70), (48, 80), (0.0524, 0.3339)),
        ((9, 10), (3, 10), (0.1705, 0.8090)),
        ((5, 56), (0, 29), (-0.0381, 0.1926)),
        ((0, 10), (0, 20), (-0.1611, 0.2775)),
        ((10, 10), (0, 10), (0.6075, 1.0)),
    ],
)
def test_published_cases_of_newcombe(one, other, limits):
    row = comparison.difference("proportion", other, one, polarity=UP, per=1).iloc[0]
    assert (row["lower"], row["upper"]) == pytest.approx(limits, abs=5e-5)


# Moves of a CPTS that a planning threshold called invisible, and one judged on the wrong denominator.
@pytest.mark.parametrize("cells", [(3000, 5000, 3125, 5000), (300, 500, 340, 500), (60, 120, 77, 120)])
def test_real_progress_is_seen(cells):
    row = comparison.difference("proportion", cells[:2], cells[2:], polarity=UP).iloc[0]
    assert row["verdict"] == "hausse favorable"
    assert row["direction"] == 1


def test_both_denominators_count():
    narrow = comparison.difference("proportion", (3000, 5000), (3400, 5000), polarity=UP).iloc[0]
    wide = comparison.difference("proportion", (3000, 5000), (136, 200), polarity=UP).iloc[0]
    assert narrow["value"] == pytest.approx(wide["value"])
    assert wide["upper"] - wide["lower"] > 3 * (narrow["upper"] - narrow["lower"])


def test_means_are_those_of_welch():
    row = comparison.difference_of_means([1, 2, 8], [5, 7, 9, 4], polarity=UP).iloc[0]
    # R: t.test(c(5, 7, 9, 4), c(1, 2, 8))
    assert (row["lower"], row["upper"]) == pytest.approx((-5.1761288330, 10.3427954997), abs=1e-9)


counts = st.integers(1, 400).flatmap(lambda size: st.tuples(st.integers(0, size), st.just(size)))


@given(first=counts, second=counts, kind=st.sampled_from(["proportion", "rate"]))
def test_ratio_and_difference_never_disagree(first, second, kind):
    gap = comparison.difference(kind, first, second, polarity=UP).iloc[0]
    assert gap["lower"] <= gap["value"] <= gap["upper"]
    if first[0] == second[0] == 0:
        return
    times = comparison.ratio(kind, first, second, polarity=UP).iloc[0]
    assert times["lower"] <= times["value"] * (1 + 1e-12)
    assert times["value"] <= times["upper"] * (1 + 1e-12)
    if min(abs(gap["lower"]), abs(gap["upper"])) > 1e-9:
        assert times["direction"] == gap["direction"]


@given(first=counts, second=counts)
def test_turned_round_the_difference_changes_sign_and_the_ratio_is_inverted(first, second):
    there = comparison.difference("proportion", first, second, polarity=UP).iloc[0]
    back = comparison.difference("proportion", second, first, polarity=UP).iloc[0]
    assert there["lower"] == pytest.approx(-back["upper"], abs=1e-9)
    if first[0] and second[0]:
        times = comparison.ratio("proportion", first, second, polarity=UP).iloc[0]
        turned = comparison.ratio("proportion", second, first, polarity=UP).iloc[0]
        assert times["lower"] == pytest.approx(1 / turned["upper"], rel=1e-6)


def test_what_cannot_be_compared_is_said():
    with pytest.raises(NotComputable, match="Aucun événement dans les deux groupes"):
        comparison.ratio("rate", (0, 100), (0, 50), polarity=UP)
    with pytest.raises(NotComputable, match=r"ligne 2 .*sort du dénominateur"):
        comparison.difference("proportion", ([1, 9], [10, 8]), ([1, 2], [10, 8]), polarity=UP)
    with pytest.raises(NotComputable, match="pas la même longueur"):
        comparison.difference("proportion", ([1, 2], [10, 10]), ([1, 2, 3], [10, 10, 10]), polarity=UP)
    with pytest.raises(NotComputable, match="au moins deux valeurs"):
        comparison.difference_of_means([1], [2, 3], polarity=UP)
    with pytest.raises(NotComputable, match="Aucune valeur ne varie"):
        comparison.difference_of_means([1, 1], [2, 2], polarity=UP)
    with pytest.raises(UnknownName, match="ratio"):
        comparison.difference("ratio", (1, 2), (1, 2), polarity=UP)
