"""Figures that a whole count must be able to give: shares printed beside the number they are a share of (GRIM)."""

from __future__ import annotations

import pandas as pd

from helpers import french
from helpers.catalog import Study
from helpers.documents.claims import Recomputed
from helpers.documents.reproductions.cells import Cells
from helpers.documents.verdicts import Possible
from helpers.methods import grim

MILLER_LETTERS = ("A", "B", "C", "D", "E")


def share(printed: str, value: float, n: int, counted: str) -> float | Possible:
    """Share in percent that whole counts among `n` can give: what they give if they can, the nearest share if none can.

    `counted` names in French what is counted ("médecins"), for the sentence that shows the counts.
    """
    found = grim.possible_count(printed, value, n)
    if found.first is None or found.last is None:
        return found.nearest
    ends = f"{found.first}" if found.first == found.last else f"de {found.first} à {found.last}"
    how = f"L'effectif n'est pas imprimé ; ce pourcentage suppose {ends} {counted} sur {french.number(n)}."
    return Possible(100 * found.first / n, 100 * found.last / n, how)


def older_doctors(study: Study) -> Recomputed:
    """Shares of doctors over 60, against the number of doctors of each CPTS (table 5 of Miller 2022)."""
    supply = Cells("miller2022/supply_epidemiology", study)
    return {
        f"miller2022.t5.{group}_60_plus.{letter.lower()}": share(
            _printed(supply, cpts=letter, indicator=f"{group}_part_60_plus"),
            float(supply.value(cpts=letter, indicator=f"{group}_part_60_plus")),
            int(supply.value(cpts=letter, indicator=f"{group}_nombre")),
            "médecins",
        )
        for group in ("mg", "specialistes")
        for letter in MILLER_LETTERS
    }


def national_samples(study: Study) -> Recomputed:
    """Shares of the two national samples of Lainé 2021, whose counts were in figures that the text lost."""
    figures = Cells("laine2021/figures", study)
    pairs = {
        "part_tailles_2_3": ("part_tailles_2_3", "echantillon_tailles"),
        "part_presidents": ("part_presidents_generalistes", "echantillon_presidents"),
    }
    return {
        f"laine2021.deploiement.{claim}": share(
            _printed(figures, figure_id=part),
            float(figures.value(figure_id=part)),
            int(figures.value(figure_id=whole)),
            "CPTS",
        )
        for claim, (part, whole) in pairs.items()
    }


def _printed(cells: Cells, **key: str) -> str:
    row: pd.Series[str] = cells.rows(**key)["printed"]
    return str(row.iloc[0])


TOPICS = {"older_doctors": older_doctors, "national_samples": national_samples}
