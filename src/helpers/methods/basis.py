"""What was counted: a sample, a complete count or chosen cases; whether an interval means something, in one word each.

A sample has an interval: what the draw leaves uncertain. A complete count has none, unless the page says of what it would be the
draw: of the years that the same place could have had (`REPEATED_FR`), of passages or respondents alike (`PASSAGES_FR`,
`RESPONDENTS_FR`). Cases chosen on purpose have none.
"""

from __future__ import annotations

SAMPLE, CENSUS, CHOSEN = "échantillon", "dénombrement complet", "cas choisis"
NOTES_FR = {
    SAMPLE: "échantillon : l'intervalle dit ce que le tirage laisse d'incertain",
    CENSUS: "dénombrement complet : constat, sans intervalle ni test",
    CHOSEN: "cas choisis : ils n'en représentent pas d'autres, sans intervalle",
}
# The only intervals that a complete count may have, with the population that it would be drawn from.
REPEATED_FR = (
    "intervalle de super-population : ce qu'une autre année semblable aurait pu compter au même endroit"
)
PASSAGES_FR = "intervalle de super-population : ce que d'autres passages semblables auraient donné"
RESPONDENTS_FR = "intervalle de super-population : ce que d'autres répondants semblables auraient donné"
