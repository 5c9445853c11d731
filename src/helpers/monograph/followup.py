"""Everything that a report says of indicators and actions of one CPTS, computed once, small counts already masked."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from helpers.catalog import Study
from helpers.methods import comparison, protection
from helpers.methods import measured as measure
from helpers.monograph import actions, benchmark, captions, indicators, pages, register
from helpers.page import figures
from helpers.page.display import Shown, table, text

LIMITS_FR = (
    "le repère peut contenir la CPTS, et un territoire suivi parce qu'il était mal placé remonte souvent de lui-même "
    "(retour vers la moyenne)"
)


@dataclass(frozen=True)
class FollowUp:
    """Indicators and actions of one CPTS.

    `measured` is every value with its interval (`indicators.measures`), `compared` the last ones beside their benchmark with the
    link of the actions (`benchmark.compared`, `actions.by_indicator`), `log` the actions and `linked` their links.
    """

    cpts: str
    users: bool
    masked: bool
    definitions: pd.DataFrame
    measured: pd.DataFrame
    compared: pd.DataFrame
    log: pd.DataFrame
    linked: pd.DataFrame

    @property
    def chapters(self) -> frozenset[str]:
        """Chapters of the plan that these tables tell, whatever the facts say of them."""
        told = {"indicateurs": len(self.compared), "actions": len(self.log)}
        return frozenset(chapter for chapter, rows in told.items() if rows)


def follow_up(cpts: str, study: Study, *, confidence: float = 0.95) -> FollowUp:
    """Indicators, benchmark, moves, actions and their links of one CPTS (the first one when empty).

    The small counts of a user's package are masked; those that the documents print are not. Raises UnknownName for an unknown
    CPTS, NotComputable for an indicator without definition or a count that cannot be.
    """
    asked = ("follow-up", cpts, confidence)
    return study.once(asked, lambda: _follow_up(cpts, study, confidence=confidence))


def _follow_up(cpts: str, study: Study, *, confidence: float) -> FollowUp:
    row = register.chosen(cpts, study)
    code, users = str(row["cpts"]), row["origin"] in register.USERS
    masked = register.is_users(study)
    definitions, values = indicators.load(code, study)
    measure.defined(definitions, values)
    measured = indicators.measures(definitions, values, confidence=confidence, masked=masked)
    log = actions.load(code, study)
    linked = actions.links(definitions, measured, log, code)
    compared = benchmark.compared(definitions, measured, code, confidence=confidence)
    if len(compared):
        compared = compared.merge(actions.by_indicator(definitions, linked), on="indicator", how="left")
    return FollowUp(code, users, masked, definitions, measured, compared, log, linked)


def protection_sentence(suivi: FollowUp) -> Shown:
    """What the pages of a user's package protect and what they do not; nothing for the published documents."""
    return text(protection.PROMISE_FR) if suivi.masked else Shown("")


def action_table(suivi: FollowUp, *, source: str) -> Shown:
    """The log beside the indicators, or the sentence that there is none."""
    if suivi.log.empty:
        return text(
            "Le journal des actions est vide : aucun indicateur ne peut être rapproché d'une action datée."
            if suivi.users
            else "Aucune action avec ses dates et son compte n'est codée pour cette CPTS : aucun indicateur n'en est rapproché."
        )
    shown = actions.for_readers(suivi.definitions, suivi.log, suivi.linked, masked=suivi.masked)
    # Nine columns would hide the link, which is what the table is read for.
    shown = shown.assign(
        Dates=[_dates(start, end) for start, end in zip(shown["Début"], shown["Fin"], strict=True)],
        Lien=[f"{link} : {why}" for link, why in zip(shown["Lien"], shown["Pourquoi"], strict=True)],
    )[["Action", "Mission", "Dates", "Public visé", "Compte propre", "Indicateur visé", "Lien"]]
    note = f"{actions.TESTED_NOTE_FR} ; {LIMITS_FR}"
    tested = int(suivi.linked["compared"].sum())
    note += f" ; {comparison.false_alarms_sentence(tested)}".rstrip(".") if tested else ""
    note += f" ; {protection.NOTE_FR}" if suivi.masked else ""
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
    if start == end:
        return f"le {start}"
    return f"depuis le {start}" if end == "en cours" else f"du {start} au {end}"


def action_timeline(suivi: FollowUp, *, source: str) -> Shown:
    """Actions in time beside the ends of the observed periods of the indicators that they aim at; nothing without a log."""
    if suivi.log.empty:
        return Shown("")
    steps = actions.steps(suivi.log, suivi.measured, suivi.cpts)
    return pages.drawn(
        lambda: figures.timeline(
            steps, captions.dated_actions(suivi.log), label="label", date="date", stage="stage", stages=list(actions.STAGES_FR),
            source=source,
        ),
        "Aucune action datée à placer dans le temps.", empty=steps.empty,
    )  # fmt: skip
