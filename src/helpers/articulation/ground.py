"""Which territory a notebook is about: codes or names typed as parameters, or the perimeter of a CPTS in the register."""

from __future__ import annotations

import pandas as pd

from helpers.articulation import perimeters
from helpers.catalog import Study
from helpers.errors import DataError, UsageError
from helpers.territory import places
from helpers.territory.places import Place

EXAMPLE_FR = "Exemple fictif : donnez des communes, un EPCI ou un paquet pour votre territoire."


def chosen(
    study: Study, *, cpts: str = "", communes: str = "", epci: str = "", departement: str = "", nom: str = ""
) -> Place:
    """The one territory that parameters name: a list of communes, EPCI, a département, else a CPTS of the register.

    Without any, the first CPTS of the package, or that of `examples/perimeters`, which says that it is invented. Raises
    UsageError when two ways are used at once, and as `places.resolve` does.
    """
    ways = {"cpts": cpts, "communes": communes, "epci": epci, "departement": departement}
    used = [name for name, text in ways.items() if text.strip()]
    if len(used) > 1:
        raise UsageError(
            f"Le territoire est nommé de {len(used)} façons ({', '.join(used)}) : n'en gardez qu'une."
        )
    if departement.strip():
        place = places.of_department(departement)
    elif used and used[0] in ("communes", "epci"):
        place = places.resolve(places.asked(communes or epci))
    else:
        place = of_register(study, cpts.strip())
    return Place(place.codes, nom.strip() or place.name_fr, place.remarks)


def of_register(study: Study, cpts: str = "") -> Place:
    """Perimeter of a CPTS as the register has it now: its rows without a last day, else those of its last period.

    Raises DataError for a CPTS without a perimeter.
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
    place = places.resolve(valid["commune"].drop_duplicates())
    since = valid["valid_from"].max()
    dated = f"Périmètre du registre, {_since(since)}."
    remarks = (*([EXAMPLE_FR] if invented else []), dated, *place.remarks)
    return Place(place.codes, str(rows["name_fr"].iloc[0]), remarks)


def _since(day: pd.Timestamp) -> str:
    return "sans date" if pd.isna(day) else f"dernière entrée le {day:%d/%m/%Y}"
