"""Which territory a notebook is about: codes or names typed as parameters, or the perimeter of a CPTS in the register."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from helpers import french
from helpers.articulation import perimeters
from helpers.catalog import Study
from helpers.errors import DataError, UsageError
from helpers.territory import places
from helpers.territory.places import Place

EXAMPLE_FR = "Exemple fictif : donnez des communes, un EPCI ou un paquet pour votre territoire."


def chosen(
    study: Study, *, cpts: str = "", communes: str = "", epci: str = "", departement: str = "", nom: str = "",
    date_perimetre: str = "",
) -> Place:  # fmt: skip
    """The one territory that parameters name: a list of communes, EPCI, a département, else a CPTS of the register.

    Without any, the first CPTS of the package, or that of `examples/perimeters`, which says that it is invented.
    `date_perimetre` (AAAA-MM-JJ) takes the perimeter of the register on that day. Raises UsageError when two ways are used at
    once or for a date beside a way that has none, and as `places.resolve` does.
    """
    ways = {"cpts": cpts, "communes": communes, "epci": epci, "departement": departement}
    used = [name for name, text in ways.items() if text.strip()]
    if len(used) > 1:
        raise UsageError(
            f"Le territoire est nommé de {len(used)} façons ({', '.join(used)}) : n'en gardez qu'une."
        )
    day = date_perimetre.strip()
    if day and used and used != ["cpts"]:
        raise UsageError(
            f"« date_perimetre » ne sert qu'au périmètre d'une CPTS du registre : retirez-la, ou retirez « {used[0]} »."
        )
    if departement.strip():
        place = places.of_department(departement)
    elif used and used[0] in ("communes", "epci"):
        place = beside(places.resolve(places.asked(communes or epci)), study)
    else:
        place = of_register(study, cpts.strip(), day=day)
    return replace(place, name_fr=nom.strip() or place.name_fr)


def beside(place: Place, study: Study) -> Place:
    """The same territory, with a remark on its communes that are in a CPTS of the register, unless it is that CPTS."""
    register = study.table(perimeters.TABLE, optional=True)
    if register.empty:
        return place
    names = register.drop_duplicates("scheme").set_index("scheme")["name_fr"]
    remarks = []
    for scheme, other in places.of_schemes(register[register["kind"] == "cpts"]).items():
        shared = sorted(set(place.codes) & set(other.codes))
        if shared and set(other.codes) != set(place.codes):
            first = place.communes.set_index("code")["name"][shared].iloc[:3]
            more = " …" if len(shared) > 3 else ""
            remarks.append(
                f"Déjà dans « {names[scheme]} » du registre (cpts/perimeters), {french.plural(len(shared), 'commune')} : "
                f"{french.listing(first)}{more}."
            )
    return replace(place, remarks=(*place.remarks, *remarks))


def of_register(study: Study, cpts: str = "", *, day: str = "") -> Place:
    """Perimeter of a CPTS as the register has it now: its rows without a last day, else those of its last period.

    With a `day`, its rows that are valid that day, told in the communes of today. Raises DataError for a CPTS without a
    perimeter, or without one that day.
    """
    register = study.table(perimeters.TABLE, optional=True)
    invented = register.empty
    if invented:
        if cpts:
            raise DataError(
                f"« {cpts} » n'a pas de périmètre : remplissez le tableau cpts/perimeters, ou donnez des communes ou un EPCI."
            )
        register = study.table(perimeters.EXAMPLE)
    own = register[register["kind"] == "cpts"]
    if own.empty:
        raise DataError("Aucune CPTS dans cpts/perimeters : ajoutez-y ses communes.")
    scheme = cpts or str(own["scheme"].iloc[0])
    rows = own[own["scheme"] == scheme]
    if rows.empty:
        known = ", ".join(own["scheme"].unique()[:6])
        raise DataError(f"« {scheme} » n'a pas de périmètre dans cpts/perimeters (CPTS connues : {known}).")
    open_rows = rows[rows["valid_to"].isna()]
    valid = open_rows if len(open_rows) else rows[rows["valid_to"] == rows["valid_to"].max()]
    if day:
        valid = perimeters.version(rows, day)
        if valid.empty:
            first, last = (
                french.date(moment.date()) for moment in (rows["valid_from"].min(), rows["valid_from"].max())
            )
            raise DataError(
                f"« {scheme} » n'a aucune commune le {french.date(perimeters.day(day))} dans cpts/perimeters : ses entrées vont "
                f"du {first} au {last}."
            )
    place = places.resolve(valid["commune"].drop_duplicates(), checked=True)
    remarks = (*([EXAMPLE_FR] if invented else []), _dated(valid, day), *place.remarks)
    return Place(place.codes, str(rows["name_fr"].iloc[0]), remarks, "" if invented else scheme)


def _dated(valid: pd.DataFrame, day: str) -> str:
    """Of which day the perimeter is, and whether it is only a project."""
    since = valid["valid_from"].max()
    entered = "" if pd.isna(since) else f", dernière entrée le {french.date(since.date())}"
    at = f" au {french.date(perimeters.day(day))}" if day else ""
    project = " Il est encore un projet, à confirmer." if valid["status"].eq(perimeters.PROJECT).all() else ""
    return (
        f"Périmètre du registre{at}{entered}, dit dans les communes de {perimeters.GEOGRAPHY.year}.{project}"
    )
