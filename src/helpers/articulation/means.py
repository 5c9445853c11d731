"""Means of a CPTS against those of a CLS, by size and by year of the published scale."""

from __future__ import annotations

from itertools import product

import pandas as pd

from helpers import aci, french
from helpers.catalog import Study, labels
from helpers.errors import DataError

CORE = "Fonctionnement et missions socles, hors crise"
_SHARED = ("fonctionnement", "acces_aux_soins", "coordination_parcours", "prevention")
SITUATIONS_FR = {
    "Fonctionnement seul": ("fonctionnement",),
    CORE: _SHARED,
    "Toutes les missions du barème": ("total",),
}


def means_gap(ceilings: pd.DataFrame, cls_ceiling: float) -> pd.DataFrame:
    """ACI amounts against the ceiling of the support that an ARS gives to the coordination of one CLS.

    Takes `ceilings` in euros per year, one row per size and one column per situation, and `cls_ceiling` in euros. Returns one
    row per size and situation: `size`, `situation`, `amount`, `ratio` (ACI / CLS). Raises DataError for a ceiling not positive.
    """
    if not cls_ceiling > 0:
        raise DataError("Le plafond du CLS doit être un montant positif.")
    long = ceilings.rename_axis(index="size", columns="situation").stack().rename("amount").reset_index()
    long["ratio"] = long["amount"] / cls_ceiling
    return long


def aci_situations(funding: pd.DataFrame) -> pd.DataFrame:
    """What a CPTS can receive in a year, by size, from a printed scale with the four core missions.

    Columns: operating money alone; core missions at full rate in the first year of the crisis plan without a crisis; in a
    following year (plan updated), without a crisis; ceiling of the first year with a crisis. Euros per year.
    """
    amounts = funding.set_index(["mission", "part", "size"])["value"].sort_index()
    operating = amounts.xs(("fonctionnement", "total"))
    core = sum(
        (
            amounts.xs((mission, "total"))
            for mission in ("acces_aux_soins", "coordination_parcours", "prevention")
        ),
        start=operating,
    )
    plan, update = amounts.xs(("plan_premiere_redaction", "fixe")), amounts.xs(("plan_mise_a_jour", "fixe"))
    return pd.DataFrame(
        {
            "Fonctionnement seul": operating,
            "Missions socles, année suivante (plan mis à jour)": core + update,
            "Missions socles, première année du plan": core + plan,
            "Première année du plan, avec une crise sanitaire": core
            + plan
            + amounts.xs(("crise_sanitaire", "variable")),
        }
    ).rename_axis("size")


def means_sentence(gaps: pd.DataFrame, *, size: int) -> str:
    """One French sentence on the smallest and largest ratio of `means_gap` for CPTS of one size."""
    own = gaps[gaps["size"] == size]
    low, high = own.loc[own["ratio"].idxmin()], own.loc[own["ratio"].idxmax()]
    return (
        f"Une CPTS de taille {size} peut recevoir de {french.number(low['ratio'], 1)} fois "
        f"({low['situation'].lower()}) à {french.number(high['ratio'], 1)} fois ({high['situation'].lower()}) "
        "le plafond de l'appui d'une ARS à la coordination d'un CLS."
    )


def by_year(study: Study) -> pd.DataFrame:
    """What a CPTS could receive in a year, by year of the scale, situation and size, from every document that prints it.

    One row per year, situation and size: `low` and `high` (euros; they differ where documents do), `documents` (keys),
    `n` of them. Years without a printed scale have no row, nor do situations that a scale cannot give.
    """
    rows = []
    for document, year in aci.SCALES.items():
        amounts = aci.funding(document, study)
        whole = amounts[amounts["part"] == "total"].drop_duplicates(["mission", "size", "value"])
        for size, own in whole.groupby("size"):
            printed = own.groupby("mission")["value"].agg(list).to_dict()
            for situation, missions in SITUATIONS_FR.items():
                if all(len(printed.get(mission, [])) >= 1 for mission in missions):
                    sums = [sum(choice) for choice in product(*(printed[mission] for mission in missions))]
                    rows += [
                        {
                            "year": year,
                            "situation": situation,
                            "size": int(size),
                            "amount": amount,
                            "document": document,
                        }
                        for amount in sums
                    ]
    table = pd.DataFrame(rows)
    grouped = table.groupby(["situation", "year", "size"], sort=False)
    result = grouped.agg(
        low=("amount", "min"), high=("amount", "max"), n=("document", "nunique"),
        documents=("document", lambda keys: ", ".join(dict.fromkeys(keys))),
    ).reset_index()  # fmt: skip
    order = {name: rank for rank, name in enumerate(SITUATIONS_FR)}
    return result.sort_values(
        ["situation", "year", "size"], key=lambda column: column.map(order) if column.name == "situation" else column,
        ignore_index=True,
    )  # fmt: skip


def gap_by_year(amounts: pd.DataFrame, cls_ceiling: float, *, ceiling_year: int) -> pd.DataFrame:
    """Rows of `by_year` with the ratio to the ceiling of a CLS (`low_ratio`, `high_ratio`) and what that ceiling is worth.

    The ceiling has one year; for another year of the scale `note` says that it is not of that year. Raises DataError for a
    ceiling that is not positive.
    """
    if not cls_ceiling > 0:
        raise DataError("Le plafond du CLS doit être un montant positif.")
    notes = amounts["year"].map(
        lambda year: "" if year == ceiling_year else f"plafond du CLS de {ceiling_year}, seul publié"
    )
    return amounts.assign(
        low_ratio=amounts["low"] / cls_ceiling, high_ratio=amounts["high"] / cls_ceiling, note=notes
    )


def readable(gaps: pd.DataFrame) -> pd.DataFrame:
    """Rows of `gap_by_year` as a table shows them: one row per situation and year, a column per size.

    Where documents differ, the cell holds both amounts.
    """
    cells = gaps.assign(
        shown=[
            french.number(low) if low == high else f"{french.number(low)} ou {french.number(high)}"
            for low, high in zip(gaps["low"], gaps["high"], strict=True)
        ],
        head="Taille " + gaps["size"].astype(str),
        year=gaps["year"].astype(str),
    )
    order = pd.MultiIndex.from_frame(cells[["situation", "year"]].drop_duplicates())
    wide = cells.pivot(index=["situation", "year"], columns="head", values="shown").reindex(order)
    return wide.rename_axis(columns=None).reset_index()


def sources(gaps: pd.DataFrame) -> str:
    """Which documents print the scale of each year, and of which year the ceiling is: the note of the table."""
    told = []
    for year, own in gaps.groupby("year"):
        keys = dict.fromkeys(key for cell in own["documents"] for key in str(cell).split(", "))
        told.append(f"{year} : {french.listing(labels.document(key) for key in keys)}")
    borrowed = [note for note in gaps["note"].unique() if note]
    return " ; ".join(["barèmes imprimés, " + " ; ".join(told), *borrowed])


def ratios(gaps: pd.DataFrame) -> pd.DataFrame:
    """Rows of `gap_by_year` as a matrix of ratios (the highest printed): situation and year by size."""
    cells = gaps.assign(
        row=gaps["situation"] + " · " + gaps["year"].astype(str), head="Taille " + gaps["size"].astype(str)
    )
    wide = cells.pivot(index="row", columns="head", values="high_ratio")
    return wide.reindex(cells["row"].drop_duplicates()).rename_axis(columns=None).reset_index()


def change_sentence(gaps: pd.DataFrame, *, size: int) -> str:
    """One French sentence on how the ratio of one size moved between the first and the last year of the scales."""
    own = gaps[(gaps["size"] == size) & (gaps["situation"] == CORE)].sort_values("year")
    first, last = own.iloc[0], own.iloc[-1]
    absent = sorted(set(range(int(first["year"]), int(last["year"]) + 1)) - set(own["year"]))
    return (
        f"Pour la taille {size}, fonctionnement et missions socles hors crise valent {_times(first)} le plafond du CLS en "
        f"{first['year']} et {_times(last)} en {last['year']}, au plafond de 2022 dans les deux cas."
        + (f" Aucun barème imprimé pour {french.listing(absent)}." if absent else "")
    )


def _times(row: pd.Series[object]) -> str:
    low, high = (french.number(float(row[column]), 1) for column in ("low_ratio", "high_ratio"))
    return f"{low} fois" if low == high else f"{low} à {high} fois"
