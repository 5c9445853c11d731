"""What a territory shares with the départements, the EPCI and the schemes of the register that stand on its ground."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from helpers import catalog, french
from helpers.articulation import overlaps, perimeters
from helpers.catalog import Study, labels
from helpers.page import display
from helpers.territory import communes
from helpers.territory.diagnosis import national
from helpers.territory.places import Place
from helpers.territory.references import DEPARTMENT

_HEADS_FR = {
    "kind": "Nature",
    "name": "Autre territoire",
    "communes": "Communes partagées",
    "people": "Habitants communs",
    "own": "Part de ce territoire",
    "other": "Part de l'autre",
}
_ADMINISTRATIVE = {"departement": "Département", "epci": "EPCI"}
_PLACE = "territoire"


def shared(place: Place, study: Study, *, day: str = "") -> pd.DataFrame:
    """One row per territory that shares a commune with `place`: columns of _HEADS_FR, départements, EPCI, then the register.

    Schemes in force on the `day` (when empty, that of the last entry of the register); the CPTS whose perimeter `place` is
    stays out. Inhabitants of 2023; parts in words.
    """
    known = perimeters.units()
    own = known.loc[list(place.codes)]
    rows = [_rows(_PLACE, place.name_fr, _PLACE, place.codes)]
    # Both are held by the process, and not made for each territory.
    departments, names = national.groups()[DEPARTMENT], catalog.load("open/epci", catalog.DEFAULT_FOLDER)
    names = names.set_index("code")["name"]
    for code in own["department"].dropna().unique():
        rows.append(_rows(f"departement-{code}", departments[code][0], "departement", departments[code][1]))
    for code in own["epci"].dropna().unique():
        rows.append(_rows(f"epci-{code}", str(names[code]), "epci", communes.of_epci(code)))
    others = _in_force(study, place.scheme, day)
    told = pd.concat([*rows, others], ignore_index=True)
    kinds = [*_ADMINISTRATIVE, *others["kind"].unique()]
    found = overlaps.pairs(told, at=perimeters.GEOGRAPHY, first=(_PLACE,), second=kinds)
    found = found[found["relation"] != overlaps.APART]
    order = found["second_kind"].map({kind: rank for rank, kind in enumerate(kinds)})
    found = found.assign(order=order).sort_values(
        ["order", "population_both"], ascending=[True, False], kind="stable"
    )
    natures = labels.codes(perimeters.TABLE, "kind") | _ADMINISTRATIVE
    return pd.DataFrame(
        {
            "kind": found["second_kind"].map(natures), "name": found["second_name"],
            "communes": [
                f"{both} sur {french.number(many)}"
                for both, many in zip(found["communes_both"], found["communes_second"], strict=True)
            ],
            "people": found["population_both"], "own": found["share_first"].map(overlaps.share_in_words),
            "other": found["share_second"].map(overlaps.share_in_words),
        }
    ).reset_index(drop=True)  # fmt: skip


def shared_table(place: Place, study: Study, *, day: str = "") -> display.Shown:
    """The table of `shared`, with what to do when the register has no other scheme."""
    table = shared(place, study, day=day)
    schemes = int((~table["kind"].isin(_ADMINISTRATIVE.values())).sum())
    note = (
        "« sur » : communes de l'autre territoire ; habitants de 2023"
        if schemes
        else "aucun CLS, CLSM, ASV ni autre CPTS dans cpts/perimeters : ajoutez-les pour les voir ici ; habitants de 2023"
    )
    caption = _caption(place, table)
    if schemes:
        caption += f", et croise {french.plural(schemes, 'dispositif')} du registre"
    return display.table(
        table[list(_HEADS_FR)], caption, heads=_HEADS_FR, decimals={"people": 0}, note=note, name="autres_territoires",
        source="INSEE ; cpts/perimeters",
    )  # fmt: skip


def _caption(place: Place, table: pd.DataFrame) -> str:
    """On how many départements and EPCI a territory stands; an EPCI that it is, whole and alone, is named."""
    groups = table.loc[table["kind"] == _ADMINISTRATIVE["epci"], "name"]
    many = int((table["kind"] == _ADMINISTRATIVE["departement"]).sum())
    departments = french.plural(many, "département")
    siren = place.communes["epci"]
    if len(groups) == 1 and siren.notna().all() and set(communes.of_epci(siren.iloc[0])) == set(place.codes):
        return f"Ce territoire est tout l'EPCI {groups.iloc[0]}, dans {departments}"
    where = (
        f"{departments} et {french.plural(len(groups), 'EPCI', 'EPCI')}"
        if len(groups)
        else f"{departments}, hors de tout EPCI"
    )
    stands = "tient dans" if many == 1 and len(groups) <= 1 else "s'étend sur"
    return f"Ce territoire {stands} {where}"


def _in_force(study: Study, scheme: str, day: str) -> pd.DataFrame:
    """Schemes of the register in force on a day, but for one of them and the EPCI, as if they began with our communes."""
    register = study.table(perimeters.TABLE, optional=True)
    others = register[(register["scheme"] != scheme) & (register["kind"] != "epci")]
    if others.empty:
        return others
    moment = day or others["valid_from"].max().date()
    return perimeters.in_force(others, moment).assign(
        valid_from=pd.Timestamp(perimeters.GEOGRAPHY), valid_to=pd.NaT
    )


def _rows(scheme: str, name: str, kind: str, codes: Iterable[str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "commune": list(codes), "scheme": scheme, "kind": kind, "name_fr": name,
            "valid_from": pd.Timestamp(perimeters.GEOGRAPHY), "valid_to": pd.NaT, "status": "valide",
            "source": "INSEE", "note": "",
        }
    )  # fmt: skip
