"""What a territory is compared with in the official files of the store: made once, when `cpts get` writes them.

Each Parquet of the store has beside it the rows of every département, region and France, so that a page reads its communes and a
few dozen rows, never the country. They carry the hash of the file and that of our communes: with another, they are made again
from the store, the same. A batch makes in the same way, in one pass, the rows of every EPCI (`write_missing`): the page of one
reads its own, those that it would make alone.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from helpers import catalog
from helpers.errors import DataError
from helpers.territory import communes, references, store
from helpers.territory.diagnosis import care

WHOLE = (references.FRANCE, "FR")
THRESHOLD = 2.5  # consultations a year: that of the rows that are made at once
VERSION = "2"  # of these rows: another one makes them again
# Tables of the project that they are made from: a page that reads them ready depends on these all the same.
TABLES = (
    "open/communes", "open/arrondissements", "open/departments", "open/former_communes", "open/geography", "open/split_communes",
    "open/diagnosis_indicators",
)  # fmt: skip
# Sources of the store that tell something of a commune, and the columns that are read where a file has more.
BY_COMMUNE = {
    "apl": ("commune", "profession", "year", "apl", "apl_65", "standardised_population", "population"),
    "finess": None,
    "insee-dossier": None,
    "rpps": None,
}


@catalog.remembered
def groups() -> dict[str, dict[str, tuple[str, tuple[str, ...]]]]:
    """Name and communes of today of every reference, by level then code; Mayotte is out of France, as everywhere here."""
    units = communes.units()
    whole = units[units["kind"] == "commune"]
    inside = {
        level: whole.groupby(column, sort=False)["code"].agg(tuple).to_dict()
        for level, column in ((references.DEPARTMENT, "department"), (references.REGION, "region"))
    }
    inside[references.FRANCE] = {"FR": tuple(whole.loc[whole["department"] != references.MAYOTTE, "code"])}
    found: dict[str, dict[str, tuple[str, tuple[str, ...]]]] = {}
    for (level, code), name in references.table()["name"].items():
        found.setdefault(str(level), {})[str(code)] = (str(name), inside[str(level)].get(code, ()))
    return found


def made(
    source: str,
    table: pd.DataFrame,
    keys: Iterable[tuple[str, str]] | None = None,
    *,
    threshold: float = THRESHOLD,
) -> pd.DataFrame:
    """Rows that a table of this source gives for the references `keys` (None: all), as `care.measured` gives them."""
    wanted = None if keys is None else set(keys)
    near = care.Nearest.of(table) if source == "finess" and len(table) else None
    parts = [pd.DataFrame()]
    for level, known in groups().items():
        chosen = {code: group for code, group in known.items() if wanted is None or (level, code) in wanted}
        parts.append(care.measured(source, table, chosen, level=level, threshold=threshold))
        if near is not None:
            parts.append(near.measured(chosen, level))
    return pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)


def write(file: str, table: pd.DataFrame) -> None:
    """Make the rows of a file that was just stored, and keep them beside it. Raises DataError when they cannot be written."""
    source = str(store.register().loc[file, "source"])
    if source in care.SOURCES:
        store.write(
            file, made(source, table), name=_mark(), sha256=store.edition(file)[1], part=store.REFERENCES
        )


def of(source: str, keys: Iterable[tuple[str, str]], *, threshold: float = THRESHOLD) -> pd.DataFrame:
    """Rows of the references `keys` that the store gives for a source; empty when it has none."""
    wanted = list(keys)
    files = [file for file in store.files(source) if store.state(file) != store.ABSENT]
    ready = [_ready(file, _mark(), store.path(file), store.state(file)) for file in files]
    if (source == "apl" and threshold != THRESHOLD) or any(found is None for found in ready):
        return made(
            source, store.of_communes(None, source, last=source == "apl"), wanted, threshold=threshold
        )
    names = [(level, groups()[level][code][0]) for level, code in dict.fromkeys(wanted)]
    parts = [pd.DataFrame()]
    for rows, places in filter(None, ready):
        own = [places[name] for name in names if name in places]
        if own:
            parts.append(rows.iloc[np.sort(np.concatenate(own))])
    return pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)


@lru_cache(maxsize=16)
def _ready(
    file: str, mark: str, place: Path, state: str
) -> tuple[pd.DataFrame, dict[tuple[str, str], Any]] | None:
    """Rows of the references of a file, and where those of each (level, name) are; None when they are to be made again."""
    rows = store.references(file, mark)
    return (
        None
        if rows is None
        else (rows, dict(rows.groupby(["level", "territory"]).indices) if len(rows) else {})
    )


def nearest() -> care.Nearest:
    """Distances of every commune to the structures of the store, made once as long as its file is in the same state."""
    return _nearest(store.path("finess"), store.state("finess"))


@lru_cache(maxsize=1)
def _nearest(place: Path, state: str) -> care.Nearest:
    return care.Nearest.of(store.of_communes(None, "finess", columns=("category", "commune", "extracted")))


def write_missing() -> None:
    """Make once what many pages would each make: references of another version, and the rows of every EPCI in one pass.

    Nothing is done for what is here, nor told of a folder that cannot be written: each page then makes its own.
    """
    with contextlib.suppress(DataError):
        for source in care.SOURCES:
            for file in store.files(source):
                state = store.state(file)
                if state != store.ABSENT and _ready(file, _mark(), store.path(file), state) is None:
                    write(file, store.of_file(file))
        _ready.cache_clear()
        found = _epci_state()
        if found and store.edition(store.EPCI) != found:
            rows = epci().sort_values("territory", kind="stable", ignore_index=True)
            store.write(store.EPCI, rows, name=found[0], sha256=found[1])


def epci() -> pd.DataFrame:
    """What the store says of every EPCI, named by its SIREN: the rows that the page of one would make alone."""
    known = {siren: (siren, codes) for siren, codes in communes.by_epci().items()}
    parts = [pd.DataFrame()]
    for source, columns in BY_COMMUNE.items():
        table = store.of_communes(None, source, columns=columns, last=columns is not None)
        rows = care.measured(source, table, known, level=references.TERRITORY, threshold=THRESHOLD)
        if source == "finess" and len(table):
            parts.append(nearest().measured(known, references.TERRITORY))
        if source in ("finess", "rpps") and len(rows):
            # A page reads its own communes alone: what none of them has is not in its rows.
            rows = rows[rows["value" if source == "finess" else "numerator"] > 0]
        parts.append(rows)
    return pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)


def of_epci(codes: Iterable[str]) -> pd.DataFrame | None:
    """Rows of `epci` for the EPCI whose communes these are; None when they are those of none, or are not here."""
    wanted = frozenset(codes)
    siren = communes.units()["epci"].get(min(wanted))
    if not isinstance(siren, str) or wanted != frozenset(communes.by_epci().get(siren, ())):
        return None
    found = _epci_state()
    if not found or store.edition(store.EPCI) != found:
        return None
    for name in TABLES:
        catalog.record_read("", name, catalog.digest(name, catalog.DEFAULT_FOLDER))
    return store.of_territory(siren)


def _epci_state() -> tuple[str, str] | None:
    """What the rows of EPCI depend on, as the edition and the hash of their file; None when the store has nothing."""
    states = [f"{file} {store.state(file)}" for source in BY_COMMUNE for file in store.files(source)]
    if all(text.endswith(f" {store.ABSENT}") for text in states):
        return None
    return _mark(), hashlib.sha256("\n".join(states).encode()).hexdigest()


def _mark() -> str:
    """What the rows depend on beside their file: our communes, our indicators, and how they are made."""
    package = catalog.open_package(catalog.DEFAULT_FOLDER)
    return " ".join([VERSION, *(str(package.resource(name)["hash"])[-12:] for name in TABLES)])
