"""Saturation against vegan, Colwell's rarefaction and formulas written out."""

from itertools import permutations
from math import comb

import numpy as np
import pandas as pd
import pytest

from helpers import material
from helpers.errors import NotComputable
from helpers.material import saturation


def grid_of(incidence: list[int], sources: int) -> pd.DataFrame:
    """Codes × sources where code i is in `incidence[i]` sources."""
    rows = [[column < held for column in range(sources)] for held in incidence]
    return pd.DataFrame(rows, index=range(len(rows)), columns=range(sources))


class TestChao2:
    def test_barro_colorado_as_vegan_prints_it(self):
        # R vegan, specpool(BCI): 225 species in 50 plots, chao 236.3732, chao.se 6.54361 (21 uniques, 19 duplicates).
        row = material.chao2(grid_of([1] * 21 + [2] * 19 + [9] * 185, 50)).iloc[0]
        assert row["value"] == pytest.approx(236.3732, abs=5e-5)
        unseen = row["value"] - 225
        spread = np.exp(1.959964 * np.sqrt(np.log(1 + 6.54361**2 / unseen**2)))
        assert (row["lower"], row["upper"]) == pytest.approx(
            (225 + unseen / spread, 225 + unseen * spread), rel=1e-5
        )
        assert (row["numerator"], row["denominator"]) == (225, 50)

    def test_bias_corrected_form(self):
        row = material.chao2(grid_of([1] * 18 + [2] * 12 + [3] * 8 + [4] * 4, 6), bias_corrected=True).iloc[0]
        unseen = 5 / 6 * 18 * 17 / (2 * 13)
        assert row["value"] == pytest.approx(42 + unseen)
        # Colwell, EstimateS, equation 8, with numbers.
        variance = (
            5 / 6 * 18 * 17 / 26
            + 25 / 36 * 18 * 35**2 / (4 * 13**2)
            + 25 / 36 * 18**2 * 12 * 17**2 / (4 * 13**4)
        )
        spread = np.exp(1.959964 * np.sqrt(np.log(1 + variance / unseen**2)))
        assert (row["lower"], row["upper"]) == pytest.approx(
            (42 + unseen / spread, 42 + unseen * spread), rel=1e-6
        )

    def test_without_duplicates_the_form_is_corrected(self):
        row = material.chao2(grid_of([1, 1, 1, 3], 4)).iloc[0]
        assert row["value"] == pytest.approx(4 + 0.75 * 3)
        assert "corrigée" in row["method"]
        # Colwell, EstimateS, equation 7, with numbers.
        variance = 0.75 * 3 + 0.75**2 * (3 * 25 / 4 - 81 / (4 * 6.25))
        spread = np.exp(1.959964 * np.sqrt(np.log(1 + variance / 2.25**2)))
        assert row["lower"] == pytest.approx(4 + 2.25 / spread, rel=1e-6)

    def test_both_variances_meet_when_nothing_is_seen_twice(self):
        # The general corrected variance with Q2 = 0 differs only by the term that Q2 = 0 replaces.
        assert saturation._corrected_variance(3, 0, 1.0, 7.0) == pytest.approx(3 + 75 / 4 - 81 / 28)

    def test_nothing_unseen_has_no_interval(self):
        row = material.chao2(grid_of([2, 3, 4], 4)).iloc[0]
        assert row["value"] == 3
        assert np.isnan(row["upper"])
        assert "intervalle non défini" in row["note"]

    @pytest.mark.parametrize(
        "measure", [material.chao2, material.accumulation, material.accumulation_in_order]
    )
    def test_refusals(self, measure):
        with pytest.raises(NotComputable, match="une seule source"):
            measure(grid_of([1, 1], 1))
        with pytest.raises(NotComputable, match="aucun code"):
            measure(grid_of([0, 0], 3))


class TestAccumulation:
    def test_mean_over_all_orders_is_the_rarefaction_of_colwell(self):
        incidence, sources = [1, 1, 2, 2, 3, 5, 6], 6
        table = material.accumulation(grid_of(incidence, sources))
        for seen, value in zip(table["denominator"], table["value"], strict=True):
            expected = sum(
                1 - comb(sources - held, int(seen)) / comb(sources, int(seen)) for held in incidence
            )
            assert value == pytest.approx(expected)
        assert "toutes les permutations (720)" in table["method"].iloc[0]

    def test_interval_is_that_of_the_curves(self):
        grid = pd.DataFrame([[1, 0, 0], [1, 1, 0], [0, 0, 1], [0, 0, 1]], dtype=bool)
        cells = grid.to_numpy()
        second = sorted(int(cells[:, list(order[:2])].any(axis=1).sum()) for order in permutations(range(3)))
        row = material.accumulation(grid, confidence=0.5).iloc[1]
        assert (row["lower"], row["upper"]) == tuple(np.quantile(second, [0.25, 0.75]))

    def test_many_sources_are_drawn_from_a_fixed_seed(self):
        grid = grid_of(list(range(1, 21)), 20)
        first, again, other = (material.accumulation(grid, draws=200, seed=s) for s in (1, 1, 2))
        pd.testing.assert_frame_equal(first, again)
        assert not first["value"].equals(other["value"])
        expected = sum(1 - comb(20 - held, 5) / comb(20, 5) for held in range(1, 21))
        assert first["value"].iloc[4] == pytest.approx(expected, abs=0.3)
        assert first["value"].iloc[-1] == 20

    def test_in_order_counts_what_each_source_brings(self):
        table = pd.DataFrame({"code": list("abacd"), "source": ["E1", "E1", "E2", "E2", "E4"]})
        grid = saturation.presence(table, sources=["E1", "E2", "E3", "E4"])
        curve = material.accumulation_in_order(grid)
        assert curve["value"].tolist() == [2, 3, 3, 4]
        assert curve["numerator"].tolist() == [2, 1, 0, 1]

    def test_a_source_out_of_the_order_is_named(self):
        with pytest.raises(NotComputable, match="« E2 » n'est pas dans l'ordre"):
            saturation.presence(pd.DataFrame({"code": ["a"], "source": ["E2"]}), sources=["E1"])
        with pytest.raises(NotComputable, match="aucun code"):
            saturation.presence(pd.DataFrame({"code": [], "source": []}))
