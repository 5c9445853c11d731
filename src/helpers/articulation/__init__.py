"""How CPTS articulate with the DTS (CLS, CLSM, ASV), one module per question.

`schemes`: which exist where, compared; `means`: what each can receive; `testimonies`: what people say of it; `networks`: who is
cited with whom; `perimeters` and `overlaps`: which ground each covers; `gaps`: which ground nobody published; `joint`:
statements and indicators side by side.
"""

from helpers.articulation.means import aci_situations, means_gap, means_sentence
from helpers.articulation.networks import units_with_link
from helpers.articulation.schemes import (
    SCHEMES,
    answers,
    attributes,
    devices,
    presence,
)
from helpers.articulation.testimonies import (
    count_testimonies,
    in_french,
    level_distribution,
    themes_by_role,
    valences,
)

__all__ = [
    "SCHEMES",
    "aci_situations",
    "answers",
    "attributes",
    "count_testimonies",
    "devices",
    "in_french",
    "level_distribution",
    "means_gap",
    "means_sentence",
    "presence",
    "themes_by_role",
    "units_with_link",
    "valences",
]
