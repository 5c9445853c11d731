"""What a territory is compared with in the official files of the store: made once, when `cpts get` writes them.

Each Parquet of the store has beside it the rows of every département, region and France, so that a page reads its communes and a
few dozen rows, never the country. They carry the hash of the file and that of our communes: with another, they are made again
from the store, the same.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from helpers import catalog
from helpers.territory import communes, references, store
from helpers.territory.diagnosis import care

WHOLE = (references.FRANCE, "FR")
THRESHOLD = 2.5  # consultations a year: that of the rows that are made at once
VERSION = "2"  # of these rows: another one makes them again


@catalog.remembered
def groups() -> dict[str, dict[str, tuple[str, tuple[str, ...]]]]:
    """Name and communes of today of every reference, by level then code; Mayotte is out of France, as everywhere here."""
    units = communes.units()
    whole = units[units["kind"] == "commune"]
    found: dict[str, dict[str, tuple[str, tuple[str, ...]]]] = {}
    for (level, code), name in references.table()["name"].items():
        column = {references.DEPARTMENT: "department", references.REGION: "region"}.get(str(level))
        inside = whole["department"] != references.MAYOTTE if column is None else whole[column] == code
        found.setdefault(str(level), {})[str(code)] = (str(name), tuple(whole.loc[inside, "code"]))
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
    parts = [pd.DataFrame()]
    for level, known in groups().items():
        chosen = {code: group for code, group in known.items() if wanted is None or (level, code) in wanted}
        parts.append(care.measured(source, table, chosen, level=level, threshold=threshold))
        if source == "finess" and len(table):
            parts.append(care.far(table, chosen, level))
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
    ready = [store.references(file, _mark()) for file in files]
    if (source == "apl" and threshold != THRESHOLD) or any(rows is None for rows in ready):
        return made(
            source, store.of_communes(None, source, last=source == "apl"), wanted, threshold=threshold
        )
    names = {(level, groups()[level][code][0]) for level, code in wanted}
    parts = [pd.DataFrame()]
    for rows in ready:
        if rows is not None and len(rows):
            parts.append(rows[pd.MultiIndex.from_frame(rows[["level", "territory"]]).isin(names)])
    return pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)


def _mark() -> str:
    """What the rows depend on beside their file: our communes, our indicators, and how they are made."""
    package = catalog.open_package(catalog.DEFAULT_FOLDER)
    tables = ("open/communes", "open/departments", "open/diagnosis_indicators")
    return " ".join([VERSION, *(str(package.resource(name)["hash"])[-12:] for name in tables)])
