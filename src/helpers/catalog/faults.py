"""What is wrong in a table, and the one place where it is put into a sentence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

SHOWN = 5  # faults told per column: a column that is wrong throughout is one fault, not a thousand


@dataclass(frozen=True)
class Fault:
    """What is wrong in a cell, a row or a file, and what to do.

    `column` is the column as its reader sees it (« size » (C)), empty for a whole row; `text` is what the cell holds, and is
    never said when the cell is `guarded`: its table may hold words of persons, and a refusal is printed, logged and kept.
    `safe` is then the remedy that says nothing of the text. `origin` is the cell of a workbook that the row comes from.
    """

    file: str
    row: int | None
    column: str
    text: str
    what: str
    remedy: str = ""
    guarded: bool = False
    safe: str = ""
    origin: str = ""

    def sentence(self, more: str = "") -> str:
        """The one French sentence of a fault: file, row, column, cell, what is wrong, what to do."""
        place = self.file + (f", ligne {self.row}" if self.row is not None else "")
        said = ""
        if self.column:
            place += f", colonne {self.column}"
            said = f"« {self.text} » " if self.text and not self.guarded else "la cellule "
        if self.origin:
            place += f" ({self.origin})"
        remedy = self.safe if self.guarded else self.remedy
        return f"{place} : {said}{self.what}{f' : {remedy}' if remedy else ''}{more}."

    def __str__(self) -> str:
        """The sentence."""
        return self.sentence()


def told(faults: Iterable[Fault]) -> list[str]:
    """Sentences of the faults in their order, at most five per column of a file: the first says how many there are."""
    found = list(faults)
    groups: dict[tuple[str, str], list[Fault]] = defaultdict(list)
    for fault in found:
        groups[fault.file, fault.column].append(fault)
    sentences = []
    for fault in found:
        group = groups[fault.file, fault.column]
        position = next(rank for rank, item in enumerate(group) if item is fault)
        if position < SHOWN:
            many = len(group) > SHOWN and not position
            more = f" ({len(group)} lignes de cette colonne ont un défaut)" if many and fault.column else ""
            sentences.append(
                fault.sentence(more or (f" ({len(group)} lignes ont ce défaut)" if many else ""))
            )
    return sentences
