"""The network of CPTS and actors: degrees and projection by hand and against the matrices, and what each type works with."""

from __future__ import annotations

import numpy as np
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


def test_degrees_by_hand():
    graph = networks.bipartite(EDGES)
    actors = networks.degrees(graph, 1).set_index("code")
    assert actors["degree"].to_dict() == {"hopital": 3, "ars": 1, "elus": 1}
    assert actors.loc["hopital", "links"] == 4
    assert actors.loc["hopital", "share"] == 100
    assert networks.degrees(graph, 0)["degree"].tolist() == [2, 2, 1]


def test_degrees_and_projection_are_those_of_the_matrix():
    graph = networks.bipartite(REAL)
    matrix = pd.crosstab(REAL["cpts"], REAL["actor_type"]).gt(0).astype(int)
    assert networks.degrees(graph, 1).set_index("code")["degree"].to_dict() == matrix.sum().to_dict()
    # The projection is the product of the incidence matrix by its transpose, diagonal apart.
    product = (matrix.T @ matrix).rename(index=networks.named, columns=networks.named)
    shared = networks.projection(graph, 1)
    assert [product.loc[row["first"], row["second"]] for _, row in shared.iterrows()] == shared[
        "shared"
    ].tolist()
    assert len(shared) == int((np.triu(product.to_numpy(), 1) > 0).sum())


def test_every_link_is_in_the_network():
    graph = networks.bipartite(REAL)
    assert sum(data["links"] for _, _, data in graph.edges(data=True)) == len(REAL) == 206
    assert "206 liens relient 16 CPTS à 37 types" in networks.sentence(REAL)


def test_a_cpts_that_is_an_actor_is_another_node():
    edges = pd.DataFrame({"cpts": ["cpts"], "actor_type": ["cpts"]})
    assert len(networks.bipartite(edges)) == 2


def test_no_link_is_refused():
    with pytest.raises(DataError, match="Aucun lien"):
        networks.bipartite(EDGES[:0])


def test_links_planned_refused_or_absent_are_not_at_work():
    assert networks.working(EDGES)["status"].tolist() == ["actif", "ponctuel", "actif", "tendu"]
    drawn = networks.drawn(EDGES, minimum=1)
    assert drawn["cpts"].tolist() == ["CPTS1", "CPTS1", "CPTS2", "CPTS2", "CPTS10"]
    # The planned link of CPTS1 with the hospital does not hide the one at work.
    assert drawn["status"].tolist() == [
        "prévu, refusé ou dit absent", "à l'œuvre", "à l'œuvre", "à l'œuvre", "à l'œuvre"
    ]  # fmt: skip
    assert networks.count_statuses(REAL)["links"].sum() == 206


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


def test_every_stage_has_its_name_and_so_has_a_cpts_without_one():
    assert set(PROJECT.table("aura2022/interviewed_cpts")["maturity"].fillna("")) <= set(networks.maturity())
