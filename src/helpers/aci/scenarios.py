"""Many simulations of the same CPTS, or of the CPTS of a package: by rate, by year, by CPTS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers import french
from helpers.aci import printed as reading
from helpers.aci.scale import missions
from helpers.aci.simulation import MISSIONS, Rates, by_printed, reserves, total, total_sentence
from helpers.catalog import Study
from helpers.errors import NotComputable

# Parameters of a report cannot be empty: this number of members says that it is unknown.
UNKNOWN_MEMBERS = -1
# Population of a parameter: this one asks for that of the package, or for an example of size 2 without one.
OF_PACKAGE, EXAMPLE = 0, 60_000
RATE_SERIES = ("au plus", "au moins")
YEARS_FR = {"year": "Année de l'accord", "said": "Total"}
PACKAGE_FR = {
    "name": "CPTS",
    "year": "Année",
    "contract_year": "Année de l'accord",
    "size": "Taille",
    "missions": "Missions",
    "said": "Total",
    "note": "Réserve",
}


def known_members(members: float) -> float | None:
    """Number of members of a parameter, where -1 says unknown."""
    return None if members == UNKNOWN_MEMBERS else members


@dataclass(frozen=True)
class Case:
    """One CPTS and one year of its contract: what the report on funding simulates.

    `name_fr` is empty for a CPTS that the parameters invent. `settings` are the arguments of `simulate`, by name.
    """

    name_fr: str
    population: float
    settings: Mapping[str, Any]

    def but(self, left_out: str) -> dict[str, Any]:
        """The settings without one of them, for `by_rate` and `by_year`."""
        return {name: value for name, value in self.settings.items() if name != left_out}

    def assumed(self) -> str:
        """What the amounts suppose, in French, when one rate holds for all missions; empty for rates by mission."""
        fixed, variable = (self.settings[name] for name in ("fixed_rates", "variable_rates"))
        if not isinstance(fixed, int | float) or not isinstance(variable, int | float):
            return ""
        return (
            f"avec {french.plural(len(self.settings['missions']), 'mission')}, la part fixe à {french.percent(100 * fixed, 0)} "
            f"et la part variable à {french.percent(100 * variable, 0)}"
        )

    def percent(self) -> float | None:
        """The rate of the results in percent, when one rate holds for all missions."""
        rate = self.settings["variable_rates"]
        return 100 * float(rate) if isinstance(rate, int | float) else None


def case(scale: str, study: Study, *, population: float, **asked: Any) -> Case:
    """The case of the report: that of its parameters, or the first CPTS of the package when `population` is OF_PACKAGE.

    `asked` are the settings of `simulate`. From the package come the population, the members and the signature of
    `cpts/cpts`, and the year, missions and rates of the last year of `cpts/missions` where it is filled. A CPTS that cannot be
    simulated (a contract that is over, say) leaves the parameters as they are: `of_package` tells why.
    """
    known = study.table("cpts/cpts", optional=True)
    known = known.dropna(subset=["population"]) if study.package.extends else known[:0]
    invented = Case("", population or EXAMPLE, {"starts": None, **asked})
    if population != OF_PACKAGE or known.empty:
        return invented
    about = known.iloc[0]
    own = {
        "signed_on": None if pd.isna(about["aci_date"]) else about["aci_date"],
        "members": None if pd.isna(about["members"]) else float(about["members"]),
        "starts": None,
    }
    chosen = study.table("cpts/missions", optional=True)
    chosen = chosen[chosen["cpts"] == about["cpts"]]
    if len(chosen) and own["signed_on"] is not None:
        year = int(chosen["year"].max())
        own = _settings(about, chosen[chosen["year"] == year], year)
    found = Case(str(about["name_fr"]), float(about["population"]), {**asked, **own})
    try:
        by_printed(reading.read(scale, study), found.population, **found.settings)
    except NotComputable:
        return invented
    return found


def _settings(about: pd.Series[Any], chosen: pd.DataFrame, year: int) -> dict[str, Any]:
    """Settings of `simulate` from one row of `cpts/cpts` and its rows of `cpts/missions` of one year; signed CPTS only."""
    signed, rates = pd.Timestamp(about["aci_date"]), chosen.set_index("mission")
    return {
        "year_of_contract": year - signed.year + 1,
        "missions": [mission for mission in MISSIONS if mission in set(chosen["mission"])],
        "fixed_rates": _rates(rates["fixed_rate"]),
        "variable_rates": _rates(rates["variable_rate"]),
        "signed_on": signed,
        "members": None if pd.isna(about["members"]) else float(about["members"]),
        "starts": months_to_start(signed, rates["started"]),
    }


def by_rate(
    scale: str,
    population: float,
    *,
    year_of_contract: int,
    missions: Sequence[str],
    fixed_rates: Rates,
    signed_on: object = None,
    members: float | None = None,
    starts: Mapping[str, float] | None = None,
    study: Study,
) -> pd.DataFrame:
    """Total of the year for variable rates from 0 to 100 % by steps of 10: rows `rate` (%), `bound` (French), `value` (euros).

    Two rows per rate, the most and the least; one when they are equal. A total without an upper bound has its lower one only.
    """
    book = reading.read(scale, study)
    rows = []
    for step in range(11):
        row = total(
            by_printed(
                book, population, year_of_contract=year_of_contract, missions=missions, fixed_rates=fixed_rates,
                variable_rates=step / 10, signed_on=signed_on, members=members, starts=starts,
            )
        )  # fmt: skip
        rows.append({"rate": 10.0 * step, "bound": RATE_SERIES[0], "value": row["upper"]})
        rows.append({"rate": 10.0 * step, "bound": RATE_SERIES[1], "value": row["lower"]})
    table = pd.DataFrame(rows).dropna(subset=["value"])
    wide = table.pivot(index="rate", columns="bound", values="value")
    if len(wide.columns) == 2 and (wide[RATE_SERIES[0]] == wide[RATE_SERIES[1]]).all():
        return table[table["bound"] == RATE_SERIES[0]].assign(bound="total").reset_index(drop=True)
    return table.sort_values("bound", kind="stable", ascending=False).reset_index(drop=True)


def by_year(
    scale: str,
    population: float,
    *,
    missions: Sequence[str],
    fixed_rates: Rates,
    variable_rates: Rates,
    signed_on: object = None,
    members: float | None = None,
    starts: Mapping[str, float] | None = None,
    study: Study,
) -> pd.DataFrame:
    """Total of each year of the contract: `year`, `lower`, `upper` (euros), `said` (French)."""
    book = reading.read(scale, study)
    rows = []
    for year in range(1, book.duration + 1):
        table = by_printed(
            book, population, year_of_contract=year, missions=missions, fixed_rates=fixed_rates,
            variable_rates=variable_rates, signed_on=signed_on, members=members, starts=starts,
        )  # fmt: skip
        row = total(table)
        rows.append(
            {"year": year, "lower": row["lower"], "upper": row["upper"], "said": total_sentence(table)}
        )
    return pd.DataFrame(rows)


def of_package(scale: str, study: Study) -> pd.DataFrame:
    """Simulation of every CPTS and year of the table `cpts/missions` of a user's package; empty when it has none.

    Returns `cpts`, `name`, `year`, `contract_year`, `size`, `missions` (French), `lower`, `upper` (euros), `said`, `note`. Rates
    left empty are unknown (0 to 1). A CPTS without missions, population or signature has no amount and a note that says what is
    missing; that of a range says why it is one.
    """
    asked = study.table("cpts/missions", optional=True)
    known = study.table("cpts/cpts", optional=True).set_index("cpts")
    columns = ["cpts", *PACKAGE_FR, "lower", "upper"]
    if asked.empty:
        return pd.DataFrame(columns=columns)
    book = reading.read(scale, study)
    rows = [
        _one(book, known, str(cpts), int(year), chosen)
        for (cpts, year), chosen in asked.groupby(["cpts", "year"], sort=True)
    ]
    idle = known.drop(index=set(asked["cpts"]), errors="ignore")
    rows += [
        {"cpts": cpts, "name": name, "year": pd.NA, "note": "aucune mission dans cpts/missions"}
        for cpts, name in idle["name_fr"].items()
    ]
    return pd.DataFrame(rows, columns=columns).astype({"year": "Int64", "contract_year": "Int64"})


def _one(
    book: reading.Printed, known: pd.DataFrame, cpts: str, year: int, chosen: pd.DataFrame
) -> dict[str, object]:
    codes = [mission for mission in MISSIONS if mission in set(chosen["mission"])]
    row: dict[str, object] = {
        "cpts": cpts,
        "name": cpts,
        "year": year,
        "missions": ", ".join(missions()[code] for code in codes),
        "note": "",
    }
    if cpts not in known.index:
        return row | {"note": "absente du tableau cpts/cpts"}
    about = known.loc[cpts]
    row["name"] = about["name_fr"]
    lacking = [
        label
        for column, label in (("population", "population"), ("aci_date", "date de signature"))
        if pd.isna(about[column])
    ]
    if lacking:
        return row | {"note": f"{' et '.join(lacking)} à remplir dans cpts/cpts"}
    settings = _settings(about, chosen, year)
    row["contract_year"] = settings["year_of_contract"]
    try:
        table = by_printed(book, float(about["population"]), **settings)
    except NotComputable as refusal:
        return row | {"note": str(refusal)}
    end = total(table)
    stated = (
        []
        if pd.isna(about["size"]) or about["size"] == end["size"]
        else [f"taille déclarée : {about['size']}"]
    )
    return row | {
        "size": end["size"],
        "lower": end["lower"],
        "upper": end["upper"],
        "said": total_sentence(table),
        "note": " ; ".join([*stated, *reserves(table)]),
    }


def months_to_start(signed: Any, started: pd.Series[Any]) -> dict[str, float]:
    """Months from the signature to the start of each mission (the index), none for a start that preceded it.

    A mission without a start is left out, as is every one when the signature is unknown: the simulator then takes the latest
    start that the agreement allows.
    """
    if pd.isna(signed):
        return {}
    return {
        str(mission): max(0.0, (day - signed).days / (365.25 / 12))
        for mission, day in started.dropna().items()
    }


def _rates(column: pd.Series[float]) -> dict[str, float]:
    return {str(mission): float(rate) for mission, rate in column.dropna().items()}
