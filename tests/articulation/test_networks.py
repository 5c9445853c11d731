"""Links of the sixteen CPTS heard: which are at work, and what each type of CPTS works with."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.articulation import networks
from helpers.errors import DataError
from tests.project import PROJECT

EDGES = pd.DataFrame(
    {
        "cpts": ["CPTS1", "CPTS1", "CPTS1", "CPTS2", "CPTS2", "CPTS10"],
        "actor_type": ["hopital", "hopital", "elus", "hopital", "ars", "hopital"],
        "status": ["actif", "prevu", "refuse", "ponctuel", "actif", "tendu"],
        "state": ["en_oeuvre", "prevu", "refuse", "en_oeuvre", "en_oeuvre", "en_oeuvre"],
    }
)
REAL = PROJECT.table("aura2022/edges")


def test_links_planned_refused_or_absent_are_not_at_work():
    assert networks.working(EDGES)["status"].tolist() == ["actif", "ponctuel", "actif", "tendu"]
    assert networks.count_statuses(REAL)["links"].sum() == 211


def test_an_opinion_about_an_actor_is_not_a_link_at_work():
    # Services said to be swamped, grievances and opinions: the text describes no common work.
    opinions = REAL[REAL["state"].isna()]
    assert set(opinions["edge_id"]) == {"e028", "e044", "e076", "e083", "e137"}
    assert not set(opinions["edge_id"]) & set(networks.working(REAL)["edge_id"])


def test_types_are_counts_over_their_cpts():
    units = pd.DataFrame({"cpts": ["CPTS1", "CPTS2", "CPTS10", "CPTS11"], "size": [1, 1, 2, None]})
    table = networks.by_type(EDGES, units, attribute="size", names={1: "Taille 1", 2: "Taille 2"}, minimum=2)
    assert table.to_dict("records") == [{"actor": "Hôpital", "Taille 1": "2 sur 2", "Taille 2": "1 sur 1"}]


def test_a_link_without_its_cpts_is_refused():
    with pytest.raises(DataError, match="« CPTS2 » a des liens"):
        networks.by_type(EDGES, pd.DataFrame({"cpts": ["CPTS1"], "size": [1]}), attribute="size")


def test_every_cpts_has_a_stage_of_table_iii_or_of_the_text():
    heard = networks.interviewed(PROJECT).set_index("cpts")["maturity"]
    assert heard["CPTS8"] == "aci_signe", "the text dates its signature (l. 3307)"
    assert set(heard) <= set(networks.maturity())
