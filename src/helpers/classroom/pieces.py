"""What a notebook shows, cut into pieces that a slide or a sheet can hold: sentences, short tables, figures."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape, unescape
from typing import Any

from nbconvert.filters import markdown2html

from helpers import french
from helpers.documents.claims import MIME
from helpers.documents.verdicts import GAP
from helpers.page import display
from helpers.pipeline import outputs
from helpers.pipeline.render import prose

# Rows of a table that a slide shows; the others are counted.
ROWS = 8
_LONGEST_CELL = 130
_DETAILS = re.compile(r"<details\b(?:(?!<details\b).)*?</details>", re.DOTALL)
_PIECE = re.compile(r"<(table|figure|ul|ol|pre|p|h[1-4]|dl|blockquote)\b.*?</\1>", re.DOTALL)
_HEAD = re.compile(r"<h[1-4]\b")
_ROW = re.compile(r"<tr\b.*?</tr>", re.DOTALL)
_CELL = re.compile(r"<(t[hd])\b([^>]*)>(.*?)</\1>", re.DOTALL)
_ITEM = re.compile(r"<li\b.*?</li>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_PLAIN = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]\d+)?")
# Height in pixels at 1280 wide: one line of text (24 px the letter), of a table (16 px), of a heading; characters on a line.
_LINE, _TABLE_LINE, _HEADING, _FIGURE = 37, 25, 56, 470
_CHARACTERS, _TABLE_CHARACTERS = 78, 112
_SPACE = 14


@dataclass(frozen=True)
class Piece:
    """One piece: its HTML, its height in pixels as a slide would show it, the rows of a table that it leaves out."""

    html: str
    height: int
    left_out: int = 0

    @property
    def text(self) -> str:
        """Its words."""
        return unescape(_TAG.sub(" ", self.html)).strip()


def of_markdown(source: str, *, room: int) -> list[Piece]:
    """Pieces of a cell of text; `room` is the height of what a slide can hold, in pixels."""
    return list(_pieces(prose(markdown2html(source)), room))


def of_output(output: Mapping[str, Any], number: int, *, room: int, most: int = ROWS) -> list[Piece]:
    """Pieces of what the cell `number` displayed; a table has `most` rows, one of verdicts keeps only its differences."""
    data = output.get("data", {})
    html = outputs.shown(output, number, prose)
    if MIME in data:
        return _differences(html, len(data[MIME]), room)
    found = list(_pieces(html, room, most))
    if not found and _TAG.sub("", html).strip():
        return [_paragraph("À voir dans le carnet.")]
    return found


def _pieces(html: str, room: int, most: int = ROWS) -> Iterator[Piece]:
    folded = sum(_body_rows(match[0]) for match in _DETAILS.finditer(html) if 'class="rest"' in match[0])
    while _DETAILS.search(html):
        html = _DETAILS.sub("", html)
    for match in _PIECE.finditer(html):
        kind, piece = match[1], match[0]
        if kind == "table":
            yield table(piece, room=room, more=folded, most=most)
            folded = 0
        elif kind in ("ul", "ol"):
            yield from _list(piece, kind, room)
        elif kind == "figure":
            caption = re.search(r"<figcaption>(.*?)</figcaption>", piece, re.DOTALL)
            yield Piece(piece, _FIGURE + (_lines(_words(caption[1])) * _LINE if caption else 0))
        elif kind == "pre":
            yield Piece(piece, _LINE * (piece.count("\n") + 2))
        elif _words(piece) and not re.match(r'<p class="(?:files|source)', piece):
            yield Piece(piece, _HEADING if _HEAD.match(piece) else _SPACE + _LINE * _lines(_words(piece)))


def _list(html: str, kind: str, room: int) -> Iterator[Piece]:
    """A list, in as many pieces as slides need."""
    held: list[str] = []
    height = 0
    for item in _ITEM.findall(html):
        tall = 8 + _LINE * _lines(_words(item))
        if held and height + tall > room:
            yield Piece(f"<{kind}>{''.join(held)}</{kind}>", height)
            held, height = [], 0
        held.append(item)
        height += tall
    if held:
        yield Piece(f"<{kind}>{''.join(held)}</{kind}>", height + _SPACE)


def table(html: str, *, room: int, more: int = 0, most: int = ROWS) -> Piece:
    """A table of text cut to what fits: `most` rows and `room` pixels; `more` rows were left out before.

    Numbers that pandas wrote are said in French.
    """
    head, _, body = html.partition("</thead>")
    heads = _one_head([_cells(row) for row in _ROW.findall(head)])
    rows = [_cells(row) for row in _ROW.findall(body)]
    caption = re.search(r"<caption>(.*?)</caption>", head, re.DOTALL)
    width = max((len(row) for row in (*heads, *rows)), default=1)
    shares = _shares([*heads, *rows[:most]], width)
    height = sum(_row_height(row, shares) for row in heads) + (_LINE * 2 if caption else 0) + _SPACE
    kept: list[list[tuple[str, str, str]]] = []
    for row in rows[:most]:
        tall = _row_height(row, shares)
        if kept and height + tall + _LINE > room:
            break
        kept.append(row)
        height += tall
    left = len(rows) - len(kept) + more
    shown = "".join(_row(row) for row in kept)
    title = f"<caption>{escape(_words(caption[1]))}</caption>" if caption else ""
    top = f"<thead>{''.join(_row(row, head=True) for row in heads)}</thead>" if heads else ""
    said = ""
    if left:
        said = f'<p class="left-out">… {french.plural(left, "autre ligne", "autres lignes")} dans <a>le rapport</a>.</p>'
        height += _LINE + _SPACE
    return Piece(f"<table>{title}{top}<tbody>{shown}</tbody></table>{said}", height, left)


def _differences(html: str, checked: int, room: int) -> list[Piece]:
    rows = [row for row in _ROW.findall(html) if f" {GAP}</span>" in row]
    head = re.search(r"<thead>.*?</thead>", html, re.DOTALL)
    if not rows or head is None:
        return [_paragraph(f"{french.plural(checked, 'chiffre publié', 'chiffres publiés')} : aucun écart.")]
    title = f"<caption>{french.plural(len(rows), 'écart')} sur {french.plural(checked, 'chiffre')}</caption>"
    return [table(f"<table>{title}{head[0]}<tbody>{''.join(rows)}</tbody></table>", room=room)]


def _paragraph(text: str) -> Piece:
    return Piece(f"<p>{escape(text)}</p>", _SPACE + _LINE * _lines(text))


def _cells(row: str) -> list[tuple[str, str, str]]:
    """Kind, class of number and words of each cell."""
    found = []
    for kind, attributes, content in _CELL.findall(row):
        words = _words(content)
        number = _PLAIN.fullmatch(words) and (kind == "td")
        said = french.number(float(words)) if number else "—" if words in ("NaN", "<NA>") else words
        if len(said) > _LONGEST_CELL:
            said = f"{said[:_LONGEST_CELL].rsplit(' ', 1)[0]} {french.TRUNCATED}"
        found.append((kind, "num" if number or 'class="num' in attributes else "", said))
    return found


def _one_head(heads: list[list[tuple[str, str, str]]]) -> list[list[tuple[str, str, str]]]:
    """The two heads that pandas gives to a table whose rows have a name, as one; names of columns are said in French."""
    if len(heads) == 2 and not any(first[2] and second[2] for first, second in zip(*heads, strict=False)):
        heads = [[first if first[2] else second for first, second in zip(*heads, strict=False)]]
    return [[(kind, group, display.head(words)) for kind, group, words in row] for row in heads]


def _row(row: list[tuple[str, str, str]], *, head: bool = False) -> str:
    cells = []
    for kind, group, said in row:
        # A corner that pandas leaves empty is no heading.
        tag = "td" if kind == "th" and not said else kind
        scope = f' scope="{"col" if head else "row"}"' if tag == "th" else ""
        cells.append(f"<{tag}{scope}{f' class={group}' if group else ''}>{escape(said)}</{tag}>")
    return f"<tr>{''.join(cells)}</tr>"


def _shares(rows: list[list[tuple[str, str, str]]], width: int) -> list[float]:
    """Characters on a line of each column, as a browser would share the width."""
    longest = [
        min(60, max((len(row[place][2]) for row in rows if place < len(row)), default=1))
        for place in range(width)
    ]
    room = _TABLE_CHARACTERS - 3 * width
    scale = min(1.0, room / max(1, sum(longest)))
    return [max(5.0, length * scale) for length in longest]


def _row_height(row: list[tuple[str, str, str]], shares: list[float]) -> int:
    lines = max(
        (math.ceil(1.1 * len(cell[2]) / share) for cell, share in zip(row, shares, strict=False)), default=1
    )
    return 12 + _TABLE_LINE * max(1, lines)


def _lines(text: str) -> int:
    return max(1, math.ceil(len(text) / _CHARACTERS))


def _words(html: str) -> str:
    return " ".join(unescape(_TAG.sub(" ", html)).split())


def _body_rows(html: str) -> int:
    return len(_ROW.findall(html.partition("</thead>")[2]))
