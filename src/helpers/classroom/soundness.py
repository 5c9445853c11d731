"""Whether the exercises hold: tables and code agree, no two mistakes read alike, nothing leaks, minutes add up."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from helpers import french
from helpers.catalog import Study
from helpers.classroom import collection, folders, guide, sheet, versions
from helpers.pipeline import notebook as stored
from helpers.pipeline import parameters
from helpers.seminar import exercises, expected, sealing
from helpers.seminar.answers import answers

# Any class would do: what is sealed for the first one is looked at.
_SALT = "observatoire-1"
_DAY = {"3h": [180], "3j": [360, 360, 360]}


def check(study: Study) -> tuple[list[str], str]:
    """Faults as French sentences, and the sentence that counts what was checked."""
    known, computed, told = exercises.exercises(study), answers(), exercises.hints(study)
    faults = [
        f"{name} : dans les tableaux ou dans le code, pas dans les deux."
        for name in set(known) ^ set(computed)
    ]
    clashes = []
    for name in known.keys() & computed.keys():
        clashes += [
            f"{name} : {clash} se confondent."
            for clash in expected.collisions(known[name], computed[name], study)
        ]
        odd = set(told.get(name, {})) ^ set(computed[name].mistakes)
        faults += [
            f"{name} : l'erreur « {mistake} » n'a pas d'indice, ou pas de calcul." for mistake in sorted(odd)
        ]
    nodes = {
        path.stem: folders.executed(path)[1]
        for path in folders.masters()
        if path.stem in sheet.sessions(study)
    }
    right = {
        record["exercise_id"]
        for node in nodes.values()
        for record in collection.records(node)
        if record["verdict"] == exercises.RIGHT
    }
    faults += [f"{name} : la solution du carnet n'est pas juste." for name in known if name not in right]
    leaks = sorted(leaked(study, nodes.values()))
    for form, days in _DAY.items():
        found = guide.minutes(form, study)
        if found != days:
            faults.append(f"{form} : {found} minutes au lieu de {days}.")
    of_kind = Counter(number[0] for number in {item.number for item in known.values()})
    said = (
        f"{french.plural(of_kind['E'], 'exercice')}, {of_kind['B']} bonus et {french.plural(of_kind['F'], 'facultatif')}, "
        f"{french.plural(sum(map(len, told.values())), 'erreur reconnue', 'erreurs reconnues')}, "
        f"{french.plural(len(clashes), 'collision')}, {french.plural(len(leaks), 'fuite')}."
    )
    return [*faults, *sorted(clashes), *leaks], said


def leaked(study: Study, nodes: Iterable[Any] = ()) -> Iterator[str]:
    """Answers and lines of solution that a student's notebooks, hints, sealed checks or sheet (of `nodes`) would show."""
    sealed = sealing.sealed(expected.every_expected(study), exercises.exercises(study), _SALT)
    shown = {"controles.json": json.dumps(sealed)}
    shown[sheet.FILE] = sheet.page(nodes, study, salt=_SALT)
    for path in folders.masters():
        content = parameters.content_of(path)
        shown[path.name] = stored.stored(versions.student(content))
        hidden = versions.solution_lines(content)
        yield from (
            f"{path.name} : une ligne de solution reste : {line}"
            for line in hidden
            if json.dumps(line, ensure_ascii=False)[1:-1] in shown[path.name]
        )
    shown["seminar/mistakes.csv"] = "\n".join(
        hint for own in exercises.hints(study).values() for hint in own.values()
    )
    for name, answer in answers().items():
        value = exercises.at_digits(float(answer.value(study)), exercises.exercise(name, study).decimals)
        if len(re.sub(r"\D", "", value).lstrip("0")) >= 3:
            written = re.compile(rf"(?<![\w.,]){re.escape(value).replace(re.escape('.'), '[.,]')}(?![\w])")
            yield from (
                f"{place} : la réponse de {name} y est."
                for place, text in shown.items()
                if written.search(text)
            )
