"""Where the page shows each piece of a notebook: title, L'essentiel, sections, « Pour vérifier ».

A notebook says it with its headings, and with tags of cells where a heading is not enough:

- the first cell holds the title (`# …`) and the question (`**Question.** …`); its other paragraphs (sources, what one learns)
  go to « Pour vérifier »;
- the cells under `## L'essentiel` come right after the question, wherever they stand in the notebook; a cell tagged
  `essentiel` joins them, such as a figure that is computed later;
- the cells under `## Pour vérifier` are folded at the end; a cell tagged `pour-verifier` joins them, and so do the verdicts
  on published figures, unless their cell is tagged `montrer`. A section that shows nothing else goes with them;
- a helper can say the same of what it displays, by the metadata of its output (`display.to_verify`);
- a section whose heading is tagged `selon-le-paquet` is left out when none of its cells shows anything; one tagged
  `comparaison` is folded in « Pour vérifier » when the page has a subject of its own (`display.subject`).

Code is shown nowhere between two sentences: one box shows that of the sections in its place, and that of the opening is in
« Pour vérifier ». A display of `display.subject` names what the report is about: the name replaces `{sujet}` in the title, or
follows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from markupsafe import escape

from helpers import french
from helpers.documents.verdicts import MIME
from helpers.page import signals
from helpers.pipeline.parameters import titled

ESSENTIAL, CHECKING, SHOWN = "essentiel", "pour-verifier", "montrer"
IF_ANY, COMPARED = "selon-le-paquet", "comparaison"
_ESSENTIAL_HEADINGS = ("L'essentiel", "En bref")
_CHECKING_HEADINGS = (
    "Pour vérifier",
    "Chiffres publiés, chiffres recalculés",
    "Ce qui se reproduit, ce qui ne se reproduit pas, limites",
)
_HEADING = re.compile(r"^(#{2,4}) +(.+?)[ \t]*$", re.MULTILINE)
_TITLE = re.compile(r"^# +(.+?)[ \t]*$\n*", re.MULTILINE)
_QUESTION = re.compile(r"^\*\*Question\.\*\*\s*", re.MULTILINE)
_ASIDE = re.compile(r"^\*\*(?:Sources?|Vous apprendrez)\b", re.MULTILINE)


@dataclass
class Piece:
    """One thing that the page shows: `kind` is "markdown", "output", "code" or "raw"."""

    kind: str
    number: int
    content: Any = ""


@dataclass
class Parts:
    """The page, in its order. `contents` lists the identifier and the title of what the table of contents names."""

    title: str
    question: str = ""
    lead: list[Piece] = field(default_factory=list)
    essential: list[Piece] = field(default_factory=list)
    sections: list[Piece] = field(default_factory=list)
    checking: list[Piece] = field(default_factory=list)
    code: list[Piece] = field(default_factory=list)
    contents: list[dict[str, str]] = field(default_factory=list)

    @property
    def has_code(self) -> bool:
        """Whether the box that shows the code in its place has something to show."""
        return any(piece.kind == "code" for piece in (*self.sections, *self.checking))


def subject_of(node: Any) -> str:
    """Name that the notebook displayed as its subject (the last one), empty when it displayed none."""
    found = ""
    for cell in node.cells:
        for output in cell.get("outputs", []):
            found = str(output.get("data", {}).get(signals.SUBJECT_MIME, found))
    return found


def of(node: Any, title: str) -> Parts:
    """Parts of the page of an executed notebook whose title (as written in it) is `title`."""
    subject = subject_of(node)
    parts = Parts(titled(title, subject))
    headings = _Headings()
    for number, section in enumerate(_sections(node)):
        folded = bool(subject) and COMPARED in section[0][1].metadata.get("tags", []) if section else False
        _place(section, parts, headings, opening=number == 0, folded=folded)
    order = {id(item): rank for rank, item in enumerate((parts.essential, parts.sections))}
    parts.contents = [
        {"id": anchor, "title": said}
        for _, anchor, said in sorted(
            (
                (order[id(place)], anchor, said)
                for place, anchor, said in headings.listed
                if id(place) in order
            ),
            key=lambda item: item[0],
        )
    ]
    return parts


def _sections(node: Any) -> Iterator[list[tuple[int, Any]]]:
    """Cells with their number, one list for what comes before the first heading of level 2, then one per heading."""
    current: list[tuple[int, Any]] = []
    for number, cell in enumerate(node.cells, start=1):
        heading = _HEADING.search(cell.source) if cell.cell_type == "markdown" else None
        if heading and len(heading[1]) == 2:
            yield current
            current = []
        current.append((number, cell))
    yield current


def _place(
    cells: list[tuple[int, Any]], parts: Parts, headings: _Headings, *, opening: bool, folded: bool = False
) -> None:
    head = _HEADING.search(cells[0][1].source) if cells and not opening else None
    name = head[2].replace("\u2019", "'") if head else ""
    if (
        cells
        and IF_ANY in cells[0][1].metadata.get("tags", [])
        and not any(_says(output) for _, cell in cells for output in cell.get("outputs", []))
    ):
        # Nothing of this section is in the package: its heading would announce an empty page.
        parts.code += [
            Piece("code", number, cell.source) for number, cell in cells if cell.cell_type == "code"
        ]
        return
    home = parts.lead if opening else parts.sections
    if name in _ESSENTIAL_HEADINGS:
        home = parts.essential
    elif folded or name in _CHECKING_HEADINGS or (head and _only_checks(cells)):
        home = parts.checking
    for number, cell in cells:
        tags = cell.metadata.get("tags", [])
        place = parts.essential if ESSENTIAL in tags else parts.checking if CHECKING in tags else home
        if cell.cell_type == "markdown":
            # A section that goes to « Pour vérifier » stands one level under it.
            lower = place is parts.checking and name != _CHECKING_HEADINGS[0]
            _write_markdown(cell.source, number, parts, place, headings, lower=lower)
        elif cell.cell_type == "raw":
            place.append(Piece("raw", number, cell.source))
        elif not {"parameters", "injected-parameters"} & set(tags):
            if cell.source.strip():
                in_place = place is parts.sections or place is parts.checking
                (place if in_place else parts.code).append(Piece("code", number, cell.source))
            for output in cell.outputs:
                if signals.SUBJECT_MIME not in output.get("data", {}):
                    (parts.checking if _is_check(output, tags) else place).append(
                        Piece("output", number, output)
                    )


def _says(output: Any) -> bool:
    """Whether an output shows something: a display whose HTML is empty does not."""
    html = output.get("data", {}).get("text/html")
    return html is None or bool("".join(html).strip())


def _only_checks(cells: list[tuple[int, Any]]) -> bool:
    shown = [
        _is_check(output, cell.metadata.get("tags", []))
        for _, cell in cells
        for output in cell.get("outputs", [])
    ]
    return bool(shown) and all(shown)


def _is_check(output: Any, tags: list[str]) -> bool:
    said = output.get("metadata", {}).get(signals.PART_KEY) == CHECKING or MIME in output.get("data", {})
    return said and SHOWN not in tags


def _write_markdown(
    source: str, number: int, parts: Parts, place: list[Piece], headings: _Headings, *, lower: bool
) -> None:
    aside = ""
    if place is parts.lead:
        source = _TITLE.sub("", source)
        at = _ASIDE.search(source)
        source, aside = (source[: at.start()], source[at.start() :]) if at else (source, "")
        if not parts.question and (found := _QUESTION.search(source)):
            question, _, rest = source[found.end() :].partition("\n\n")
            parts.question, source = question.strip(), source[: found.start()] + rest
    written = headings.written(source, place, lower=lower, least=3 if place is parts.checking else 2)
    if written.strip():
        place.append(Piece("markdown", number, written))
    if aside:
        said = headings.written(f"### À propos de ce carnet\n\n{aside}", parts.checking, least=3)
        parts.checking.append(Piece("markdown", number, said))


class _Headings:
    """Gives every heading of a page an identifier of its own, and remembers those of level 2 and where they stand."""

    def __init__(self) -> None:
        self.used = {"contenu", "pour-verifier", "montrer-code"}
        self.listed: list[tuple[list[Piece], str, str]] = []

    def written(self, source: str, place: list[Piece], *, least: int, lower: bool = False) -> str:
        """Markdown whose headings are HTML with an identifier, of level `least` at least, one level `lower` if asked."""

        def head(match: re.Match[str]) -> str:
            level, title = len(match[1]), match[2]
            if title.replace("\u2019", "'") == _CHECKING_HEADINGS[0]:
                return ""  # The fold has that title.
            anchor = base = re.sub(r"[^a-z0-9]+", "-", french.plain(title)).strip("-") or "section"
            number = 2
            while anchor in self.used:
                anchor, number = f"{base}-{number}", number + 1
            self.used.add(anchor)
            if level == 2:
                self.listed.append((place, anchor, title))
            level = max(least, level + lower)
            return f'<h{level} id="{anchor}">{escape(title)}</h{level}>'

        return _TITLE.sub(
            lambda match: f"<p><strong>{escape(match[1])}</strong></p>\n\n", _HEADING.sub(head, source)
        )
