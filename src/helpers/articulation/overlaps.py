"""Same ground or not: what the perimeters of two kinds of schemes share, and the communes that none of them has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import product

import pandas as pd

from helpers import catalog, french
from helpers.articulation import perimeters
from helpers.articulation.perimeters import DTS, GEOGRAPHY, PART
from helpers.errors import DataError

SAME, FIRST_INSIDE, SECOND_INSIDE = (
    "même périmètre",
    "la CPTS est dans l'autre",
    "l'autre est dans la CPTS",
)
CROSSING, APART = "chevauchement", "aucune commune partagée"
STATES = ("CPTS et DTS", "CPTS seulement", "DTS seulement", "aucun dispositif du registre")
BOTH_HEADS_FR = {
    "first_name": "CPTS",
    "second_name": "Autre dispositif",
    "relation_then": "Relation alors",
    "ground_then": "Habitants sur le sol commun alors",
    "relation_today": "Relation aujourd'hui",
    "ground_today": "Habitants sur le sol commun aujourd'hui",
    "gap": "Écart (habitants communs)",
}
NO_EPCI = "Hors EPCI"
STATE_HEADS_FR = {"state": "État", "communes": "Communes", "population": "Habitants"}
_PAIR = ("first", "first_name", "second", "second_name", "second_kind")


def pairs(
    register: pd.DataFrame,
    *,
    at: dt.date | str,
    first: Sequence[str] = ("cpts",),
    second: Sequence[str] = DTS,
    year: int = 2023,
) -> pd.DataFrame:
    """What two kinds of schemes share on a day: one row per pair with at least a commune in common, or none in `relation`.

    `first` and `second` are kinds. Schemes in force only: a project covers nothing yet. Counts of communes and of inhabitants
    (of `year`, in today's communes) of each and of both; `share_first` and `share_second` are the part of the inhabitants of
    each that live on the shared ground, from 0 to 1, and `ground` says both; `relation` compares the sets, said of the
    communes. A pair with a commune that is partial keeps its communes and loses its inhabitants: `note` says it. Raises
    NotComputable for a year without population.
    """
    people = perimeters.population_column(year)
    place = perimeters.in_todays_communes(perimeters.in_force(register, at))
    groups = {
        key: part.set_index("code") for key, part in place.groupby(["kind", "scheme", "name_fr"], sort=False)
    }
    # From the day of our limits on, a perimeter is made of whole communes of today.
    past = perimeters.day(at) < GEOGRAPHY
    sides = [[item for item in groups.items() if item[0][0] in kinds] for kinds in (first, second)]
    rows = []
    for (one, left), (other, right) in product(*sides):
        if one[1] == other[1]:
            continue
        shared = left.index.intersection(right.index)
        doubtful = past and (left["extent"].eq(PART).any() or right["extent"].eq(PART).any())
        counts = [
            float("nan") if doubtful else _people(part, people) for part in (left, right, left.loc[shared])
        ]
        shares = [counts[2] / counts[side] if counts[side] > 0 else float("nan") for side in (0, 1)]
        rows.append(
            {
                "first": one[1], "first_name": one[2], "second": other[1], "second_name": other[2], "second_kind": other[0],
                "version": perimeters.said(at), "communes_first": len(left), "communes_second": len(right),
                "communes_both": len(shared), "population_first": counts[0], "population_second": counts[1],
                "population_both": counts[2], "share_first": shares[0], "share_second": shares[1],
                "ground": f"{share_in_words(shares[0])} de la CPTS, {share_in_words(shares[1])} de l'autre",
                "relation": _relation(set(left.index), set(right.index)),
                "note": "habitants inconnus : limites de communes changées" if doubtful else "",
            }
        )  # fmt: skip
    columns = [
        *_PAIR, "version", "communes_first", "communes_second", "communes_both", "population_first", "population_second",
        "population_both", "share_first", "share_second", "ground", "relation", "note",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _people(part: pd.DataFrame, column: str) -> float:
    return float(part[column].astype("float64").sum(skipna=False)) if len(part) else 0.0


def share_in_words(share: float) -> str:
    """Part of the inhabitants in words, without a decimal: neither "100 %" nor "0 %" unless it is exactly so."""
    if pd.isna(share):
        return "part inconnue"
    if 0.995 <= share < 1:
        return f"plus de {french.percent(99, 0)}"
    return f"moins de {french.percent(1, 0)}" if 0 < share < 0.005 else french.percent(100 * share, 0)


def ground_sentence(pair: pd.Series) -> str:
    """Shared ground of a pair told both ways, in one French sentence: takes a row of `pairs`."""
    first, second = str(pair["first_name"]), str(pair["second_name"])
    if pair["relation"] == APART:
        return f"« {first} » et « {second} » n'ont aucune commune en commun ({pair['version']})."
    if pd.isna(pair["population_both"]):
        return (
            f"« {first} » et « {second} » ont {french.plural(pair['communes_both'], 'commune')} en commun ; "
            f"les habitants ne se comptent pas ({pair['note']})."
        )
    return (
        f"{share_in_words(pair['share_second'])} des habitants de « {second} » vivent dans « {first} » ; "
        f"{share_in_words(pair['share_first'])} dans l'autre sens ({french.number(pair['population_both'], 0)} habitants et "
        f"{french.plural(pair['communes_both'], 'commune')} en commun, {pair['version']})."
    )


def _relation(first: set[str], second: set[str]) -> str:
    if first == second:
        return SAME
    if not first & second:
        return APART
    if first < second:
        return FIRST_INSIDE
    return SECOND_INSIDE if second < first else CROSSING


def pairs_then_and_now(
    register: pd.DataFrame,
    *,
    at: dt.date | str,
    today: dt.date | str = GEOGRAPHY,
    second: Sequence[str] = DTS,
    year: int = 2023,
) -> pd.DataFrame:
    """Relation and shared ground of each CPTS and other scheme, on the perimeters of a day and on today's, with the gap.

    One row per pair that exists at one of the two dates and shares a commune at one of them; a side that did not exist is
    missing, never zero. `gap` is the change in shared inhabitants. A scheme that changed its name since keeps that of the
    first date.
    """
    old, new = (pairs(register, at=moment, second=second, year=year) for moment in (at, today))
    told = ("relation", "ground", "population_both")
    kept = [*_PAIR, *told]
    names = {
        f"{name}_{end}": f"{name}_{side}" for end, side in (("x", "then"), ("y", "today")) for name in told
    }
    ids = ["first", "second", "second_kind"]
    both = old[kept].merge(new[kept], on=ids, how="outer", sort=False).rename(columns=names)
    for name in ("first_name", "second_name"):
        both[name] = both.pop(f"{name}_x").fillna(both.pop(f"{name}_y"))
    both = both[[*_PAIR, *names.values()]]
    met = ~(both["relation_then"].fillna(APART).eq(APART) & both["relation_today"].fillna(APART).eq(APART))
    both["gap"] = both["population_both_today"] - both["population_both_then"]
    return both[met].reset_index(drop=True)


def readable_pairs(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of `pairs_then_and_now` in words: why a part is not given, instead of a missing cell."""
    shown = table[list(BOTH_HEADS_FR)].astype(object)
    absent = {side: table[f"relation_{side}"].isna() for side in ("then", "today")}
    for side, gone in absent.items():
        shown[f"relation_{side}"] = table[f"relation_{side}"].fillna("pas de paire à cette date")
        unknown = table[f"population_both_{side}"].isna()
        shown[f"ground_{side}"] = table[f"ground_{side}"].mask(unknown, "inconnu").mask(gone, "—")
    shown["gap"] = [
        french.signed(float(value), 0) if pd.notna(value) else ("—" if gone else "inconnu")
        for value, gone in zip(table["gap"], absent["then"] | absent["today"], strict=True)
    ]
    return shown


def states(
    register: pd.DataFrame, *, at: dt.date | str, frame: Sequence[str] | None = None, year: int = 2023
) -> pd.DataFrame:
    """What the register has on each commune: one row per commune of `frame`, with its `state` of STATES and its inhabitants.

    `frame` is a list of codes of communes; without it, the communes of every EPCI that the version touches, and those it has
    outside any EPCI (four islands). "Aucun" means none in the register, which is never proof that there is none. Raises
    DataError for a frame with an unknown code.
    """
    people = perimeters.population_column(year)
    units = perimeters.units()
    place = perimeters.in_todays_communes(perimeters.in_force(register, at))
    if frame is None:
        whole = units[units.index == units["city"]]
        touched = units.loc[place["code"]]
        alone = whole["epci"].isna() & whole.index.isin(touched["city"])
        codes = list(whole[whole["epci"].isin(touched["epci"].dropna()) | alone].index)
    else:
        codes = list(frame)
        strange = [code for code in codes if code not in units.index]
        if strange:
            raise DataError(f"La commune « {strange[0]} » du cadre est inconnue : écrivez un code de 2025.")
    split = set(units.loc[place["code"], "city"]) - set(place["code"])
    codes = [
        part
        for code in codes
        for part in (
            units.index[(units["city"] == code) & (units.index != code)] if code in split else [code]
        )
    ]
    held = {
        kind: set(place.loc[place["kind"].isin(kinds), "code"])
        for kind, kinds in (("c", ("cpts",)), ("d", DTS))
    }
    table = (
        units.loc[codes, ["name", "epci", people]]
        .rename(columns={people: "population"})
        .reset_index(names="code")
    )
    table["state"] = [STATES[(code not in held["d"]) + 2 * (code not in held["c"])] for code in table["code"]]
    table["epci_name"] = (
        table["epci"]
        .map(catalog.load("open/epci", catalog.DEFAULT_FOLDER).set_index("code")["name"])
        .fillna(NO_EPCI)
    )
    table["version"] = perimeters.said(at)
    return table


def count_states(table: pd.DataFrame) -> pd.DataFrame:
    """Communes and inhabitants in each state of STATES, in their order, with the whole."""
    rows = [
        {
            "state": state,
            "communes": int(own.sum()),
            "population": float(table.loc[own, "population"].astype(float).sum()),
        }
        for state in STATES
        for own in [table["state"] == state]
    ]
    rows.append(
        {
            "state": "Ensemble",
            "communes": len(table),
            "population": float(table["population"].astype(float).sum()),
        }
    )
    return pd.DataFrame(rows)
