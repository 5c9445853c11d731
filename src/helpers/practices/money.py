"""Who is paid, how much and by whom: compensation of the time given, and the other sums that the interviews cite."""

from __future__ import annotations

import pandas as pd

from helpers import french
from helpers.catalog import Study, labels
from helpers.documents.quantities import quantity
from helpers.practices import DOCUMENT, number, ordered
from helpers.practices.missions import statements

COMPENSATION_HEADS_FR = {
    "cpts": "CPTS",
    "practice": "Règle",
    "state": "Le temps est",
    "amounts": "Sommes imprimées",
    "lines": "Ligne",
}
SUM_HEADS_FR = {
    "cpts": "Portée",
    "payer": "Qui paie",
    "label_fr": "Objet",
    "amount": "Somme",
    "line": "Ligne",
    "note": "Note",
}
PAID = "indemnise"


def compensation(study: Study) -> pd.DataFrame:
    """Rule by which each CPTS pays the time of its members, one row per CPTS that states one, with the printed amounts."""
    coded = statements(study, "indemnisation").sort_values("cpts", key=lambda codes: codes.map(number))
    sums = _paid(study)
    return pd.DataFrame(
        {
            "cpts": coded["cpts"].map(number),
            "practice": coded["practice"],
            "state": coded["state"],
            "amounts": [" ; ".join(sums.get(cpts, [])) or "non imprimées" for cpts in coded["cpts"]],
            "lines": coded["line"].astype(str),
        }
    ).reset_index(drop=True)


def sentence(study: Study) -> str:
    """How many rules for how many CPTS, how many pay, and the range of the hourly rates."""
    coded = statements(study, "indemnisation")
    hourly = study.table(f"{DOCUMENT}/money")
    hourly = hourly[(hourly["item"] == "indemnite") & (hourly["unit"] == "€/h")]
    paying = ordered(coded.loc[coded["status"] == PAID, "cpts"])
    return (
        f"{coded['cpts'].nunique()} CPTS disent comment elles paient le temps donné, par {coded['code'].nunique()} règles "
        f"différentes : {len(paying)} indemnisent, {len(coded) - len(paying)} non ou pas encore ; les taux horaires imprimés "
        f"vont de {french.number(float(hourly['value'].min()))} à {french.number(float(hourly['value'].max()))} euros "
        f"({hourly['scope'].nunique()} CPTS)."
    )


def other_sums(study: Study) -> pd.DataFrame:
    """Sums cited for one CPTS, compensation aside: aid, gifts, contributions, budgets, each with payer and line."""
    table = study.table(f"{DOCUMENT}/money")
    table = table[table["scope"].str.startswith("CPTS") & (table["item"] != "indemnite")]
    table = table.sort_values("scope", key=lambda codes: codes.map(number), kind="stable")
    return pd.DataFrame(
        {
            "cpts": table["scope"].map(number),
            "payer": table["payer"].map(labels.codes(f"{DOCUMENT}/money", "payer")),
            "label_fr": table["label_fr"],
            "amount": [french.agreed(quantity(row), str(row["unit"])) for row in table.to_dict("records")],
            "line": table["line"].astype(str),
            "note": table["note"].fillna("—"),
        }
    ).reset_index(drop=True)


def _paid(study: Study) -> dict[str, list[str]]:
    table = study.table(f"{DOCUMENT}/money")
    table = table[table["item"] == "indemnite"]
    found: dict[str, list[str]] = {}
    for row in table.to_dict("records"):
        said = f"{row['label_fr'].lower()} : {quantity(row)} {row['unit']}"
        found.setdefault(str(row["scope"]), []).append(said)
    return found
