"""Answers of the exercises and the wrong values that known mistakes give, computed from a package by the helpers of the reports.

This folder stays with the teacher: a student's kit is made without it, and its checks open sealed ones (`sealing`).
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from helpers.catalog import Study
from helpers.errors import DataError

Computed = Callable[[Study], float]


@dataclass(frozen=True)
class Answer:
    """The right value of an exercise and what each known mistake (`mistake_id`) gives instead, unrounded."""

    value: Computed
    mistakes: Mapping[str, Computed] = field(default_factory=dict)


def answers() -> dict[str, Answer]:
    """Answer of each exercise by `exercise_id`; modules are found, not listed. Raises DataError for one answered twice."""
    found: dict[str, Answer] = {}
    for module in pkgutil.iter_modules(__path__):
        content = importlib.import_module(f"{__name__}.{module.name}")
        for exercise_id, answer in getattr(content, "ANSWERS", {}).items():
            if exercise_id in found:
                raise DataError(f"L'exercice « {exercise_id} » a deux réponses.")
            found[exercise_id] = answer
    return found
