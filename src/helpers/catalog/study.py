"""The package under study, opened once: what a notebook makes in its first cell and hands to the helpers."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from helpers.catalog.names import read_names
from helpers.catalog.package import Package, Reads, noted, open_package, record_reads
from helpers.catalog.tables import load

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")
Memory = dict[Hashable, tuple[Any, Reads]]


class Study:
    """Tables of one package, and those of the project that it extends, each read once.

    Takes the folder of a package; an empty text (or none) is the project's own. Helpers take a Study or frames: none of
    them reads the data of the project unasked.
    """

    def __init__(self, paquet: Package | Path | str | None) -> None:
        self.package = open_package(paquet)
        self._tables: Memory = {}
        self._made: Memory = {}

    def table(self, name: str, *, optional: bool = False, words: bool = False) -> pd.DataFrame:
        """Table `name` as `tables.load` gives it; changing what is returned changes nothing here. Raises as `load` does."""
        asked = (name, optional, words)
        return _once(self._tables, asked, lambda: load(name, self.package, optional=optional, words=words))

    def once(self, asked: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, made once under that name. A frame is given as a copy; nothing else that is given may be changed."""
        return _once(self._made, asked, make)

    def names(self) -> tuple[str, ...]:
        """Names of persons to keep out of what is shown: see `names.read_names`."""
        return read_names(self.package)


def _once(memory: Memory, asked: Hashable, make: Callable[[], T]) -> T:
    if asked not in memory:
        with noted() as needed:
            memory[asked] = make(), needed
    value, needed = memory[asked]
    # Who asks depends on it, whoever had it made.
    record_reads(needed)
    # pandas copies on write: the copy costs nothing until its owner changes it.
    copied: T = value.copy(deep=False) if hasattr(value, "iloc") else value
    return copied
