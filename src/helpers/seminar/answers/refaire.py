"""First session, a printed figure done again: rounding, whole people, small samples, voices, what is undecided."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from helpers.catalog import Study
from helpers.documents.reproductions import navinel2020_statements
from helpers.documents.reproductions.cells import Cells
from helpers.methods import rates
from helpers.rereading import shown
from helpers.rereading.findings import Finding
from helpers.seminar.answers import Answer, Computed

_NORMAL = 1.959964
# Professionals of the invented thesis: asked, and answered.
_ASKED, _ANSWERED = 120, 60


def _territory(study: Study, cpts: str, indicator: str) -> float:
    return float(Cells("miller2022/territories", study).value(cpts=cpts, indicator=indicator))


def _density(people: str, ground: str) -> Computed:
    return lambda study: float(
        rates.per(_territory(study, people, "population"), _territory(study, ground, "etendue"))
    )


def _supply(study: Study, indicator: str) -> float:
    return float(Cells("miller2022/supply_epidemiology", study).value(cpts="B", indicator=indicator))


def _share_of(share: str, number: str) -> Computed:
    """Doctors of CPTS B that a printed share makes of a printed number, not rounded."""
    return lambda study: _supply(study, share) / 100 * _supply(study, number)


def _without_consultant(study: Study) -> tuple[int, int]:
    table = study.table("miller2022/general")
    return int((~table["consultant"]).sum()), len(table)


def _wilson(study: Study, column: str, *, more: int = 0) -> float:
    counted, base = _without_consultant(study)
    row: pd.Series[Any] = rates.proportion(counted, base + more, per=100).iloc[0]
    return float(row[column])


def _wald(study: Study) -> float:
    counted, base = _without_consultant(study)
    share = counted / base
    return float(100 * (share + _NORMAL * (share * (1 - share) / base) ** 0.5))


def _quotes(study: Study) -> navinel2020_statements.Quotes:
    return navinel2020_statements.Quotes(study)


def _announced(study: Study) -> float:
    return float(Cells("navinel2020/statements", study, "announced").value(statement="a2_unanimite"))


def _stage(figure: str) -> Computed:
    return lambda study: float(study.table("aura2022/deployment").set_index("figure_id").loc[figure, "value"])


_all, _signed = _stage("figure_toutes"), _stage("figure_aci_signe")
_project, _letter = _stage("figure_projet_valide"), _stage("figure_lettre")


def _members(_: Study) -> Finding:
    """The sentence of the invented thesis whose count, base and percentage disagree."""
    return next(found for found in shown.read("").gaps if found.family == "B2")


def _came(base: Callable[[float, float], float]) -> Computed:
    """Percentage of the members who come, on another base than theirs: a function of how many came and of the members."""

    def share(study: Study) -> float:
        came, members = (term.value for term in _members(study).terms[:2])
        return 100 * came / base(came, members)

    return share


ANSWERS = {
    "relire_membres": Answer(
        lambda study: float(_members(study).computed),
        {
            "imprime": lambda study: _members(study).stated.value,
            "base_repondants": _came(lambda came, members: _ANSWERED),
            "base_envois": _came(lambda came, members: _ASKED),
            "non_membres": _came(lambda came, members: _ANSWERED - members),
        },
    ),
    "densite_e": Answer(
        _density("E", "E"),
        {
            "imprimee": lambda study: _territory(study, "E", "densite"),
            "a_l_envers": lambda study: 1 / _density("E", "E")(study),
            "autre_colonne": _density("E", "D"),
            "region": lambda study: _territory(study, "ile_de_france", "densite"),
        },
    ),
    "mg_60_b": Answer(
        lambda study: round(_share_of("mg_part_60_plus", "mg_nombre")(study)),
        {
            "fraction": _share_of("mg_part_60_plus", "mg_nombre"),
            "tronque": lambda study: int(_share_of("mg_part_60_plus", "mg_nombre")(study)),
            "specialistes": lambda study: round(_share_of("mg_part_60_plus", "specialistes_nombre")(study)),
            "les_autres": lambda study: (
                _supply(study, "mg_nombre") - round(_share_of("mg_part_60_plus", "mg_nombre")(study))
            ),
        },
    ),
    "wilson_2_5": Answer(
        lambda study: _wilson(study, "upper"),
        {
            "wald": _wald,
            "region_comprise": lambda study: _wilson(study, "upper", more=1),
            "proportion": lambda study: _wilson(study, "value"),
            "borne_basse": lambda study: _wilson(study, "lower"),
        },
    ),
    "unanime_a2": Answer(
        lambda study: len(_quotes(study).speakers("a2_unanimite")),
        {
            "extraits": lambda study: len(_quotes(study).extracts("a2_unanimite")),
            "annonce": _announced,
            "absents": lambda study: _quotes(study).sample - len(_quotes(study).speakers("a2_unanimite")),
        },
    ),
    "total_733": Answer(
        lambda study: _all(study) - _signed(study) - _project(study),
        {
            "lu_tel_quel": _letter,
            "un_chiffre_ote": lambda study: _letter(study) // 10,
            "projets_oublies": lambda study: _all(study) - _signed(study),
            "signes_oublies": lambda study: _all(study) - _project(study),
        },
    ),
}
