"""The user's own register in a report: a table when the package has rows, one French sentence when it has none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pandas as pd

from helpers.articulation import districts, faults, gaps, joint, overlaps, perimeters
from helpers.catalog import Study, labels
from helpers.methods import measured
from helpers.page import display

NO_REGISTER = (
    "Ce paquet n'a pas de périmètre : remplissez le tableau cpts/perimeters (modèle : data/modele) pour voir ici qui couvre "
    "quelles communes."
)
NOTE_GROUND = "un dispositif en projet, ou clos sans dernier jour, ne couvre rien ; inconnu : limites de communes changées depuis"
NO_VERSION = "Aucune ligne de ce registre n'est valable à ces dates."
NO_FAULT = "Aucun défaut dans ce registre."


def register(study: Study) -> pd.DataFrame:
    """Register of the package (`cpts/perimeters`), empty when it has none."""
    return study.table(perimeters.TABLE, optional=True)


def _nothing(table: pd.DataFrame) -> str:
    """Why a table about a register has no row: a register without a row that day is no missing register."""
    return NO_REGISTER if table.empty else NO_VERSION


def faults_shown(
    table: pd.DataFrame, *, caption: str = "Défauts de votre registre", name: str = ""
) -> display.Shown:
    """Faults of a register as a table, the sentence that there is none, or that there is no register."""
    otherwise = NO_FAULT if len(table) else NO_REGISTER
    return display.show(
        display.table, faults.found(table), caption, otherwise=otherwise, heads=faults.HEADS_FR, name=name
    )


def sizes_shown(
    table: pd.DataFrame,
    caption: str,
    *,
    at: dt.date | str,
    today: dt.date | str = perimeters.GEOGRAPHY,
    year: int,
    **options: Any,
) -> display.Shown:
    """Size of each scheme on the perimeter of its time and on today's, rows with a blocking fault left out."""
    both = perimeters.then_and_now(perimeters.with_status(faults.sound(table)), at=at, today=today, year=year)
    data = perimeters.readable(both) if len(both) else both
    note = perimeters.versions(at, today, year)
    return display.show(
        display.table, data, caption, otherwise=_nothing(table), heads=perimeters.SIZE_HEADS_FR, note=note, **options
    )  # fmt: skip


def pairs_shown(
    table: pd.DataFrame,
    caption: str,
    *,
    at: dt.date | str,
    today: dt.date | str = perimeters.GEOGRAPHY,
    year: int,
    **options: Any,
) -> display.Shown:
    """Relation and shared ground, both ways, of each CPTS with each DTS, then and now."""
    both = overlaps.pairs_then_and_now(faults.sound(table), at=at, today=today, year=year)
    note = f"{perimeters.versions(at, today, year)} ; {NOTE_GROUND} ; {districts.WHOLE_COMMUNES}"
    return display.show(
        display.table, overlaps.readable_pairs(both), caption, heads=overlaps.BOTH_HEADS_FR, note=note,
        otherwise="Aucune CPTS ne partage une commune avec une DTS du registre.", **options,
    )  # fmt: skip


def covered(table: pd.DataFrame, *, at: dt.date | str, year: int) -> pd.DataFrame:
    """State of each commune of the EPCI that the sound rows of a register touch: see `overlaps.states`."""
    return overlaps.states(faults.sound(table), at=at, year=year)


def coverage_shown(table: pd.DataFrame, *, at: dt.date | str, year: int, name: str = "") -> display.Shown:
    """Communes and inhabitants of the EPCI that the register touches, by what covers them."""
    states = covered(table, at=at, year=year)
    return display.show(
        display.table, overlaps.count_states(states) if len(states) else states,
        "Communes et habitants de vos EPCI couverts par une CPTS, une DTS, les deux ou aucune", otherwise=_nothing(table),
        heads=overlaps.STATE_HEADS_FR, name=name,
        note=f"{perimeters.said(at)} ; population {year} ; « aucun » : aucun dispositif de votre registre",
    )  # fmt: skip


def register_shown(
    table: pd.DataFrame,
    *,
    at: dt.date | str,
    today: dt.date | str = perimeters.GEOGRAPHY,
    year: int,
    quarters: pd.DataFrame | None = None,
) -> display.Shown:
    """The user's register: its faults, its schemes and pairs then and now, what is covered. One sentence alone when empty.

    `quarters` are the priority districts that its ASV name (`districts.of_package`).
    """
    if table.empty:
        return display.text(NO_REGISTER)
    days: dict[str, Any] = {"at": at, "today": today, "year": year}
    return _joined(
        [
            faults_shown(table, name="vos_defauts"),
            sizes_shown(
                table,
                "Vos dispositifs sur le périmètre d'alors et sur l'actuel",
                name="vos_perimetres",
                **days,
            ),
            pairs_shown(
                table,
                "Vos CPTS et vos DTS : même sol ou non, alors et aujourd'hui",
                name="vos_paires",
                **days,
            ),
            *(display.text(said) for said in districts.sentences(table, quarters)),
            coverage_shown(table, at=today, year=year, name="votre_couverture"),
        ]
    )


def _joined(parts: Sequence[display.Shown]) -> display.Shown:
    return display.Shown("".join(part.html for part in parts))


def joint_table(study: Study, *, minimum: int = 1, confidence: float = 0.95) -> pd.DataFrame:
    """Joint display of the package: its segments that name an indicator and a territory, against its indicators.

    Empty when the package has neither. Raises as `joint.display` does.
    """
    names = ("material/segments", "cpts/indicators", "cpts/indicator_definitions")
    segments, values, definitions = (study.table(name, optional=True) for name in names)
    values = measured.protect(values, study)
    return joint.display(
        joint.own_statements(segments, definitions), joint.own_indicators(values, definitions, confidence=confidence),
        minimum=minimum,
    )  # fmt: skip


def gaps_shown(study: Study) -> display.Shown:
    """Schemes that the documents name without a perimeter."""
    table = gaps.without_perimeter(study)
    return display.table(
        table.assign(document=table["document"].map(labels.documents())),
        "Dispositifs nommés ou comptés par les documents, et leurs périmètres", heads=gaps.GAP_HEADS_FR,
        name="lacunes_perimetres",
        note="présumé : nom et population ne désignent qu'un territoire, calcul de l'observatoire",
    )  # fmt: skip
