"""Stage of each CPTS on the scale of the thesis, beside the age of its association."""

from __future__ import annotations

import datetime as dt
import re

import pandas as pd

from helpers import french
from helpers.catalog import Study
from helpers.survey.instrument import Instrument
from helpers.survey.steering.answered import ABSENT, DIVERGENT, DOCUMENT_WAVE

MATURITY_FR = {
    "name_fr": "CPTS",
    "stage_fr": "Étape",
    "level": "Niveau (1 à 4)",
    "created_fr": "Création",
    "age_fr": "Âge à l'enquête (mois)",
}
_MONTH = re.compile(r"\d{4}-\d{2}")
_STAGE, _CREATED = "Q2", "Q1"
_UNKNOWN = "—"


def maturity(cells: pd.DataFrame, instrument: Instrument, study: Study) -> pd.DataFrame:
    """One row per CPTS (MATURITY_FR), the most advanced first, then the oldest.

    The levels are those of the thesis (lines 953 to 956), read from the last to the first answer of Q2. The age is counted from
    Q1 to the month that the wave names, or to both ends of the inquiry of the thesis; it is unknown when people give different
    answers or when the wave names no month. Takes the cells of one wave per CPTS.
    """
    levels = len(instrument.question(_STAGE).options)
    rows = []
    for (_, name, wave), own in cells.groupby(["cpts", "name_fr", "wave"], sort=False):
        stage, created = (own[own["question"] == code].iloc[0] for code in (_STAGE, _CREATED))
        level = levels + 1 - int(stage["options"][0]) if len(stage["options"]) == 1 else pd.NA
        answer = next(
            (item.label_fr for item in instrument.question(_STAGE).options if item.code in stage["options"]),
            None,
        )
        months = set(_MONTH.findall(str(created["answer_fr"])))
        born = months.pop() if len(months) == 1 else None
        rows.append(
            {
                "name_fr": name,
                "stage_fr": answer or (DIVERGENT if stage["state"] == DIVERGENT else ABSENT),
                "level": level,
                "created_fr": french.date(dt.date.fromisoformat(f"{born}-01"), "month") if born else _UNKNOWN,
                "age_fr": _age(born, str(wave), study),
                "_born": born or "9999",
            }
        )
    found = pd.DataFrame(rows, columns=[*MATURITY_FR, "_born"]).astype({"level": "Int64"})
    ordered = found.sort_values(
        ["level", "_born"], ascending=[False, True], na_position="last", kind="stable"
    )
    return ordered[list(MATURITY_FR)].reset_index(drop=True)


def maturity_sentence(table: pd.DataFrame) -> str:
    """How many CPTS stand at which stage, the most advanced first, in French; empty when no stage is known."""
    known = table[table["level"].notna()]
    counts = known["stage_fr"].value_counts(sort=False)
    said = [f"{french.number(int(count))} « {stage} »" for stage, count in counts.items()]
    lead = "L'étape est connue pour"
    return (
        f"{lead} {french.plural(len(known), 'CPTS', 'CPTS')} sur {len(table)} : {french.listing(said)}."
        if said
        else ""
    )


def _age(born: str | None, wave: str, study: Study) -> str:
    if born is None:
        return _UNKNOWN
    if wave == DOCUMENT_WAVE:
        document = study.table("documents").set_index("key").loc["miller2022"]
        ends = [str(document[column])[:7] for column in ("inquiry_start", "inquiry_end")]
    else:
        ends = [wave] if _MONTH.fullmatch(wave) else []
    ages = [_months(end) - _months(born) for end in ends]
    return " à ".join(french.number(age) for age in ages) or _UNKNOWN


def _months(month: str) -> int:
    return 12 * int(month[:4]) + int(month[5:7])
