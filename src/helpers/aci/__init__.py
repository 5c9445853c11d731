"""The ACI, the national agreement that funds the CPTS: size classes, scale, calendar, simulation, threshold effects.

`scale` holds what the documents print, `sizes` the classes, `calendar` the deadlines and the indicator points, `simulation`
what one CPTS may receive in a year, `thresholds` euros per inhabitant and the national envelope.
"""

from helpers.aci.scale import (
    COMPARE_FR,
    MISSIONS_FR,
    SCALES,
    compare,
    disagreements,
    document_scale,
    funding,
    missions_in,
    whole_scale,
)
from helpers.aci.simulation import MISSIONS, SIMULATION_FR, simulate, total, total_sentence
from helpers.aci.sizes import SIZES, bounds, size_class, size_classes, size_sentence
from helpers.aci.thresholds import per_inhabitant_at_bounds

__all__ = [
    "COMPARE_FR",
    "MISSIONS",
    "MISSIONS_FR",
    "SCALES",
    "SIMULATION_FR",
    "SIZES",
    "bounds",
    "compare",
    "disagreements",
    "document_scale",
    "funding",
    "missions_in",
    "per_inhabitant_at_bounds",
    "simulate",
    "size_class",
    "size_classes",
    "size_sentence",
    "total",
    "total_sentence",
    "whole_scale",
]
