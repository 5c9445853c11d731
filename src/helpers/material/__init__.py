"""Coded material: counts of codes, saturation of the material, agreement of coders.

Its own modules tell a whole question: `interviews` (brakes and levers), `second_reading` (passages read twice), `crosswalk`
(themes across documents), `material` (the user's package).

Every function takes the tables of the model (`material/segments`, `material/codes`, `material/sources`,
`material/attributes`) or tables of the same columns.
"""

from helpers.material import crosswalk, interviews, readings, second_reading
from helpers.material.agreement import by_code, confusion, disagreements, measures, prevalence
from helpers.material.coefficients import cohen_kappa, gwet_ac1, krippendorff_alpha, percent_agreement
from helpers.material.counts import code_by_attribute, code_by_source, code_counts, cooccurrence, with_parents
from helpers.material.ratings import binary, coders, ratings, segment_ratings, source_ratings
from helpers.material.readable import NOT_ASKED, said, table_of_measures
from helpers.material.saturation import accumulation, accumulation_in_order, chao2, first_seen

__all__ = [
    "NOT_ASKED",
    "accumulation",
    "accumulation_in_order",
    "binary",
    "by_code",
    "chao2",
    "code_by_attribute",
    "code_by_source",
    "code_counts",
    "coders",
    "cohen_kappa",
    "confusion",
    "cooccurrence",
    "crosswalk",
    "disagreements",
    "first_seen",
    "gwet_ac1",
    "interviews",
    "krippendorff_alpha",
    "measures",
    "percent_agreement",
    "prevalence",
    "ratings",
    "readings",
    "said",
    "second_reading",
    "segment_ratings",
    "source_ratings",
    "table_of_measures",
    "with_parents",
]
