"""The package under study, opened once: what a notebook makes in its first cell and hands to the helpers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from helpers.catalog.names import read_names
from helpers.catalog.package import Package, Reads, noted, open_package, record_reads
from helpers.catalog.tables import load

if TYPE_CHECKING:
    import pandas as pd


class Study:
    """Tables of one package, and those of the project that it extends, each read once.

    Takes the folder of a package; an empty text (or none) is the project's own. Helpers take a Study or frames: none of
    them reads the data of the project unasked.
    """

    def __init__(self, paquet: Package | Path | str | None) -> None:
        self.package = open_package(paquet)
        self._tables: dict[tuple[str, bool, bool], tuple[pd.DataFrame, Reads]] = {}

    def table(self, name: str, *, optional: bool = False, words: bool = False) -> pd.DataFrame:
        """Table `name` as `tables.load` gives it; changing what is returned changes nothing here. Raises as `load` does."""
        asked = (name, optional, words)
        if asked not in self._tables:
            with noted() as needed:
                self._tables[asked] = load(name, self.package, optional=optional, words=words), needed
        frame, needed = self._tables[asked]
        # Who asks depends on it, whoever had it read.
        record_reads(needed)
        # pandas copies on write: the copy costs nothing until its owner changes it.
        return frame.copy(deep=False)

    def names(self) -> tuple[str, ...]:
        """Names of persons to keep out of what is shown: see `names.read_names`."""
        return read_names(self.package)
