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
        given = {name: _numbered(name, table) for name, table in self.tables.items() if len(table)}
        if CODES not in given or SOURCES not in given:
            return self  # the package has the rest, and is checked when the rows enter it
        tables = (given.get(name, _numbered(name, pd.DataFrame())) for name in crosschecks.TABLES)
        for fault in crosschecks.faults_between(*tables):
            raise DataError(fault)
        return self

    def by_coder(self, coder: str) -> Imported:
        """The same with every segment by the coder of that code; the file's own when empty."""
        if coder and SEGMENTS in self.tables:
            self.tables[SEGMENTS] = self.tables[SEGMENTS].assign(coder=coder)
        return self


def _numbered(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with the columns and the types of the table, counted as in its CSV file."""
    table = catalog.Package(catalog.MODEL_FOLDER).table(name)
    texts = rows.reindex(columns=table.columns).map(str, na_action="ignore")
    columns = {
        field.name: field.typed(
            [None if pd.isna(text) else _value(field, text) for text in texts[field.name]]
        )
        for field in table.fields
    }
    return pd.DataFrame(columns, index=range(2, len(rows) + 2))


def _value(field: catalog.Field, text: str) -> object:
    # A column of whole numbers with empty cells holds floats; what is wrong is told when the rows enter the package.
    value = field.read(text.removesuffix(".0") if field.type == "integer" else text)
    return None if isinstance(value, tuple) else value
