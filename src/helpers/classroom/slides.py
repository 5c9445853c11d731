"""Slides of an executed notebook: one page of sections that scroll, print and need no script to be read.

A slide begins at each heading of level 2 and at each cell whose `slideshow.slide_type` is "slide"; what is too tall for one
screen goes on under the same title. Code, answers and their checks are not shown; the notes wait for the key N.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from helpers.classroom import pieces, versions
from helpers.documents.claims import MIME
from helpers.page import signals
from helpers.pipeline import page_template, parts
from helpers.pipeline.parameters import Notebook, titled

# A screen of 1280 × 720 less its margins and a title of one line.
ROOM = 570
_TITLE_LINE, _TITLE_CHARACTERS = 40, 58
_HEADING = re.compile(r"^(#{1,2}) +(.+?)[ \t]*$\n*", re.MULTILINE)
_HIDDEN = {"reponse", "controle", "parameters", "injected-parameters"}
_CORRECTION = "correction"


@dataclass
class Slide:
    """One screen: its title and its pieces, and the notes for who speaks."""

    title: str
    shown: list[pieces.Piece] = field(default_factory=list)
    notes: list[pieces.Piece] = field(default_factory=list)
    room: int = ROOM

    def takes(self, piece: pieces.Piece) -> bool:
        """Whether there is room for this piece; an empty slide takes any."""
        return not self.shown or sum(one.height for one in self.shown) + piece.height <= self.room


def slides(node: Any, title: str) -> list[Slide]:
    """Slides of an executed notebook whose title is `title`, in order."""
    found = [Slide(titled(title, parts.subject_of(node)))]
    for number, cell in enumerate(node.cells, start=1):
        tags, kind = (
            set(cell.metadata.get("tags", [])),
            cell.metadata.get("slideshow", {}).get("slide_type", ""),
        )
        if kind == "skip" or tags & _HIDDEN:
            continue
        if cell.cell_type == "markdown":
            _write(cell.source, kind, tags, found)
        elif cell.cell_type == "code":
            for output in cell.outputs:
                if _is_shown(output, tags):
                    for piece in pieces.of_output(output, number, room=found[-1].room):
                        _add(piece, found)
    return [slide for slide in found if slide.shown]


def page(node: Any, notebook: Notebook, *, report: str = "") -> str:
    """The slides as one HTML file; `report` is the page where the rows left out are, beside this file, empty for none."""
    every = slides(node, notebook.title)
    rest = f'<a href="{report}">le rapport</a>' if report else "le carnet"
    told = [
        {
            "title": slide.title,
            "html": "".join(piece.html for piece in slide.shown).replace("<a>le rapport</a>", rest),
            "notes": "".join(piece.html for piece in slide.notes),
        }
        for slide in every
    ]
    return page_template.written(
        "slides.html.j2", title=every[0].title, slides=told, **page_template.script("slides.js")
    )


def _write(source: str, kind: str, tags: set[str], found: list[Slide]) -> None:
    if kind == "notes" or versions.TEACHER in tags:
        found[-1].notes += pieces.of_markdown(source, room=ROOM)
        return
    for heading, text in _sections(source):
        if heading:
            _begin(heading, found)
        elif kind in ("slide", "subslide") and found[-1].shown:
            said = (
                f"{_bare(found[-1].title)} : {_CORRECTION}"
                if versions.CORRECTION in tags
                else found[-1].title
            )
            _begin(said, found)
        for piece in pieces.of_markdown(text, room=found[-1].room):
            _add(piece, found)


def _sections(source: str) -> Iterator[tuple[str, str]]:
    """Each heading of level 1 or 2 of a text with what follows it, in order; what stands before has no heading."""
    rest, heading = source, ""
    for match in _HEADING.finditer(source):
        before = source[len(source) - len(rest) : match.start()]
        if before.strip():
            yield heading, before
        heading, rest = "" if len(match[1]) == 1 else match[2], source[match.end() :]
    if rest.strip() or heading:
        yield heading, rest


def _begin(title: str, found: list[Slide]) -> None:
    lines = -(-len(title) // _TITLE_CHARACTERS)
    found.append(Slide(title, room=ROOM - _TITLE_LINE * (lines - 1)))


def _add(piece: pieces.Piece, found: list[Slide]) -> None:
    if not found[-1].takes(piece):
        _begin(f"{_bare(found[-1].title)} (suite)", found)
    found[-1].shown.append(piece)


def _bare(title: str) -> str:
    return title.removesuffix(" (suite)").removesuffix(f" : {_CORRECTION}")


def _is_shown(output: Any, tags: set[str]) -> bool:
    data = output.get("data", {})
    if signals.SUBJECT_MIME in data:
        return False
    folded = parts.CHECKING in tags or output.get("metadata", {}).get(signals.PART_KEY) == parts.CHECKING
    return MIME in data or not folded
