"""Comparable territories are examples that never hold the territory; outlines are drawn where they are."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.errors import NotComputable
from helpers.territory import communes, outlines, peers, places

REDON = "243500741"


def test_peers_leave_out_the_epci_that_holds_the_territory():
    codes = places.resolve([REDON]).codes
    table = peers.near(codes)
    assert len(table) == 10
    assert REDON not in set(table["code"])
    assert table["distance"].is_monotonic_increasing
    assert table["distance"].max() <= peers.FARTHEST
    # Half of an EPCI is not compared with the whole.
    assert REDON not in set(peers.near(codes[:15])["code"])


def test_the_distance_by_hand():
    table = peers.epci().dropna(subset=list(peers.COVARIATES))
    logs = table[list(peers.COVARIATES)].assign(
        people=np.log(table["people"]), density=np.log(table["density"])
    )
    spread = 1.4826 * (logs - logs.median()).abs().median()
    nearest = peers.near(places.resolve([REDON]).codes, most=1).iloc[0]
    codes = table["code"].tolist()
    gap = (logs.iloc[codes.index(REDON)] - logs.iloc[codes.index(nearest["code"])]) / spread
    assert nearest["distance"] == pytest.approx(float(np.sqrt((gap**2).mean())))


def test_no_outcome_of_care_is_a_covariate_and_an_unknown_one_refuses():
    assert set(peers.COVARIATES) == {"people", "density", "growth", "older", "main"}
    with pytest.raises(NotComputable, match="Territoires comparables"):
        peers.near(["97608"])


def test_a_ring_is_read_back_where_its_commune_stands():
    drawn = outlines.rings(["35236", "75056", "15141"])
    assert set(drawn) == {"35236", "75056"}
    assert len(drawn["75056"]) >= 20
    centre = max(drawn["35236"], key=len).mean(axis=0)
    # Redon: 2.08 west, 47.65 north.
    assert centre == pytest.approx([-2.08, 47.65], abs=0.05)


def test_two_neighbours_share_points_of_their_outline():
    first, second = (
        {tuple(point) for ring in outlines.rings([code])[code] for point in ring}
        for code in ("35236", "35013")
    )
    assert len(first & second) >= 2


def test_what_stands_around_is_outside():
    codes = places.resolve([REDON]).codes
    outside = outlines.around(codes)
    assert not set(outside) & set(codes)
    assert {"35", "44", "56"} == set(communes.units().loc[outside, "department"])
    assert "75056" not in outlines.around(["93055"])


def test_the_stored_covariates_are_those_that_the_communes_give():
    stored, again = peers.epci(), peers.computed()
    assert len(stored) == 1255
    assert (
        stored[["code", "name", "departments"]]
        .astype(str)
        .equals(again[["code", "name", "departments"]].astype(str))
    )
    for name in peers.COVARIATES:
        assert stored[name].to_numpy(dtype=float) == pytest.approx(
            again[name].to_numpy(dtype=float), nan_ok=True
        )
