"""What the Miller thesis tells of a CPTS beside its common tables: budget, means, context, projects, action indicators."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from helpers import french
from helpers.catalog import Study, labels
from helpers.monograph import chapters
from helpers.monograph.chapters import fact

DOCUMENT = "miller2022"
# The thesis gives one monograph only; its tables have no column for the letter.
TOLD = "A"
# Chapter of each figure of that monograph; the others are means.
_CHAPTERS = {
    "cpts_a_cls": "territoire",
    "cpts_a_conseil": "gouvernance",
    "cpts_a_mandat": "gouvernance",
    "adherents_fondation_cpts_a": "historique",
    "fiches_actions_cpts_e": "actions",
}
_MISSIONS = {
    "acces_soins": "acces_aux_soins",
    "soins_non_programmes": "acces_aux_soins",
    "coordination": "coordination_parcours",
    "accompagnement": "accompagnement_professionnels",
    "prevention": "prevention",
    "qualite": "qualite_pertinence",
}


def facts(cpts: str, study: Study) -> Iterator[dict[str, Any]]:
    """Facts on one letter that the text gives outside the tables common to the five, each with its line."""
    yield from _figures(cpts, study)
    if cpts == TOLD:
        for part in (_context, _active_files, _projects, _indicators):
            yield from part(study)


def _figures(cpts: str, study: Study) -> Iterator[dict[str, Any]]:
    """Numbers of the prose that name this letter."""
    letter = f"cpts_{cpts.lower()}"
    for name in ("figures", "stated_counts"):
        table = study.table(f"{DOCUMENT}/{name}")
        own = table[
            [code.startswith(f"{letter}_") or code.endswith(f"_{letter}") for code in table["figure_id"]]
        ]
        for row in own.to_dict("records"):
            label = str(row["label_fr"]).removesuffix(f", CPTS {cpts}").removesuffix(f" de la CPTS {cpts}")
            yield fact(
                cpts, _CHAPTERS.get(row["figure_id"], "ressources"), f"chiffre_{row['figure_id']}", label,
                chapters.quantity(row), unit=row["unit"], document=DOCUMENT, line=row["line"], note=row["note"],
            )  # fmt: skip


def _context(study: Study) -> Iterator[dict[str, Any]]:
    """Context of the territory that the comparison of the five letters does not already give, with the region beside it."""
    told = pd.concat([study.table(f"{DOCUMENT}/{name}") for name in ("territories", "supply_epidemiology")])
    already = set(told.loc[told["cpts"] == TOLD, "indicator"])
    table = study.table(f"{DOCUMENT}/monograph_context")
    region = table[table["geography"] == "region"].set_index("indicator")
    own = table[(table["geography"] == "territoire") & ~table["indicator"].isin(already)]
    for row in own.to_dict("records"):
        code = row["indicator"]
        beside = (
            f" ; région : {chapters.quantity(region.loc[code])} {region.loc[code, 'unit']}"
            if code in region.index
            else ""
        )
        yield fact(
            TOLD, "territoire", f"contexte_{code}", _named("monograph_context", "indicator", row), chapters.quantity(row),
            unit=row["unit"], document=DOCUMENT, line=row["line"], note=f"{row['year']}{beside}",
        )  # fmt: skip


def _active_files(study: Study) -> Iterator[dict[str, Any]]:
    table = study.table(f"{DOCUMENT}/monograph_active_file").dropna(subset=["value"])
    for profession, own in table.groupby("profession", sort=False):
        row = own[own["geography"] == "territoire"].iloc[0].to_dict()
        others = own[own["geography"] != "territoire"].to_dict("records")
        beside = french.listing(
            f"{_named('monograph_active_file', 'geography', other).lower()} {chapters.quantity(other)}"
            for other in others
        )
        name = _named("monograph_active_file", "profession", row)
        yield fact(
            TOLD, "offre_de_soins", f"file_active_{profession}", f"File active moyenne : {name}", chapters.quantity(row),
            unit="patients par professionnel", document=DOCUMENT, line=row["line"],
            note=" ; ".join(filter(None, [beside, "" if pd.isna(row["note"]) else str(row["note"])])),
        )  # fmt: skip


def _projects(study: Study) -> Iterator[dict[str, Any]]:
    """Projects of the health project with their state; one that the text repeats is told once."""
    table = study.table(f"{DOCUMENT}/monograph_projects")
    for row in table[table["repeats"].isna()].to_dict("records"):
        yield fact(
            TOLD, "actions", f"projet_{row['project']}", _named("monograph_projects", "objective", row),
            f"{row['label_fr']} ({_named('monograph_projects', 'state', row)})", mission=_MISSIONS[row["mission"]],
            document=DOCUMENT, line=row["line"], note=row["note"],
        )  # fmt: skip


def _indicators(study: Study) -> Iterator[dict[str, Any]]:
    """The indicators that the health project names for its actions: none has a printed value."""
    for row in study.table(f"{DOCUMENT}/action_indicators").to_dict("records"):
        yield fact(
            TOLD, "indicateurs", f"indicateur_{row['indicator_id']}", row["label_fr"],
            f"indicateur ({_named('action_indicators', 'nature', row)}), sans valeur imprimée",
            document=DOCUMENT, line=row["line"], note=_named("action_indicators", "theme", row),
        )  # fmt: skip


def _named(name: str, field: str, row: dict[str, Any]) -> str:
    return labels.label(f"{DOCUMENT}/{name}", field, row[field])
