"""Local potential accessibility (APL, DREES) of territories: the rule of the DREES, on the communes of today.

The workbooks are in the communes of their own year, and give Paris, Lyon and Marseille by arrondissement: a commune that has
merged since counts in the one that holds it now, one that has split gives its value to its pieces, and a whole city is
opened into its arrondissements before anything is joined. The people whom no value covers are counted, never only their communes.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers import catalog, french
from helpers.errors import NotComputable, UnknownName
from helpers.methods.results import long
from helpers.territory import communes

TABLE = "official/accessibility"
COLUMNS = ("apl", "apl_65", "apl_62", "apl_60")
LEAST_COVERED = 90.0  # percent of the people of a territory under which its mean is not told
GENERALISTS = "consultations par an par habitant standardisé"
FULL_TIME = "ETP pour 100 000 habitants standardisés"
UNITS = {
    "generalistes": GENERALISTS,
    "infirmiers": FULL_TIME,
    "kinesitherapeutes": FULL_TIME,
    "sages_femmes": "ETP pour 100 000 femmes standardisées",
    "chirurgiens_dentistes": FULL_TIME,
}


def by_territory(
    table: pd.DataFrame,
    territories: pd.Series[str],
    *,
    column: str | None = None,
    threshold: float | None = None,
    partial: bool = False,
) -> pd.DataFrame:
    """APL of each territory by the rule of the DREES, as long results, one period per year, with the column `covered`.

    Takes rows of `official/accessibility` for one profession and the territory of each commune (indexed by commune code);
    `column` is "apl_65" for generalists, the series that the DREES publishes, and "apl" for the others, unless given. The
    mean is weighted by the standardised population; the people under `threshold` are counted with the total population, in
    number and in percent. `covered` is the percentage of the people of the territory (2023) whose commune has a value; the
    note says it under 100. A territory without enough of them is left out when the table is `partial`. Raises NotComputable
    for several professions, no territory, or one without any value, with less than 90 % of its people covered or, with
    `threshold`, without inhabitants. Method: DREES, notes of the workbook; Barlet
    et al. 2012, "L'accessibilité potentielle localisée".
    """
    professions = table["profession"].unique()
    if len(professions) != 1:
        raise NotComputable(
            f"L'APL s'agrège une profession à la fois (ici : {', '.join(map(str, professions))})."
        )
    profession = str(professions[0])
    column = column or ("apl_65" if profession == "generalistes" else "apl")
    if column not in COLUMNS:
        raise UnknownName("Colonne de l'APL", column, COLUMNS)
    if territories.empty:
        raise NotComputable("Aucune commune ne dit son territoire : l'APL ne s'agrège pas.")
    places = opened(territories)
    parts = [pd.DataFrame()]
    for period, year in table.groupby("year"):
        rows = places.join(in_todays_communes(_parted(year)).set_index("commune"), how="left")
        parts.append(_of_year(rows, str(period), profession, column, threshold, partial=partial))
    return pd.concat(parts, ignore_index=True)


def _of_year(
    rows: pd.DataFrame, period: str, profession: str, column: str, threshold: float | None, *, partial: bool
) -> pd.DataFrame:
    """Mean, then people under the threshold, of each territory of one year. Raises NotComputable as `by_territory`."""
    by, names = pd.factorize(rows["territory"], sort=True)
    apl, weights, people = (
        rows[name].to_numpy("float64", na_value=np.nan)
        for name in (column, "standardised_population", "population")
    )
    known = ~(np.isnan(apl) | np.isnan(weights))

    def summed(values: NDArray[np.float64], where: NDArray[np.bool_]) -> NDArray[np.float64]:
        return np.bincount(by[where], weights=values[where], minlength=len(names)).astype(np.float64)

    total, weight = summed(apl * weights, known), summed(weights, known)
    covered, absent = _covered(rows.index, by, known, len(names))
    whole, under = summed(people, known), summed(people, known & (apl < (threshold or 0.0)))
    refused = {
        name: why
        for name, why in zip(
            names, map(_refusal, weight, covered, absent, whole, itertools.repeat(threshold)), strict=True
        )
        if why
    }
    if refused and not partial:
        name, why = next(iter(refused.items()))
        raise NotComputable(f"{name} : {why.format(period=period)}")
    told = ~np.isin(names, list(refused))
    if not told.any():
        return pd.DataFrame()
    covered, absent = covered[told], absent[told]
    shared: dict[str, Any] = {
        "indicator": f"APL, {profession}", "territory": np.asarray(names, dtype=object)[told], "period": period,
        "note": [_left_out(*pair) for pair in zip(covered, absent, strict=True)], "covered": covered,
    }  # fmt: skip
    total, weight, whole, under = total[told], weight[told], whole[told], under[told]
    parts = [
        long(
            **shared, statistic="moyenne pondérée", value=total / weight, numerator=total, denominator=weight,
            unit=UNITS[profession], method="moyenne pondérée par la population standardisée (DREES)",
        )
    ]  # fmt: skip
    if threshold is not None:
        counted = {
            "numerator": under,
            "denominator": whole,
            "method": "population totale des communes sous le seuil (DREES)",
        }
        name = f"sous {french.number(threshold)}"
        parts += [
            long(**shared, **counted, statistic=f"habitants {name}", value=under, unit="habitants"),
            long(
                **shared,
                **counted,
                statistic=f"part des habitants {name}",
                value=100 * under / whole,
                unit="%",
            ),
        ]
    # Territory by territory, as a reader wants them.
    return pd.concat(parts).sort_index(kind="stable")


def _refusal(weight: float, covered: float, absent: int, people: float, threshold: float | None) -> str:
    """Why a territory has no mean, to follow its name; empty when it has one."""
    if not weight > 0:
        return "aucune commune n'a d'APL en {period}."
    if covered < LEAST_COVERED:
        return (
            f"l'APL de {{period}} ne couvre que {french.percent(covered, 0)} des habitants "
            f"({french.plural(absent, 'commune')} sans valeur) : la moyenne n'est pas donnée."
        )
    if threshold is not None and np.isnan(people):
        return "la population totale manque, le nombre d'habitants sous le seuil ne se calcule pas."
    if threshold is not None and not people > 0:
        return "aucun habitant, la part sous le seuil ne se calcule pas."
    return ""


def _left_out(covered: float, absent: int) -> str:
    if not absent:
        return ""
    return f"{french.plural(absent, 'commune')} sans APL, soit {french.percent(100 - covered)} des habitants"


def opened(territories: pd.Series[str]) -> pd.DataFrame:
    """Territory of each code, whole cities opened into their arrondissements: index of codes, column `territory`."""
    inside = _districts()
    parts = inside.loc[inside["commune"].isin(territories.index)].set_index("district")["commune"]
    whole = territories[~territories.index.isin(parts)]
    found = pd.concat([whole, parts.map(territories)]) if len(parts) else whole
    return found.rename_axis("code").to_frame("territory")


def districts_of(territories: Mapping[str, str]) -> dict[str, str]:
    """Territory of each arrondissement of the whole cities among these communes (code -> territory)."""
    inside = _districts()
    pairs = zip(inside["district"], inside["commune"], strict=True)
    return {district: territories[city] for district, city in pairs if city in territories}


@catalog.remembered
def _districts() -> pd.DataFrame:
    """Arrondissements (`district`) of each whole city (`commune`)."""
    units = communes.units()
    rows = units.loc[units["kind"] == "arrondissement", ["code", "commune"]]
    return rows.rename(columns={"code": "district"}).reset_index(drop=True)


def codes_in_files(codes: Iterable[str]) -> list[str]:
    """Codes under which an official file of any year may know these communes of today, theirs included.

    The arrondissements of a whole city, the communes that have merged into one, the one that it has left.
    """
    asked = set(codes)
    asked |= set(opened(pd.Series("x", index=sorted(asked))).index)
    former = communes.former()["commune"]
    for members in communes.splits()["members"]:
        if asked & members:
            asked |= members
    return sorted(asked | set(former.index[former.isin(asked)]))


def in_todays_communes(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of an official table, each under the commune that holds its ground today; a merged commune has several."""
    former = communes.former()["commune"]
    # The index is hashed once: `isin` would turn the 35 000 codes into a list at each call.
    now = communes.units().index.get_indexer(table["commune"]) >= 0
    return table.assign(commune=table["commune"].where(now, table["commune"].map(former)))


def _parted(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of one year, those of a commune that has split since told by its pieces: its value, and people shared as in 2023."""
    people = communes.units()["population_2023"].astype("float64")
    present = set(table["commune"])
    for group in communes.splits().to_dict("records"):
        if group["code"] not in present:
            continue
        whole = table[table["commune"] == group["code"]]
        pieces = sorted(group["members"])
        # An edition of after the split has its pieces: it is read as it is.
        if whole.empty or table["commune"].isin(set(pieces) - {group["code"]}).any():
            continue
        shares = people.reindex(pieces) / people.reindex(pieces).sum()
        if shares.isna().any():
            continue
        columns = [name for name in ("standardised_population", "population") if name in table]
        told = [
            whole.assign(commune=code, **{name: whole[name].astype("float64") * share for name in columns})
            for code, share in shares.items()
        ]
        kept = table[table["commune"] != group["code"]].astype(dict.fromkeys(columns, "float64"))
        table = pd.concat([kept, *told], ignore_index=True)
    return table


def _covered(
    codes: pd.Index[str], by: NDArray[np.intp], known: NDArray[np.bool_], territories: int
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Percentage of people (2023) of each territory whose commune has a value, and its communes without one.

    A commune that has merged has several rows: one value is enough.
    """
    rows = pd.DataFrame({"by": by, "known": known}).groupby([by, codes]).max()
    ranks, places = rows.index.get_level_values(0).to_numpy(), rows.index.get_level_values(1)
    people = communes.units()["population_2023"].reindex(places).to_numpy("float64", na_value=0.0)
    absent = ~rows["known"].to_numpy()
    total, left = (
        np.bincount(ranks[where], weights=people[where], minlength=territories)
        for where in (np.ones(len(ranks), dtype=bool), absent)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        covered = np.where(total > 0, 100 * (1 - left / total), 100.0)
    return covered, np.bincount(ranks[absent], minlength=territories)
