"""Local potential accessibility (APL, DREES) of territories: the rule of the DREES, on the communes of today.

The workbooks are in the communes of their own year, and give Paris, Lyon and Marseille by arrondissement: a commune that has
merged since counts in the one that holds it now, one that has split gives its value to its pieces, and a whole city is
opened into its arrondissements before anything is joined. The people whom no value covers are counted, never only their communes.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

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
    rows = [pd.DataFrame()]
    for period, year in table.groupby("year"):
        joined = places.join(in_todays_communes(_parted(year)).set_index("commune"), how="left")
        for territory, group in joined.groupby("territory"):
            try:
                rows += _one(group, str(territory), str(period), profession, column, threshold)
            except NotComputable:
                if not partial:
                    raise
    return pd.concat(rows, ignore_index=True)


def _one(
    group: pd.DataFrame, territory: str, period: str, profession: str, column: str, threshold: float | None
) -> list[pd.DataFrame]:
    """Mean, then people under the threshold, of one territory and year. Raises NotComputable as `by_territory`."""
    known = group.dropna(subset=[column, "standardised_population"])
    if known.empty or not known["standardised_population"].sum() > 0:
        raise NotComputable(f"{territory} : aucune commune n'a d'APL en {period}.")
    covered, absent = _covered(group.index, known.index)
    if covered < LEAST_COVERED:
        raise NotComputable(
            f"{territory} : l'APL de {period} ne couvre que {french.percent(covered, 0)} des habitants "
            f"({french.plural(absent, 'commune')} sans valeur) : la moyenne n'est pas donnée."
        )
    note = (
        f"{french.plural(absent, 'commune')} sans APL, soit {french.percent(100 - covered)} des habitants"
        if absent
        else ""
    )
    shared = {
        "indicator": f"APL, {profession}",
        "territory": territory,
        "period": period,
        "note": note,
        "covered": covered,
    }
    weights = known["standardised_population"]
    total, weight = float((known[column] * weights).sum()), float(weights.sum())
    mean = long(
        **shared, statistic="moyenne pondérée", value=total / weight, numerator=total, denominator=weight,
        unit=UNITS[profession], method="moyenne pondérée par la population standardisée (DREES)",
    )  # fmt: skip
    return [mean, *([] if threshold is None else _under(known, column, threshold, shared))]


def opened(territories: pd.Series[str]) -> pd.DataFrame:
    """Territory of each code, whole cities opened into their arrondissements: index of codes, column `territory`."""
    table = territories.rename("territory").rename_axis("code").reset_index()
    cities = table.merge(_districts(), left_on="code", right_on="commune")
    parts = cities[["district", "territory"]].rename(columns={"district": "code"})
    whole = table[~table["code"].isin(cities["code"])]
    return pd.concat([whole, parts], ignore_index=True).set_index("code")


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


def _covered(asked: pd.Index[str], known: pd.Index[str]) -> tuple[float, int]:
    """Percentage of people (2023) whose commune has a value, and communes without one."""
    people = communes.units()["population_2023"].reindex(asked.unique()).astype("float64")
    absent = people.index.difference(known)
    total = float(people.sum())
    left = float(people.reindex(absent).sum())
    return (100 * (1 - left / total) if total > 0 else 100.0), len(absent)


def _under(
    known: pd.DataFrame, column: str, threshold: float, shared: dict[str, object]
) -> list[pd.DataFrame]:
    if known["population"].isna().any():
        raise NotComputable(
            f"{shared['territory']} : la population totale manque, le nombre d'habitants sous le seuil ne se calcule pas."
        )
    people = float(known["population"].sum())
    if not people > 0:
        raise NotComputable(
            f"{shared['territory']} : aucun habitant, la part sous le seuil ne se calcule pas."
        )
    under = float(known.loc[known[column] < threshold, "population"].sum())
    method = "population totale des communes sous le seuil (DREES)"
    name = f"sous {french.number(threshold)}"
    return [
        long(**shared, statistic=f"habitants {name}", value=under, numerator=under, denominator=people, unit="habitants",
             method=method),
        long(**shared, statistic=f"part des habitants {name}", value=100 * under / people, numerator=under,
             denominator=people, unit="%", method=method),
    ]  # fmt: skip
