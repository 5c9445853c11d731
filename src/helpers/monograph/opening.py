"""The first screen of the dossier of the management dialogue: who, missions reached, indicators, contested points, amount."""

from __future__ import annotations

import pandas as pd

from helpers import aci, french
from helpers.catalog import Study
from helpers.errors import NotComputable
from helpers.monograph import chapters, dialogue, essential, pages
from helpers.monograph.dialogue import Dossier
from helpers.page import paper
from helpers.page.display import Shown


def opening(found: Dossier, *, scale: str, study: Study) -> Shown:
    """The findings that the dialogue starts from, as a list, the answer first."""
    coded = found.fiche["origin"] != "carte"
    said = [
        essential.identity(found.fiche, found.known, found.situation),
        _missions(found),
        essential.indicators(found.follow, found.known) if coded else "",
        essential.action_log(found.follow, found.known) if coded else "",
        _contested(found),
        _amount(found, scale, study),
    ]
    return pages.listed([sentence for sentence in said if sentence])


def _missions(found: Dossier) -> str:
    """Variable shares of the last year, from the lowest to the highest; nothing when no share is known."""
    own = found.missions.dropna(subset=["variable_rate"]).sort_values("variable_rate", kind="stable")
    if own.empty:
        return ""
    year = int(own["year"].iloc[0])
    said = [
        f"{chapters.missions()[row['mission']].lower()} {french.percent(100 * row['variable_rate'], 0)}"
        for row in own.to_dict("records")
    ]
    return f"Part variable obtenue en {year} : {french.listing(said)}."


def _contested(found: Dossier) -> str:
    if found.contested.empty:
        return ""
    names = [f"« {paper.clipped(str(name), 50)} »" for name in found.contested["what"].head(essential.NAMED)]
    left = len(found.contested) - len(names)
    names += [f"{left} de plus"] if left else []
    return f"{french.plural(len(found.contested), 'point discuté')} : {french.listing(names)}."


def _amount(found: Dossier, scale: str, study: Study) -> str:
    """What the agreement may bring in the year, or nothing: the section says why it cannot be computed."""
    try:
        simulated, about = dialogue.simulated(found, scale, study)
    except NotComputable:
        return ""
    if pd.isna(simulated["lower"].iloc[-1]):
        return ""
    return f"Montant de l'accord, d'après le barème imprimé : {aci.total_sentence(simulated)} ({about})."
