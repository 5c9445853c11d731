"""Questions, answers offered and conditions of the steering questionnaire, in one of its two variants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from helpers.catalog import labels
from helpers.errors import UnknownName

VARIANTS = ("original", "corrected")


def dimensions() -> dict[str, str]:
    """French name of each dimension of the questionnaire, by code, in its order."""
    return labels.codes("miller2022/questions", "dimension")


def constraints() -> dict[str, str]:
    """French name of each column of the matrix of constraints, by code."""
    return labels.codes("miller2022/constraint_matrix", "constraint")


def answer_types() -> dict[str, str]:
    """French name of each form of answer, by code."""
    return labels.codes("miller2022/questions", "answer_type")


@dataclass(frozen=True)
class Option:
    """One answer offered, or one field to fill (`kind` "champ").

    `kind` is modalite, oui_non, autre (with a text of its own), aucun (excludes the others) or champ.
    """

    code: str
    label_fr: str
    kind: str
    lower: float | None = None
    upper: float | None = None
    mission_status: str | None = None
    line: int | None = None


@dataclass(frozen=True)
class Condition:
    """The question is asked when `question` received one of `options`."""

    question: str
    options: tuple[str, ...]

    def holds(self, chosen: Mapping[str, frozenset[str]]) -> bool:
        """Whether the options chosen by one respondent (by question) let the question be asked; not without an answer."""
        return not chosen.get(self.question, frozenset()).isdisjoint(self.options)


@dataclass(frozen=True)
class Question:
    """One question: where it stands in the frame, how it is answered, and the line of the source that it corresponds to.

    `constraint` is the column of the matrix of constraints (figure 6) that holds its sub-dimension. A `date` is a month.
    """

    code: str
    label_fr: str
    wording_fr: str
    dimension: str
    subdimension: str
    subdimension_fr: str
    constraint: str
    answer_type: str
    ordinal: bool
    condition: Condition | None
    options: tuple[Option, ...]
    line: int

    @property
    def multiple(self) -> bool:
        """Whether several options may be chosen."""
        return self.answer_type == "choix_multiple"

    @property
    def closed(self) -> bool:
        """Whether the answer is one or several of the options."""
        return self.answer_type in ("choix_unique", "choix_multiple", "oui_non")

    @property
    def fields(self) -> tuple[Option, ...]:
        """Fields of a question answered by several texts; empty for one free answer."""
        return self.options if self.answer_type == "texte" else ()

    @property
    def other(self) -> Option | None:
        """The option completed by a text, if there is one."""
        return next((option for option in self.options if option.kind == "autre"), None)

    @property
    def exclusive(self) -> tuple[Option, ...]:
        """Options that say "none" in a multiple choice."""
        return tuple(option for option in self.options if option.kind == "aucun") if self.multiple else ()

    def option(self, code: str) -> Option:
        """Option of that code. Raises UnknownName."""
        for option in self.options:
            if option.code == code:
                return option
        raise UnknownName(f"Réponse à {self.code}", code, [option.code for option in self.options])


@dataclass(frozen=True)
class Instrument:
    """The questionnaire in one variant, questions in their printed order."""

    variant: str
    questions: tuple[Question, ...] = field(repr=False)

    def __iter__(self) -> Iterator[Question]:
        """Questions in order."""
        return iter(self.questions)

    def __len__(self) -> int:
        """Number of questions."""
        return len(self.questions)

    @cached_property
    def by_code(self) -> dict[str, Question]:
        """Questions by code."""
        return {question.code: question for question in self.questions}

    def question(self, code: str) -> Question:
        """Question of that code ("Q7"). Raises UnknownName."""
        if code not in self.by_code:
            raise UnknownName("Question", code, self.by_code)
        return self.by_code[code]

    def sections(self) -> list[tuple[str, list[Question]]]:
        """Runs of questions of the same sub-dimension, in order: its French name and its questions."""
        found: list[tuple[str, list[Question]]] = []
        for question in self.questions:
            if not found or found[-1][1][0].subdimension != question.subdimension:
                found.append((question.subdimension_fr, []))
            found[-1][1].append(question)
        return found

    def table(self) -> pd.DataFrame:
        """One row per question: its attributes, `asked_if_fr` (condition in words) and `n_options`."""
        rows = [
            {
                "question": item.code,
                "label_fr": item.label_fr,
                "wording_fr": item.wording_fr,
                "dimension": item.dimension,
                "subdimension": item.subdimension,
                "subdimension_fr": item.subdimension_fr,
                "constraint": item.constraint,
                "answer_type": item.answer_type,
                "ordinal": item.ordinal,
                "multiple": item.multiple,
                "asked_if_fr": self.asked_if(item),
                "n_options": len(item.options) if item.closed or item.fields else 0,
                "line": item.line,
            }
            for item in self.questions
        ]
        return pd.DataFrame(rows)

    def asked_if(self, question: Question) -> str:
        """Condition of a question in French words; empty when it is asked to all."""
        if question.condition is None:
            return ""
        labels = [
            option.label_fr
            for option in self.question(question.condition.question).options
            if option.code in question.condition.options
        ]
        return f"{question.condition.question} : {' ou '.join(labels)}"
