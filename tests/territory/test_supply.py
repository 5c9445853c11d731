"""Maisons de santé in time: population between two dates, growth, its refusals and the band of chance."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.errors import NotComputable
from helpers.methods import trends
from helpers.territory import supply


def test_population_between_two_first_of_january_is_on_the_line():
    # Ain: 671 289 on 1 January 2022, 679 344 on 1 January 2023.
    table = supply.populations(["01"], np.array([2022.0, 2022.5, 2023.5]))
    assert table.loc["01"].tolist() == [671289, pytest.approx(675316.5), 679344]


def test_a_straight_stock_slows_down_on_one_scale_only():
    stock = pd.DataFrame({"value": 100.0 + 10 * np.arange(13)})
    table = supply.two_scales(stock)
    assert table["openings"].tolist() == [10, 10]
    assert table["percent"].tolist() == pytest.approx(
        [100 * (1.6 ** (1 / 6) - 1), 100 * ((2.2 / 1.6) ** (1 / 6) - 1)]
    )
    said = supply.two_scales_sentence(stock)
    assert "leur part du stock baisse de 8,1 à 5,5" in said
    with pytest.raises(NotComputable, match="au moins 6"):
        supply.two_scales(stock.head(5))


@pytest.mark.filterwarnings("ignore:Perfect separation")
def test_openings_are_read_on_the_flow_and_for_the_inhabitants():
    dates = pd.to_datetime([f"{year}-01-01" for year in range(2016, 2024)])
    table = pd.DataFrame(
        {"territory": "x", "date": dates, "count": 100.0 + 5 * np.arange(8), "population": 1e6}
    )
    steady = supply.openings_by_territory(table).iloc[0]
    # Five a year for a million inhabitants: a straight stock has one pace, without doubt and without slowdown.
    assert (steady["value"], steady["lower"], steady["upper"]) == pytest.approx((0.5, 0.5, 0.5), abs=2e-3)
    assert supply.density(table)["value"].iloc[0] == pytest.approx(10)
    uneven = supply.openings_by_territory(
        table.assign(count=100.0 + np.cumsum([0, 5, 2, 9, 5, 1, 8, 5])),
    ).iloc[0]
    assert uneven["value"] == pytest.approx(0.5, abs=2e-3)
    assert uneven["lower"] < 0.4
    assert uneven["upper"] > 0.6


def test_refusals_of_the_trend():
    dates = pd.to_datetime([f"{year}-01-01" for year in range(2016, 2024)])
    table = pd.DataFrame({"territory": "x", "date": dates, "count": 0.0, "population": 1e6})
    with pytest.raises(NotComputable, match="x : aucune structure"):
        supply.openings_by_territory(table)
    with pytest.raises(NotComputable, match="x : 3 dates"):
        supply.openings_by_territory(table.head(3))
    with pytest.raises(NotComputable, match="« cpts »"):
        supply.national("cpts")
    with pytest.raises(NotComputable, match="2017-06, 2017-12"):
        supply.rank(supply.national("msp"), "2020-01")


def test_net_openings_are_the_steps_of_the_stock_and_none_leaves_the_limits():
    series = supply.national("msp")
    flow = supply.openings(series)
    assert len(flow) == len(series) - 1
    assert flow["plus"].sum() == series["value"].iloc[-1] - series["value"].iloc[0]
    chart = trends.xmr(flow["rank"], flow["plus"], indicator="MSP", unit="structures")
    assert "aucun semestre" in supply.openings_sentence(flow, chart)
    beyond = chart.assign(value=chart["value"].where(chart.index != chart.index[0], chart["upper"] + 1))
    assert "1\u00a0semestre hors" in supply.openings_sentence(flow, beyond)


def test_the_covered_part_is_told_at_both_ends():
    said = supply.covered_sentence()
    assert "68,0" in said
    assert "86,1" in said
