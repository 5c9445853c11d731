"""Register of the perimeters of CPTS and DTS: one row per scheme, commune and period; its versions, and their population.

A past perimeter is never rewritten. A version is read as its time wrote it, then told in the communes of today: a code that
has merged since stands for a part of today's commune, whose own population no table here gives. Its figure is then missing,
between two bounds, and never guessed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

import pandas as pd

from helpers import catalog, french
from helpers.errors import DataError, NotComputable
from helpers.territory import communes as territories

TABLE = "cpts/perimeters"
EXAMPLE = "examples/perimeters"
# The communes of `open/communes` are those of this day.
GEOGRAPHY = dt.date(2025, 1, 1)
DTS = ("cls", "clsm", "asv")
PROJECT, CLOSED = "projet", "clos"
WHOLE, PART = "entière", "partielle ou inconnue"
SIZE_HEADS_FR = {
    "name_fr": "Dispositif",
    "communes_then": "Communes alors",
    "population_then": "Habitants alors",
    "communes_today": "Communes aujourd'hui",
    "population_today": "Habitants aujourd'hui",
    "gap": "Écart",
    "change": "Ce qui a changé",
}
_POPULATIONS = [f"population_{year}" for year in territories.YEARS]


def day(at: dt.date | str) -> dt.date:
    """A date, or a text AAAA-MM-JJ. Raises DataError for a text that is no date."""
    if isinstance(at, dt.datetime):
        return at.date()
    if isinstance(at, dt.date):
        return at
    try:
        return dt.date.fromisoformat(at)
    except ValueError:
        raise DataError(
            f"« {at} » n'est pas une date : écrivez AAAA-MM-JJ, par exemple 2022-06-30."
        ) from None


def latest(register: pd.DataFrame, at: dt.date | str = "") -> dt.date:
    """The day of today's perimeter: `at`, else the last one that a row which is no project begins, not before GEOGRAPHY.

    No clock is read: a scheme that began after the geography of the project is in force, one that is still planned is not.
    Raises DataError for a text that is no date.
    """
    if at:
        return day(at)
    begun = register.loc[register["status"].ne(PROJECT).fillna(True).astype(bool), "valid_from"].dropna()
    return max(GEOGRAPHY, begun.max().date()) if len(begun) else GEOGRAPHY


def said(at: dt.date | str) -> str:
    """Name of a version, as every figure of it carries: "registre au 30 juin 2022"."""
    return f"registre au {french.date(day(at))}"


def version(register: pd.DataFrame, at: dt.date | str) -> pd.DataFrame:
    """Rows of the register valid on a day, as written, with the name of the version; the last day of a period belongs to it."""
    moment = pd.Timestamp(day(at))
    valid = (register["valid_from"] <= moment) & (
        register["valid_to"].isna() | (register["valid_to"] >= moment)
    )
    return register[valid].assign(version=said(at)).reset_index(drop=True)


def in_force(register: pd.DataFrame, at: dt.date | str) -> pd.DataFrame:
    """Rows of `version` that cover their commune: not those of a project, nor those of a closed scheme without a last day.

    A closed scheme with a last day covered its communes until then.
    """
    rows = version(register, at)
    waiting = rows["status"].eq(PROJECT) | (rows["status"].eq(CLOSED) & rows["valid_to"].isna())
    return rows[~waiting.fillna(False).astype(bool)].reset_index(drop=True)


def with_status(register: pd.DataFrame) -> pd.DataFrame:
    """Register with the status in the name of the schemes that cover nothing: "CLS du Nord (en projet)", "(clos)"."""
    told = {PROJECT: " (en projet)", CLOSED: " (clos)"}
    status = register.sort_values("valid_from", kind="stable").groupby("scheme")["status"].last()
    return register.assign(name_fr=register["name_fr"] + register["scheme"].map(status.map(told).fillna("")))


@catalog.remembered
def units() -> pd.DataFrame:
    """Communes and municipal arrondissements of 1 January 2025 by code: name, city, EPCI, département, populations."""
    districts = catalog.load("open/arrondissements", catalog.DEFAULT_FOLDER).assign(boundary="inchangée")
    communes = catalog.load("open/communes", catalog.DEFAULT_FOLDER)
    city = communes.set_index("code")["epci"]
    both = pd.concat(
        [communes.assign(city=communes["code"]), districts.assign(city=districts["commune"])],
        ignore_index=True,
    )
    both["epci"] = both["city"].map(city)
    return both.set_index("code")[["name", "city", "epci", "department", "boundary", *_POPULATIONS]]


def in_todays_communes(rows: pd.DataFrame) -> pd.DataFrame:
    """A version told in the communes of 1 January 2025: one row per scheme and commune of today, with populations by year.

    `listed` keeps the codes as written; `extent` is "entière", or "partielle ou inconnue" when they stand for a part of
    today's commune, or for a commune whose limits changed after the row began. Where one scheme names arrondissements of
    Paris, Lyon or Marseille, the whole city is told by arrondissement for all. Raises DataError for an unknown code.
    """
    known, merged = units(), territories.former()
    told = rows.assign(
        code=rows["commune"].where(
            known.index.get_indexer(rows["commune"]) >= 0, rows["commune"].map(merged["commune"])
        )
    )
    if told["code"].isna().any():
        code = told.loc[told["code"].isna(), "commune"].iloc[0]
        raise DataError(
            f"La commune « {code} » n'existe ni aujourd'hui ni parmi les anciennes communes ; corrigez le code."
        )
    # One scheme, one name: written in two ways, it would be two, and a commune that both hold would count twice.
    if len(set(zip(told["scheme"], told["name_fr"], strict=True))) > told["scheme"].nunique(dropna=False):
        told["name_fr"] = told.groupby("scheme")["name_fr"].transform("first")
    keys = ["scheme", "kind", "name_fr", "code"]
    if told.empty:
        return pd.DataFrame(columns=[*keys, "listed", "extent", *known.columns])
    groups = told.groupby(keys, sort=False)
    if told.duplicated(keys).any():
        place = groups.agg(
            listed=("commune", lambda codes: " ".join(sorted(set(codes)))), since=("valid_from", "min")
        ).reset_index()
    else:
        # As a rule one code stands for one commune of today: a whole département has hundreds.
        renamed = told.rename(columns={"commune": "listed", "valid_from": "since"})
        place = renamed[[*keys, "listed", "since"]].dropna(subset=keys).reset_index(drop=True)
    delegated, changed = _delegated(), _changed()
    place["extent"] = [
        _extent(code, set(listed.split()), since.date(), delegated, changed)
        for code, listed, since in zip(place["code"], place["listed"], place["since"], strict=True)
    ]
    return _one_grain(place.drop(columns="since")).join(known, on="code")


@catalog.remembered
def _delegated() -> dict[str, frozenset[str]]:
    """Codes of the delegated communes of each commune of today that has some."""
    own = territories.former()["commune"][territories.former()["kind"] == "déléguée"].dropna()
    found: dict[str, set[str]] = {}
    for code, commune in own.items():
        found.setdefault(str(commune), set()).add(str(code))
    return {commune: frozenset(codes) for commune, codes in found.items()}


@catalog.remembered
def _changed() -> frozenset[str]:
    return frozenset(units().index[units()["boundary"] != "inchangée"])


def _extent(
    code: str,
    listed: set[str],
    since: dt.date,
    delegated: Mapping[str, frozenset[str]],
    changed: Collection[str],
) -> str:
    if code not in listed:
        return PART
    merged = delegated.get(code, frozenset())
    if listed & merged:
        return WHOLE if merged <= listed else PART
    return WHOLE if code not in changed or len(listed) > 1 or since >= GEOGRAPHY else PART


def _one_grain(place: pd.DataFrame) -> pd.DataFrame:
    known = units()
    cities = known.loc[place["code"], "city"]
    split = set(cities[cities.to_numpy() != place["code"].to_numpy()])
    if not split:
        return place
    districts = pd.DataFrame({"code": known["city"].to_numpy(), "district": known.index})
    districts = districts[districts["code"].isin(split) & (districts["code"] != districts["district"])]
    opened = place.merge(districts, on="code", how="left")
    opened["code"] = opened["district"].fillna(opened["code"])
    return opened.drop(columns="district").drop_duplicates(["scheme", "code"], ignore_index=True)


def sizes(place: pd.DataFrame, *, year: int = 2023) -> pd.DataFrame:
    """Communes and inhabitants of each scheme of a version: scheme, name_fr, communes, partial, population, lower, upper.

    Takes the output of `in_todays_communes`. A scheme with communes that are partial has no population, only bounds: the
    communes that it has whole, and all of them. Raises NotComputable for a year without population.
    """
    people = population_column(year)
    rows = []
    for scheme, group in place.groupby("scheme", sort=False):
        partial = group["extent"] == PART
        total = float(group[people].astype("float64").sum(skipna=False))
        surely = float(group.loc[~partial, people].astype("float64").sum(skipna=False))
        rows.append(
            {
                "scheme": scheme, "kind": group["kind"].iloc[0], "name_fr": group["name_fr"].iloc[0],
                "communes": len(group), "partial": int(partial.sum()),
                "population": float("nan") if partial.any() else total, "lower": surely, "upper": total,
            }
        )  # fmt: skip
    columns = ["scheme", "kind", "name_fr", "communes", "partial", "population", "lower", "upper"]
    return pd.DataFrame(rows, columns=columns)


def population_column(year: int) -> str:
    """Column of the populations of a year. Raises NotComputable for a year that the tables do not have."""
    if year not in territories.YEARS:
        raise NotComputable(
            f"Pas de population en {year} : années connues, {', '.join(map(str, territories.YEARS))}."
        )
    return f"population_{year}"


def then_and_now(
    register: pd.DataFrame, *, at: dt.date | str, today: dt.date | str = GEOGRAPHY, year: int = 2023
) -> pd.DataFrame:
    """Size of each scheme on the perimeter of its time and on today's, with the gap and what changed: one row per scheme.

    Both use the population of one `year`, so that the gap comes from the perimeter alone. The columns of the perimeter of
    its time are missing for a scheme that did not exist yet, those of today for one that is closed.
    """
    past, present = (in_todays_communes(version(register, moment)) for moment in (at, today))
    before, after = (sizes(place, year=year).set_index("scheme") for place in (past, present))
    rows = []
    for scheme in dict.fromkeys(register["scheme"]):
        old, new = (table.loc[scheme] if scheme in table.index else None for table in (before, after))
        if old is None and new is None:
            continue
        known = old if old is not None else new
        assert known is not None
        then = float("nan") if old is None else float(old["population"])
        # Today's figure is that of whole communes, as they are now.
        now = float("nan") if new is None else float(new["upper"])
        rows.append(
            {
                "scheme": scheme, "name_fr": known["name_fr"], "version_then": said(at),
                "communes_then": pd.NA if old is None else int(old["communes"]), "population_then": then,
                "lower_then": float("nan") if old is None else float(old["lower"]),
                "upper_then": float("nan") if old is None else float(old["upper"]),
                "version_today": said(today), "communes_today": pd.NA if new is None else int(new["communes"]),
                "population_today": now, "gap": now - then, "change": _change(scheme, past, present),
            }
        )  # fmt: skip
    table = pd.DataFrame(rows)
    for column in ("communes_then", "communes_today"):
        if len(table):
            table[column] = table[column].astype("Int64")
    return table


def _change(scheme: str, past: pd.DataFrame, present: pd.DataFrame) -> str:
    sides = [place[place["scheme"] == scheme].set_index("code") for place in (past, present)]
    if sides[0].empty or sides[1].empty:
        return "absent du registre d'alors" if sides[0].empty else "sorti du registre depuis"
    told = []
    for word, codes in (
        ("entrée", sides[1].index.difference(sides[0].index)),
        ("sortie", sides[0].index.difference(sides[1].index)),
    ):
        if len(codes):
            names = french.listing(units().loc[list(codes), "name"].tolist()[:4])
            told.append(f"{french.plural(len(codes), word)} : {names}")
    merged = sides[0][sides[0]["extent"] == PART]
    if len(merged):
        told.append(
            f"périmètre d'alors inconnu pour {french.listing(merged['name'].tolist()[:4])} (limites changées)"
        )
    return " ; ".join(told) or "rien"


def readable(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of `then_and_now` as a table shows them: numbers in words, with bounds where a population is not known.

    A dash says that the scheme was not in that version; the versions are named by the note of the table (`versions`).
    """
    then = [
        f"entre {french.number(low, 0)} et {french.number(high, 0)}"
        if pd.isna(value) and pd.notna(high)
        else _dash(value)
        for value, low, high in zip(
            table["population_then"], table["lower_then"], table["upper_then"], strict=True
        )
    ]
    # Unknown when a population is; no gap at all when the scheme is in one version only.
    gap = [
        french.signed(value, 0)
        if pd.notna(value)
        else ("inconnu" if pd.notna(top) and pd.notna(now) else "—")
        for value, top, now in zip(table["gap"], table["upper_then"], table["population_today"], strict=True)
    ]
    columns = {
        name: table[name].map(_dash) for name in ("communes_then", "communes_today", "population_today")
    }
    return table.assign(population_then=then, gap=gap, **columns)[list(SIZE_HEADS_FR)]


def _dash(value: float) -> str:
    return "—" if pd.isna(value) else french.number(float(value), 0)


def versions(at: dt.date | str, today: dt.date | str, year: int) -> str:
    """Note of a table that tells two versions: their names, and the population used."""
    return f"alors : {said(at)} ; aujourd'hui : {said(today)} ; population {year} dans les limites du 1er janvier 2025"
