"""Everything that a report says of indicators and actions of one CPTS, computed once, small counts already masked."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from helpers import french
from helpers.catalog import Study
from helpers.methods import protection
from helpers.monograph import actions, benchmark, indicators, pages, register
from helpers.page import figures
from helpers.page.display import Shown, table, text


@dataclass(frozen=True)
class FollowUp:
    """Indicators and actions of one CPTS.

    `measured` is every value with its interval (`indicators.measures`), `compared` the last ones beside their benchmark with the
    link of the actions (`benchmark.compared`, `actions.by_indicator`), `log` the actions and `linked` their links.
    """

    cpts: str
    masked: bool
    definitions: pd.DataFrame
    measured: pd.DataFrame
    compared: pd.DataFrame
    log: pd.DataFrame
    linked: pd.DataFrame


def follow_up(cpts: str, study: Study, *, confidence: float = 0.95) -> FollowUp:
    """Indicators, benchmark, moves, actions and their links of one CPTS (the first one when empty).

    The small counts of a user's package are masked; those that the documents print are not. Raises UnknownName for an unknown
    CPTS, NotComputable for an indicator without definition or a count that cannot be.
    """
    code = str(register.chosen(cpts, study)["cpts"])
    masked = register.is_users(study)
    definitions, values = indicators.load(code, study)
    indicators.check(definitions, values)
    measured = indicators.measures(definitions, values, confidence=confidence, masked=masked)
    log = actions.load(code, study)
    linked = actions.links(definitions, measured, log, code)
    compared = benchmark.compared(definitions, measured, code, confidence=confidence)
    if len(compared):
        compared = compared.merge(actions.by_indicator(definitions, linked), on="indicator", how="left")
    return FollowUp(code, masked, definitions, measured, compared, log, linked)


def overview_sentence(suivi: FollowUp) -> str:
    """How many indicators and actions are known, how many have an interval, and how many each link."""
    found = suivi.compared
    if found.empty and suivi.log.empty:
        return "Aucun indicateur et aucune action datée ne sont publiés pour cette CPTS."
    told = french.plural(len(found), "indicateur")
    with_interval = int(found["lower"].notna().sum()) if len(found) else 0
    text_fr = f"{told}, dont {with_interval} avec un intervalle" if len(found) else "Aucun indicateur"
    text_fr += (
        f" ; {french.plural(len(suivi.log), 'action')} au journal."
        if len(suivi.log)
        else " ; aucune action au journal."
    )
    if len(found) and len(suivi.log):
        counted = [(link, int((found["link"] == link).sum())) for link in actions.LINKS_FR]
        said = [f"{link} : {count}" for link, count in counted if count]
        text_fr += f" Lien des indicateurs aux actions : {' ; '.join(said)}."
        early = int(found["precedes"].sum())
        if early:
            who = french.plural(early, "indicateur a bougé", "indicateurs ont bougé")
            text_fr += (
                f" {who} avant l'action qui le vise."
                if early == 1
                else f" {who} avant l'action qui les vise."
            )
    return text_fr


def protection_sentence(suivi: FollowUp) -> Shown:
    """What the pages of a user's package protect and what they do not; nothing for the published documents."""
    return text(protection.PROMISE_FR) if suivi.masked else Shown("")


def sentences(compared: pd.DataFrame, *, confidence: float = 0.95) -> Shown:
    """One computed sentence per indicator, as a list; nothing without an indicator, which the table already says."""
    if compared.empty:
        return Shown("")
    said = [benchmark.sentence(row, confidence=confidence) for row in compared.to_dict("records")]
    return pages.listed(said)


def action_table(suivi: FollowUp, *, source: str) -> Shown:
    """The log beside the indicators, or the sentence that there is none."""
    if suivi.log.empty:
        return text(
            "Le journal des actions est vide : aucun indicateur ne peut être rapproché d'une action datée."
        )
    shown = actions.for_readers(suivi.definitions, suivi.log, suivi.linked, masked=suivi.masked)
    # Nine columns would hide the link, which is what the table is read for.
    shown = shown.assign(
        Dates=[_dates(start, end) for start, end in zip(shown["Début"], shown["Fin"], strict=True)],
        Lien=[f"{link} : {why}" for link, why in zip(shown["Lien"], shown["Pourquoi"], strict=True)],
    )[["Action", "Mission", "Dates", "Public visé", "Compte propre", "Indicateur visé", "Lien"]]
    note = protection.NOTE_FR if suivi.masked else ""
    return table(
        shown,
        "Journal des actions et lien avec l'indicateur visé",
        name="actions",
        source=source,
        note=note,
        base=len(shown),
    )


def _dates(start: str, end: str) -> str:
    if start == actions.UNDATED:
        return "début non précisé" if end == "en cours" else f"début non précisé, jusqu'au {end}"
    return f"depuis le {start}" if end == "en cours" else f"du {start} au {end}"


def action_timeline(suivi: FollowUp, *, source: str) -> Shown:
    """Actions in time beside the ends of the observed periods of the indicators that they aim at; nothing without a log."""
    if suivi.log.empty:
        return Shown("")
    steps = actions.steps(suivi.log, suivi.measured, suivi.cpts)
    return pages.drawn(
        lambda: figures.timeline(
            steps, "Actions et périodes observées", label="label", date="date", stage="stage", stages=list(actions.STAGES_FR),
            source=source,
        ),
        "Aucune action datée à placer dans le temps.", empty=steps.empty,
    )  # fmt: skip
