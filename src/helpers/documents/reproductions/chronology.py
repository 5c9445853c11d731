"""Dates and public facts that several documents print: agreement, law, amendment, target, length of the contract."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from helpers.catalog import Study
from helpers.documents.claims import Recomputed
from helpers.documents.reproductions.cells import Cells

# Claim -> event of the timeline of Miller 2022; the claim is about the day of the month, or the year.
DAYS = {
    "aci.aura2022": "aci_signature",
    "aci.navinel2020": "aci_signature",
    "loi.laine2021": "loi_2016",
    "loi.aura2022": "loi_2016",
    "loi.navinel2020": "loi_2016",
    "avenant2.aura2022": "avenant_2",
}
YEARS = {"hpst.laine2021": "loi_hpst", "hpst.navinel2020": "loi_hpst"}


def _date(name: str, event: str, study: Study) -> pd.Timestamp:
    return pd.Timestamp(Cells(f"{name}/timeline", study).rows(event_id=event)["date"].iloc[0])


def dates(study: Study) -> Recomputed:
    """Days and years printed in one document, from the timeline of another."""
    days = {f"across.dates.{claim}": _date("miller2022", event, study).day for claim, event in DAYS.items()}
    years = {
        f"across.dates.{claim}": _date("miller2022", event, study).year for claim, event in YEARS.items()
    }
    return {
        **days,
        **years,
        "across.dates.ma_sante.aura2022": _date("laine2021", "ma_sante_2022", study).day,
        "across.dates.ordonnance.aura2022": _date("laine2021", "ordonnance", study).day,
    }


def facts(study: Study) -> Recomputed:
    """National target, projects of summer 2018, length of the contract and delays of the missions, from another document."""
    target = Cells("laine2021/deployment", study).value(figure_id="objectif_2022")
    contract = Cells("aura2022/figures", study).value(figure_id="duree_contrat")
    start = Cells("laine2021/calendar", study).values(step="demarrage")
    signed = _date("navinel2020", "aci_cptso", study)
    return {
        **{f"across.objectif.{name}": target for name in ("miller2022", "aura2022", "fabrique2022")},
        "across.igas.laine2021": Cells("miller2022/deployment", study).value(
            figure_id="igas_projets_valides"
        ),
        "across.contrat.laine2021": contract,
        "across.contrat.navinel2020": contract,
        "across.delai.miller2022.min": float(start.min()),
        "across.delai.miller2022.max": float(start.max()),
        "navinel2020.accords.mois_signature": 100 * signed.year + signed.month,
    }


TOPICS: dict[str, Callable[[Study], Recomputed]] = {"dates": dates, "facts": facts}
