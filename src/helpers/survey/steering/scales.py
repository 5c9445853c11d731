"""Answers on a scale: do several people place one CPTS alike, does one person answer alike twice, may opinions be added up?

Users of care are in none of these results. A measure that the answers do not allow is refused in words, never left out.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from helpers import french
from helpers.catalog import Study
from helpers.errors import NotComputable
from helpers.methods import agreement
from helpers.survey.instrument import Instrument
from helpers.survey.instrument.identity import USERS
from helpers.survey.instrument.submissions import ANSWERED

SCALES_FR = {
    "measure": "Mesure",
    "about": "Sur quoi",
    "value": "Valeur",
    "interval": "Intervalle",
    "units": "Unités",
    "said_fr": "Ce qu'on peut en dire",
}
# Judgements that people make on a scale of five; all others state facts, which nothing obliges to go together.
OPINIONS = ("Q4", "Q27", "Q30", "Q41", "Q42")
SUM_FR = "ne vaut que si l'on additionne ces opinions, qui ne sont pas toutes de la même dimension"
NOTHING = "—"
PEOPLE_FR = "mêmes personnes à deux vagues"
TWICE_FR = "un accord faible est un avis qui change autant qu'une question mal comprise"
ALIKE_FR = "deux personnes au hasard, sur la place de la CPTS à chaque question ; un rôle peut savoir ce qu'un autre ignore"


def professionals(answers: pd.DataFrame, cpts: str, wave: str) -> pd.DataFrame:
    """Answers of one CPTS and wave, without the users of care."""
    return answers[(answers["cpts"] == cpts) & (answers["wave"] == wave) & (answers["role"] != USERS)]


def coherence(
    answers: pd.DataFrame, instrument: Instrument, cpts: str, first: str, second: str, study: Study
) -> pd.DataFrame:
    """Alpha, omega and intraclass correlation of the wave `second`, weighted kappa between both waves: one row each (SCALES_FR).

    Kappa: the same people (role and code) at both waves, one question of opinion after the other, quadratic weights.
    Intraclass correlation: the oriented questions of one answer as units, the people as raters, without the questions that
    somebody left. Alpha and omega: people by the five opinions, in one direction, complete rows only. Empty without answers.
    """
    before, now = (_places(professionals(answers, cpts, wave), instrument, study) for wave in (first, second))
    if now.empty:
        return pd.DataFrame(columns=list(SCALES_FR))
    opinions = now.reindex(columns=list(OPINIONS)).dropna()
    listed = french.listing(OPINIONS)
    rows = [
        _row("Alpha de Cronbach", listed, SUM_FR, lambda: agreement.cronbach_alpha(opinions)),
        _row("Oméga de McDonald", listed, SUM_FR, lambda: agreement.omega(opinions)),
        _row(
            "Corrélation intraclasse", "questions ordonnées, entre personnes", ALIKE_FR,
            lambda: agreement.intraclass_correlation(now.dropna(axis="columns").T),
        ),
    ]  # fmt: skip
    twice = [_twice(before, now, code, instrument) for code in OPINIONS] if first != second else []
    computed = [row for row in twice if row["value"] != NOTHING]
    # Refused for every opinion, the same reason is said once.
    rows += computed or [row | {"about": f"{listed}, {PEOPLE_FR}"} for row in twice[:1]]
    return pd.DataFrame(rows, columns=list(SCALES_FR))


def _twice(before: pd.DataFrame, now: pd.DataFrame, code: str, instrument: Instrument) -> dict[str, str]:
    """Agreement of the same people on one opinion at two waves."""
    waves = [wave.get(code, pd.Series(dtype=float)) for wave in (before, now)]
    both = pd.concat(waves, axis="columns", join="inner", keys=["first", "second"])
    order = np.linspace(0, 1, len(instrument.by_code[code].options)).round(6)
    return _row(
        "Kappa pondéré", f"{code}, {PEOPLE_FR}", TWICE_FR,
        lambda: agreement.weighted_kappa(both["first"], both["second"], order=order.tolist()),
    )  # fmt: skip


def _row(measure: str, about: str, said: str, method: Callable[[], pd.DataFrame]) -> dict[str, str]:
    try:
        found = method().iloc[0]
    except NotComputable as refused:
        why = french.first_lower(str(refused)).rstrip(".")
        return dict.fromkeys(SCALES_FR, NOTHING) | {"measure": measure, "about": about, "said_fr": why}
    found = found.to_dict()
    known = pd.notna(found["lower"])
    low, high = (french.number(float(found[side]), 2) if known else "" for side in ("lower", "upper"))
    return {
        "measure": measure, "about": about, "value": french.number(float(found["value"]), 2),
        "units": french.number(int(found["denominator"])),
        "interval": f"[{low} ; {high}]" if known else "non défini", "said_fr": " ; ".join(filter(None, (found["note"], said))),
    }  # fmt: skip


def _places(own: pd.DataFrame, instrument: Instrument, study: Study) -> pd.DataFrame:
    """Place of each person's answer, 0 (least advanced) to 1, people × oriented questions of one answer."""
    orientation = study.table("coding/index_orientation").set_index("question")["first_answer"]
    said = own[(own["status"] == ANSWERED) & own["question"].isin(orientation.index)]
    columns = {}
    for code, part in said.groupby("question", sort=False):
        question = instrument.by_code.get(str(code))
        if question is None or question.answer_type not in ("choix_unique", "oui_non"):
            continue
        order = {option.code: rank for rank, option in enumerate(question.options)}
        place = part.set_index(["role", "respondent"])["option"].map(order) / (len(order) - 1)
        columns[str(code)] = (place if orientation[code] == "moins_avancee" else 1 - place).round(6)
    return pd.DataFrame(columns)
