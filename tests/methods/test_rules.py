"""Rules of the methods against another road in R: `Rscript tools/oracles_rules.R`, values stored in `oracles/rules.csv`."""

import numpy as np
import pandas as pd
import pytest

from helpers.methods import comparison, trends
from helpers.methods.trends import dependence
from tests.conftest import ROOT

STORED = pd.read_csv(ROOT / "tests" / "methods" / "oracles" / "rules.csv").set_index("case")
PROPORTION = ([120, 131, 150, 172, 190], [400, 410, 395, 420, 405])
RATE = ([8, 6, 30, 25, 41], [1000, 1100, 1050, 1020, 1010])
SERIES = np.array([3.1, 3.6, 3.2, 4.4, 4.9, 4.1, 5.2, 5.8, 5.1, 6.4])


def agrees(row, case, columns=("value", "lower", "upper", "p_value")):
    assert [row[name] for name in columns] == pytest.approx(
        STORED.loc[case, list(columns)].tolist(), rel=1e-9
    )


def test_five_points():
    for kind, given in (("proportion", PROPORTION), ("rate", RATE)):
        row = trends.recent_trend(range(5), *given, kind=kind, polarity="sans jugement").iloc[0]
        agrees(row, f"recent {kind}")


def test_means():
    pair = [42, 51, 38, 60, 47, 55], [35, 44, 31, 52, 40, 43, 39]
    agrees(comparison.difference_of_means(*pair, polarity="sans jugement").iloc[0], "means")


def test_widened_funnel():
    counts = [310, 150, 480, 90, 260, 61, 700, 205, 330, 45, 120, 500]
    sizes = [500, 400, 900, 200, 500, 100, 1500, 400, 600, 120, 210, 1000]
    row = comparison.funnel_significance("proportion", counts, sizes, 50, per=100).iloc[0]
    agrees(dict(row) | {"value": row["factor"], "p_value": row["dispersion"]}, "funnel")


def test_coming_back():
    first = [12, 35, 28, 44, 19, 51, 33, 40, 25, 60, 22, 47]
    second = [30, 41, 26, 55, 38, 50, 49, 47, 39, 66, 29, 61]
    row = comparison.coming_back(first, second, worst=3, highest=False).iloc[0]
    agrees(
        dict(row) | {"lower": row["expected"], "upper": row["correlation"]},
        "coming back",
        ("value", "lower", "upper"),
    )


def test_widening_and_average_change():
    design = np.column_stack([np.ones(10), np.arange(10.0)])
    residuals = SERIES - design @ np.linalg.lstsq(design, SERIES, rcond=None)[0]
    factor, rho = dependence.widening(design, residuals)
    assert [factor[1], rho] == pytest.approx(STORED.loc["widening", ["value", "lower"]].tolist(), rel=1e-9)
    agrees(trends.average_annual_change(range(10), SERIES).iloc[0], "average change")
