"""From what each respondent gave to rows of `survey/answers`, with one French sentence for whatever is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd

from helpers import french
from helpers.errors import DataError
from helpers.survey.instrument import identity
from helpers.survey.instrument.model import Instrument, Question

ANSWERED, UNANSWERED, NOT_ASKED = "repondu", "sans_reponse", "non_posee"
COLUMNS = (*identity.COLUMNS, "question", "option", "value", "status")


@dataclass
class Given:
    """What one respondent gave to one question.

    `options` are codes; `texts` holds texts by option code (the field, or the "other" answer), under "" for a free answer.
    """

    options: set[str] = field(default_factory=set)
    texts: dict[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether anything was given."""
        return bool(self.options or self.texts)


@dataclass
class Submission:
    """One row of a file of answers: its number in the file, who answered, what was given, and whether it was finished.

    `token` is the invitation that the row answers, where the tool has some.
    """

    row: int
    identity: dict[str, str]
    given: dict[str, Given]
    partial: bool = False
    token: str = ""


@dataclass
class Report:
    """Result of an import: rows of `survey/answers`, faults (something would be lost) and warnings (nothing is lost)."""

    rows: pd.DataFrame
    faults: list[str]
    warnings: list[str]

    @property
    def respondents(self) -> int:
        """Number of respondents read."""
        return int(self.rows.drop_duplicates(list(identity.COLUMNS)).shape[0])

    def raise_if_faulty(self) -> None:
        """Raise DataError with the first fault and their number, when there is any."""
        if self.faults:
            more = f" ({french.plural(len(self.faults), 'défaut')} en tout)" if len(self.faults) > 1 else ""
            raise DataError(f"Rien n'a été importé. {self.faults[0]}{more}")


def report(
    submissions: Iterable[Submission],
    instrument: Instrument,
    *,
    faults: Iterable[str] = (),
    warnings: Iterable[str] = (),
) -> Report:
    """Rows of all submissions: every question has one at least, answered, unanswered or not asked.

    Takes the sentences that the reader already has; adds those about identities, conditions, choices and doubles. A question
    is "non_posee" when its condition is false for that respondent.
    """
    found = Report(pd.DataFrame(columns=list(COLUMNS), dtype="string"), list(faults), list(warnings))
    rows: list[tuple[str, ...]] = []
    known: dict[tuple[str, ...], int] = {}
    tokens: dict[tuple[str, ...], int] = {}
    for submission in submissions:
        where = f"Ligne {submission.row}"
        if not any(submission.given.values()) and not any(submission.identity.values()):
            found.warnings.append(f"{where} : vide, elle n'est pas importée.")
            continue
        wrong = identity.faults(submission.identity)
        if wrong:
            found.faults += [f"{where} : {sentence}" for sentence in wrong]
            continue
        key = identity.key(submission.identity)
        if key in known:
            found.faults.append(
                f"{where} : même CPTS, même vague, même rôle et même répondant qu'à la ligne {known[key]} ; "
                "gardez une seule des deux."
            )
            continue
        known[key] = submission.row
        invitation = (submission.token, *key[:-1])
        if submission.token and tokens.setdefault(invitation, submission.row) != submission.row:
            found.faults.append(
                f"{where} : même jeton d'invitation qu'à la ligne {tokens[invitation]}, pour la même CPTS, la même vague et le "
                "même rôle ; gardez une seule des deux."
            )
        rows += [(*key, *row) for row in _rows(submission, instrument, where, found)]
    found.rows = pd.DataFrame(rows, columns=list(COLUMNS), dtype=object).replace("", pd.NA).astype("string")
    return found


def _rows(
    submission: Submission, instrument: Instrument, where: str, found: Report
) -> list[tuple[str, str, str, str]]:
    chosen = {code: frozenset(given.options) for code, given in submission.given.items()}
    rows: list[tuple[str, str, str, str]] = []
    unanswered = 0
    for question in instrument:
        given = submission.given.get(question.code, Given())
        if question.condition is not None and not question.condition.holds(chosen):
            if given:
                found.faults.append(
                    f"{where}, {question.code} : une réponse est donnée alors que la question ne se pose pas "
                    f"({instrument.asked_if(question)}) ; videz-la ou corrigez {question.condition.question}."
                )
            rows.append((question.code, "", "", NOT_ASKED))
        elif not given:
            unanswered += 1
            rows.append((question.code, "", "", UNANSWERED))
        else:
            rows += _answer(question, given, f"{where}, {question.code}", found)
    if submission.partial:
        found.warnings.append(
            f"{where} : réponse partielle, {french.plural(unanswered, 'question')} sans réponse."
        )
    return rows


def _answer(question: Question, given: Given, where: str, found: Report) -> list[tuple[str, str, str, str]]:
    if not question.closed:
        order = [option.code for option in question.fields] or [""]
        return [(question.code, code, given.texts[code], ANSWERED) for code in order if code in given.texts]
    options = set(given.options)
    other = question.other
    untold = other is not None and other.code in given.texts and other.code not in options
    if not question.multiple and len(options) > 1:
        found.faults.append(
            f"{where} : {len(options)} réponses ({', '.join(sorted(options))}) à une question qui en admet une."
        )
    elif untold and options and not question.multiple:
        found.faults.append(
            f"{where} : un texte « autre » est donné avec une réponse proposée ; une seule peut rester."
        )
    elif untold:
        found.warnings.append(f"{where} : un texte « autre » est donné sans cocher « autre » ; il est coché.")
    if untold and other is not None:
        options.add(other.code)
    alone = [option.label_fr for option in question.exclusive if option.code in options]
    if alone and len(options) > 1:
        found.warnings.append(f"{where} : « {alone[0]} » est coché avec autre chose ; les deux sont gardés.")
    return [
        (question.code, option.code, given.texts.get(option.code, ""), ANSWERED)
        for option in question.options
        if option.code in options
    ]
