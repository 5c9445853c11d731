"""Weighted kappa, intraclass correlation, alpha and omega against R, and when they are refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.errors import NotComputable, UnknownName
from helpers.methods import agreement

FOLDER = Path(__file__).with_name("oracles")
ORACLE = pd.read_csv(FOLDER / "agreement.csv").set_index(["case", "measure"])
ATTITUDE = pd.read_csv(FOLDER / "attitude.csv")
SQUARE = np.array([[11, 4, 1, 0], [3, 9, 5, 1], [1, 4, 12, 3], [0, 2, 2, 8]])
# Shrout and Fleiss (1979), table 2: six targets, four judges.
SHROUT = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]

# The first question is the sum of two that have little in common: it would be the factor.
HEYWOOD = [
    [first + second + (first == second) / 9, first, second] for first in range(4) for second in range(4)
]


def answers():
    cells = [(row, column) for (row, column), count in np.ndenumerate(SQUARE) for _ in range(count)]
    return [row for row, _ in cells], [column for _, column in cells]


def limits(row):
    return row["value"], row["lower"], row["upper"]


@pytest.mark.parametrize("weights", ["linéaires", "quadratiques"])
def test_weighted_kappa_is_that_of_r(weights):
    first, second = answers()
    row = agreement.weighted_kappa(first, second, order=range(4), weights=weights).iloc[0]
    assert limits(row) == pytest.approx(tuple(ORACLE.loc[("square", weights)]), abs=1e-8)
    assert (row["numerator"], row["denominator"]) == (40, 66)


def test_weighted_kappa_leaves_incomplete_units_out_and_says_so():
    first, second = answers()
    row = agreement.weighted_kappa([*first, None, 2], [*second, 1, np.nan], order=range(4)).iloc[0]
    assert row["denominator"] == 66
    assert row["note"].endswith("unités incomplètes écartées")


def test_perfect_agreement_has_no_interval():
    row = agreement.weighted_kappa([0, 1, 2, 0, 1], [0, 1, 2, 0, 1], order=range(3)).iloc[0]
    assert row["value"] == 1
    assert np.isnan(row["lower"])
    assert "aucun désaccord" in row["note"]


def test_weighted_kappa_refuses():
    with pytest.raises(UnknownName):
        agreement.weighted_kappa([0], [0], order=[0, 1], weights="cubiques")
    for first, second, said in [
        ([0, 1, 0, 1], [0, 1, 0, 1], "il en faut au moins 5"),
        ([0] * 6, [0] * 6, "une seule réponse"),
        ([0, 1, 2, 0, 1], [0, 1, 3, 0, 1], "« 3 » n'est pas dans l'échelle"),
        ([0, 1], [0], "même longueur"),
    ]:
        with pytest.raises(NotComputable, match=said):
            agreement.weighted_kappa(first, second, order=[0, 1, 2])


def test_intraclass_correlation_is_that_of_r_and_of_shrout_and_fleiss():
    row = agreement.intraclass_correlation(SHROUT).iloc[0]
    assert limits(row) == pytest.approx(tuple(ORACLE.loc[("shrout", "icc")]), abs=1e-9)
    assert round(row["value"], 2) == 0.29


def test_intraclass_correlation_without_error_has_no_interval():
    row = agreement.intraclass_correlation([[1, 1], [2, 2], [3, 3], [4, 4], [5, 5]]).iloc[0]
    assert (row["value"], np.isnan(row["upper"])) == (1, True)


def test_alpha_is_that_of_r():
    row = agreement.cronbach_alpha(ATTITUDE).iloc[0]
    assert limits(row) == pytest.approx(tuple(ORACLE.loc[("attitude", "alpha")]), abs=1e-9)
    assert (row["numerator"], row["denominator"]) == (7, 30)


def test_omega_is_that_of_r_and_its_interval_contains_it():
    row = agreement.omega(ATTITUDE.iloc[:, :6], draws=40).iloc[0]
    assert row["value"] == pytest.approx(ORACLE.loc[("attitude", "omega"), "value"], abs=1e-6)
    assert 0.5 < row["lower"] < row["value"] < row["upper"] < 1


@pytest.mark.parametrize(
    ("method", "table", "said"),
    [
        (agreement.cronbach_alpha, ATTITUDE.iloc[:9], "il en faut au moins 10"),
        (agreement.cronbach_alpha, ATTITUDE.assign(rating=3), "même réponse"),
        (agreement.cronbach_alpha, ATTITUDE.mask(ATTITUDE == 43), "manque des réponses"),
        (
            agreement.cronbach_alpha,
            ATTITUDE[["rating"]].assign(other=-ATTITUDE["rating"] * 0.9),
            "s'opposent",
        ),
        (agreement.omega, ATTITUDE.iloc[:, :2], "au moins 3 colonnes"),
        (agreement.omega, HEYWOOD, "seule le facteur"),
        (agreement.intraclass_correlation, SHROUT[:4], "il en faut au moins 5"),
        (agreement.intraclass_correlation, [[2, 2]] * 6, "rien ne varie"),
    ],
)
def test_refusals(method, table, said):
    with pytest.raises(NotComputable, match=said):
        method(table)
