"""Third session, to judge and to publish: agreement beyond chance, a masked count that a subtraction gives back."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pandas as pd

from helpers import material
from helpers.articulation import pairs, sheet
from helpers.catalog import Study
from helpers.documents.reproductions.cells import Cells
from helpers.material import agreement
from helpers.seminar.answers import Answer, Computed

_CODE = "c2b"
_PLACE = "A"


def _codings(study: Study) -> pd.DataFrame:
    """Whether each of the two readers gave the code to each passage."""
    table = study.table("coding/passage_codings")
    readers = {"auteure": table["author_code"], "relecture": table["recoding_primary"]}
    return pd.DataFrame(
        {name: (codes == _CODE).map({True: "oui", False: "non"}) for name, codes in readers.items()}
    )


def _raw(study: Study) -> float:
    codings = _codings(study)
    return float((codings["auteure"] == codings["relecture"]).mean())


def _kappa(study: Study) -> float:
    return float(material.cohen_kappa(_codings(study)).iloc[0]["value"])


def _specialists(indicator: str) -> Computed:
    return lambda study: float(
        Cells("miller2022/supply_epidemiology", study).value(cpts=_PLACE, indicator=indicator)
    )


_number, _share = _specialists("specialistes_nombre"), _specialists("specialistes_part_60_plus")


def _hidden(study: Study) -> int:
    return round(_number(study) * _share(study) / 100)


@lru_cache(maxsize=1)
def _ground(study: Study) -> pd.Series[Any]:
    """What the CPTS of Orléans and the contract of its metropolis share, by the sheet of the pair that the document names."""
    told = Study("") if pairs.is_users(study) else study
    return sheet.sheet("cpts-orleanaise+cls-agglo-orleans", told).ground.iloc[0]


def _of_ground(top: str, bottom: str) -> Computed:
    return lambda study: 100 * float(_ground(study)[top]) / float(_ground(study)[bottom])


ANSWERS = {
    "sol_commun": Answer(
        _of_ground("population_both", "population_second"),
        {
            "base_cpts": _of_ground("population_both", "population_first"),
            "communes": _of_ground("communes_both", "communes_second"),
            "a_l_envers": _of_ground("population_second", "population_both"),
        },
    ),
    "kappa_c2b": Answer(
        _kappa,
        {
            "accord_brut": _raw,
            "desaccord": lambda study: 1 - _raw(study),
            "prevalence": lambda study: agreement.prevalence(_codings(study), "oui"),
        },
    ),
    "masque_a": Answer(
        _hidden,
        {
            "autre_colonne": lambda study: _number(study) - _hidden(study),
            "total_de_la_ligne": _number,
            "seuil": lambda _: 11,
        },
    ),
}
