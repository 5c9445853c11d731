"""Answers and tables of a diagnosis: each figure with the level where it stops, its date and the people it covers."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from helpers import french
from helpers.errors import NotComputable
from helpers.methods import rates
from helpers.page import display, paper
from helpers.territory import peers, population, references
from helpers.territory.diagnosis import care, telling
from helpers.territory.diagnosis.results import Diagnosis, named

NOT_THIS_LEVEL = "—"
EVENTS = ("births", "deaths")
_CARE = ("apl", "rpps", *(source for source, _, _ in care.BAROMETER.values()), "finess", "ameli")
_CARE_ROWS = 22  # open rows of the table of care: six of access, seven of professionals, six distances, three of the barometer
MOST_COMMUNES = 40  # a longer table is folded
COMMUNE_HEADS = {
    "name": "Commune",
    "population": "Habitants 2023",
    "growth": "Évolution (% par an)",
    "density": "Habitants par km²",
    "older": "65 ans et plus (%)",
}
# What no file read here gives (priority districts are not made of communes), and where the coordinator's words go.
TO_WRITE = (
    ("Patients de 17 ans et plus sans médecin traitant", "Rézone, CPAM", "cpts/indicators"),
    ("Patients en affection de longue durée, par maladie", "Rézone, CPAM", "cpts/indicators"),
    ("Dépistages et vaccinations du territoire", "Rézone, centre régional de dépistage", "cpts/indicators"),
    ("Passages aux urgences sans hospitalisation", "Rézone, établissement", "cpts/indicators"),
    ("Médecins de 60 ans et plus, départs prévus", "Rézone, adhérents", "cpts/facts, chapitre offre_de_soins"),
    ("Problèmes rencontrés par les professionnels", "réunions de la CPTS", "cpts/facts, chapitre territoire"),
    ("Offre prévue : projets d'installation, maisons de santé en projet", "ARS, communes", "cpts/facts, chapitre offre_de_soins"),
    ("Habitants des quartiers prioritaires (QPV)", "ANCT (sig.ville.gouv.fr), par quartier", "dts/districts"),
    ("Taux de pauvreté et revenu médian", "INSEE, Filosofi, par commune ou EPCI", "cpts/indicators"),
    ("Zonage des médecins (ZIP, ZAC)", "arrêté de l'ARS, par commune", "cpts/facts, chapitre offre_de_soins"),
    ("Partenaires et autres dispositifs", "registre de la CPTS", "cpts/perimeters"),
)  # fmt: skip


def answers(diagnosis: Diagnosis) -> display.Shown:
    """The four answers of the first screen: who lives here, which care, which needs, what these files do not say."""
    said = (
        ("Qui vit ici", telling.people(diagnosis)),
        ("Soins à portée", telling.access(diagnosis)),
        ("Besoins et fragilités", telling.needs(diagnosis)),
        ("Ce que ces fichiers ne disent pas", telling.limits(diagnosis)),
    )
    parts = [f"<p><strong>{head}.</strong> {escape(display.plain(text))}</p>" for head, text in said]
    return display.Shown(f'<div class="answers">{"".join(parts)}</div>')


def remarks(diagnosis: Diagnosis) -> display.Shown:
    """What the reading of the territory left in doubt, one sentence after the other; nothing when there is no doubt."""
    return display.text(" ".join(diagnosis.place.remarks))


def comparison(diagnosis: Diagnosis) -> display.Shown:
    """Indicator by territory, département, region and France, with the period of each."""
    rows = diagnosis.rows[diagnosis.rows["theme"] != care.THEME]
    missing = (
        population.indicators()["source"].eq("insee-dossier").sum()
        if "insee-dossier" not in diagnosis.found
        else 0
    )
    more = (
        f"{missing} indicateurs de plus (75 ans et plus, chômage, diplômes…) avec « cpts get insee-dossier »"
        if missing
        else ""
    )
    return _wide(diagnosis, rows, "Le territoire et ce à quoi on le compare", name="identite", note=more)


def care_table(diagnosis: Diagnosis) -> display.Shown:
    """Access, structures and densities, each in the column of the level where its file stops."""
    rows = diagnosis.rows[diagnosis.rows["theme"] == care.THEME]
    if rows.empty:
        return display.text(
            "Aucun fichier sur l'offre et l'accès aux soins n'est ici : voyez les commandes ci-dessous."
        )
    # What a reader looks for first is open: access, professionals, distances; counts by category follow, folded.
    distances = rows["code"].isin(population.distances()["indicator"])
    rank = (
        rows["source"]
        .map(dict(zip(_CARE, range(len(_CARE)), strict=True)))
        .where(~distances, _CARE.index("rpps") + 0.5)
    )
    rows = rows.loc[rank.sort_values(kind="stable").index]
    return _wide(
        diagnosis, rows, "Accès et offre de soins, au niveau où chaque fichier s'arrête",
        name="acces_offre", note=_one_more(diagnosis), open_rows=_CARE_ROWS,
    )  # fmt: skip


def _one_more(diagnosis: Diagnosis) -> str:
    """What one professional more or less moves, since a small territory has large densities; empty without a population."""
    people = diagnosis.value("population")
    if not people > 0:
        return ""
    return f"un professionnel de plus ou de moins vaut ici {french.number(100_000 / people, 1)} pour 100 000 habitants"


def _wide(
    diagnosis: Diagnosis, rows: pd.DataFrame, caption: str, *, name: str, note: str = "", open_rows: int | None = None
) -> display.Shown:  # fmt: skip
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
            # An overseas département has the name, and so the column, of its region: what stops there stays.
            if found is not None:
                line[head] = _said(found, int(digits.get(code, 1)), diagnosis.confidence)
            else:
                line.setdefault(head, NOT_THIS_LEVEL)
        covered = _covered(diagnosis.told.get((code, references.TERRITORY, diagnosis.name_fr)))
        # Paper would break a date in two lines.
        period = str(first["period"]).replace(" ", french.NBSP)
        table.append(line | {"unit": first["unit"], "period": period, "covered": covered})
    others = dict.fromkeys(named(key) for key in diagnosis.keys if named(key) not in columns.values())
    notes = [f"dans le fichier : {french.listing(others)}"] if others else []
    if (rows["code"].isin(EVENTS) & (rows["level"] == references.TERRITORY)).any():
        notes.append(f"entre crochets : intervalle de Byar à {french.percent(100 * diagnosis.confidence, 0)}")
    if any(NOT_THIS_LEVEL in line.values() for line in table):
        notes.insert(0, f"{NOT_THIS_LEVEL} : non publié à ce niveau, ou pas dans le fichier importé")
    heads = {"indicator": "Indicateur", "unit": "Unité", "period": "Date", "covered": "Habitants couverts"}
    return display.table(
        pd.DataFrame(table), caption, heads=heads, note=" ; ".join(filter(None, [*notes, note])), name=name, long=rows,
        source="sources en fin de page", open_rows=open_rows,
    )  # fmt: skip


def _said(row: Mapping[str, Any], decimals: int, confidence: float) -> str:
    value = float(row["value"])
    if pd.isna(value):
        return "non donné"
    said = french.number(value, 0 if row["unit"] == "établissements" else decimals)
    if row["level"] != references.TERRITORY or row["code"] not in EVENTS:
        return said
    # Events of one year vary by chance: the limits of their count (Byar) say by how much.
    limits = rates.poisson_limits(np.array([float(row["numerator"])]), np.array([confidence]))
    bounds = [1000 * float(limit[0, 0]) / float(row["denominator"]) for limit in limits]
    return f"{said} [{' ; '.join(french.number(bound, decimals) for bound in bounds)}]"


def _covered(row: Mapping[str, Any] | None) -> str:
    return NOT_THIS_LEVEL if row is None else french.percent(float(row["covered"]), 0)


def communes_table(diagnosis: Diagnosis) -> display.Shown:
    """Each commune, the most peopled first."""
    table = population.by_commune(diagnosis.communes, start=diagnosis.start).set_index("code")
    if table["population"].isna().all():
        # Mayotte: one census, of which nothing else is known by commune.
        counted = diagnosis.communes.set_index("code")["population_2017_mayotte"].reindex(table.index)
        heads = {"name": COMMUNE_HEADS["name"], "counted": "Habitants 2017"}
        return display.table(
            table.assign(counted=counted)[list(heads)].sort_values("counted", ascending=False),
            "Les communes du territoire, au recensement de 2017", heads=heads, decimals={"counted": 0}, name="communes",
            source="INSEE", open_rows=None,
        )  # fmt: skip
    return display.table(
        table, _communes_said(table), heads=COMMUNE_HEADS, decimals={"growth": 2, "density": 0, "older": 1}, name="communes",
        source="INSEE ; IGN", note=f"évolution de {diagnosis.start} à 2023",
        open_rows=None if len(table) <= MOST_COMMUNES else display.OPEN_ROWS,
    )  # fmt: skip


def _communes_said(table: pd.DataFrame) -> str:
    people = table["population"].astype("float64")
    if len(table) < 2 or people.isna().any() or not people.sum() > 0:
        return "Les communes du territoire"
    return f"{table['name'].iloc[0]} réunit {french.percent(100 * people.iloc[0] / people.sum(), 0)} des habitants du territoire"


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
    first = table.iloc[0]
    return display.table(
        table.drop(columns="code"),
        f"{french.plural(len(table), 'EPCI', 'EPCI')} à appeler, dont {first['name']} ({first['departments']}) : des exemples, "
        "ni un rang ni une cible",
        heads=peers.HEADS_FR, decimals={"people": 0, "density": 0, "growth": 2, "older": 1, "main": 0, "distance": 2},
        name="comparables", source="INSEE ; IGN",
        note="distance : moyenne des écarts des cinq colonnes, en écarts-types robustes des 1 255 EPCI ; au-delà de 1, rien",
    )  # fmt: skip


def to_write() -> display.Shown:
    """What no file read here gives, with whom to ask and where to type it."""
    table = pd.DataFrame(TO_WRITE, columns=["what", "ask", "where"])
    heads = {"what": "À compléter", "ask": "Auprès de", "where": "Tableau de votre paquet"}
    return display.table(
        table, "Ce qui reste à demander, puis à saisir", heads=heads, name="a_completer", workbook=False
    )


def missing(diagnosis: Diagnosis) -> display.Shown:
    """Sources that are not here, with the command that brings each."""
    table = telling.sources_of(diagnosis)
    table = table.assign(finest_level=_level(table))
    table = table.loc[~table["here"], ["title_fr", "publisher", "finest_level", "gives_fr", "brought_by"]]
    heads = {
        "title_fr": "Source absente", "publisher": "Producteur", "finest_level": "S'arrête au niveau",
        "gives_fr": "Ce qu'elle apporterait", "brought_by": "Commande",
    }  # fmt: skip
    return display.show(
        display.table, table, "Ce qui manque, et la commande qui l'apporte", otherwise="Aucune source ne manque.",
        heads=heads, name="manquants",
    )  # fmt: skip


def definitions(diagnosis: Diagnosis) -> display.Shown:
    """Definition of each indicator of the page: numerator, denominator, and what it does not say."""
    known = population.indicators()
    known = known[known["indicator"].isin(diagnosis.rows["code"])]
    # A caution that several indicators share is told once, at the first of them.
    said = known["definition_fr"] + known["caution_fr"].mask(known["caution_fr"].duplicated()).map(
        lambda text: f" {text}", na_action="ignore"
    ).fillna("")
    table = known[["label_fr"]].assign(definition=said)
    heads = {"label_fr": "Indicateur", "definition": "Définition, et ce qu'il faut en savoir"}
    return paper.appendix(
        "Annexe 1 : définitions",
        display.table(table, "Définition des indicateurs", heads=heads, name="definitions", open_rows=None),
    )


def sources(diagnosis: Diagnosis) -> display.Shown:
    """Every source: edition, date of the fetch, licence, finest level, and the first characters of the hash of what was read."""
    table = telling.sources_of(diagnosis)
    years = table["edition"].map(lambda day: french.date(day.date(), "year"), na_action="ignore")
    # A hyphen would let paper break a date in two lines.
    stored = table["stored"].replace("", pd.NA).str.replace("-", "\u2011")
    table = table.assign(
        finest_level=_level(table), read=stored.where(stored.notna(), years).where(table["here"], "absente").fillna("–"),
        sha256=table["sha256"].replace("", "–"),
    )[["title_fr", "publisher", "finest_level", "read", "sha256", "licence"]]  # fmt: skip
    heads = {
        "title_fr": "Source", "publisher": "Producteur", "finest_level": "Niveau le plus fin", "read": "Date ou édition",
        "sha256": "SHA-256 (début)",
    }  # fmt: skip
    return paper.appendix(
        "Annexe 2 : sources",
        display.table(table, "Sources du diagnostic", heads=heads, name="sources", open_rows=None),
    )


def _level(sources: pd.DataFrame) -> pd.Series[str]:
    return sources["finest_level"].map(references.LEVELS_FR | {"commune": "Commune"}).str.lower()
