"""Tables read from a file of coded material, before they enter a package (`helpers.intake.coded_material`)."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from helpers import catalog
from helpers.errors import DataError
from helpers.material import crosschecks

CODES, SOURCES, ATTRIBUTES, SEGMENTS = crosschecks.TABLES


@dataclass
class Imported:
    """Catalogue-shaped tables by name, what the user must know of them, and tables only guessed from the segments.

    `guessed` tables (the codes and sources that segments mention, when the file has no list of them) are written only into a
    package that has none of its own: otherwise what its lists do not know is a fault.
    """

    tables: dict[str, pd.DataFrame]
    notes: list[str] = field(default_factory=list)
    guessed: set[str] = field(default_factory=set)

    def checked(self) -> Imported:
        """The same, or DataError with the first fault between its own tables (see `crosschecks`)."""
        given = {name: table for name, table in self.tables.items() if len(table)}
        codes, sources, attributes, segments = (_shaped(name, given) for name in crosschecks.TABLES)
        if CODES not in given or SOURCES not in given:
            return self  # the package has the rest, and is checked when the rows enter it
        for fault in crosschecks.faults_between(codes, sources, attributes, segments):
            raise DataError(fault)
        return self

    def by_coder(self, coder: str) -> Imported:
        """The same with every segment by the coder of that code; the file's own when empty."""
        if coder and SEGMENTS in self.tables:
            self.tables[SEGMENTS] = self.tables[SEGMENTS].assign(coder=coder)
        return self


def _shaped(name: str, given: dict[str, pd.DataFrame]) -> pd.DataFrame:
    fields = catalog.Package(catalog.MODEL_FOLDER).resource(name)["schema"]["fields"]
    columns = [item["name"] for item in fields]
    table = given.get(name, pd.DataFrame(columns=columns)).reindex(columns=columns).reset_index(drop=True)
    return table.astype(object).where(table.notna(), pd.NA)
