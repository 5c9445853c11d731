"""What the documents print that a simulation needs, read once for any number of simulations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers.aci import calendar
from helpers.aci.scale import document_scale
from helpers.aci.sizes import bounds
from helpers.catalog import Study


@dataclass(frozen=True)
class Printed:
    """One printed scale with the rules beside it: size classes, dates, deadlines in months, condition on members."""

    document: str
    agreement: int
    cells: list[dict[str, Any]]
    classes: pd.DataFrame
    dates: calendar.Dates
    latest: Mapping[str, float]
    duration: int
    later_share: float
    members_asked: float
    increase: float
    increase_line: int

    @property
    def before_amendments(self) -> bool:
        """Whether the scale is that of the agreement of 2019."""
        return self.agreement == 2019

    def cell(self, mission: str, part: str, size: int, period: str | None = None) -> dict[str, Any] | None:
        """Printed cell of the scale, or None when the document has none."""
        for row in self.cells:
            if (row["mission"], row["part"], row["size"]) == (mission, part, size) and period in (
                None,
                row["period"],
            ):
                return row
        return None


def read(document: str, study: Study) -> Printed:
    """Everything that a simulation by the scale of `document` needs. Raises DataError when it prints no scale."""
    return study.once(("printed scale", document), lambda: _read(document, study))


def _read(document: str, study: Study) -> Printed:
    agreement = calendar.scale_year(document)
    limits = calendar.deadlines(agreement, study).set_index("mission")["demarrage"].dropna()
    figures = study.table("miller2022/figures").set_index("figure_id")
    asked = study.table("miller2022/stated_counts").set_index("figure_id")
    contract = study.table("aura2022/figures").set_index("figure_id")
    payments = study.table("laine2021/payment_rules").set_index("rule")
    return Printed(
        document=document,
        agreement=agreement,
        cells=document_scale(document, study).to_dict("records"),
        classes=bounds(study),
        dates=calendar.dates(study),
        latest={str(mission): float(months) for mission, months in limits.items()},
        duration=int(contract.loc["duree_contrat", "value"]),
        later_share=float(payments.loc["fonctionnement_suivantes", "value"]) / 100,
        members_asked=float(asked.loc["seuil_adherents", "value"]),
        increase=float(figures.loc["majoration", "value"]),
        increase_line=int(figures.loc["majoration", "line"]),
    )
