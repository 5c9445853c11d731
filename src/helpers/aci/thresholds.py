"""Threshold effects of the ACI: euros per inhabitant along the population, and the jump at each size bound."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers import french
from helpers.aci.scale import YEARLY, document_scale
from helpers.aci.sizes import SIZES, bounds, size_class
from helpers.catalog import Study
from helpers.errors import NotComputable

LEVELS_FR = {"ceiling": "plafond, toutes missions à 100 %", "operating": "fonctionnement seul"}
JUMPS_FR = {
    "level": "Niveau",
    "bound": "Borne (habitants)",
    "below": "Sous la borne (€/hab.)",
    "above": "À la borne (€/hab.)",
    "step": "Gain au passage (€)",
    "percent": "Gain (%)",
    "until": "Avantage jusqu'à (habitants)",
}
# The smallest is the population that the guide of one region expects (thesis on Auvergne-Rhône-Alpes, line 8282).
SMALLEST_DRAWN, LARGEST_DRAWN = 15_000, 300_000


def per_inhabitant_at_bounds(ceilings: pd.Series[float], classes: pd.DataFrame) -> pd.DataFrame:
    """Ceiling per inhabitant on both sides of each size bound.

    Takes the ceiling in euros indexed by size (1 to 4). Returns one row per bound: `bound` (inhabitants), `below` and `above`
    (euros per inhabitant with the scale of the class under and over the bound), `step` (euros gained when it is crossed).
    """
    rows = []
    for size in SIZES[:-1]:
        bound = float(classes.loc[classes["size"] == size, "upper"].iloc[0])
        low, high = float(ceilings.loc[size]), float(ceilings.loc[size + 1])
        rows.append({"bound": bound, "below": low / bound, "above": high / bound, "step": high - low})
    return pd.DataFrame(rows)


def levels(document: str, study: Study) -> pd.DataFrame:
    """Yearly ceiling and operating money by size (rows 1 to 4; columns `ceiling`, `operating`; euros) of a printed scale.

    A level that the document does not print is a missing column of values. Raises DataError when it prints no scale.
    """
    rows = document_scale(document, study)
    rows = rows[(rows["part"] == "total") & (rows["period"] == YEARLY)]
    found = {
        name: rows[rows["mission"] == mission].set_index("size")["value"].reindex(SIZES)
        for name, mission in (("ceiling", "total"), ("operating", "fonctionnement"))
    }
    return pd.DataFrame(found).rename_axis("size")


def jumps(document: str, study: Study) -> pd.DataFrame:
    """Jump at each bound and level: what the largest CPTS of a class and the smallest of the next get per inhabitant.

    Returns `level` (French), `bound`, `below`, `above` (euros per inhabitant), `step` (euros), `percent`, and `until`: the
    population at which the larger class is back to what the smaller one got at the bound. A level that the document does not
    print has no row.
    """
    amounts, classes = levels(document, study), bounds(study)
    tables = []
    for level, title in LEVELS_FR.items():
        if amounts[level].notna().all():
            table = per_inhabitant_at_bounds(amounts[level], classes)
            table["percent"] = 100 * (table["above"] / table["below"] - 1)
            table["until"] = table["bound"] * table["above"] / table["below"]
            tables.append(table.assign(level=title))
    return pd.concat(tables, ignore_index=True)[list(JUMPS_FR)]


def curve(document: str, study: Study, *, points: int = 400) -> pd.DataFrame:
    """Euros per inhabitant and year along the population, at the ceiling and for the operating money alone.

    Returns `level` (French), `population`, `value`, `size`: `points` populations evenly spread on a logarithmic scale, and two
    at each bound (the last inhabitant of a class, the first of the next).
    """
    amounts, classes = levels(document, study), bounds(study)
    spread = np.unique(np.geomspace(SMALLEST_DRAWN, LARGEST_DRAWN, points).round())
    inner = classes["upper"].dropna().to_numpy(dtype=float)
    populations = np.unique(np.concatenate([spread, inner - 1, inner]))
    sizes = [size_class(float(population), classes) for population in populations]
    tables = [
        pd.DataFrame(
            {
                "level": title,
                "population": populations,
                "value": amounts.loc[sizes, level].to_numpy(dtype=float) / populations,
                "size": sizes,
            }
        )
        for level, title in LEVELS_FR.items()
        if amounts[level].notna().all()
    ]
    return pd.concat(tables, ignore_index=True)


def sentence(population: float, document: str, study: Study, *, name_fr: str = "") -> str:
    """Where one CPTS, named or not, stands: its euros per inhabitant, and what the nearest bound above would change.

    Uses the ceiling, or the operating money where the document prints no ceiling. Raises NotComputable as `size_class` does.
    """
    amounts, classes = levels(document, study), bounds(study)
    size = size_class(population, classes)
    level = "ceiling" if amounts["ceiling"].notna().all() else "operating"
    amount = float(amounts.loc[size, level])
    start = f"{name_fr}, {LEVELS_FR[level]}" if name_fr else LEVELS_FR[level].capitalize()
    said = f"{start} : {french.number(amount / population, 2)} € par habitant et par an"
    if size == max(SIZES):
        return f"{said} ; aucune borne au-dessus, ce montant par habitant baisse à mesure que la population croît."
    bound = float(classes.loc[classes["size"] == size, "upper"].iloc[0])
    after = float(amounts.loc[size + 1, level])
    missing = bound - population
    return (
        f"{said} ; à {french.number(bound)} habitants ({french.plural(missing, 'habitant')} de plus), le montant passerait de "
        f"{french.number(amount)} à {french.number(after)} €, soit {french.number(after / bound, 2)} € par habitant."
    )


def scale_with_ceiling(document: str, study: Study) -> pd.Series[float]:
    """Yearly ceiling by size of a scale. Raises NotComputable when the document prints no total."""
    ceilings = levels(document, study)["ceiling"]
    if ceilings.isna().any():
        raise NotComputable(
            f"Le document « {document} » n'imprime pas de plafond : choisissez un autre barème pour l'enveloppe."
        )
    return ceilings
