"""The exercises as the tables tell them, and an answer as a student writes it: a number, its French, its last digit."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers import french
from helpers.catalog import Study
from helpers.errors import UnknownName

RIGHT, KNOWN, SLIP = "juste", "erreur reconnue", "erreur d'écriture"
NEAR, WRONG, EMPTY = "presque", "pas encore", "à faire"
_ENGLISH = re.compile(r"^\s*([-−+]?\d+)\.(\d+)(?!\d*[.,])")


@dataclass(frozen=True)
class Expected:
    """A verdict, the mistake it recognises (empty otherwise) and the sentence that the student reads."""

    verdict: str
    mistake: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Exercise:
    """One row of `seminar/exercises`."""

    exercise_id: str
    number: str
    session: str
    title: str
    objective: str
    question: str
    unit: str
    decimals: int
    level: int
    by_hand: bool
    tables: tuple[str, ...]
    locator: str
    helper: str
    report: str


def exercises(study: Study) -> dict[str, Exercise]:
    """Every exercise by its name, in the order of the sessions."""
    rows = study.table("seminar/exercises").to_dict("records")
    found = [_exercise({str(name): value for name, value in row.items()}) for row in rows]
    return {exercise.exercise_id: exercise for exercise in found}


def exercise(exercise_id: str, study: Study) -> Exercise:
    """One exercise. Raises UnknownName with the nearest name."""
    known = exercises(study)
    if exercise_id not in known:
        raise UnknownName("Exercice", exercise_id, known)
    return known[exercise_id]


def hints(study: Study) -> dict[str, dict[str, str]]:
    """French hint of each known mistake, by exercise."""
    found: dict[str, dict[str, str]] = {}
    for row in study.table("seminar/mistakes").to_dict("records"):
        found.setdefault(row["exercise_id"], {})[row["mistake_id"]] = row["hint_fr"]
    return found


def read(answer: object) -> float | None:
    """Number that a student answers: a number, or text such as "12,5", "12.50", "45 %", "7 médecins"; else None."""
    if isinstance(answer, bool) or answer is None or answer is ...:
        return None
    if isinstance(answer, str):
        return french.first_number(_ENGLISH.sub(r"\1,\2", answer))
    try:
        number = float(answer)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def keys(value: float, decimals: int) -> Iterator[str]:
    """Texts under which a number is looked up: at the digits asked, then by its two first significant digits.

    A number that is not whole where a count is asked keeps one decimal: a person cannot be cut.
    """
    if decimals == 0 and not whole(value):
        yield at_digits(value, 1)
        return
    asked = at_digits(value, decimals)
    if float(asked) or not value:
        yield asked
    # A hair more, so that a tie goes up here as in the script of the sheet.
    yield f"{value * (1 + 1e-9):.1e}"


def whole(value: float) -> bool:
    """Whether a number is a count."""
    return abs(value - round(value)) < 1e-6


def at_digits(value: float, decimals: int) -> str:
    """A number at so many decimals."""
    # Half a unit goes up, as in school: Python rounds it to the even digit.
    step = 10**decimals
    number = math.floor(abs(value) * step + 0.5 + 1e-9) / step
    return f"{math.copysign(number, value) if number else 0.0:.{decimals}f}"


def _exercise(row: dict[str, Any]) -> Exercise:
    said = {name: "" if pd.isna(value) else value for name, value in row.items()}
    lines = [str(int(said[name])) for name in ("line", "line_end") if said[name] != ""]
    return Exercise(
        exercise_id=said["exercise_id"], number=said["exercise"], session=said["session"], title=said["title_fr"],
        objective=said["objective_fr"], question=said["question_fr"], unit=said["unit"], decimals=int(said["decimals"]),
        level=int(said["level"]), by_hand=bool(said["by_hand"]), tables=tuple(filter(None, said["tables"].split(";"))),
        locator=" ".join([said["document"], *(["lignes", "-".join(lines)] if lines else [])]).strip(),
        helper=said["helper"], report=said["report"],
    )  # fmt: skip
