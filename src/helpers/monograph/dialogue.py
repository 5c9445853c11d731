"""The dossier of the yearly management dialogue: missions, contested points, what the ACI may bring; for two pages of paper."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers import aci, french
from helpers.catalog import Study, labels
from helpers.errors import NotComputable, UsageError
from helpers.methods import disclosure, protection
from helpers.monograph import actions, chapters, pages, paper, record, register
from helpers.monograph.chapters import KNOWN
from helpers.monograph.followup import FollowUp, follow_up
from helpers.page import display
from helpers.page.display import Shown

# Rows that two pages of paper can hold; what is left out is counted under the table and stands in the monograph.
ROWS = 6


@dataclass(frozen=True)
class Dossier:
    """What one management dialogue is about: the CPTS, its missions of the last year, its follow-up and the day it is held."""

    fiche: pd.Series[Any]
    day: pd.Timestamp
    missions: pd.DataFrame
    contested: pd.DataFrame
    follow: FollowUp
    known: pd.DataFrame


def dossier(cpts: str, study: Study, *, day: str = "", confidence: float = 0.95) -> Dossier:
    """Everything that the two pages need, for one CPTS (the first one when empty) and one day (AAAA-MM-JJ).

    Without a day, the last one that the data know, so that the same data give the same pages. Raises UsageError for a day that
    is none, UnknownName for an unknown CPTS.
    """
    fiche = register.chosen(cpts, study)
    if register.is_users(study):
        fiche = register.masked(fiche, protection.protect(study))
    follow = follow_up(cpts, study, confidence=confidence)
    table = study.table("cpts/missions", optional=True)
    own = table[table["cpts"] == fiche["cpts"]]
    last = own[own["year"] == own["year"].max()].reset_index(drop=True)
    known = record.facts(cpts, study)
    return Dossier(
        fiche, _day(day, fiche, follow, known, last), last, _contested(follow, last), follow, known
    )


def _day(
    day: str, fiche: pd.Series[Any], follow: FollowUp, known: pd.DataFrame, missions: pd.DataFrame
) -> pd.Timestamp:
    if day:
        try:
            return pd.Timestamp(dt.date.fromisoformat(day))
        except ValueError:
            raise UsageError(f"Paramètre « date » : « {day} » n'est pas une date AAAA-MM-JJ.") from None
    days = [known["date"], follow.log["date_start"], follow.log["date_end"]]
    days += [follow.measured["period_end"]] if len(follow.measured) else []
    days += [pd.to_datetime(missions["year"].astype("string") + "-12-31")] if len(missions) else []
    dates = [fiche[name] for name in ("project_date", "aci_date", "population_date", "members_date")]
    found = pd.concat(
        [*(pd.to_datetime(part) for part in days), pd.Series(dates, dtype="datetime64[us]")]
    ).dropna()
    return pd.Timestamp(found.max()) if len(found) else pd.NaT


def _contested(follow: FollowUp, missions: pd.DataFrame) -> pd.DataFrame:
    """What is discussed with the fund and why: `what`, `why`, indicators first."""
    rows = [
        {"what": row["label_fr"], "why": row["contested_fr"]}
        for row in follow.definitions.to_dict("records")
        if pd.notna(row["contested_fr"]) and row["contested_fr"]
    ]
    rows += [
        {
            "what": f"Mission {chapters.missions()[row['mission']].lower()}, {row['year']}",
            "why": row["contested_fr"],
        }
        for row in missions.to_dict("records")
        if pd.notna(row["contested_fr"])
    ]
    return pd.DataFrame(rows, columns=["what", "why"])


def _table(rows: pd.DataFrame, caption: str, **more: Any) -> Shown:
    return paper.on_paper(display.table(rows, caption, **more))


def heading_sentence(found: Dossier) -> str:
    """Who, which day, which agreement, which population: each "non publié" when the data do not say it."""
    fiche = found.fiche
    day = "jour non publié" if pd.isna(found.day) else f"situation au {french.date(found.day.date())}"
    signed = "signature non publiée" if pd.isna(fiche["aci_date"]) else f"accord signé le {_signed(fiche)}"
    people = (
        "population non publiée"
        if pd.isna(fiche["population"])
        else french.plural(int(fiche["population"]), "habitant")
    )
    members = (
        f"adhérents : {disclosure.MASKED if fiche.get('members_masked') else 'non publié'}"
        if pd.isna(fiche["members"])
        else french.plural(int(fiche["members"]), "adhérent")
    )
    return f"{fiche['name_fr']}. {day.capitalize()} ; {signed} ; {people} ; {members}."


def _signed(fiche: pd.Series[Any]) -> str:
    precision = fiche.get("aci_date_precision", "day")
    return french.date(fiche["aci_date"].date(), "day" if pd.isna(precision) else str(precision))


def mission_table(found: Dossier, *, source: str) -> Shown:
    """Missions of the last year: start, shares obtained, number of actions of the log; or what the sources say of actions."""
    if found.missions.empty:
        return display.text(_without_missions(found))
    rows = []
    for row in found.missions.to_dict("records"):
        own = int((found.follow.log["mission"] == row["mission"]).sum())
        rows.append(
            {
                "Mission": chapters.missions()[row["mission"]],
                "Démarrage": "non démarrée ou non dit"
                if pd.isna(row["started"])
                else french.date(row["started"].date()),
                "Part fixe obtenue": _share(row["fixed_rate"]),
                "Part variable obtenue": _variable(row),
                "Actions au journal": own,
            }
        )
    year = french.listing(str(year) for year in found.missions["year"].unique())
    return _table(
        pd.DataFrame(rows),
        f"Missions de l'accord, {year}",
        name="missions",
        source=source,
        base=f"{len(rows)} missions",
    )


def _share(rate: Any) -> str:
    return "inconnue" if pd.isna(rate) else french.percent(100 * float(rate), 0)


def _variable(row: dict[str, Any]) -> str:
    return "sans objet" if row["mission"] == "fonctionnement" else _share(row["variable_rate"])


def _without_missions(found: Dossier) -> str:
    """Missions that the sources speak of, without dates or shares."""
    own = found.known[(found.known["chapter"] == "actions") & (found.known["status"] == KNOWN)]
    counts = own["mission"].map(chapters.missions()).value_counts(sort=False)
    text = "Dates et taux d'atteinte des missions : non publiés."
    if len(counts):
        said = french.listing(f"{mission.lower()} ({count})" for mission, count in counts.items())
        text += f" La source donne des informations sur : {said}."
    return text


def recent_actions(found: Dossier, *, source: str) -> Shown:
    """The most recent actions of the log with their own count and link, or the sentence that the log is empty."""
    log = found.follow.log
    if log.empty:
        return display.text("Actions datées : non publiées.")
    follow = found.follow
    shown = actions.for_readers(follow.definitions, log.tail(ROWS), follow.linked, masked=follow.masked)
    left = len(log) - len(shown)
    more = (
        "la plus ancienne n'est pas montrée"
        if left == 1
        else f"les {left} plus anciennes ne sont pas montrées"
    )
    note = f"{more} ; voir la monographie" if left else ""
    kept = shown[["Action", "Début", "Compte propre", "Indicateur visé", "Lien"]]
    kept = kept.assign(
        **{name: kept[name].map(paper.clipped) for name in ("Action", "Indicateur visé", "Compte propre")}
    )
    return _table(kept, "Actions du journal", name="actions", source=source, note=note, base=len(kept))


def shown_indicators(found: Dossier, *, source: str, confidence: float) -> Shown:
    """Indicators with interval, benchmark and link; those with an interval first when there are too many for the paper."""
    table = _first(found.follow.compared)
    shown = paper.on_paper(
        pages.table_of_indicators(table, name="indicateurs", source=source, confidence=confidence)
    )
    left = len(found.follow.compared) - len(table)
    if not left:
        return shown
    said = f"{french.plural(left, 'autre indicateur', 'autres indicateurs')} dans la monographie."
    return pages.together([shown, display.text(said)])


def contested_list(found: Dossier) -> Shown:
    """What is contested and why, or the sentence that nothing is declared."""
    if found.contested.empty:
        return display.text("Aucun point contesté n'est déclaré ou publié.")
    said = [
        f"{paper.clipped(row['what'])} : {paper.clipped(row['why'], 2 * paper.LONGEST)}"
        for row in found.contested.head(ROWS).to_dict("records")
    ]
    left = len(found.contested) - len(said)
    return pages.listed([*said, *([f"et {left} de plus dans les tableaux"] if left else [])])


def aci_table(found: Dossier, *, scale: str, study: Study) -> Shown:
    """What the scale gives for the year of the missions: one row per item, a range wherever something is unknown.

    Without population there is no size and no amount, and beyond the years of the contract no scale: one sentence says so.
    Missions that are not known to have started are left out; unknown shares run from 0 to 100 %.
    """
    try:
        simulated, about = _simulated(found, scale, study)
    except NotComputable as refusal:
        return display.text(f"Simulation de l'accord : non calculable. {refusal}")
    lines = (
        simulated.groupby("mission", sort=False)[["lower", "upper"]]
        .sum(min_count=1, skipna=False)
        .reset_index()
    )
    rows = [
        {
            "Poste": aci.posts().get(row["mission"], row["mission"]),
            "Montant de l'année (€)": _range(row["lower"], row["upper"]),
        }
        for row in lines.to_dict("records")
    ]
    return _table(
        pd.DataFrame(rows), f"Simulation de l'accord : {about}", name="simulation_aci", source=_source(scale)
    )


def _source(scale: str) -> str:
    return f"barème imprimé : {labels.document(scale)} ; règles de l'observatoire"


def _simulated(found: Dossier, scale: str, study: Study) -> tuple[pd.DataFrame, str]:
    fiche = found.fiche
    started = found.missions[
        found.missions["started"].notna() & (found.missions["mission"] != "fonctionnement")
    ]
    year, about = 1, "première année supposée, signature inconnue"
    if pd.notna(fiche["aci_date"]) and len(found.missions):
        year = int(found.missions["year"].max()) - fiche["aci_date"].year + 1
        about = f"année {year} du contrat"
    elif found.missions.empty:
        about = "première année supposée, toutes missions, taux inconnus"
    missions = list(started["mission"]) if len(found.missions) else list(aci.MISSIONS)
    rates = {name: _known_rates(started, f"{name}_rate") for name in ("fixed", "variable")}
    simulated = aci.simulate(
        float("nan") if pd.isna(fiche["population"]) else float(fiche["population"]), year_of_contract=year, missions=missions,
        fixed_rates=rates["fixed"], variable_rates=rates["variable"], scale=scale, study=study,
        signed_on=None if pd.isna(fiche["aci_date"]) else fiche["aci_date"],
        members=None if pd.isna(fiche["members"]) else float(fiche["members"]),
        starts=aci.months_to_start(fiche["aci_date"], started.set_index("mission")["started"]),
    )  # fmt: skip
    return (
        simulated,
        f"{about}, {french.plural(len(missions), 'mission')}, taille {simulated['size'].iloc[0]}",
    )


def _known_rates(started: pd.DataFrame, column: str) -> dict[str, float]:
    # A mission without a rate stays out: the simulator lets it run from 0 to 1.
    return {row["mission"]: float(row[column]) for row in started.to_dict("records") if pd.notna(row[column])}


def _range(low: float, high: float) -> str:
    if pd.isna(high):
        return f"au moins {french.number(low, 0)}"
    return french.number(low, 0) if low == high else f"de {french.number(low, 0)} à {french.number(high, 0)}"


def main_figure(found: Dossier, *, source: str) -> Shown:
    """One figure for the paper: the indicators of the table in their most frequent unit, or one sentence."""
    table = _first(found.follow.compared)
    drawable = table.dropna(subset=["value"]) if len(table) else table
    if drawable.empty:
        return display.text("Aucun indicateur n'a de valeur à dessiner.")
    unit = drawable["unit"].mode().iloc[0]
    return pages.benchmarks(drawable[drawable["unit"] == unit], source=source)


def _first(table: pd.DataFrame) -> pd.DataFrame:
    """Indicators that the paper can hold: those with an interval first when there are too many, else all in their order."""
    if table.empty:
        return table
    kept = table.assign(label_fr=table["label_fr"].map(paper.clipped))
    if len(kept) <= ROWS:
        return kept
    return kept.sort_values("lower", key=lambda bounds: bounds.isna(), kind="stable").head(ROWS)
