"""The sheet of articulation of one pair, a CPTS and another scheme: what the tables say of both, gathered for two pages.

Nothing is invented: what no table says is missing here, and asked on the page.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from helpers import aci
from helpers.articulation import districts, links, overlaps, pairs, perimeters, schemes
from helpers.catalog import Study
from helpers.errors import NotComputable, UsageError

# Where both a scale of the ACI and the support of an ARS to a CLS are printed, for the same year.
REFERENCE = "fabrique2022"
SUPPORTED = ("cls", "clsm")


@dataclass(frozen=True)
class Sheet:
    """What two pages say of a CPTS and another scheme, on a day (NaT when no table gives a date)."""

    cpts: str
    cpts_name: str
    scheme: str
    scheme_name: str
    kind: str
    day: pd.Timestamp
    links: pd.DataFrame
    elsewhere: pd.DataFrame
    ground: pd.DataFrame
    ground_year: int
    waiting: tuple[str, ...]
    supposed: tuple[str, ...]
    districts: pd.DataFrame
    means: pd.DataFrame
    priorities: pd.DataFrame
    actions: pd.DataFrame | None
    references: dict[str, tuple[float, str]]

    @property
    def names(self) -> dict[str, str]:
        """Name of both sides by code, the CPTS first."""
        return {self.cpts: self.cpts_name, self.scheme: self.scheme_name}

    @property
    def documents(self) -> tuple[str, ...]:
        """Documents that the sheet draws on: those that tell its links, those of the instruments seen elsewhere, the survey."""
        told = [*self.links["document"], *self.elsewhere["document"], REFERENCE]
        return tuple(dict.fromkeys(str(key) for key in told if pd.notna(key)))


def sheet(pair: str, study: Study, *, day: str = "", year: int = 2023) -> Sheet:
    """Everything that the two pages need, for one pair (the first one when empty) and one day (AAAA-MM-JJ).

    Without a day, the last one that the tables know, plans left aside, so that the same data give the same pages. `year` is
    that of the populations. Raises UnknownName for an unknown pair, UsageError for a day that is none.
    """
    one = pairs.chosen(pair, study)
    cpts, scheme = str(one["cpts"]), str(one["scheme"])
    told = pairs.all_links(study)
    own = told[(told["cpts"] == cpts) & (told["scheme"] == scheme)]
    both = pairs.all_schemes(study).set_index("scheme", drop=False)
    means = both.reindex([cpts, scheme])
    log = _actions(study, cpts, scheme)
    when = _day(day, own, means, log)
    others = links.done(links.of_documents(study)).dropna(subset=["degree"])
    register = pairs.register(study)
    return Sheet(
        cpts=cpts, cpts_name=str(one["cpts_name"]), scheme=scheme, scheme_name=str(one["scheme_name"]), kind=str(one["kind"]),
        day=when, links=own.reset_index(drop=True), elsewhere=others[~others["link"].isin(own["link"])],
        ground=_ground(register, cpts, scheme, when, year), ground_year=year, waiting=_waiting(register, (cpts, scheme)),
        supposed=_supposed(register, (cpts, scheme)),
        districts=districts.of_package(study), means=means, priorities=_priorities(study, cpts, scheme), actions=log,
        references=_references(study, cpts, str(one["kind"])),
    )  # fmt: skip


def _day(day: str, own: pd.DataFrame, means: pd.DataFrame, log: pd.DataFrame | None) -> pd.Timestamp:
    if day:
        try:
            return pd.Timestamp(dt.date.fromisoformat(day))
        except ValueError:
            raise UsageError(f"Paramètre « date » : « {day} » n'est pas une date AAAA-MM-JJ.") from None
    past = own[~own["state"].isin(["prevu"]).fillna(False).astype(bool)]
    # An end may be planned, but no one plans a rupture: its day has come.
    broken = past[past["state"].eq(links.BROKEN).fillna(False).astype(bool)]
    known = [past["date_start"], broken["date_end"], means["signed"], means["term_start"]]
    known += [log["date_start"]] if log is not None else []
    found = pd.concat([pd.to_datetime(part) for part in known]).dropna()
    return pd.Timestamp(found.max()) if len(found) else pd.NaT


def _ground(register: pd.DataFrame, cpts: str, scheme: str, day: pd.Timestamp, year: int) -> pd.DataFrame:
    """The row of `overlaps.pairs` of the pair, none when one of the two has no perimeter in force on the day."""
    own = register[register["scheme"].isin([cpts, scheme])]
    if own["scheme"].nunique() < 2:
        return pd.DataFrame()
    at = perimeters.GEOGRAPHY if pd.isna(day) else day
    other = own.loc[own["scheme"] == scheme, "kind"].iloc[0]
    try:
        return overlaps.pairs(own, at=at, second=(str(other),), year=year)
    except NotComputable:
        return pd.DataFrame()


def _waiting(register: pd.DataFrame, sides: tuple[str, str]) -> tuple[str, ...]:
    """Sides that the register has as a project: they cover nothing yet."""
    waiting = register[register["status"] == perimeters.PROJECT]
    return tuple(side for side in sides if side in set(waiting["scheme"]))


def _supposed(register: pd.DataFrame, sides: tuple[str, str]) -> tuple[str, ...]:
    """Sides whose list of communes is a supposition of ours: a document may name a territory without its communes."""
    guessed = (
        register[register["basis"] == "suppose"]["scheme"]
        if "basis" in register
        else pd.Series(dtype="string")
    )
    return tuple(side for side in sides if side in set(guessed))


def _priorities(study: Study, cpts: str, scheme: str) -> pd.DataFrame:
    of_side = schemes.priorities_of_package if pairs.is_users(study) else schemes.priorities_of_documents
    table = of_side(study)
    return table[table["scheme"].isin([cpts, scheme])].reset_index(drop=True)


def _actions(study: Study, cpts: str, scheme: str) -> pd.DataFrame | None:
    """Actions of the CPTS that name the scheme among their partners; None when the package cannot say it (no such column)."""
    log = study.table("cpts/actions", optional=True)
    if "partners" not in log or not pairs.is_users(study):
        return None
    named = [scheme in str(cell).split(";") for cell in log["partners"].fillna("")]
    return log[(log["cpts"] == cpts) & pd.Series(named, index=log.index)].reset_index(drop=True)


def _references(study: Study, cpts: str, kind: str) -> dict[str, tuple[float, str]]:
    """Printed amount for the coordination of each side, by "cpts" and "scheme", with its place: what an unknown is set beside."""
    found: dict[str, tuple[float, str]] = {}
    size = _size(study, cpts)
    if size is not None:
        amounts = aci.funding(REFERENCE, study)
        row = amounts[
            (amounts["mission"] == "fonctionnement")
            & (amounts["part"] == "total")
            & (amounts["size"] == size)
        ].iloc[0]
        found["cpts"] = float(row["value"]), f"fonctionnement d'une CPTS de taille {size}, annexe 2"
    if kind in SUPPORTED:
        row = study.table(f"{REFERENCE}/figures").set_index("figure_id").loc["coordination_cls"]
        found["scheme"] = float(row["value"]), f"plafond de l'appui d'une ARS, l. {row['line']}"
    return found


def _size(study: Study, cpts: str) -> int | None:
    if pairs.is_users(study):
        row = study.table("cpts/cpts", optional=True).set_index("cpts").reindex([cpts]).iloc[0]
        if pd.notna(row["size"]):
            return int(row["size"])
        people = row["population"]
    else:
        register = pairs.register(study)
        own = register[register["scheme"] == cpts]
        people = perimeters.sizes(perimeters.in_todays_communes(own))["upper"].sum() if len(own) else pd.NA
    return None if pd.isna(people) else aci.size_class(float(people), aci.bounds(study))
