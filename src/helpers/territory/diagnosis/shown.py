"""Tables and figures of a diagnosis: each shows at which level its figures stop, and how many people they cover."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from helpers import french
from helpers.errors import NotComputable
from helpers.page import display, figures
from helpers.territory import outlines, peers, population, references
from helpers.territory.diagnosis import care, telling
from helpers.territory.diagnosis.results import Diagnosis, named, unknown_people

NOT_THIS_LEVEL = "—"
COMMUNE_HEADS = {
    "name": "Commune",
    "population": "Habitants 2023",
    "growth": "Évolution (% par an, 2016-2023)",
    "density": "Habitants par km²",
    "older": "65 ans et plus (%)",
}
# What a file of nobody gives: the coordinator's words, in the chapters of the monograph that hold them.
TO_WRITE = (
    ("Patients de 17 ans et plus sans médecin traitant", "Rézone, CPAM", "cpts/indicators"),
    ("Patients en affection de longue durée, par maladie", "Rézone, CPAM", "cpts/indicators"),
    ("Dépistages et vaccinations du territoire", "Rézone, centre régional de dépistage", "cpts/indicators"),
    ("Passages aux urgences sans hospitalisation", "Rézone, établissement", "cpts/indicators"),
    ("Médecins de 60 ans et plus, départs prévus", "Rézone, adhérents", "cpts/facts, chapitre offre_de_soins"),
    ("Problèmes rencontrés par les professionnels", "réunions de la CPTS", "cpts/facts, chapitre territoire"),
    ("Offre prévue : projets d'installation, maisons de santé en projet", "ARS, communes", "cpts/facts, chapitre offre_de_soins"),
    ("Partenaires et autres dispositifs", "registre de la CPTS", "cpts/perimeters"),
)  # fmt: skip


def remarks(diagnosis: Diagnosis) -> display.Shown:
    """What the reading of the territory left in doubt, one sentence after the other; nothing when there is no doubt."""
    return display.text(" ".join(diagnosis.place.remarks))


def comparison(diagnosis: Diagnosis) -> display.Shown:
    """Indicator by territory, département, region and France, with the period of each."""
    rows = diagnosis.rows[diagnosis.rows["theme"] != care.THEME]
    return _wide(diagnosis, rows, "Le territoire et ce à quoi on le compare", name="identite")


def spine(diagnosis: Diagnosis) -> figures.Figure | display.Shown:
    """Each ratio of the territory against its reference, which is 100: a gap to be discussed, neither a rank nor a fault."""
    rows = diagnosis.rows
    own = (rows["level"] == references.TERRITORY) & (rows["method"] == "rapport de sommes")
    # A change may be negative or nearly zero, and a density ten times another: one would say nothing, the other hides the rest.
    rows = rows[own & rows["value"].notna() & ~rows["code"].isin(["growth", "density"])]
    others = [diagnosis.value(code, diagnosis.against) for code in rows["code"]]
    table = pd.DataFrame({"label": rows["indicator"], "index": 100 * rows["value"] / others}).dropna()
    if table.empty:
        return display.text("Écarts à la référence : aucun rapport n'est connu pour ces communes.")
    name = named(diagnosis.against)
    return figures.dots(
        table, f"{diagnosis.name_fr} et {name}, indicateur par indicateur", label="label", value="index", benchmark=100.0,
        benchmark_label=name, unit=f"indice, {name} = 100", source="INSEE",
        note="l'ordre des lignes n'est pas un rang ; les valeurs et les autres niveaux sont dans le tableau",
    )  # fmt: skip


def care_table(diagnosis: Diagnosis) -> display.Shown:
    """Access, structures and densities, each in the column of the level where its file stops."""
    rows = diagnosis.rows[diagnosis.rows["theme"] == care.THEME]
    if rows.empty:
        return display.text(
            "Aucun fichier sur l'offre et l'accès aux soins n'est ici : voyez les commandes ci-dessous."
        )
    return _wide(
        diagnosis, rows, "Accès et offre de soins, au niveau où chaque fichier s'arrête", name="acces_offre"
    )


def _wide(diagnosis: Diagnosis, rows: pd.DataFrame, caption: str, *, name: str) -> display.Shown:
    digits = population.indicators().set_index("indicator")["decimals"]
    columns = {(references.TERRITORY, diagnosis.name_fr): "Territoire"}
    # Of several départements or regions, the one where most people live stands in the table; the file has them all.
    for key in diagnosis.keys:
        if key[0] not in {level for level, _ in columns}:
            columns[key[0], named(key)] = named(key)
    table = []
    for first in rows.drop_duplicates("code").to_dict("records"):
        code, line = str(first["code"]), {"indicator": first["indicator"]}
        for (level, territory), head in columns.items():
            found = diagnosis.told.get((code, level, territory))
            line[head] = NOT_THIS_LEVEL if found is None else _said(found, int(digits.get(code, 1)))
        covered = _covered(diagnosis.told.get((code, references.TERRITORY, diagnosis.name_fr)))
        table.append(line | {"unit": first["unit"], "period": first["period"], "covered": covered})
    others = [named(key) for key in diagnosis.keys if named(key) not in columns.values()]
    notes = [f"dans le fichier : {french.listing(others)}"] if others else []
    if any(NOT_THIS_LEVEL in line.values() for line in table):
        notes.insert(0, f"{NOT_THIS_LEVEL} : non publié à ce niveau, ou pas dans le fichier importé")
    heads = {"indicator": "Indicateur", "unit": "Unité", "period": "Date", "covered": "Habitants couverts"}
    return display.table(
        pd.DataFrame(table), caption, heads=heads, note=" ; ".join(notes), name=name, long=rows, source="sources en fin de page",
        open_rows=None if name == "identite" else display.OPEN_ROWS,
    )  # fmt: skip


def _said(row: Mapping[str, Any], decimals: int) -> str:
    value = float(row["value"])
    if pd.isna(value):
        return "non donné"
    return french.number(value, 0 if row["unit"] == "établissements" else decimals)


def _covered(row: Mapping[str, Any] | None) -> str:
    return NOT_THIS_LEVEL if row is None else french.percent(float(row["covered"]), 0)


def outline_map(diagnosis: Diagnosis) -> figures.Figure | display.Shown:
    """Map of the annual change of the population by commune, the communes around in grey."""
    table = population.by_commune(diagnosis.communes)
    drawn = outlines.rings(table["code"])
    if not drawn or unknown_people(diagnosis):
        return display.text("Carte : aucun contour ou aucune population pour ces communes.")
    return figures.outline_map(
        table, f"Évolution de la population des communes, 2016-2023 : {diagnosis.name_fr}", code="code", label="name",
        value="growth", unit="% par an", outlines=drawn, beside=outlines.rings(outlines.around(table["code"])),
        around_zero=0.2, source="INSEE, populations légales ; IGN, ADMIN EXPRESS",
    )  # fmt: skip


def curve(diagnosis: Diagnosis) -> figures.Figure | display.Shown:
    """Change of the population of the territory and its references since 2016, in percent."""
    # One département, one region, France: more lines would hide the one that matters.
    keys = [
        next(key for key in diagnosis.keys if key[0] == level)
        for level in ("departement", "region", "france")
    ]
    table = population.series(diagnosis.communes, diagnosis.name_fr, keys).dropna(subset=["index"])
    if unknown_people(diagnosis):
        return display.text("Série de population inconnue pour ces communes.")
    dated = table.assign(date=pd.to_datetime(table["year"].astype(str)), change=table["index"] - 100)
    return figures.trends(
        dated, "Variation de la population depuis 2016", date="date", value="change", series="territory", unit="%",
        source="INSEE, populations légales, limites de 2025",
    )  # fmt: skip


def ages(diagnosis: Diagnosis) -> figures.Figure | display.Shown:
    """Three age groups of the territory and of its references."""
    labels = {"under_20": "moins de 20 ans", "aged_20_64": "20 à 64 ans", "over_65": "65 ans et plus"}
    keys = [
        next(key for key in diagnosis.keys if key[0] == level)
        for level in ("departement", "region", "france")
    ]
    table = pd.DataFrame(
        [
            {"territory": diagnosis.name_fr if key is None else named(key)}
            | {label: round(diagnosis.value(code, key), 1) for code, label in labels.items()}
            for key in (None, *keys)
        ]
    )
    if table[list(labels.values())].iloc[0].isna().any():
        return display.text("Âges inconnus pour ces communes.")
    return figures.stacked_bars(
        table, "Âges en 2021", label="territory", parts=list(labels.values()), unit="%",
        source="INSEE, recensement 2021", note="parts arrondies au dixième",
    )  # fmt: skip


def communes_table(diagnosis: Diagnosis) -> display.Shown:
    """Each commune, the most peopled first."""
    return display.table(
        population.by_commune(diagnosis.communes).drop(columns="code"), "Les communes du territoire", heads=COMMUNE_HEADS,
        decimals={"growth": 2, "density": 0, "older": 1}, name="communes", source="INSEE ; IGN",
    )  # fmt: skip


def structures(diagnosis: Diagnosis) -> display.Shown:
    """Establishments of the categories that the package has."""
    columns = {
        "name_fr": "Établissement",
        "category_fr": "Catégorie",
        "commune_fr": "Commune",
        "opened": "Ouverture",
    }
    if diagnosis.establishments.empty:
        return display.text(
            "Structures : aucun établissement importé pour ce territoire ; « cpts get finess » les apporte, catégorie par "
            "catégorie, et une catégorie non importée n'est pas un zéro."
        )
    return display.table(
        diagnosis.establishments[list(columns)],
        "Structures du territoire",
        heads=columns,
        name="structures",
        source="FINESS",
    )


def comparable(diagnosis: Diagnosis) -> display.Shown:
    """Ten comparable EPCI with their distance and what makes it."""
    try:
        table = diagnosis.peers
    except NotComputable as refused:
        return display.text(str(refused))
    if table.empty:
        return display.text("Aucun EPCI ne ressemble assez à ce territoire pour servir d'exemple.")
    return display.table(
        table.drop(columns="code"), "Dix EPCI qui ressemblent à ce territoire : des exemples, ni un rang ni une cible",
        heads=peers.HEADS_FR, decimals={"people": 0, "density": 0, "growth": 2, "older": 1, "main": 0, "distance": 2},
        name="comparables", source="INSEE ; IGN",
        note="distance : moyenne des écarts des cinq colonnes, en écarts-types robustes des 1 255 EPCI ; au-delà de 1, rien",
    )  # fmt: skip


def to_write() -> display.Shown:
    """What no open file gives, with whom to ask and where to type it."""
    table = pd.DataFrame(TO_WRITE, columns=["what", "ask", "where"])
    heads = {"what": "À compléter", "ask": "Auprès de", "where": "Tableau de votre paquet"}
    return display.table(
        table, "Ce qu'aucun fichier ouvert ne dit", heads=heads, name="a_completer", workbook=False
    )


def missing(diagnosis: Diagnosis) -> display.Shown:
    """Sources that are not here, with the command that brings each."""
    table = telling.sources_of(diagnosis)
    table = table.loc[~table["here"], ["title_fr", "publisher", "finest_level", "gives_fr", "brought_by"]]
    heads = {
        "title_fr": "Source absente", "publisher": "Producteur", "finest_level": "S'arrête au niveau",
        "gives_fr": "Ce qu'elle apporterait", "brought_by": "Commande",
    }  # fmt: skip
    return display.show(
        display.table, table, "Ce qui manque, et la commande qui l'apporte", otherwise="Aucune source ne manque.",
        heads=heads, name="manquants",
    )  # fmt: skip


def definitions() -> display.Shown:
    """Definition of each indicator: numerator, denominator, and what it does not say."""
    table = population.indicators()[["label_fr", "definition_fr", "unit", "period", "caution_fr"]]
    heads = {"label_fr": "Indicateur", "caution_fr": "Prudence", "unit": "Unité", "period": "Date"}
    return display.to_verify(
        display.table(table, "Définition des indicateurs", heads=heads, name="definitions", open_rows=None)
    )


def sources(diagnosis: Diagnosis) -> display.Shown:
    """Every source: edition, licence, finest level, and the first characters of the hash of our tables."""
    table = telling.sources_of(diagnosis).drop(columns=["source", "gives_fr"])
    table = table.assign(here=table["here"].map({True: "présente", False: "absente"}))
    table = table.assign(stored=table["stored"].replace("", "–"), sha256=table["sha256"].replace("", "–"))
    return display.to_verify(
        display.table(
            table,
            "Sources du diagnostic",
            heads={
                "title_fr": "Source",
                "here": "Sur cette page",
                "stored": "Édition du fichier reçu",
                "sha256": "SHA-256 (début)",
            },
            name="sources",
            open_rows=None,
        )
    )
