"""The SQLite project of Taguette: documents as HTML, highlights as UTF-8 byte positions, accounts in a journal."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd

from helpers import french
from helpers.errors import DataError, UnknownName, UsageError
from helpers.files import limits
from helpers.material import pseudonyms, tags
from helpers.material.imported import CODES, SEGMENTS, SOURCES, Imported

MAGIC = b"SQLite format 3\0"
_NEEDED = {
    "projects": {"id", "name"},
    "documents": {"id", "project_id", "name", "contents"},
    "tags": {"id", "project_id", "path", "description"},
    "highlights": {"id", "document_id", "start_offset", "end_offset", "snippet"},
    "highlight_tags": {"highlight_id", "tag_id"},
}
_BLOCKS = {
    "p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "table", "ul", "ol",
}  # fmt: skip


def read_project(path: Path, project: str, names: Sequence[str]) -> Imported:
    """Tables of one project of a Taguette database; see `taguette.read` for what is kept and raised."""
    raw = limits.content(path, limits.LARGEST_FILE)
    if not raw.startswith(MAGIC):
        raise DataError(f"{path.name} n'est pas un fichier SQLite : exportez le projet depuis Taguette.")
    # A copy of ours: SQLite may write beside the file that it opens, and another program may be writing in it.
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "project.sqlite3"
        copy.write_bytes(raw)
        try:
            with closing(sqlite3.connect(f"{copy.as_uri()}?mode=ro", uri=True)) as base:
                base.execute("PRAGMA trusted_schema = OFF")
                base.execute("PRAGMA cell_size_check = ON")
                return _read_project(base, path.name, project, names)
        except (sqlite3.Error, UnicodeDecodeError, OverflowError) as error:
            raise DataError(f"{path.name} est abîmé ({error}) : exportez de nouveau le projet.") from None


def _read_project(base: sqlite3.Connection, name: str, project: str, names: Sequence[str]) -> Imported:
    real = {row[0] for row in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for table, columns in _NEEDED.items():
        found = {row[1] for row in base.execute(f"PRAGMA table_info({table})")} if table in real else set()
        if not columns <= found:
            raise DataError(
                f"{name} n'est pas un projet de Taguette : le tableau « {table} » n'y est pas, ou pas entier."
            )
    chosen = _chosen(base.execute("SELECT id, name FROM projects ORDER BY id").fetchall(), name, project)
    imported = Imported({})
    marks = base.execute(
        f"SELECT id, {_as_text('path')}, {_as_text('description')} FROM tags WHERE project_id = ? ORDER BY id",
        (chosen,),
    ).fetchall()
    codes, imported.tables[CODES] = tags.codes_of_tags({path: description for _, path, description in marks})
    code_of = {number: codes[path] for number, path, _ in marks}
    documents = base.execute(
        f"SELECT id, {_as_text('name')}, {_as_text('contents')} FROM documents WHERE project_id = ? ORDER BY id",
        (chosen,),
    ).fetchall()
    # Two documents may have the same title; a number parts them before the codes are given.
    titles = {number: title for number, title, _ in documents}
    by_title = _distinct(titles)
    sources = pseudonyms.source_codes(by_title.values(), names)
    source_of = {number: sources[title] for number, title in by_title.items()}
    rank_of = {number: rank for rank, number in enumerate(source_of, start=1)}
    texts = {number: flat(contents)[0] for number, _, contents in documents}
    imported.tables[SOURCES] = pd.DataFrame(
        [(source_of[number], rank, len(texts[number])) for rank, number in enumerate(texts, start=1)],
        columns=["source", "rank", "length"],
    )
    accounts = _accounts(base, real)
    coders = account_codes(accounts)
    rows, left_out = [], 0
    for number, document, start, end, snippet, tag in base.execute(
        f"SELECT h.id, h.document_id, h.start_offset, h.end_offset, {_as_text('h.snippet')}, t.tag_id FROM highlights h "
        "LEFT JOIN highlight_tags t ON t.highlight_id = h.id ORDER BY h.document_id, h.start_offset, h.id, t.tag_id"
    ):
        if document not in texts:
            if _elsewhere(base, document):
                continue
            raise DataError(f"{name}, surlignage {number} : son document n'existe pas dans le projet.")
        if tag is None:
            left_out += 1
            continue
        if tag not in code_of:
            raise DataError(f"{name}, surlignage {number} : sa marque n'existe pas dans le projet.")
        first, last = _characters(
            texts[document], start, end, f"{name}, surlignage {number}, source {rank_of[document]}"
        )
        code, coder = code_of[tag], coders.get(accounts.get(number, ""), "1")
        words = flat(snippet)[1]
        rows.append((f"{source_of[document]}.{number}", source_of[document], code, coder, first, last, words))
    tags.say_left_out(imported, left_out)
    heads = ["segment", "source", "code", "coder", "start", "end", "text"]
    imported.tables[SEGMENTS] = pd.DataFrame(rows, columns=heads)
    return imported


def _as_text(column: str) -> str:
    # SQLite keeps anything in a column of texts: nothing, a number, bytes.
    return f"COALESCE(CAST({column} AS TEXT), '')"


def _chosen(projects: list[tuple[int, str]], name: str, project: str) -> int:
    if not projects:
        raise DataError(f"{name} ne contient aucun projet.")
    if project:
        found = [number for number, title in projects if title == project]
        if not found:
            raise UnknownName("Projet de Taguette", project, [title for _, title in projects])
        return found[0]
    if len(projects) > 1:
        titles = french.listing(f"« {title} »" for _, title in projects)
        raise UsageError(
            f"{name} contient {len(projects)} projets ({titles}) : choisissez-en un avec --project."
        )
    return projects[0][0]


def _elsewhere(base: sqlite3.Connection, document: object) -> bool:
    return base.execute("SELECT 1 FROM documents WHERE id = ?", (document,)).fetchone() is not None


def _distinct(titles: dict[int, str]) -> dict[int, str]:
    seen: dict[str, int] = {}
    taken = set(titles.values())
    distinct = {}
    for number, title in titles.items():
        seen[title] = seen.get(title, 0) + 1
        distinct[number] = title if seen[title] == 1 else pseudonyms.another_title(title, taken, seen[title])
        taken.add(distinct[number])
    return distinct


def _accounts(base: sqlite3.Connection, tables: set[str]) -> dict[int, str]:
    """Account that made each highlight, from the journal of the project; empty when there is none."""
    if "commands" not in tables:
        return {}
    made: dict[int, str] = {}
    for account, payload in base.execute("SELECT user_login, payload FROM commands ORDER BY id"):
        try:
            content = json.loads(payload)
        except (TypeError, ValueError):
            continue
        number = content.get("highlight_id") if isinstance(content, dict) else None
        if isinstance(number, int) and content.get("type") == "highlight_add":
            made.setdefault(number, str(account))
    return made


def account_codes(accounts: dict[int, str]) -> dict[str, str]:
    """Number of each account in order of appearance: an account is never kept, even when it looks like a code."""
    return {account: str(rank) for rank, account in enumerate(dict.fromkeys(accounts.values()), start=1)}


def _characters(text: str, start: int, end: int, place: str) -> tuple[int, int]:
    encoded = text.encode("utf-8", errors="surrogatepass")
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(encoded)):
        raise DataError(
            f"{place} : ses bornes sortent du texte ({len(encoded)} octets). Refaites ce surlignage."
        )
    first, last = (len(encoded[:place].decode("utf-8", errors="ignore")) for place in (start, end))
    return first, last


class _Flat(HTMLParser):
    """Text of an HTML page: as Taguette counts it, and with a line end where a block ends."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.counted: list[str] = []
        self.read: list[str] = []

    def handle_data(self, data: str) -> None:
        """Keep a piece of text."""
        self.counted.append(data)
        self.read.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Part the blocks."""
        if tag in _BLOCKS:
            self.read.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """Part the blocks."""
        if tag in _BLOCKS:
            self.read.append("\n")


def flat(page: str) -> tuple[str, str]:
    """Text of the HTML that Taguette keeps: as it counts positions (markup taken out), and as one reads it, on one line."""
    parser = _Flat()
    parser.feed(page)
    parser.close()
    # An HTML parser drops the blanks before the first element, and Taguette counts after it did.
    return "".join(parser.counted).lstrip(" \t\r\n\f"), " ".join("".join(parser.read).split())
