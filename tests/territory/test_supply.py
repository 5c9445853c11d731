"""Maisons de santé in time: population between two dates, growth, its refusals and the band of chance."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.errors import NotComputable
from helpers.territory import supply


def test_population_between_two_first_of_january_is_on_the_line():
    # Ain: 671 289 on 1 January 2022, 679 344 on 1 January 2023.
    table = supply.populations(["01"], np.array([2022.0, 2022.5, 2023.5]))
    assert table.loc["01"].tolist() == [671289, pytest.approx(675316.5), 679344]


@pytest.mark.filterwarnings("ignore:Perfect separation")
def test_a_perfect_exponential_gives_its_rate():
    dates = pd.to_datetime([f"{year}-01-01" for year in range(2016, 2024)])
    table = pd.DataFrame(
        {"territory": "x", "date": dates, "count": 100 * 1.1 ** np.arange(8), "population": 1e6}
    )
    trend = supply.poisson_trend(table)
    assert trend["value"].iloc[0] == pytest.approx(10)
    # With a population that grows as fast, the structures per inhabitant do not move.
    level = supply.poisson_trend(table.assign(population=1e6 * 1.1 ** np.arange(8)))
    assert level["value"].iloc[0] == pytest.approx(0, abs=1e-9)
    assert supply.density(table)["value"].iloc[0] == pytest.approx(10)


def test_refusals_of_the_trend():
    dates = pd.to_datetime([f"{year}-01-01" for year in range(2016, 2024)])
    table = pd.DataFrame({"territory": "x", "date": dates, "count": 0.0, "population": 1e6})
    with pytest.raises(NotComputable, match="x : aucune structure"):
        supply.poisson_trend(table)
    with pytest.raises(NotComputable, match="x : 3 dates"):
        supply.poisson_trend(table.head(3))
    with pytest.raises(NotComputable, match="« cpts »"):
        supply.national("cpts")
    with pytest.raises(NotComputable, match="2017-06, 2017-12"):
        supply.rank(supply.national("msp"), "2020-01")


def test_the_invisible_band_holds_the_first_number_and_narrows_with_size():
    small = supply.invisible_band(pd.DataFrame({"value": [25.0]}), np.array([1e6]))
    large = supply.invisible_band(pd.DataFrame({"value": [2500.0]}), np.array([1e8]))
    assert small[0] < 25 < small[1]
    # On the scale of Anscombe the half-width grows like the square root: ten times wider for a hundred times more.
    assert (large[1] - large[0]) / (small[1] - small[0]) == pytest.approx(10, rel=0.02)
