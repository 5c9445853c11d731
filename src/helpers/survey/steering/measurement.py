"""How good the answers are as a measure: silences, agreement between people, coherence of a dimension, people needed.

Users of care are in none of these results.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from scipy import stats

from helpers import french
from helpers.errors import NotComputable
from helpers.methods import basis
from helpers.page import findings
from helpers.survey.instrument import Instrument, dimensions
from helpers.survey.instrument.identity import COLUMNS as PERSON
from helpers.survey.instrument.identity import GROUPS_FR, group_of
from helpers.survey.instrument.submissions import ANSWERED, NOT_ASKED
from helpers.survey.steering.scales import OPINIONS, professionals

SILENCE_FR = {
    "question": "Question",
    "denominator": "Posée à (personnes)",
    "numerator": "Sans réponse",
    "value": "Part sans réponse (%)",
}
NEEDED_FR = {
    "change": "Changement à voir (points)",
    "people": "Personnes qui répondent aux deux vagues",
}
RELIABILITY_FR = {
    "dimension": "Dimension",
    "questions": "Questions d'opinion",
    "respondents": "Personnes",
    "value": "Cohérence (Spearman-Brown)",
    "said_fr": "Ce qu'on peut en dire",
}
AGREEMENT_FR = {
    "first": "Groupe",
    "second": "Avec",
    "pairs": "Paires de personnes",
    "value": "Part des cases pareilles (0 à 1)",
}
AGREEMENT_LIMITS_FR = (
    f"{basis.NOTES_FR[basis.CHOSEN]} ; une unité est une case cochée ou non par chaque personne ; "
    "les rôles ne sont pas interchangeables : un désaccord entre eux peut être un savoir, pas une erreur"
)
# Under thirty people a coefficient of coherence may take nearly any value (Charter 1999 asks for hundreds).
FEWEST = 30
_CHANGES = (10, 20, 30, 40, 50)


def silences(answers: pd.DataFrame, instrument: Instrument, cpts: str, wave: str) -> pd.DataFrame:
    """Share of people to whom a question was asked and who left it, in percent, the most left first (SILENCE_FR).

    No interval: those who answer for a CPTS are chosen (`basis.CHOSEN`).
    A question that somebody met is asked to each person of the wave unless it says "non posée": a row that a file typed by hand
    leaves out is no answer. Questions that were asked to nobody are not there.
    """
    own = professionals(answers, cpts, wave).drop_duplicates([*PERSON, "question"])
    people = len(own.drop_duplicates(list(PERSON)))
    unasked = own[own["status"] == NOT_ASKED].groupby("question").size()
    met = set(own["question"])
    known = pd.Index([question.code for question in instrument if question.code in met], dtype=object)
    asked = people - unasked.reindex(known, fill_value=0)
    asked = asked[asked > 0]
    left = asked - own[own["status"] == ANSWERED].groupby("question").size().reindex(
        asked.index, fill_value=0
    )
    codes = [question.code for question in instrument if question.code in asked.index]
    if not codes:
        return pd.DataFrame(columns=list(SILENCE_FR))
    heads = {question.code: f"{question.code} · {question.label_fr}" for question in instrument}
    table = pd.DataFrame(
        {"question": [heads[code] for code in codes], "denominator": asked[codes].to_numpy()}
    )
    table["numerator"] = left.reindex(codes, fill_value=0).to_numpy()
    table["value"] = 100 * table["numerator"] / table["denominator"]
    return table.sort_values("value", ascending=False, kind="stable", ignore_index=True)


def silence_sentence(table: pd.DataFrame) -> str:
    """How many answers are missing and where most, in French; empty without answers."""
    if table.empty:
        return ""
    asked, left = int(table["denominator"].sum()), int(table["numerator"].sum())
    worst = table[table["value"] == table["value"].max()]
    named = findings.tied(worst["question"].tolist(), "La plus délaissée :", "Les plus délaissées :")
    # Equal shares may be of unequal numbers of people.
    of = (
        f"{worst['numerator'].iloc[0]:.0f} sur {worst['denominator'].iloc[0]:.0f}"
        if worst["denominator"].nunique() == 1
        else french.percent(worst["value"].iloc[0], 0)
    )
    most = f" {named} ({of})."
    return (
        f"{french.plural(left, 'réponse manque', 'réponses manquent')} sur {french.number(asked)} demandées "
        f"({french.number(100 * left / asked, 1)} %).{most if left else ''}"
    )


def boxes(answers: pd.DataFrame, instrument: Instrument, cpts: str, wave: str) -> pd.DataFrame:
    """Boxes of the closed questions as units to compare people on: one row per box, one column per person, "oui" or "non".

    The cell is missing for a person who did not answer the question. A yes/no question is one box. Ready for `gwet_ac1`, which
    skewed boxes do not deceive as they deceive kappa.
    """
    own = professionals(answers, cpts, wave)
    said = own[own["status"] == ANSWERED]
    columns: dict[str, dict[str, str]] = {}
    for (role, who), part in said.groupby(["role", "respondent"], sort=True):
        ticked = part.groupby("question")["option"].agg(set).to_dict()
        cells = columns.setdefault(f"{role} {who}", {})
        for question in instrument:
            if question.closed and question.code in ticked:
                offered = question.options[:1] if question.answer_type == "oui_non" else question.options
                for option in offered:
                    cells[f"{question.code}.{option.code}"] = (
                        "oui" if option.code in ticked[question.code] else "non"
                    )
    return pd.DataFrame(columns)


def coefficient_sentence(found: pd.DataFrame) -> str:
    """Agreement beyond chance in French, and what it does not say, from one row of long results (`gwet_ac1`); empty without."""
    if found.empty:
        return ""
    value = french.number(found["value"].iloc[0], 2)
    return (
        f"Accord au-delà du hasard, tous répondants ensemble : AC1 de Gwet (2008) = {value}. "
        f"Limites : {AGREEMENT_LIMITS_FR}."
    )


def agreement_by_group(table: pd.DataFrame) -> pd.DataFrame:
    """Raw agreement between and inside groups of roles: share of the pairs of people who ticked a box alike, 0 to 1.

    Takes `boxes`. Returns `first`, `second` (groups of roles), `pairs` (pairs of people with a box in common), `value`.
    """
    groups = [group_of(str(column).split(" ", 1)[0]) for column in table.columns]
    cells = table.to_numpy(dtype=object)
    found: dict[tuple[str, str], list[float]] = {}
    for left in range(cells.shape[1]):
        for right in range(left + 1, cells.shape[1]):
            both = pd.notna(cells[:, left]) & pd.notna(cells[:, right])
            if both.any():
                key = tuple(sorted((groups[left], groups[right]), key=list(GROUPS_FR).index))
                same = float((cells[both, left] == cells[both, right]).mean())
                found.setdefault((key[0], key[1]), []).append(same)
    rows = [
        (GROUPS_FR[first], GROUPS_FR[second], len(shares), float(np.mean(shares)))
        for (first, second), shares in sorted(found.items(), key=lambda item: np.mean(item[1]))
    ]
    return pd.DataFrame(rows, columns=["first", "second", "pairs", "value"])


def reliability(answers: pd.DataFrame, instrument: Instrument, cpts: str, wave: str) -> pd.DataFrame:
    """Internal coherence of each dimension, or why it has no meaning (RELIABILITY_FR).

    Only questions of opinion on a scale can be expected to go together; facts (a coordinator, a list of partners) form a
    dimension without having to agree. With two such questions the coefficient is Spearman-Brown's (Eisinga et al. 2013), on the
    rank of the answers; it is not computed under 30 people.
    """
    own = professionals(answers, cpts, wave)
    said = own[own["status"] == ANSWERED]
    rows = []
    for dimension, name in dimensions().items():
        asked = [item for item in instrument if item.dimension == dimension]
        opinions = [item for item in asked if item.code in OPINIONS]
        value, people = math.nan, 0
        if len(opinions) < 2:
            facts = len(asked) - len(opinions)
            about = french.plural(facts, "question", "questions")
            words = (
                f"pas de sens : {about} sur {len(asked)} {'porte' if facts < 2 else 'portent'} sur un fait"
            )
        else:
            ranks = said[said["question"].isin([item.code for item in opinions])].pivot_table(
                index=["role", "respondent"], columns="question", values="option", aggfunc="first"
            )
            ranks = ranks.reindex(columns=[item.code for item in opinions]).dropna().astype(int)
            people = len(ranks)
            words = f"trop peu de personnes ({french.number(people)}) : il en faut au moins {FEWEST}"
            if people >= FEWEST and len(opinions) == 2 and (ranks.nunique() > 1).all():
                value = spearman_brown(ranks.iloc[:, 0].tolist(), ranks.iloc[:, 1].tolist())
                words = "deux questions seulement : une indication, pas une preuve"
            elif people >= FEWEST:
                words = (
                    "tout le monde a donné la même réponse à l'une des questions, ou plus de deux questions"
                )
        rows.append((name, ", ".join(item.code for item in opinions) or "aucune", people, value, words))
    return pd.DataFrame(rows, columns=list(RELIABILITY_FR))


def spearman_brown(first: list[int], second: list[int]) -> float:
    """Coherence of two items: 2r / (1 + r), r the correlation of their values (Eisinga et al. 2013).

    Raises NotComputable for lists of different lengths, or a list that does not vary.
    """
    if len(first) != len(second) or len(set(first)) < 2 or len(set(second)) < 2:
        raise NotComputable("Cohérence de deux questions : il faut deux séries de même longueur qui varient.")
    r = float(np.corrcoef(first, second)[0, 1])
    return 2 * r / (1 + r)


def people_needed(change: float, *, moving: float, confidence: float = 0.95, power: float = 0.8) -> int:
    """People who must answer both waves to see a share change by `change` (0 to 1), when a share `moving` of them changes answer.

    McNemar's test, formula of Connor (1987). Raises NotComputable when less people move than the share changes.
    """
    if not 0 < change <= moving <= 1:
        raise NotComputable(
            "Personnes nécessaires : la part qui change d'avis doit être au moins le changement cherché."
        )
    z_a, z_b = stats.norm.ppf(0.5 + confidence / 2), stats.norm.ppf(power)
    root = z_a * math.sqrt(moving) + z_b * math.sqrt(moving - change**2)
    return math.ceil((float(root) / change) ** 2)


def needed(moving: float) -> pd.DataFrame:
    """People needed for changes of 10 to 50 points (NEEDED_FR), when `moving` (0 to 1) of them change answer between waves."""
    rows = [
        (points, people_needed(points / 100, moving=max(moving, points / 100)))
        for points in _CHANGES
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(NEEDED_FR))
