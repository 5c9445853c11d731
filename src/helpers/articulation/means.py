"""Means of a CPTS against those of a CLS, by size and by year of the published scale."""

from __future__ import annotations

from itertools import product

import pandas as pd

from helpers import aci, french
from helpers.catalog import Study, labels
from helpers.errors import DataError

CORE = "Fonctionnement et missions socles, hors crise"
SIZES_FR = {size: f"Taille {size}" for size in aci.SIZES}
_SHARED = ("fonctionnement", "acces_aux_soins", "coordination_parcours", "prevention")
LIKE_HEADS_FR = {
    "size": "CPTS",
    "amount": "Fonctionnement d'une CPTS (€ par an)",
    "ceiling": "Coordination d'un CLS, au plus (€ par an)",
    "ratio": "CPTS / CLS (fois)",
}
RUNNING = "Fonctionnement seul"
SITUATIONS_FR = {
    RUNNING: ("fonctionnement",),
    CORE: _SHARED,
    "Toutes les missions du barème": ("total",),
}


def cls_ceiling(study: Study) -> float:
    """Ceiling of the support of an ARS to the coordination of one CLS, in euros a year (Fabrique 2022, line 257)."""
    figures = study.table("fabrique2022/figures").set_index("figure_id")
    return float(figures.loc["coordination_cls", "value"])


def like_for_like(amounts: pd.DataFrame, cls_ceiling: float, *, year: int) -> pd.DataFrame:
    """Coordination against coordination: what each size of CPTS receives to run, against the ceiling for one CLS post.

    Takes rows of `by_year` and the ceiling in euros a year. One row per size: `size`, `amount` (euros), `ceiling`, `ratio`.
    The money of the missions pays other things than a coordination: it is not compared. Raises DataError for a ceiling that
    is not positive.
    """
    if not cls_ceiling > 0:
        raise DataError("Le plafond du CLS doit être un montant positif.")
    own = amounts[(amounts["situation"] == RUNNING) & (amounts["year"] == year)].sort_values("size")
    return pd.DataFrame(
        {
            "size": [SIZES_FR[size] for size in own["size"]],
            "amount": own["high"].astype(float).tolist(),
            "ceiling": float(cls_ceiling),
            "ratio": (own["high"] / cls_ceiling).tolist(),
        }
    )


def like_for_like_sentence(table: pd.DataFrame) -> str:
    """One French sentence on `like_for_like`: both amounts, what each pays, and the ratio from the smallest size on."""
    low, high = table.iloc[0], table.iloc[-1]
    return (
        f"À coordination comparable, une CPTS reçoit de {french.number(low['amount'])} à {french.number(high['amount'])} € par "
        f"an pour fonctionner, selon sa taille et sans cofinancement ; un CLS, {french.number(low['ceiling'])} € au plus, à "
        f"cofinancer : de {french.number(low['ratio'], 1)} à {french.number(high['ratio'], 1)} fois moins."
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
