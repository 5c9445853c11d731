"""REFI-QDA 1.5 exchange files: `.qdc` codebooks and `.qdpx` projects (QualCoder, NVivo, MAXQDA, ATLAS.ti, Taguette…).

What the standard holds and what becomes of it:

- a `Code`, with its levels, is a code; its `Description` the definition. Colours, sets, notes, links and graphs are left out;
- a `TextSource`, or the text that represents a `PDFSource`, is a source under the code that `pseudonyms.source_codes` gives its
  name; pictures, sound and film are left out, and said;
- a `Coding` of a `PlainTextSelection`, or of a whole source, is a segment. Positions are Unicode characters of the plain
  text. Some programs count an end of line written CR LF as one character: when the names of the selections, where they
  repeat the words, show that, the text is read so;
- a variable of a source, or of a case that refers to it, is an attribute. Names of cases are never kept, nor variables that
  hold names or addresses;
- a user becomes 1, 2… in the order of the file: no name of a user is kept.

Source: REFI-QDA Standard 1.5 and its schemas `urn:QDA-XML:codebook:1.0` and `urn:QDA-XML:project:1.0` (Evers et al. 2020).
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from xml.etree.ElementTree import Element

import pandas as pd

from helpers import french
from helpers.errors import DataError
from helpers.files import limits
from helpers.material import pseudonyms, tags
from helpers.material.imported import ATTRIBUTES, CODES, SEGMENTS, SOURCES, Imported

DEEPEST = 50
_OTHER_SOURCES = {"PictureSource", "AudioSource", "VideoSource"}
_VALUES = {"TextValue", "BooleanValue", "IntegerValue", "FloatValue", "DateValue", "DateTimeValue"}


def read(path: Path, *, names: Sequence[str] = ()) -> Imported:
    """Tables of a `.qdc` (codes) or a `.qdpx` (codes, sources, attributes, segments). `names` are those of `noms.txt`.

    Raises DataError for a file of another kind, damaged, too large or hostile, and for a coding of an unknown code, bounds
    outside the text, a text that is not in the archive, or an overlap.
    """
    if path.suffix.lower() == ".qdc":
        root = limits.xml(limits.content(path), path.name)
        if _tag(root) != "CodeBook":
            raise DataError(f"{path.name} n'est pas un livre de codes REFI-QDA (élément « {_tag(root)} »).")
        codes = _codes(root, path.name)
        return Imported({CODES: codes.drop(columns="guid")})
    if path.suffix.lower() != ".qdpx":
        raise DataError(f"{path.name} : un fichier REFI-QDA se termine par .qdc (codes) ou .qdpx (projet).")
    archive = limits.archive(path)
    inside = [name for name in archive.namelist() if PurePosixPath(name).suffix.lower() == ".qde"]
    if len(inside) != 1:
        raise DataError(
            f"{path.name} contient {len(inside)} fichiers .qde au lieu d'un : ce n'est pas un projet REFI-QDA."
        )
    root = limits.xml(limits.member(archive, inside[0], path.name), f"{path.name}, {inside[0]}")
    if _tag(root) != "Project":
        raise DataError(f"{path.name} n'est pas un projet REFI-QDA (élément « {_tag(root)} »).")
    return _Project(root, archive, path.name, names).imported().checked()


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _children(element: Element | None, *wanted: str) -> Iterator[Element]:
    return (child for child in (element if element is not None else ()) if _tag(child) in wanted)


def _child(element: Element | None, wanted: str) -> Element | None:
    return next(_children(element, wanted), None)


def _said(element: Element, wanted: str) -> str:
    found = _child(element, wanted)
    return (found.text or "").strip() if found is not None else ""


def _guid(written: str | None) -> str:
    # The schema allows braces, and programs differ in capitals.
    return (written or "").strip("{} ").lower()


def _codes(book: Element | None, name: str) -> pd.DataFrame:
    """`material/codes` with the `guid` of each code, from a CodeBook element."""
    found: list[tuple[str, tuple[str, ...], str]] = []
    waiting: list[tuple[Element, tuple[str, ...]]] = [
        (code, ()) for code in reversed(list(_children(_child(book, "Codes"), "Code")))
    ]
    while waiting:
        element, above = waiting.pop()
        label = " ".join((element.get("name") or "").split())
        if not label:
            raise DataError(f"{name} : le code de rang {len(found) + 1} n'a pas de nom.")
        if len(above) >= DEEPEST:
            raise DataError(f"{name} : plus de {DEEPEST} niveaux de codes ; refusé.")
        path: tuple[str, ...] = (*above, label)
        found.append((_guid(element.get("guid")), path, _said(element, "Description")))
        waiting += [(child, path) for child in reversed(list(_children(element, "Code")))]
    if book is not None and (book.get("origin") or "").startswith("Taguette"):
        # Taguette writes its levels as dots in a flat list.
        code_of, table = tags.codes_of_tags({path[-1]: text for _, path, text in found})
        guids = {code_of[path[-1]]: guid for guid, path, _ in found}
        return table.assign(guid=table["code"].map(guids))
    codes = pseudonyms.path_codes(path for _, path, _ in found)
    rows = [(guid, codes[path], codes.get(path[:-1]), path[-1], text or None) for guid, path, text in found]
    return pd.DataFrame(rows, columns=["guid", "code", "parent", "label_fr", "definition_fr"])


class _Project:
    """One project being read: its sources by guid, its rows, and what is left out."""

    def __init__(self, root: Element, archive: zipfile.ZipFile, name: str, names: Sequence[str]) -> None:
        self.root, self.archive, self.name, self.names = root, archive, name, names
        self.files = {PurePosixPath(item).name.lower(): item for item in archive.namelist()}
        users = [_guid(user.get("guid")) for user in _children(_child(root, "Users"), "User")]
        self.coders = {guid: str(rank) for rank, guid in enumerate(dict.fromkeys(users), start=1)}
        self.codes = _codes(_child(root, "CodeBook"), name)
        self.code_of = dict(zip(self.codes["guid"], self.codes["code"], strict=True))
        self.segments: list[tuple[object, ...]] = []
        self.notes: list[str] = []

    def imported(self) -> Imported:
        """Tables of the project."""
        listed = list(_children(_child(self.root, "Sources"), "TextSource", "PDFSource", *_OTHER_SOURCES))
        texts = [(source, held) for source in listed if (held := _holder(source)) is not None]
        self._left_out(
            len(listed) - len(texts), "source(s) sans texte (image, son, film ou PDF sans transcription)"
        )
        titles = _titles([source for source, _ in texts])
        codes = pseudonyms.source_codes(titles, self.names)
        source_of = {
            _guid(source.get("guid")): codes[title] for (source, _), title in zip(texts, titles, strict=True)
        }
        sources = []
        for rank, (source, held) in enumerate(texts, start=1):
            code = source_of[_guid(source.get("guid"))]
            text = self._segments(source, held, code, rank)
            sources.append((code, rank, len(text)))
        heads = ["segment", "source", "code", "coder", "start", "end", "text"]
        tables = {
            CODES: self.codes.drop(columns="guid").drop_duplicates("code", ignore_index=True),
            SOURCES: pd.DataFrame(sources, columns=["source", "rank", "length"]),
            ATTRIBUTES: self._attributes([source for source, _ in texts], source_of),
            SEGMENTS: pd.DataFrame(self.segments, columns=heads).drop_duplicates(ignore_index=True),
        }
        return Imported(tables, self.notes)

    def _left_out(self, count: int, noun: str) -> None:
        if count:
            self.notes.append(f"{self.name} : laissé de côté, {french.number(count)} {noun}.")

    def _segments(self, source: Element, held: Element, code: str, number: int) -> str:
        """Add the segments of a source; returns its text."""
        selections = list(_children(held, "PlainTextSelection"))
        spans = [self._span(selection, number, rank) for rank, selection in enumerate(selections, start=1)]
        text = _counted(
            self._text(held, number), spans, [selection.get("name") or "" for selection in selections]
        )
        maker = source.get("creatingUser")
        for rank, (selection, (start, end)) in enumerate(zip(selections, spans, strict=True), start=1):
            if not 0 <= start < end <= len(text):
                raise DataError(
                    f"{self.name}, source {number}, passage {rank} : les bornes {start} à {end} "
                    f"sortent du texte ({french.number(len(text))} caractères)."
                )
            for coding in _children(selection, "Coding"):
                self._add(
                    coding,
                    selection.get("guid"),
                    code,
                    (start, end),
                    text,
                    selection.get("creatingUser") or maker,
                )
        for coding in [
            *_children(source, "Coding"),
            *(_children(held, "Coding") if held is not source else ()),
        ]:
            self._add(coding, coding.get("guid"), code, (0, len(text)), text, maker)
        return text

    def _add(
        self,
        coding: Element,
        guid: str | None,
        source: str,
        span: tuple[int, int],
        text: str,
        maker: str | None,
    ) -> None:
        reference = _child(coding, "CodeRef")
        target = _guid(reference.get("targetGUID")) if reference is not None else ""
        if target not in self.code_of:
            raise DataError(
                f"{self.name}, segment {len(self.segments) + 1} : son code n'est pas dans le livre de codes."
            )
        coder = self.coders.get(_guid(coding.get("creatingUser") or maker), "1")
        words = " ".join(text[slice(*span)].split())
        self.segments.append((_guid(guid), source, self.code_of[target], coder, *span, words))

    def _span(self, selection: Element, number: int, rank: int) -> tuple[int, int]:
        try:
            return int(selection.get("startPosition") or ""), int(selection.get("endPosition") or "")
        except ValueError:
            raise DataError(
                f"{self.name}, source {number}, passage {rank} : une borne n'est pas un nombre entier."
            ) from None

    def _text(self, held: Element, number: int) -> str:
        inside = _child(held, "PlainTextContent")
        if inside is not None:
            return inside.text or ""
        place = held.get("plainTextPath") or ""
        scheme, _, file = place.rpartition("://")
        if scheme in ("absolute", "relative"):
            raise DataError(
                f"{self.name}, source {number} : son texte est hors de l'archive ; exportez le projet avec ses sources."
            )
        # Programs disagree on the folder ("sources", "Sources" or none): the name of the file is enough.
        found = self.files.get(PurePosixPath(file.replace("\\", "/")).name.lower())
        if found is None:
            raise DataError(f"{self.name}, source {number} : son texte manque dans l'archive.")
        # Programs name the file of a text after the interview: no sentence says it.
        called = f"{self.name}, texte de la source {number}"
        return limits.text(limits.member(self.archive, found, called, named=False), called)

    def _attributes(self, sources: list[Element], source_of: dict[str, str]) -> pd.DataFrame:
        variables = {
            _guid(item.get("guid")): " ".join((item.get("name") or "").split())
            for item in _children(_child(self.root, "Variables"), "Variable")
        }
        holders = [(source, [_guid(source.get("guid"))]) for source in sources]
        for case in _children(_child(self.root, "Cases"), "Case"):
            holders.append((case, [_guid(item.get("targetGUID")) for item in _children(case, "SourceRef")]))
        found: dict[tuple[str, str], str] = {}
        personal = 0
        for holder, guids in holders:
            for item in _children(holder, "VariableValue"):
                reference = _child(item, "VariableRef")
                name = variables.get(_guid(reference.get("targetGUID")) if reference is not None else "", "")
                value = next((" ".join((part.text or "").split()) for part in _children(item, *_VALUES)), "")
                if not name or not value:
                    continue
                if pseudonyms.names_someone(name, value, self.names):
                    personal += 1
                    continue
                for guid in guids:
                    if guid in source_of and found.setdefault((source_of[guid], name), value) != value:
                        raise DataError(
                            f"{self.name}, source {list(source_of).index(guid) + 1} : deux valeurs pour la variable de rang "
                            f"{list(variables.values()).index(name) + 1} ; gardez-en une."
                        )
        self._left_out(personal, "valeur(s) de variable qui nommeraient une personne")
        rows = [(source, name, value) for (source, name), value in found.items()]
        return pd.DataFrame(rows, columns=["source", "attribute", "value"])


def _holder(source: Element) -> Element | None:
    """Element that has the text of a source: itself, or the representation of a PDF."""
    if _tag(source) == "TextSource":
        return source
    return _child(source, "Representation") if _tag(source) == "PDFSource" else None


def _titles(sources: list[Element]) -> list[str]:
    given = [(source.get("name") or "").strip() for source in sources]
    titles: list[str] = []
    for rank, name in enumerate(given, start=1):
        title = name or f"source-{rank}"
        known = title in titles
        titles.append(pseudonyms.another_title(title, {*given, *titles}, rank) if known else title)
    return titles


def _counted(text: str, spans: list[tuple[int, int]], words: list[str]) -> str:
    """Text in which the positions count: as it is, or with each CR LF as one character when more selections fit so."""
    if "\r\n" not in text:
        return text
    single = text.replace("\r\n", "\n")
    pairs = [(span, said.split()) for span, said in zip(spans, words, strict=True) if said.strip()]
    fits = [sum(kept[start:end].split() == said for (start, end), said in pairs) for kept in (text, single)]
    return single if fits[1] > fits[0] else text
