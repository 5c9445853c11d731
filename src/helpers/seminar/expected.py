"""What each possible answer of an exercise deserves: right, a known mistake and its hint, a slip of units, almost right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from weakref import WeakKeyDictionary

from helpers.catalog import Study
from helpers.seminar.answers import Answer, answers
from helpers.seminar.exercises import (
    KNOWN,
    NEAR,
    RIGHT,
    SLIP,
    Exercise,
    Expected,
    at_digits,
    exercises,
    hints,
    keys,
    whole,
)

_SLIPS: dict[str, tuple[Callable[[float], float], str]] = {
    "fois_100": (lambda value: value * 100, "Cent fois trop grand : relisez l'unité demandée."),
    "sur_100": (lambda value: value / 100, "Cent fois trop petit : une proportion pour un pourcentage ?"),
    "fois_1000": (lambda value: value * 1000, "Mille fois trop grand : relisez les unités."),
    "sur_1000": (lambda value: value / 1000, "Mille fois trop petit : relisez les unités."),
    "fois_10": (lambda value: value * 10, "Dix fois trop grand : relisez la virgule et l'unité."),
    "sur_10": (lambda value: value / 10, "Dix fois trop petit : relisez la virgule et l'unité."),
    "inverse": (lambda value: 1 / value, "Le quotient est à l'envers."),
    "signe": (lambda value: -value, "Le signe est à l'envers : après moins avant."),
}
_COMPLEMENT = "C'est le complément : la part des autres."
_NEAR = "Une unité du dernier chiffre d'écart : gardez plus de décimales jusqu'à la fin."


_computed: WeakKeyDictionary[Study, dict[str, dict[str, Expected]]] = WeakKeyDictionary()


def of(exercise: Exercise, study: Study) -> dict[str, Expected]:
    """What each answer to an exercise deserves, by its text of `exercises.keys`; computed once for a study."""
    own = _computed.setdefault(study, {})
    name = exercise.exercise_id
    if name not in own:
        own[name] = expected(exercise, answers()[name], hints(study).get(name, {}), study)
    return own[name]


def expected(exercise: Exercise, answer: Answer, told: dict[str, str], study: Study) -> dict[str, Expected]:
    """The same from an answer and the hints of its mistakes; the first case that takes a text keeps it."""
    found: dict[str, Expected] = {}
    for value, what in _cases(exercise, answer, told, study):
        for key in _own_keys(value, exercise.decimals, what.verdict):
            found.setdefault(key, what)
    return found


def every_expected(study: Study) -> dict[str, dict[str, Expected]]:
    """`of` for each exercise of the tables."""
    return {name: of(item, study) for name, item in exercises(study).items()}


def collisions(exercise: Exercise, answer: Answer, study: Study) -> list[str]:
    """Mistakes of an exercise that would read as its right answer or as another mistake."""
    taken: dict[str, str] = {next(keys(float(answer.value(study)), exercise.decimals)): RIGHT}
    clashing = []
    for mistake, computed in answer.mistakes.items():
        key = next(keys(float(computed(study)), exercise.decimals))
        if key in taken:
            clashing.append(f"{mistake} = {taken[key]}")
        taken[key] = mistake
    return clashing


def _cases(
    exercise: Exercise, answer: Answer, told: dict[str, str], study: Study
) -> Iterator[tuple[float, Expected]]:
    value = float(answer.value(study))
    rounded = float(next(keys(value, exercise.decimals)))
    yield value, Expected(RIGHT)
    for mistake, computed in answer.mistakes.items():
        yield float(computed(study)), Expected(KNOWN, mistake, told.get(mistake, ""))
    unit = 10.0**-exercise.decimals
    for near in (rounded - unit, rounded + unit):
        yield near, Expected(NEAR, "", _NEAR)
    for exact in (value, rounded):
        for slip, (changed, hint) in _SLIPS.items():
            if exact:
                yield changed(exact), Expected(SLIP, slip, hint)
        if exercise.unit == "%":
            yield 100 - exact, Expected(SLIP, "complement", _COMPLEMENT)
        elif not exercise.unit:
            yield 1 - exact, Expected(SLIP, "complement", _COMPLEMENT)


def _own_keys(value: float, decimals: int, verdict: str) -> list[str]:
    """Texts that lead to a value: at the digits asked, or by its two first digits when those asked would hide it."""
    asked, *more = keys(value, decimals)
    if verdict == KNOWN and decimals == 0 and not whole(value):
        return [asked, at_digits(value, 0)]
    # Two significant digits would let 120 pass for 123: they serve what the digits asked do not show.
    hidden = verdict != RIGHT and bool(more) and float(asked) == float(more[0])
    return [asked, *more] if hidden else [asked]
