"""Official files by commune brought to the communes of today, before anything is joined: what merged is added up first.

A city counts its arrondissements when the file gives them alone; a commune that a file of before the split gives whole is told
of all its pieces together, and of none of them.
"""

from __future__ import annotations

import pandas as pd

from helpers import french
from helpers.territory import access, communes

PEOPLE = "population_2023"
_PERIODS = ("year", "vital_year")


def dossier(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, str]]:
    """Figures of the dossier complet by commune of today, those of groups of split communes, and the years of both censuses.

    Takes rows of the dossier as its reader gives them. A commune whose pieces are not all known has no figure. The years are
    indexed by "recensement" and "état civil".
    """
    columns = [name for name in table.columns if name not in ("commune", "source", *_PERIODS)]
    counts = table.set_index("commune")[columns].astype("float64")
    known = _added(access.in_todays_communes(table[["commune", *columns]]), columns)
    units = communes.units()
    cities = units[(units["kind"] == "arrondissement") & ~units["commune"].isin(known.index)]
    parts = known.reindex(cities["code"]).reset_index(drop=True)
    known = pd.concat([known, _added(parts.assign(commune=cities["commune"].to_numpy()), columns)])
    wholes = []
    for group in communes.splits().to_dict("records"):
        given = counts.index.intersection(sorted(group["members"]))
        if list(given) == [group["code"]]:
            wholes.append(
                {"code": group["code"], "members": group["members"], PEOPLE: group[PEOPLE]}
                | dict(counts.loc[group["code"]])
            )
            known.loc[group["code"]] = float("nan")
    years = {
        name: str(int(table[column].dropna().max())) if table[column].notna().any() else ""
        for name, column in zip(("recensement", "état civil"), _PERIODS, strict=True)
    }
    return _with_people(known), pd.DataFrame(wholes, columns=["code", "members", PEOPLE, *columns]), years


def practice(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, str]]:
    """Persons in practice by commune of today, one column per profession (`persons_10_MG`), no group, the day of the file.

    Takes rows of `official/activities` with `share`: one who practises in several communes is shared between them, so that
    communes add up. A commune without anyone has zero; a profession that the table does not have has no column.
    """
    rows = access.in_todays_communes(table[table["share"].notna()])
    names = "persons_" + rows["profession"].str.replace("-", "_")
    found = rows.assign(column=names).pivot_table(
        index="commune", columns="column", values="share", aggfunc="sum"
    )
    units = communes.units()
    inside = units.loc[units["kind"] == "arrondissement", "commune"]
    of_cities = found[found.index.isin(inside.index)].groupby(inside).sum()
    every = found.reindex(units.index).fillna(0.0).add(of_cities.reindex(units.index).fillna(0.0))
    day = table["extracted"].dropna()
    return (
        _with_people(every),
        pd.DataFrame(),
        {"extraction": french.date(day.max().date()) if len(day) else ""},
    )


def _added(rows: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Sums by commune; missing where one of its rows is."""
    groups = rows.groupby("commune")[columns]
    # A column under secrecy in one piece hides the whole, never lowers it.
    return groups.sum().where(groups.count().eq(rows.groupby("commune").size(), axis=0))


def _with_people(figures: pd.DataFrame) -> pd.DataFrame:
    return figures.assign(**{PEOPLE: communes.units()[PEOPLE].astype("float64").reindex(figures.index)})
