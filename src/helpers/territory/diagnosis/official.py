"""Official rows of one territory: a table of the package comes first; where it is empty, the national store."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from helpers.catalog import Study
from helpers.territory import access, places, references, store
from helpers.territory.diagnosis import care, national
from helpers.territory.places import Place

# Table of a package for each source; the dossier complet has none.
TABLES = {
    "apl": "official/accessibility",
    "finess": "official/establishments",
    "ameli": "official/professionals",
    "insee-dossier": "",
    "rpps": "official/activities",
}


def of(
    place: Place, keys: Iterable[tuple[str, str]], study: Study, *, threshold: float
) -> tuple[pd.DataFrame, pd.DataFrame, frozenset[str]]:
    """Long rows of the territory and of its references, the establishments in it, and the sources that were here."""
    keys = list(keys)
    own: care.Territories = {"": (place.name_fr, place.codes)}
    structures, parts, found = pd.DataFrame(), [pd.DataFrame()], set()
    ready = national.of_epci(place.codes)
    for source, name in TABLES.items():
        table = study.table(name, optional=True) if name else pd.DataFrame()
        stored = table.empty
        if stored and not store.here(source):
            # What a report depends on is also that the file is not here.
            store.of_communes((), source)
            continue
        found.add(source)
        if not stored:
            # A package holds what its user imported, often the territory alone: a count of it is no count of the country.
            around = national.made(
                source, table, keys if source in ("apl", "ameli") else (), threshold=threshold
            )
            rows = care.measured(source, table, own, level=references.TERRITORY, threshold=threshold)
        else:
            around = national.of(source, [*keys, national.WHOLE], threshold=threshold)
            if ready is None or (source == "apl" and threshold != national.THRESHOLD):
                table = _read(source, place)
                rows = _alone(source, table, own, threshold)
            else:
                # The structures alone are told one by one; of the others, what is noted is the state of their files.
                table = _read(source, place) if source == "finess" else store.of_communes((), source)
                rows = ready[ready["source"] == source].assign(territory=place.name_fr)
            if source == "finess":
                rows = _with_zeros(rows, around, place.name_fr)
            elif source == "rpps" and len(rows):
                rows = _with_nobody(rows, around)
        if source == "finess" and len(table):
            structures = care.inside(table, place)
        parts += [rows, around]
    if len(
        persons := care.persons(
            study.table(care.BY_TERRITORY, optional=True), _scheme(place, study), place.name_fr
        )
    ):
        found.add("rpps")
        parts.append(persons)
    return (
        pd.concat([part for part in parts if len(part)] or parts, ignore_index=True),
        structures,
        frozenset(found),
    )


def _scheme(place: Place, study: Study) -> str:
    """Code of the scheme of the package whose perimeter, as it is now, is this territory; empty when none is."""
    register = study.table("cpts/perimeters", optional=True)
    if register.empty:
        return ""
    known = places.of_schemes(register)
    return next((scheme for scheme, own in known.items() if set(own.codes) == set(place.codes)), "")


def _read(source: str, place: Place) -> pd.DataFrame:
    """Rows of the store for the communes of the territory; the Cnam has none."""
    codes = () if source == "ameli" else access.codes_in_files(place.codes)
    columns = national.BY_COMMUNE.get(source)
    return store.of_communes(codes, source, columns=columns, last=columns is not None)


def _alone(source: str, table: pd.DataFrame, own: care.Territories, threshold: float) -> pd.DataFrame:
    """Rows that the store gives for a territory that it has no results of."""
    rows = care.measured(source, table, own, level=references.TERRITORY, threshold=threshold)
    if source != "finess":
        return rows
    # The nearest structure is often out of the territory: only the country says which it is.
    return pd.concat([rows, national.nearest().measured(own, references.TERRITORY)])


def _with_zeros(rows: pd.DataFrame, around: pd.DataFrame, name: str) -> pd.DataFrame:
    """Counts of the territory, with a zero for each category that the country has and the territory has not."""
    whole = around[around["level"] == references.FRANCE]
    known = set(rows["code"]) if len(rows) else set()
    zeros = whole[~whole["code"].isin(known)].assign(level=references.TERRITORY, territory=name, value=0.0)
    return pd.concat([rows, zeros], ignore_index=True).sort_values("code", ignore_index=True)


def _with_nobody(rows: pd.DataFrame, around: pd.DataFrame) -> pd.DataFrame:
    """Densities of the territory, with a zero for each profession that the country has and the territory has not.

    A profession that the file does not tell apart anywhere is unknown here, not zero.
    """
    whole = around[around["level"] == references.FRANCE]
    one = rows.iloc[0]
    same = {name: one[name] for name in ("level", "territory", "denominator", "covered")}
    zeros = whole[~whole["code"].isin(rows["code"])].assign(**same, numerator=0.0, value=0.0)
    ranks = {code: rank for rank, code in enumerate(whole["code"])}
    found = pd.concat([rows[rows["code"].isin(whole["code"])], zeros])
    return found.sort_values("code", key=lambda codes: codes.map(ranks), ignore_index=True)
