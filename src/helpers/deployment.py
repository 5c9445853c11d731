"""Deployment of the CPTS: every published count, one series per definition, never chained."""

from __future__ import annotations

import pandas as pd

from helpers import catalog
from helpers.errors import DataError

DEFINITIONS_FR = {
    "toutes_etapes": "Toutes étapes",
    "lettre_intention": "Lettre d'intention",
    "projet_valide": "Projet de santé validé",
    "aci_signe": "ACI signé",
    "en_fonctionnement": "En fonctionnement",
    "population_couverte": "Population couverte",
    "population_moyenne": "Population moyenne",
    "objectif": "Objectif",
    "professionnels": "Professionnels adhérents",
    "autre": "Autre définition",
}
COLUMNS = (
    "source", "figure_id", "date", "date_precision", "geography", "definition", "label_fr",
    "printed", "value", "unit", "publisher", "line", "second_hand", "note",
)  # fmt: skip
LATER = "open/cpts_counts_later"


def figures(package: catalog.Package | str | None = None, *, later: bool = True) -> pd.DataFrame:
    """Every deployment figure of the package, one row each, in the order of the dates.

    `source` is the document, or the table of later counts (`later`), whose figures are marked `second_hand`. `value` is in
    `unit`; missing when the document gives no number.
    """
    source = catalog.open_package(package)
    names = [name for name in source.names() if name.endswith("/deployment")] + ([LATER] if later else [])
    if not names:
        raise DataError("Le paquet n'a aucun tableau de déploiement (nom finissant par /deployment).")
    parts = []
    for name in names:
        table = catalog.load(name, source)
        part = table.assign(source=name.split("/")[0], second_hand=name == LATER)
        parts.append(part.reindex(columns=list(COLUMNS)))
    return pd.concat(parts, ignore_index=True).sort_values(["date", "source", "figure_id"], ignore_index=True)


def series(
    table: pd.DataFrame, *, unit: str = "CPTS", geography: str = "france", definitions: tuple[str, ...] = ()
) -> pd.DataFrame:
    """Figures of one unit and place that can be drawn: filled values, with the French name of the definition.

    One series per definition: figures of two definitions are never joined. Raises DataError when nothing is left.
    """
    kept = table[(table["unit"] == unit) & (table["geography"] == geography) & table["value"].notna()]
    if definitions:
        kept = kept[kept["definition"].isin(definitions)]
    if kept.empty:
        raise DataError(f"Aucun chiffre de déploiement en « {unit} » pour « {geography} ».")
    return kept.assign(definition_fr=kept["definition"].map(DEFINITIONS_FR)).reset_index(drop=True)


def disagreements(table: pd.DataFrame, *, days: int = 92) -> pd.DataFrame:
    """Pairs of figures with the same definition, place and unit, at most `days` apart, whose values differ.

    Returns one row per pair: the two sources, dates, publishers and values, `gap` (second - first) and `gap_percent` (of the
    first). Targets are no measure and are left out.
    """
    measured = table[table["value"].notna() & ~table["definition"].isin(["objectif", "autre"])]
    columns = ["source", "figure_id", "date", "definition", "geography", "unit", "value", "publisher"]
    pairs = measured[columns].merge(
        measured[columns], on=["definition", "geography", "unit"], suffixes=("_1", "_2")
    )
    first = pairs["source_1"] + "/" + pairs["figure_id_1"]
    second = pairs["source_2"] + "/" + pairs["figure_id_2"]
    ordered = (pairs["date_1"] < pairs["date_2"]) | ((pairs["date_1"] == pairs["date_2"]) & (first < second))
    near = (pairs["date_2"] - pairs["date_1"]).dt.days.abs() <= days
    found = pairs[ordered & near & (pairs["value_1"] != pairs["value_2"])].copy()
    found.insert(0, "figure_1", first[found.index])
    found.insert(1, "figure_2", second[found.index])
    found["gap"] = found["value_2"] - found["value_1"]
    found["gap_percent"] = 100 * found["gap"] / found["value_1"]
    return found.reset_index(drop=True)


def bridged(pairs: pd.DataFrame, bridges: pd.DataFrame) -> pd.DataFrame:
    """Disagreements with our explanation when there is one: adds `bridge`, "expliqué" or "inexpliqué", and `explanation`.

    Takes the output of `disagreements` and the table `coding/deployment_bridges` (figure_1, figure_2, explanation).
    """
    joined = pairs.merge(
        bridges[["figure_1", "figure_2", "explanation"]], on=["figure_1", "figure_2"], how="left"
    )
    joined["bridge"] = joined["explanation"].notna().map({True: "expliqué", False: "inexpliqué"})
    return joined
