"""Small places beside the others: empirical Bayes against R, regression to the mean, wider funnels, bounded indices."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.errors import NotComputable, UnknownName
from helpers.methods import comparison
from tests.methods.test_controlled import LIMITS, expected

COUNTS = np.array([3, 12, 7, 30, 1, 18, 9, 44, 5, 2, 25, 14])
SIZES = np.array([40, 90, 60, 160, 30, 100, 150, 300, 20, 35, 120, 200])


@pytest.mark.parametrize(("kind", "case"), [("proportion", "beta"), ("rate", "gamma")])
def test_shrunken_values_are_those_of_r(kind, case):
    table = comparison.shrunken(kind, COUNTS, SIZES, per=1)
    for place in (1, 8, 9):
        assert table.loc[place - 1, LIMITS].tolist() == pytest.approx(
            expected(case, place)[LIMITS].tolist(), abs=1e-6
        )
    raw, value = table["raw"], table["value"]
    middle = (value - table["weight"] * raw) / (1 - table["weight"])
    assert np.ptp(middle) < 1e-9  # one mean draws them all
    assert (np.argsort(table["weight"]) == np.argsort(SIZES)).all()  # the smaller, the more drawn


@pytest.mark.parametrize("kind", ["proportion", "rate"])
def test_places_that_do_not_differ_share_one_value(kind):
    table = comparison.shrunken(kind, [50, 51, 49] * 5, [100] * 15)
    assert table["value"].tolist() == pytest.approx([50] * 15)
    assert (table["weight"] == 0).all()
    assert "pas plus que par hasard" in table["note"].iloc[0]


def test_shrunken_refuses():
    with pytest.raises(NotComputable, match="au moins 10"):
        comparison.shrunken("rate", COUNTS[:9], SIZES[:9])
    with pytest.raises(NotComputable, match="rien à rapprocher"):
        comparison.shrunken("rate", COUNTS * 0, SIZES)
    with pytest.raises(NotComputable, match="ligne 1"):
        comparison.shrunken("proportion", SIZES + 1, SIZES)


def test_the_worst_come_back_by_themselves():
    random = np.random.default_rng(1)
    truth = random.normal(50, 5, 2000)
    first, second = (truth + random.normal(0, 5, 2000) for _ in range(2))
    row = comparison.coming_back(first, second, worst=200).iloc[0]
    assert row["correlation"] == pytest.approx(0.5, abs=0.05)
    assert row["expected"] == pytest.approx(row["value"], abs=0.8)
    assert row["expected"] < -5
    low = comparison.coming_back(first, second, worst=200, highest=False).iloc[0]
    assert low["expected"] > 5
    with pytest.raises(NotComputable, match="nombre des plus mal placés"):
        comparison.coming_back(first, second, worst=2000)
    with pytest.raises(NotComputable, match="égales"):
        comparison.coming_back([1.0] * 10, np.arange(10.0), worst=3)
    with pytest.raises(NotComputable, match="au moins 10"):
        comparison.coming_back([1.0, 2], [1.0, 2], worst=1)


def test_wider_funnel_where_areas_differ_more_than_chance():
    random = np.random.default_rng(2)
    share = np.clip(random.normal(0.6, 0.06, 40), 0, 1)
    sizes = np.full(40, 3000)
    counts = random.binomial(sizes, share)
    plain = comparison.funnel_significance("proportion", counts, sizes, 60, per=100, widened=False)
    wide = comparison.funnel_significance("proportion", counts, sizes, 60, per=100)
    beyond = [(table["verdict"].str.startswith("au-delà de 99,8")).sum() for table in (plain, wide)]
    assert beyond[0] >= 20
    assert beyond[1] <= 2
    factor = wide["factor"].iloc[0]
    assert (wide["upper"] - 60).tolist() == pytest.approx((factor * (plain["upper"] - 60)).tolist())
    assert "limites élargies" in wide["note"].iloc[0]
    assert plain["factor"].iloc[0] == 1


def test_factor_is_the_root_of_the_winsorised_dispersion():
    scores = np.array([-6, 5, 4.2, -3, 2.5, 1, 0.5, -0.2, -4, 3, 2, -1])
    sizes = np.full(12, 10_000)
    counts = sizes / 2 + scores * np.sqrt(sizes / 4)
    table = comparison.funnel_significance("proportion", counts, sizes, 50, per=100)
    assert table["factor"].iloc[0] ** 2 == pytest.approx(expected("winsor", "phi")["value"], abs=1e-9)
    assert table["dispersion"].iloc[0] == pytest.approx((scores**2).mean())


def test_bounded_concentration_is_that_of_r():
    values, people = [35, 50, 62, 71, 80], [3, 5, 4, 6, 2]
    for correction in ("Erreygers", "Wagstaff"):
        row = comparison.bounded_concentration_index(
            values, people, bounds=(10, 90), correction=correction, standard_errors=[1.0] * 5
        ).iloc[0]
        assert row["value"] == pytest.approx(expected("bounded", correction)["value"], abs=1e-9)
        # The part left out has the opposite index: the plain one has not.
        left_out = comparison.bounded_concentration_index(
            [100 - value for value in values],
            people,
            bounds=(10, 90),
            correction=correction,
            standard_errors=[1.0] * 5,
        ).iloc[0]
        assert left_out["value"] == pytest.approx(-row["value"])
        assert left_out["upper"] - left_out["value"] == pytest.approx(row["upper"] - row["value"])
        # The interval by moving each value a little.
        gradient = [
            (
                comparison.bounded_concentration_index(
                    [value + 1e-5 * (other == place) for other, value in enumerate(values)],
                    people, bounds=(10, 90), correction=correction,
                )["value"].iloc[0] - row["value"]
            ) / 1e-5
            for place in range(5)
        ]  # fmt: skip
        assert row["upper"] - row["value"] == pytest.approx(1.959964 * np.linalg.norm(gradient), rel=1e-4)


def test_bounded_concentration_refuses():
    with pytest.raises(NotComputable, match=r"ligne 3.*sort de ses bornes"):
        comparison.bounded_concentration_index([1, 2, 101], [1, 1, 1], bounds=(0, 100))
    with pytest.raises(NotComputable, match="à une borne"):
        comparison.bounded_concentration_index([100] * 3, [1] * 3, bounds=(0, 100), correction="Wagstaff")
    with pytest.raises(NotComputable, match="à une borne"):
        comparison.bounded_concentration_index([0] * 3, [1] * 3, bounds=(0, 100))
    with pytest.raises(NotComputable, match="plafond"):
        comparison.bounded_concentration_index([0] * 3, [1] * 3, bounds=(1, 1))
    with pytest.raises(UnknownName):
        comparison.bounded_concentration_index([0, 1, 2], [1] * 3, bounds=(0, 100), correction="Gini")
