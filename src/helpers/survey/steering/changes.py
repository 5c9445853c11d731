"""What changed between two waves, as tables and sentences ready to show: by question, by role, by option."""

from __future__ import annotations

from typing import Any

import pandas as pd

from helpers import french
from helpers.catalog import Study
from helpers.catalog import labels as names
from helpers.survey.instrument import Instrument, Question, option_labels
from helpers.survey.instrument.identity import ROLES
from helpers.survey.steering.answered import Labels, chosen
from helpers.survey.steering.waves import (
    CHANGED,
    CONSENSUS,
    KEY,
    LOST,
    NEW,
    NOT_COMPARABLE,
    SAME_PERSON,
    UNCHANGED,
    VERDICTS,
    Votes,
)

BY_QUESTION_FR = {
    "question": "Question",
    "what_fr": "Ce qui change, et pour qui",
    "n": "Comparaisons",
    CHANGED: "Changées",
    UNCHANGED: "Inchangées",
    NEW: "Nouvelles",
    LOST: "Perdues",
    "consensus_fr": "Valeur retenue après discussion",
}
BY_ROLE_FR = {
    "role": "Rôle",
    "basis": "Comparé",
    "people": "Personnes",
    CHANGED: "Réponses changées",
    UNCHANGED: "Inchangées",
    NEW: "Nouvelles",
    LOST: "Perdues",
}
BY_OPTION_FR = {
    "label": "Réponse",
    "n": "Personnes comparées",
    "before": "Première vague",
    "after": "Seconde vague",
    "gained_fr": "Ajoutée par",
    "lost_fr": "Retirée par",
}
_FEW, _MOVES = 12, 4  # comparisons whose roles are named; changes told beyond


def long_changes(compared: pd.DataFrame) -> pd.DataFrame:
    """The comparisons for a file: one row per question, comparison and option, with the people before and after.

    Free words and codes of respondents are left out; a number given is under `option`.
    """
    rows = [
        (
            row.question,
            row.basis,
            row.role,
            code,
            row.before[code],
            row.after[code],
            row.change,
        )
        for row in compared.itertuples(index=False)
        for code in sorted({*row.before, *row.after}, key=_natural)
        if code.isdigit()
    ]
    columns = ["question", "basis", "role", "option", "before", "after", "change"]
    return pd.DataFrame(rows, columns=columns)


def by_question(compared: pd.DataFrame, instrument: Instrument, study: Study) -> pd.DataFrame:
    """Changes of each question, those that change most first (BY_QUESTION_FR): counts of comparisons and what changed for whom.

    A question says "non comparable" only when no role answered it at both waves.
    """
    labels = option_labels(instrument, study)
    rows = []
    for question in instrument:
        own = compared[compared["question"] == question.code]
        people = own[own["basis"] != CONSENSUS]
        if own.empty:
            continue
        counts = people["change"].value_counts()
        known = people[people["change"] != NOT_COMPARABLE]
        agreed = own[own["basis"] == CONSENSUS]
        said = _what(question, known, labels) if not known.empty else NOT_COMPARABLE
        rows.append(
            {
                "question": f"{question.code} · {question.label_fr}",
                "what_fr": said or "rien",
                "n": len(known),
                **{verdict: int(counts.get(verdict, 0)) for verdict in VERDICTS},
                "consensus_fr": _move(question, agreed.iloc[0], labels) if len(agreed) else "—",
            }
        )
    table = pd.DataFrame(rows, columns=list(BY_QUESTION_FR))
    return table.sort_values(CHANGED, ascending=False, kind="stable", ignore_index=True)


def by_role(compared: pd.DataFrame) -> pd.DataFrame:
    """The same comparisons role by role, in the order of the roles (BY_ROLE_FR); a role of one wave only is non comparable."""
    people = compared[compared["basis"] != CONSENSUS]
    rows = []
    for role, own in people.groupby("role", sort=False):
        counts = own["change"].value_counts()
        alone = set(own["change"]) == {NOT_COMPARABLE}
        rows.append(
            {
                "role": names.label("survey/answers", "role", str(role)),
                "basis": NOT_COMPARABLE if alone else own["basis"].iloc[0],
                "people": own["respondent"].nunique()
                if own["basis"].iloc[0] == SAME_PERSON
                else int(own[["n_before", "n_after"]].max().max()),
                **{verdict: int(counts.get(verdict, 0)) for verdict in VERDICTS},
            }
        )
    return pd.DataFrame(rows, columns=list(BY_ROLE_FR))


def by_option(compared: pd.DataFrame, instrument: Instrument, study: Study) -> pd.DataFrame:
    """Options that some of the same people added or gave up, the largest moves first (BY_OPTION_FR), for `figures.arrows`.

    `n` counts people who answered the question at both waves, `before` and `after` those who chose the option, `gained` and
    `lost` those who added it or gave it up, with their roles in `gained_fr` and `lost_fr`.
    """
    labels = option_labels(instrument, study)
    both = compared[(compared["basis"] == SAME_PERSON) & compared["change"].isin((CHANGED, UNCHANGED))]
    rows = []
    for question in instrument:
        own = both[both["question"] == question.code]
        if own.empty or not question.closed:
            continue
        codes = sorted(
            {code for side in ("before", "after") for votes in own[side] for code in votes}, key=_natural
        )
        for code in codes:
            before = own["before"].map(lambda votes, code=code: code in votes)
            after = own["after"].map(lambda votes, code=code: code in votes)
            gained, lost = own.loc[after & ~before, "role"], own.loc[before & ~after, "role"]
            if len(gained) or len(lost):
                rows.append(
                    {
                        "question": question.code,
                        "option": code,
                        "label": f"{question.code} · {question.label_fr} : {chosen(question.code, [code], labels)}",
                        "n": len(own),
                        "before": int(before.sum()),
                        "after": int(after.sum()),
                        "gained": len(gained),
                        "lost": len(lost),
                        "gained_fr": _roles(gained, most=4),
                        "lost_fr": _roles(lost, most=4),
                    }
                )
    columns = ["question", "option", *BY_OPTION_FR, "gained", "lost"]
    table = pd.DataFrame(rows, columns=columns)
    size = (table["after"] - table["before"]).abs()
    order = pd.DataFrame({"size": size, "moves": table["gained"] + table["lost"]})
    return table.loc[order.sort_values(["size", "moves"], ascending=False, kind="stable").index].reset_index(
        drop=True
    )


def sentence(compared: pd.DataFrame, cpts_fr: str, first: str, second: str) -> str:
    """How many answers changed between two waves, of how many compared, in one French sentence; empty without comparison."""
    people = compared[compared["basis"] != CONSENSUS]
    counts = people["change"].value_counts()
    both = int(counts.get(CHANGED, 0) + counts.get(UNCHANGED, 0))
    if not both:
        return ""
    changed = int(counts.get(CHANGED, 0))
    twice = people[people["basis"] == SAME_PERSON].drop_duplicates(KEY)
    return (
        f"{cpts_fr}, de {first} à {second} : {french.plural(changed, 'réponse')} sur {french.number(both)} "
        f"({french.number(100 * changed / both, 0)} %) ont changé ; {french.plural(len(twice), 'personne')} "
        f"{'a' if len(twice) == 1 else 'ont'} répondu aux deux vagues. "
        f"Nouvelles : {french.number(int(counts.get(NEW, 0)))} ; perdues : {french.number(int(counts.get(LOST, 0)))}."
    )


def moving(compared: pd.DataFrame) -> float:
    """Share of the answers given at both waves that changed (0 to 1): for `people_needed`; 0.3 when nothing is known."""
    both = compared[(compared["basis"] == SAME_PERSON) & compared["change"].isin((CHANGED, UNCHANGED))]
    return float((both["change"] == CHANGED).mean()) if len(both) else 0.3


def _what(question: Question, rows: pd.DataFrame, labels: Labels) -> str:
    """What changed in words, the same change of several roles said once: "Oui → Non (CPAM)", "+ CLS (ARS ; CPAM)".

    Beyond twelve comparisons the largest changes have their number of people instead: "+ CLS : 9 ; et 3 autres".
    """
    moves: dict[str, list[str]] = {}
    for row in rows[rows["change"] == CHANGED].itertuples(index=False):
        if question.multiple:
            steps = [
                f"{sign} {chosen(question.code, [code], labels)}"
                for sign, codes in (("+", row.after - row.before), ("−", row.before - row.after))
                for code in sorted(codes, key=_natural)
            ]
        else:
            steps = [_move(question, row, labels)]
        for step in steps:
            moves.setdefault(step, []).append(row.role)
    if len(rows) > _FEW:
        largest = sorted(moves.items(), key=lambda move: -len(move[1]))
        more = len(largest) - _MOVES
        shown = " ; ".join(f"{step} : {len(roles)}" for step, roles in largest[:_MOVES])
        return shown + (f" ; et {french.plural(more, 'autre')}" if more > 0 else "")
    said = {
        step: "tous" if len(roles) == len(rows) > 1 else _roles(pd.Series(roles), most=3)
        for step, roles in moves.items()
    }
    return " ; ".join(f"{step} ({who})" for step, who in said.items())


def _move(question: Question, row: Any, labels: Labels) -> str:
    if question.answer_type == "texte" and row.before and row.after:
        return "texte changé" if row.before != row.after else "texte inchangé"
    before, after = (_in_words(question, votes, labels) for votes in (row.before, row.after))
    return before if before == after else f"{before} → {after}"


def _in_words(question: Question, votes: Votes, labels: Labels) -> str:
    if not votes:
        return "sans réponse"
    if question.closed:
        return french.listing([chosen(question.code, [code], labels) for code in sorted(votes, key=_natural)])
    # Free words may name people.
    return "réponse libre" if question.answer_type == "texte" else french.listing(sorted(votes))


def _roles(roles: pd.Series[str], *, most: int = len(ROLES)) -> str:
    counts = roles.value_counts(sort=False)
    said = [
        names.label("survey/answers", "role", item.code)
        + (f" × {counts[item.code]}" if counts[item.code] > 1 else "")
        for item in ROLES
        if item.code in counts
    ]
    more = len(said) - most
    return (", ".join(said[:most]) or "—") + (f" et {more} de plus" if more > 0 else "")


def _natural(code: str) -> tuple[int, str]:
    return (len(code), code)
