"""The first screen of the monograph and of the dossier: the findings about one CPTS, one sentence each, the answer first."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pandas as pd

from helpers import french
from helpers.methods import disclosure
from helpers.methods.measured import digits
from helpers.monograph import actions, benchmark, chapters, pages, record, register
from helpers.monograph.chapters import ABSENT, KNOWN, NOT_PUBLISHED, UNKNOWN
from helpers.monograph.followup import FollowUp
from helpers.monograph.situation import Situation
from helpers.page import paper
from helpers.page.display import Shown

# Names told in one sentence; the others are counted.
NAMED = 3
_WORDS = (
    ("moins favorable", "moins favorable que le repère", "moins favorables que le repère"),
    ("plus favorable", "plus favorable que le repère", "plus favorables que le repère"),
    ("au-dessus", "au-dessus du repère", "au-dessus du repère"),
    ("au-dessous", "au-dessous du repère", "au-dessous du repère"),
    ("non différent", "sans différence visible avec le repère", "sans différence visible avec le repère"),
)


def findings(fiche: pd.Series[Any], known: pd.DataFrame, suivi: FollowUp, told: Situation) -> Shown:
    """The opening of the monograph, as a list: who and when, indicators, moves, actions, what is missing."""
    if fiche["origin"] == "carte":
        alone = "La thèse n'imprime d'elle que ce que dit sa carte : elle n'a pas été interrogée, et rien d'autre n'est codé ici."
        return pages.listed([identity(fiche, known, told), alone])
    said = [
        identity(fiche, known, told),
        indicators(suivi, known),
        moves(suivi),
        action_log(suivi, known),
        missing(known, users=fiche["origin"] in register.USERS, elsewhere=suivi.chapters),
    ]
    return pages.listed([sentence for sentence in said if sentence])


def identity(fiche: pd.Series[Any], known: pd.DataFrame, told: Situation) -> str:
    """Who, of which day, which agreement, which population and members: in the words of what is known."""
    users = fiche["origin"] in register.USERS
    if fiche["origin"] == "vide":
        return f"{fiche['name_fr']} : {register.ORIGINS_FR['vide']}."
    stage = _users_stage(fiche) if users else _documents_stage(known)
    people = _users_people(fiche, known) if users else _documents_people(known)
    return f"{fiche['name_fr']} : {' ; '.join(filter(None, [told.said_fr, stage, *people]))}."


def _users_stage(fiche: pd.Series[Any]) -> str:
    if pd.notna(fiche["aci_date"]):
        return f"accord signé {signed_on(fiche['aci_date'])}"
    if pd.notna(fiche["status"]):
        return chapters.named("cpts/cpts", "status", fiche["status"])
    return "signature de l'accord non renseignée"


def signed_on(day: Any, precision: Any = "day") -> str:
    """A day with its article, a month or a year with its preposition: "le 7 février 2020", "en novembre 2019", "en 2019"."""
    level = "day" if pd.isna(precision) or not precision else str(precision)
    return f"{'le' if level == 'day' else 'en'} {french.date(pd.Timestamp(day).date(), level)}"


def _users_people(fiche: pd.Series[Any], known: pd.DataFrame) -> list[str]:
    if pd.isna(fiche["population"]):
        people = "population non renseignée"
    else:
        size = record.said(known[known["item"] == "fiche_taille"].iloc[0])
        day = fiche["population_date"]
        counted = "" if pd.isna(day) else f" au {french.date(pd.Timestamp(day).date())}"
        people = f"{french.plural(int(fiche['population']), 'habitant')}{counted} ({size})"
    if fiche.get("members_masked"):
        return [people, f"adhérents : {disclosure.MASKED}"]
    members = fiche["members"]
    return [
        people,
        "nombre d'adhérents non renseigné" if pd.isna(members) else french.plural(int(members), "adhérent"),
    ]


def _documents_stage(known: pd.DataFrame) -> str:
    signed = known[(known["item"] == "date_accord") & (known["label_fr"] == "Signature de l'accord")]
    if len(signed):
        row = signed.iloc[0]
        if row["status"] == NOT_PUBLISHED:
            return "accord signé, date non publiée"
        return f"accord signé {signed_on(row['date'], row['date_precision'])}"
    for item in ("etape", "etape_carte"):
        own = known[(known["item"] == item) & (known["status"] == KNOWN)]
        if len(own):
            return f"étape : {french.first_lower(record.said(own.iloc[0]))}"
    return ""


def _documents_people(known: pd.DataFrame) -> list[str]:
    """Population and members as the document prints them; what it has no place for is not said."""
    found = []
    for item, name in (("population", "population"), ("adherents", "nombre d'adhérents")):
        own = known[known["item"] == item]
        if len(own):
            row = own.iloc[0]
            state = str(row["status"])
            found.append(record.said(row) if state == KNOWN else f"{name} : {chapters.statuses()[state]}")
    return found


def indicators(suivi: FollowUp, known: pd.DataFrame) -> str:
    """How the last values stand beside their benchmark, by name; or what is known of indicators without values."""
    table = suivi.compared
    named = int(((known["chapter"] == "indicateurs") & (known["status"] == KNOWN)).sum())
    if table.empty:
        if suivi.users:
            return "Aucun indicateur n'est renseigné."
        if not named:
            return f"Indicateurs : {chapters.statuses()[chapters.NOT_CODED]}."
        return f"Le texte nomme {french.plural(named, 'indicateur')} pour cette CPTS, sans série de valeurs."
    parts = []
    for verdict, one, many in _WORDS:
        own = table[table["verdict"].str.startswith(verdict)]
        if len(own):
            parts.append(f"{_named(own['label_fr'])} {one if len(own) == 1 else many}")
    uncompared = int((table["verdict"] == "non calculable").sum())
    if uncompared:
        alone = french.plural(uncompared, "indicateur")
        parts.append(f"{alone} sans comparaison calculable")
    text = f"{french.plural(len(table), 'indicateur')} : {' ; '.join(parts)}."
    if uncompared == len(table):
        text = f"{french.plural(len(table), 'indicateur')}, sans comparaison calculable."
    if not suivi.users and named:
        text += f" Le texte en nomme {named} autres, sans valeur imprimée."
    return text


def _named(labels: pd.Series[Any]) -> str:
    names = [f"« {paper.clipped(str(label), 60)} »" for label in labels]
    left = len(names) - NAMED
    return french.listing(names if left <= 0 else [*names[:NAMED], f"{left} de plus"])


def moves(suivi: FollowUp) -> str:
    """The last moves that chance alone would not show, with both values; nothing when no move can be judged."""
    found = benchmark.moves(suivi.measured, suivi.cpts)
    judged = found[found["visible"].notna()]
    if judged.empty:
        return ""
    last = judged.groupby("indicator", sort=False).tail(1)
    seen = last[last["visible"].eq(True)]
    if seen.empty:
        return f"D'une période à la suivante, aucun mouvement ne se distingue du hasard ({_risk(len(last))})."
    told = [_move(row, suivi.measured, suivi.cpts) for row in seen.to_dict("records")]
    return f"Dernier mouvement plus grand que le hasard ({_risk(len(last))}) : {' ; '.join(told)}."


def _risk(judged: int) -> str:
    return f"{french.plural(judged, 'jugé')} au risque de 5 %{' chacun' if judged > 1 else ''}"


def _move(row: dict[str, Any], measured: pd.DataFrame, cpts: str) -> str:
    own = measured[(measured["territory"] == cpts) & (measured["indicator"] == row["indicator"])]
    first, last = (own[own["period_end"] == row[side]].iloc[0] for side in ("start", "end"))
    before = french.number(float(first["value"]), digits(first["value"]))
    after = benchmark.amount(last["value"], str(first["unit"]))
    years = f"de {row['start'].year} à {row['end'].year}"
    return f"« {paper.clipped(str(first['label_fr']), 60)} », de {before} à {after} ({years})"


def action_log(suivi: FollowUp, known: pd.DataFrame) -> str:
    """Actions of the log and what may be said of them; for a documented CPTS, what is coded of its actions by mission."""
    if len(suivi.log):
        text = f"{french.plural(len(suivi.log), 'action')} au journal"
        counted = [(link, int((suivi.linked["link"] == link).sum())) for link in actions.LINKS_FR]
        said = [f"{link} : {count}" for link, count in counted if count]
        text += f" ; lien avec l'indicateur visé : {', '.join(said)}." if said else "."
        early = int(suivi.compared["precedes"].sum()) if len(suivi.compared) else 0
        if early:
            who = french.plural(early, "indicateur a bougé", "indicateurs ont bougé")
            text += f" {who} avant l'action qui {'le' if early == 1 else 'les'} vise."
        return text
    if suivi.users:
        return "Aucune action n'est au journal."
    own = known[(known["chapter"] == "actions") & (known["status"] == KNOWN)]
    counts = own["mission"].map(chapters.missions()).value_counts(sort=False)
    if counts.empty:
        return f"Actions : {chapters.statuses()[chapters.NOT_CODED]}."
    names = list(chapters.missions().values())
    said = [f"{name.lower()} ({counts[name]})" for name in names if name in counts]
    return f"{french.plural(len(own), 'information')} sur les actions : {french.listing(said)}."


def missing(known: pd.DataFrame, *, users: bool, elsewhere: Collection[str] = ()) -> str:
    """How much is known with its source, and what the page could not find, chapter by chapter.

    The chapters `elsewhere` are told by other tables of the page.
    """
    found = record.counts(known)
    told = found[KNOWN] + found[ABSENT]
    whose = "sa source" if told == 1 else "leur source"
    text = f"{french.plural(told, 'information')} avec {whose}" if told else "Aucune information"
    words = {NOT_PUBLISHED: ("non publiée", "non publiées"), UNKNOWN: ("inconnue", "inconnues")}
    text += "".join(
        f" ; {french.plural(found[state], *word)}" for state, word in words.items() if found[state]
    )
    silent = record.silent_chapters(known, elsewhere)
    if not silent:
        return f"{text}."
    empty = [chapters.names()[chapter].lower() for chapter in silent]
    word = "rien n'est renseigné sur" if users else f"{chapters.statuses()[chapters.NOT_CODED]} :"
    return f"{text} ; {word} {french.listing(empty)}."
