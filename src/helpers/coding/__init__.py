"""Coded material: counts of codes, saturation of the material, agreement of coders.

Every function takes the tables of the model (`material/segments`, `material/codes`, `material/sources`,
`material/attributes`) or tables of the same columns.
"""

from helpers.coding.agreement import by_code, confusion, disagreements, measures, prevalence
from helpers.coding.coefficients import cohen_kappa, gwet_ac1, krippendorff_alpha, percent_agreement
from helpers.coding.counts import (
    code_by_attribute,
    code_by_source,
    code_counts,
    cooccurrence,
    with_parents,
)
from helpers.coding.ratings import binary, coders, ratings, segment_ratings, source_ratings
from helpers.coding.readable import said, table_of_measures
from helpers.coding.saturation import accumulation, accumulation_in_order, chao2, first_seen

__all__ = [
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
    "disagreements",
    "first_seen",
    "gwet_ac1",
    "krippendorff_alpha",
    "measures",
    "percent_agreement",
    "prevalence",
    "ratings",
    "said",
    "segment_ratings",
    "source_ratings",
    "table_of_measures",
    "with_parents",
]
