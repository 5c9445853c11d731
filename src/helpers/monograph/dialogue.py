"""The dossier of the yearly management dialogue: missions, contested points, what the ACI may bring; for two pages of paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers import aci, french
from helpers.catalog import Study, labels
from helpers.errors import NotComputable
from helpers.monograph import actions, aura, chapters, pages, record, register, situation
from helpers.monograph.chapters import KNOWN
from helpers.monograph.followup import FollowUp, follow_up
from helpers.monograph.situation import Situation
from helpers.page import display, paper
from helpers.page.display import Shown

# Rows that two pages of paper can hold; what is left out is counted under the table and stands in the monograph.
ROWS = 6
# Things said of one mission; the others are counted.
TOLD = 3


@dataclass(frozen=True)
class Dossier:
    """What one management dialogue is about: the CPTS, its missions of the last year, its follow-up and the day it is held."""

    fiche: pd.Series[Any]
    situation: Situation
    missions: pd.DataFrame
    contested: pd.DataFrame
    follow: FollowUp
    known: pd.DataFrame

    @property
    def day(self) -> pd.Timestamp:
        """Day of the dossier; missing when nothing gives one."""
        return self.situation.day

    @property
    def users(self) -> bool:
        """Whether the CPTS is that of a user's package."""
        return self.fiche["origin"] in register.USERS


def dossier(cpts: str, study: Study, *, day: str = "", confidence: float = 0.95) -> Dossier:
    """Everything that the two pages need, for one CPTS (the first one when empty) and one day (AAAA-MM-JJ).

    Without a day, that of `situation.of`, so that the same data give the same pages. Raises UsageError for a day that is none,
    UnknownName for an unknown CPTS.
    """
    fiche = register.chosen(cpts, study)
    follow = follow_up(cpts, study, confidence=confidence)
    table = study.table("cpts/missions", optional=True)
    own = table[table["cpts"] == fiche["cpts"]]
    last = own[own["year"] == own["year"].max()].reset_index(drop=True)
    known = record.facts(cpts, study)
    told = situation.of(cpts, study, known=known, day=day)
    return Dossier(fiche, told, last, _contested(fiche, follow, last, study), follow, known)


def _contested(fiche: pd.Series[Any], follow: FollowUp, missions: pd.DataFrame, study: Study) -> pd.DataFrame:
    """What is discussed with the fund and why: `what`, `why`, indicators first."""
    if fiche["origin"] == "interrogee":
        return aura.disputed(str(fiche["cpts"]), study)
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


def mission_table(found: Dossier, *, source: str) -> Shown:
    """Missions of the last year: start, shares obtained, number of actions of the log; or what the sources say of actions."""
    if found.missions.empty:
        return _told_missions(found, source)
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
    # The running of the CPTS has a line of the agreement, and is no mission of it.
    own = found.missions[found.missions["mission"] != "fonctionnement"]
    waiting = int(own["started"].isna().sum())
    base = french.plural(len(own), "mission")
    if waiting:
        base += f", dont {french.plural(waiting, 'non démarrée ou non dite', 'non démarrées ou non dites')}"
    year = french.listing(str(year) for year in found.missions["year"].unique())
    return _table(
        pd.DataFrame(rows),
        f"Missions de l'accord, {year}",
        name="missions",
        source=source,
        base=base,
    )


def _share(rate: Any) -> str:
    return "inconnue" if pd.isna(rate) else french.percent(100 * float(rate), 0)


def _variable(row: dict[str, Any]) -> str:
    return "sans objet" if row["mission"] == "fonctionnement" else _share(row["variable_rate"])


def _told_missions(found: Dossier, source: str) -> Shown:
    """What the document says that a CPTS does, mission by mission, or the sentence that nothing is coded or filled in."""
    own = found.known[(found.known["chapter"] == "actions") & (found.known["status"] == KNOWN)]
    if found.users and own.empty:
        return display.text("Aucune mission n'est renseignée : remplissez le tableau cpts/missions.")
    if own.empty:
        return display.text(f"Missions : {chapters.statuses()[chapters.NOT_CODED]}.")
    rows = []
    for code, name in chapters.missions().items():
        said = _labelled(own[own["mission"] == code].to_dict("records"), name)
        if said:
            more = f" ; et {len(said) - TOLD} de plus" if len(said) > TOLD else ""
            told = " ; ".join(paper.clipped(item, 90) for item in said[:TOLD])
            rows.append({"Mission": name, "Informations": len(said), "Dont": told + more})
    shares = "dates de démarrage et taux d'atteinte : "
    shares += "à renseigner dans cpts/missions" if found.users else chapters.statuses()[chapters.NOT_CODED]
    return _table(
        pd.DataFrame(rows),
        "Ce que l'on sait des actions, par mission",
        name="missions",
        source=source,
        note=shares,
    )


def _labelled(facts: Sequence[Mapping[str, Any]], mission: str) -> list[str]:
    """What facts of one mission say, each with what it is about, unless the mission or the fact before it has just said so."""
    before = [mission, *(str(fact["label_fr"]) for fact in facts)]
    return [
        record.said(fact) if fact["label_fr"] in (mission, last) else record.told(fact)
        for fact, last in zip(facts, before, strict=False)
    ]


def recent_actions(found: Dossier, *, source: str) -> Shown:
    """The most recent actions of the log with their own count and link, or the sentence that the log is empty."""
    log = found.follow.log
    if log.empty:
        return display.text(
            "Le journal des actions est vide : remplissez le tableau cpts/actions."
            if found.users
            else f"Actions datées, avec leur compte propre : {chapters.statuses()[chapters.NOT_CODED]}."
        )
    follow = found.follow
    shown = actions.for_readers(follow.definitions, log.tail(ROWS), follow.linked, masked=follow.masked)
    left = len(log) - len(shown)
    more = (
        "la plus ancienne n'est pas montrée"
        if left == 1
        else f"les {left} plus anciennes ne sont pas montrées"
    )
    tested = shown["Lien"].eq(actions.TESTED).any()
    notes = [actions.TESTED_NOTE_FR if tested else "", f"{more} ; voir la monographie" if left else ""]
    note = " ; ".join(filter(None, notes))
    kept = shown[["Action", "Début", "Compte propre", "Indicateur visé", "Lien"]]
    kept = kept.assign(
        **{name: kept[name].map(paper.clipped) for name in ("Action", "Indicateur visé", "Compte propre")}
    )
    return _table(kept, "Actions du journal", name="actions", source=source, note=note, base=len(kept))


def shown_indicators(found: Dossier, *, source: str, confidence: float) -> Shown:
    """Indicators with interval, benchmark and link; those with an interval first when there are too many for the paper."""
    table = _first(found.follow.compared)
    shown = paper.on_paper(
        pages.table_of_indicators(
            table, name="indicateurs", source=source, confidence=confidence, users=found.users
        )
    )
    left = len(found.follow.compared) - len(table)
    if not left:
        return shown
    said = f"{french.plural(left, 'autre indicateur', 'autres indicateurs')} dans la monographie."
    return pages.together([shown, display.text(said)])


def contested_list(found: Dossier) -> Shown:
    """What is contested and why, or the sentence that nothing is declared."""
    if found.contested.empty:
        return display.text(
            "Aucun point contesté n'est déclaré dans le paquet."
            if found.users
            else f"Points contestés : {chapters.statuses()[chapters.NOT_CODED]} ; le texte peut en dire davantage."
        )
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
    if pd.isna(found.fiche["population"]):
        ask = " : remplissez la colonne « population » du tableau cpts/cpts" if found.users else ""
        return display.text(f"Montant de l'année non calculable, faute de population{ask}.")
    try:
        amounts, about = simulated(found, scale, study)
    except NotComputable as refusal:
        return display.text(f"Simulation de l'accord : non calculable. {refusal}")
    lines = (
        amounts.groupby("mission", sort=False)[["lower", "upper"]]
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
        pd.DataFrame(rows),
        f"Simulation de l'accord : {about}",
        name="simulation_aci",
        source=_source(scale_of(found, scale)),
        note=_condition(amounts),
    )


def _condition(amounts: pd.DataFrame) -> str:
    """What the increase of the largest size asks for, where an amount is taken off for it: the sign alone says nothing."""
    notes = amounts.loc[amounts["mission"] == "majoration", "note"]
    return french.first_lower(str(notes.iloc[0])).rstrip(".") if len(notes) else ""


# A whole scale of each agreement, when the page takes the one of its date.
BY_DATE = "date"
_SCALE_OF = {2019: "laine2021", 2022: "aura2022"}


def scale_of(found: Dossier, scale: str) -> str:
    """Document whose scale applies: the one asked, or with BY_DATE that of the agreement in force in the year simulated.

    The year is that of the missions, else of the signature, else of the situation; without any, the last scale.
    """
    if scale != BY_DATE:
        return scale
    year = (
        found.missions["year"].max()
        if len(found.missions)
        else getattr(found.fiche["aci_date"], "year", None)
    )
    year = getattr(found.day, "year", None) if year is None or pd.isna(year) else year
    known = [start for start in _SCALE_OF if year is None or pd.isna(year) or start <= year]
    return _SCALE_OF[max(known or _SCALE_OF)]


def _source(scale: str) -> str:
    return f"barème imprimé : {labels.document(scale)} ; règles de l'observatoire"


def simulated(found: Dossier, scale: str, study: Study) -> tuple[pd.DataFrame, str]:
    """Simulation of the year of the dossier by a scale or BY_DATE, and in words for which year, missions and size.

    Raises NotComputable without population, or beyond the years of the contract.
    """
    scale = scale_of(found, scale)
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
    missions = list(started["mission"]) if len(found.missions) else _missions_of(scale, study)
    rates = {name: _known_rates(started, f"{name}_rate") for name in ("fixed", "variable")}
    amounts = aci.simulate(
        float("nan") if pd.isna(fiche["population"]) else float(fiche["population"]), year_of_contract=year, missions=missions,
        fixed_rates=rates["fixed"], variable_rates=rates["variable"], scale=scale, study=study,
        signed_on=_day_of_signature(fiche),
        members=None if pd.isna(fiche["members"]) else float(fiche["members"]),
        starts=aci.months_to_start(fiche["aci_date"], started.set_index("mission")["started"]),
    )  # fmt: skip
    return (
        amounts,
        f"{about}, {french.plural(len(missions), 'mission')}, taille {amounts['size'].iloc[0]}",
    )


def _day_of_signature(fiche: pd.Series[Any]) -> pd.Timestamp | None:
    """Day of the signature, nothing when it is unknown or printed as a month or a year: its first day would be an invention."""
    precision = fiche.get("aci_date_precision")
    rough = pd.notna(precision) and precision != "day"
    return None if rough or pd.isna(fiche["aci_date"]) else pd.Timestamp(fiche["aci_date"])


def _missions_of(scale: str, study: Study) -> list[str]:
    """Missions that the scale pays: that of 2019 has fewer."""
    paid = aci.missions_in(aci.document_scale(scale, study))
    return [mission for mission in aci.MISSIONS if mission in paid]


def _known_rates(started: pd.DataFrame, column: str) -> dict[str, float]:
    # A mission without a rate stays out: the simulator lets it run from 0 to 1.
    return {row["mission"]: float(row[column]) for row in started.to_dict("records") if pd.notna(row[column])}


def _range(low: float, high: float) -> str:
    if pd.isna(high):
        return f"au moins {french.number(low, 0)}"
    return french.number(low, 0) if low == high else f"de {french.number(low, 0)} à {french.number(high, 0)}"


def paper_picture(found: Dossier, *, source: str) -> Shown:
    """The one figure of the paper: the indicators of the table in their most frequent unit; nothing without a value."""
    table = _first(found.follow.compared)
    return pages.picture(table, found.known, source=source) if len(table) else Shown("")


def _first(table: pd.DataFrame) -> pd.DataFrame:
    """Indicators that the paper can hold: those of a mission, in its order, before those that describe the territory."""
    if table.empty:
        return table
    kept = pages.by_mission(table).head(ROWS)
    return kept.assign(label_fr=kept["label_fr"].map(paper.clipped))
