"""The ACI, the national agreement that funds the CPTS: size classes, scale, calendar, simulation, threshold effects.

`scale` holds what the documents print, `sizes` the classes, `calendar` the deadlines and the indicator points, `simulation`
what one CPTS may receive in a year, `thresholds` euros per inhabitant and the national envelope.
"""

from helpers.aci.calendar import POINTS_FR, deadlines, points, scheduled
from helpers.aci.envelope import ENVELOPE_FR, envelope, envelope_sentence, region_by_size
from helpers.aci.scale import (
    COMPARE_FR,
    DISAGREE_FR,
    MISSIONS_FR,
    PARTS_FR,
    POSTS_FR,
    SCALES,
    compare,
    disagreements,
    document_scale,
    funding,
    missions_in,
    whole_scale,
)
from helpers.aci.scenarios import PACKAGE_FR, YEARS_FR, by_rate, by_year, known_members, of_package
from helpers.aci.simulation import MISSIONS, SIMULATION_FR, in_french, simulate, total, total_sentence
from helpers.aci.sizes import SIZES, bounds, size_class, size_classes, size_sentence
from helpers.aci.thresholds import JUMPS_FR, curve, jumps, levels, per_inhabitant_at_bounds
from helpers.aci.thresholds import sentence as threshold_sentence

__all__ = [
    "COMPARE_FR",
    "DISAGREE_FR",
    "ENVELOPE_FR",
    "JUMPS_FR",
    "MISSIONS",
    "MISSIONS_FR",
    "PACKAGE_FR",
    "PARTS_FR",
    "POINTS_FR",
    "POSTS_FR",
    "SCALES",
    "SIMULATION_FR",
    "SIZES",
    "YEARS_FR",
    "bounds",
    "by_rate",
    "by_year",
    "compare",
    "curve",
    "deadlines",
    "disagreements",
    "document_scale",
    "envelope",
    "envelope_sentence",
    "funding",
    "in_french",
    "jumps",
    "known_members",
    "levels",
    "missions_in",
    "of_package",
    "per_inhabitant_at_bounds",
    "points",
    "region_by_size",
    "scheduled",
    "simulate",
    "size_class",
    "size_classes",
    "size_sentence",
    "threshold_sentence",
    "total",
    "total_sentence",
    "whole_scale",
]
