"""The steering tool of Miller 2022: its 42 questions as printed and as corrected, and what people answered to them."""

from helpers.survey.instrument.model import (
    VARIANTS,
    Condition,
    Instrument,
    Option,
    Question,
    answer_types,
    constraints,
    dimensions,
)
from helpers.survey.instrument.printed import matrix
from helpers.survey.instrument.variants import (
    DIFFERENCES_FR,
    differences,
    evolution,
    kept_defects,
    load,
    option_labels,
)

__all__ = [
    "DIFFERENCES_FR",
    "VARIANTS",
    "Condition",
    "Instrument",
    "Option",
    "Question",
    "answer_types",
    "constraints",
    "differences",
    "dimensions",
    "evolution",
    "kept_defects",
    "load",
    "matrix",
    "option_labels",
]
