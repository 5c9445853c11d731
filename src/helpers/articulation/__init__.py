"""How CPTS articulate with the DTS (CLS, CLSM, ASV), one module per question.

`schemes`: which exist where, compared; `means`: what each can receive; `testimonies`: what people say of it; `networks`: who is
cited with whom; `perimeters` and `overlaps`: which ground each covers; `gaps`: which ground nobody published; `joint`:
statements and indicators side by side.
"""

from helpers.articulation.means import aci_situations, means_gap, means_sentence
from helpers.articulation.networks import ACTORS_FR, units_with_link
from helpers.articulation.schemes import (
    ATTRIBUTES_FR,
    DEVICES_FR,
    PRESENCE_FR,
    SCHEMES,
    attributes,
    presence,
)
from helpers.articulation.testimonies import (
    LEVELS_FR,
    ROLES_FR,
    VALENCES_FR,
    count_testimonies,
    in_french,
    level_distribution,
    themes_by_role,
)

__all__ = [
    "ACTORS_FR",
    "ATTRIBUTES_FR",
    "DEVICES_FR",
    "LEVELS_FR",
    "PRESENCE_FR",
    "ROLES_FR",
    "SCHEMES",
    "VALENCES_FR",
    "aci_situations",
    "attributes",
    "count_testimonies",
    "in_french",
    "level_distribution",
    "means_gap",
    "means_sentence",
    "presence",
    "themes_by_role",
    "units_with_link",
]
