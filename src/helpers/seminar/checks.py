"""The check that a student runs: what an answer deserves and what to look at, never the answer; a wrong one never raises."""

from __future__ import annotations

import importlib.util
import json
from collections import Counter
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from helpers import french
from helpers.catalog import Study
from helpers.catalog.package import DEFAULT_FOLDER
from helpers.seminar import exercises, sealing
from helpers.seminar.exercises import EMPTY, RIGHT, WRONG

MIME = "application/vnd.observatoire.exercise+json"
# Sealed answers of a student's kit, beside its data.
SEALED = DEFAULT_FOLDER.parent / "controles.json"
_FRACTION = "Une personne, une CPTS ne se coupent pas : donnez un nombre entier."
_UNREAD = "Écrivez un nombre : par exemple 12,5."
_NOT_YET = "Ni la réponse ni une erreur connue : refaites le calcul pas à pas."
_tries: Counter[str] = Counter()
_seen: dict[str, str] = {}


@dataclass(frozen=True)
class Told:
    """What a student is told of an answer; the record goes to the class map, without the answer."""

    exercise_id: str
    verdict: str
    mistake: str
    sentence: str
    attempt: int

    def __str__(self) -> str:
        """The verdict, then the sentence."""
        return f"{self.verdict.capitalize()}{french.NBSP}: {self.sentence}"

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        record = {
            "exercise": self.exercise_id,
            "verdict": self.verdict,
            "mistake": self.mistake,
            "try": self.attempt,
        }
        word = f"<strong>{escape(self.verdict.capitalize())}</strong>"
        html = f'<p role="status">{word}{french.NBSP}: {escape(self.sentence)}</p>'
        return {MIME: record, "text/plain": str(self), "text/html": html}


def check(exercise_id: str, answer: object, *, study: Study) -> Told:
    """What the answer to an exercise deserves: a word and one French sentence; shown by the notebook.

    `answer` is a number or French text ("12,5 %"). Answers are computed from the package of `study`, or read from the sealed ones
    of a student's kit. Raises UnknownName for an exercise that does not exist, and nothing for a wrong answer.
    """
    item = exercises.exercise(exercise_id, study)
    value = exercises.read(answer)
    if answer is None or answer is ... or answer == "":
        return Told(exercise_id, EMPTY, "", item.question, 0)
    if _seen.get(exercise_id) != repr(answer):
        _seen[exercise_id] = repr(answer)
        _tries[exercise_id] += 1
    attempt = _tries[exercise_id]
    if value is None:
        return Told(exercise_id, WRONG, "", _UNREAD, attempt)
    if isinstance(answer, str) and answer.rstrip().endswith("%") and item.unit != "%":
        value /= 100
    verdict, mistake, sentence = _judged(item, value, study)
    return Told(exercise_id, verdict, mistake, _helped(item, verdict, sentence, attempt), attempt)


def _judged(item: exercises.Exercise, value: float, study: Study) -> tuple[str, str, str]:
    found = _expected(item, value, study)
    if found is not None and found[0] == RIGHT:
        return RIGHT, "", "la valeur est retrouvée."
    if found is not None:
        return found
    if item.decimals == 0 and not exercises.whole(value):
        return WRONG, "fraction", _FRACTION
    return WRONG, "", _NOT_YET


def _expected(item: exercises.Exercise, value: float, study: Study) -> tuple[str, str, str] | None:
    if importlib.util.find_spec("helpers.seminar.answers") is None:
        found = sealing.opened(_sealed(SEALED), item.exercise_id, value)
    else:
        from helpers.seminar import expected

        told = expected.of(item, study)
        found = next((told[key] for key in exercises.keys(value, item.decimals) if key in told), None)
    return None if found is None else (found.verdict, found.mistake, found.hint)


def _sealed(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _helped(item: exercises.Exercise, verdict: str, sentence: str, attempt: int) -> str:
    if verdict == RIGHT or attempt < 3:
        return sentence
    more = f" À lire : {item.helper} (docs/helpers.md)"
    return f"{sentence}{more}{f', puis le rapport {item.report}' if attempt >= 5 else ''}."
