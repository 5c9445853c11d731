"""What DOCX and ODT share: numbered lines in the making, and the main part of an archive within limits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from helpers.errors import DataError
from helpers.files import limits
from helpers.rereading.documents import (
    CONTENTS,
    LARGEST_DOCUMENT,
    LONGEST_LINE,
    Line,
    amounts,
    clean,
    heading_level,
    item,
)

MOST_CELLS = 300_000
MOST_REPEATED = 200  # a repeated empty cell of an ODT fills the sheet to its edge
_OLE = b"\xd0\xcf\x11\xe0"  # an office file with a password, or from before 2007, is no archive
_MANIFEST = "META-INF/manifest.xml"
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class Lines:
    """Lines in the making: one number for each paragraph and each row."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.found: list[Line] = []
        self.table = 0
        self.cells = 0
        # Paragraphs that a table without rules still spans after its last row.
        self.in_loose = 0

    def paragraph(self, text: str, level: int, *, in_list: bool, contents: bool) -> None:
        """One paragraph; a line break inside it begins another."""
        for rank, part in enumerate(text.split("\n")):
            said = clean(part)[:LONGEST_LINE]
            if in_list and said and not item(said):
                said = f"- {said}"
            loose = () if contents else amounts(said)
            if loose:
                self.table += not self.in_loose
                self.in_loose = 6
                self.found.append(Line(len(self.found) + 1, said, loose, self.table, loose=True))
                continue
            self.in_loose = max(0, self.in_loose - 1)
            level_said = CONTENTS if contents else level or heading_level(said)
            self.found.append(
                Line(len(self.found) + 1, said, level=level_said, item=item(said), opens=rank == 0)
            )

    def aside(self, texts: list[str]) -> None:
        """Notes or text boxes, apart from the paragraphs around them."""
        for text in texts:
            self.found.append(Line(len(self.found) + 1, ""))
            self.paragraph(text, 0, in_list=False, contents=False)
        if texts:
            self.found.append(Line(len(self.found) + 1, ""))

    def row(self, cells: list[str]) -> None:
        """One row of the current table."""
        self.cells += len(cells)
        if self.cells > MOST_CELLS:
            raise DataError(
                f"{self.name} a des tableaux de plus de {MOST_CELLS} cellules : donnez le document, pas ses données."
            )
        texts = tuple(clean(cell)[:LONGEST_LINE] for cell in cells)
        self.found.append(Line(len(self.found) + 1, "\t".join(texts), texts, self.table))


def main_part(path: Path, member: str) -> bytes:
    """The main part of an archive, within limits."""
    if path.exists() and path.stat().st_size > LARGEST_DOCUMENT:
        raise DataError(
            f"{path.name} est trop gros pour un document ({path.stat().st_size // 1_000_000} Mo) : ôtez ses images."
        )
    locked = f"{path.name} est protégé par un mot de passe, ou d'un ancien format : enregistrez-le sans, en DOCX ou en ODT."
    if limits.content(path, LARGEST_DOCUMENT).startswith(_OLE):
        raise DataError(locked)
    archive = limits.archive(path)
    if _MANIFEST in archive.namelist() and b"encryption-data" in limits.member(
        archive, _MANIFEST, path.name, named=False
    ):
        raise DataError(locked)
    if member not in archive.namelist():
        raise DataError(
            f"{path.name} n'est pas un document de ce format : ouvrez-le et enregistrez-le à nouveau."
        )
    raw = limits.member(archive, member, path.name, named=False)
    limits.xml(raw, path.name)
    return raw


def within(block: Any, wanted: str, left_out: tuple[str, ...]) -> Iterator[Any]:
    """Nodes of one tag in a block, but for those in its text boxes and notes."""
    for child in block:
        if child.tag == wanted:
            yield child
        elif child.tag not in left_out:
            yield from within(child, wanted, left_out)
