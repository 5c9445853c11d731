"""Links between CPTS and actors as a network: who is cited by whom, and which actors are cited together.

The links are those that a document cites; one that is not cited is not an absent link, so no measure here speaks of absence.
"""

from __future__ import annotations

from collections.abc import Mapping

import networkx as nx
import pandas as pd

from helpers import aci, french
from helpers.articulation import links
from helpers.catalog import labels
from helpers.errors import DataError

SIZES_FR = {size: f"Taille {size}" for size in aci.SIZES}
DEGREE_HEADS_FR = {
    "name": "Nœud",
    "degree": "Degré",
    "links": "Liens cités",
    "share": "Part des nœuds d'en face (%)",
}
PAIR_HEADS_FR = {"first": "Acteur", "second": "Acteur cité avec lui", "shared": "CPTS qui citent les deux"}


def maturity() -> dict[str, str]:
    """French name of each stage of a CPTS that the thesis prints, by code; the empty code is a CPTS without one."""
    return {**labels.codes("aura2022/interviewed_cpts", "maturity"), "": "Étape non indiquée"}


def units_with_link(edges: pd.DataFrame, *, unit: str, kind: str, minimum: int = 1) -> pd.Series[int]:
    """Number of units that have at least one link of each kind, largest first; kinds under `minimum` units are left out."""
    counts = edges.groupby(kind)[unit].nunique()
    kept = counts[counts >= minimum].sort_values(ascending=False, kind="stable")
    return kept.rename(index=named)


def named(code: str) -> str:
    """French name of a kind of actor; the code itself, in words, when it has none."""
    return labels.codes("aura2022/edges", "actor_type").get(code, code.replace("_", " "))


def bipartite(edges: pd.DataFrame, *, unit: str = "cpts", kind: str = "actor_type") -> nx.Graph:
    """Two-mode network of units and kinds of actors: an edge where at least one link is cited, its `links` their number.

    A node is the pair (mode, code), since a CPTS also is a kind of actor; it has `name`. Raises DataError without a link.
    """
    if edges.empty:
        raise DataError("Aucun lien : le réseau n'a ni sommet ni arête.")
    graph = nx.Graph()
    for code in natural(edges[unit].unique().tolist()):
        graph.add_node((unit, code), bipartite=0, name=code)
    for code in sorted(edges[kind].unique()):
        graph.add_node((kind, code), bipartite=1, name=named(code))
    for (one, other), count in edges.groupby([unit, kind]).size().items():
        graph.add_edge((unit, one), (kind, other), links=int(count))
    return graph


def working(edges: pd.DataFrame) -> pd.DataFrame:
    """Links at work: one planned, wished or refused, or an opinion without a link, is cited, but nobody works by it."""
    return links.done(edges)


def drawn(edges: pd.DataFrame, *, minimum: int = 3) -> pd.DataFrame:
    """Links as the figure takes them: one row per CPTS and kind of actor (French name), `status` in words.

    Kinds that under `minimum` CPTS cite are left out of the drawing; a pair with a link at work (its `state`) is "à l'œuvre",
    otherwise "prévu, refusé ou dit absent".
    """
    cited = edges.groupby("actor_type")["cpts"].nunique()
    kept = edges[edges["actor_type"].isin(cited[cited >= minimum].index)]
    pairs = (
        kept.assign(works=kept.index.isin(working(kept).index))
        .groupby(["cpts", "actor_type"], as_index=False)["works"]
        .any()
    )
    order = natural(pairs["cpts"].unique().tolist())
    pairs = pairs.assign(rank=pairs["cpts"].map(order.index)).sort_values(["rank", "actor_type"])
    status = pairs["works"].map({True: "à l'œuvre", False: "prévu, refusé ou dit absent"})
    return pd.DataFrame(
        {"cpts": pairs["cpts"], "actor": pairs["actor_type"].map(named), "status": status}
    ).reset_index(drop=True)


def count_statuses(edges: pd.DataFrame) -> pd.DataFrame:
    """Number of links by status, in the order of the schema."""
    counts = edges["status"].value_counts()
    return pd.DataFrame(
        {
            "status": list(labels.codes("aura2022/edges", "status").values()),
            "links": [int(counts.get(code, 0)) for code in labels.codes("aura2022/edges", "status")],
        }
    )


def natural(codes: list[str]) -> list[str]:
    """Codes in the order of their number: CPTS2 before CPTS10."""
    return sorted(codes, key=lambda code: (len(code), code))


def degrees(graph: nx.Graph, mode: int) -> pd.DataFrame:
    """Degree of each node of one mode: code, name, degree, links, share in percent. Actors (1) by degree; units (0) never ranked.

    `degree` counts the nodes of the other mode that a node touches (Wasserman and Faust 1994, chapter 8), `links` the cited
    links, `share` the degree over the size of the other mode.
    """
    other = sum(1 for _, data in graph.nodes(data=True) if data["bipartite"] != mode)
    rows = [
        {
            "code": node[1], "name": data["name"], "degree": int(graph.degree(node)),
            "links": int(graph.degree(node, weight="links")), "share": 100 * graph.degree(node) / other,
        }
        for node, data in graph.nodes(data=True)
        if data["bipartite"] == mode
    ]  # fmt: skip
    return pd.DataFrame(rows).sort_values(
        ["degree", "links"], ascending=False, kind="stable", ignore_index=True
    )


def projection(graph: nx.Graph, mode: int) -> pd.DataFrame:
    """One-mode projection (Newman 2001): pairs of nodes of one mode with the number of nodes of the other that both touch.

    Columns first, second (names), shared; largest first, then by name. Pairs that share none are left out: they are no edge.
    """
    nodes = [node for node, data in graph.nodes(data=True) if data["bipartite"] == mode]
    projected = nx.bipartite.weighted_projected_graph(graph, nodes)
    # networkx walks through sets, whose order changes from run to run: the pairs are put in order here.
    rows = [
        (*sorted((graph.nodes[one]["name"], graph.nodes[other]["name"])), int(data["weight"]))
        for one, other, data in projected.edges(data=True)
    ]
    table = pd.DataFrame(rows, columns=["first", "second", "shared"])
    return table.sort_values(["shared", "first", "second"], ascending=[False, True, True], ignore_index=True)


def by_type(
    edges: pd.DataFrame,
    units: pd.DataFrame,
    *,
    attribute: str,
    names: Mapping[object, str] | None = None,
    minimum: int = 3,
) -> pd.DataFrame:
    """What each type of CPTS works with: one row per kind of actor, one column per value of `attribute`, cells "3 sur 8".

    Takes the links and one row per CPTS (`cpts`, `attribute`). Counts of CPTS that cite at least one link over CPTS of the
    type, never a percentage: the types have few CPTS. Kinds under `minimum` CPTS in all are left out. Raises DataError for a
    link of a CPTS that has no row.
    """
    types = units.set_index("cpts")[attribute].convert_dtypes().astype("string").fillna("")
    strange = natural(list(set(edges["cpts"]) - set(types.index)))
    if strange:
        raise DataError(f"La CPTS « {strange[0]} » a des liens mais pas de ligne dans le tableau des CPTS.")
    sizes = types.value_counts()
    order = [value for value in (map(str, names) if names else sorted(sizes.index)) if value in sizes.index]
    cited = edges.drop_duplicates(["cpts", "actor_type"])
    counts = pd.crosstab(cited["actor_type"], cited["cpts"].map(types))
    counts = counts[counts.sum(axis=1) >= minimum].reindex(columns=order, fill_value=0)
    counts = counts.loc[counts.sum(axis=1).sort_values(ascending=False, kind="stable").index]
    told = {str(key): text for key, text in (names or {}).items()}
    table = pd.DataFrame(
        {
            told.get(value, value): [f"{count} sur {sizes[value]}" for count in counts[value]]
            for value in order
        }
    )
    table.insert(0, "actor", [named(code) for code in counts.index])
    return table


def sentence(edges: pd.DataFrame) -> str:
    """One French sentence: links, CPTS, kinds of actors, and the kinds that most CPTS cite."""
    graph = bipartite(edges)
    actors, units = degrees(graph, 1), degrees(graph, 0)
    top = [f"{row['name'].lower()} ({row['degree']})" for row in actors.head(3).to_dict("records")]
    once = int((actors["degree"] == 1).sum())
    return (
        f"{len(edges)} liens relient {len(units)} CPTS à {len(actors)} types d'acteurs ; le plus de CPTS citent "
        f"{french.listing(top)} ; {once} types ne sont cités que par une CPTS."
    )
