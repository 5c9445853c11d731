"""Coded material: counts of codes, saturation of the material, agreement of coders.

The material of a package is one `Material` (`load`), counted by one function (`counts`); `shown` (imported by name, as it
draws) makes what the reports show of it. Other modules tell a whole question on the material of the documents: `interviews`
(brakes and levers), `second_reading` (passages read twice), `crosswalk` (themes across documents).
"""

from helpers.material import crosswalk, excerpts, interviews, second_reading
from helpers.material.agreement import between_coders, by_code, confusion, disagreements, measures, prevalence
from helpers.material.coefficients import cohen_kappa, gwet_ac1, krippendorff_alpha, percent_agreement
from helpers.material.corpus import VALENCES, Material, load, summary
from helpers.material.counting import cooccurrence, counts, short, wide
from helpers.material.ratings import binary, ratings, segment_ratings
from helpers.material.readable import MEASURES_FR, NOT_ASKED, said, table_of_measures
from helpers.material.saturation import accumulation, accumulation_in_order, chao2, curve, presence_in

__all__ = [
    "MEASURES_FR",
    "NOT_ASKED",
    "VALENCES",
    "Material",
    "accumulation",
    "accumulation_in_order",
    "between_coders",
    "binary",
    "by_code",
    "chao2",
    "cohen_kappa",
    "confusion",
    "cooccurrence",
    "counts",
    "crosswalk",
    "curve",
    "disagreements",
    "excerpts",
    "gwet_ac1",
    "interviews",
    "krippendorff_alpha",
    "load",
    "measures",
    "percent_agreement",
    "presence_in",
    "prevalence",
    "ratings",
    "said",
    "second_reading",
    "segment_ratings",
    "short",
    "summary",
    "table_of_measures",
    "wide",
]
