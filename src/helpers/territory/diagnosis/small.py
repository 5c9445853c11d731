"""The communes of a territory side by side: a small one leads both ends of every list by chance."""

from __future__ import annotations

import pandas as pd

from helpers import french
from helpers.errors import NotComputable
from helpers.methods import side_by_side

NOTE_FR = (
    "Rapprochée : chaque commune est tirée vers l'ensemble, d'autant plus qu'elle est petite. Le hasard est celui d'autres "
    "années semblables au même endroit : la population est comptée, non tirée."
)
INSIDE, BASE = "age_65_plus_2021", "population_iris_2021"


def older(place: pd.DataFrame) -> tuple[pd.Series[float], str]:
    """Share of 65 and over of each commune, drawn towards that of the territory, by code; and what the funnel says, in French.

    Takes the communes of a diagnosis. Fewer than ten communes with people: an empty series, and the sentence of the refusal.
    """
    known = place.dropna(subset=[INSIDE, BASE])
    known = known[known[BASE] > 0]
    try:
        table = side_by_side.places("proportion", known[INSIDE], known[BASE], territory=list(known["name"]))
    except NotComputable as refused:
        return pd.Series(
            dtype=float
        ), f"Part de 65 ans et plus rapprochée : {french.first_lower(str(refused))}"
    return table["value"].set_axis(known["code"]), f"65 ans et plus. {side_by_side.sentence(table)} {NOTE_FR}"
