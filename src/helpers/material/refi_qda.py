"""REFI-QDA 1.5 exchange files: `.qdc` codebooks and `.qdpx` projects (QualCoder, NVivo, MAXQDA, ATLAS.ti, Taguette…).

What the standard holds and what becomes of it:

- a `Code`, with its levels, is a code; its `Description` the definition. Colours, sets, notes, links and graphs are left out;
- a `TextSource`, the text that represents a `PDFSource`, or the `Transcript` of a sound or a film, is a source under the code
  that `pseudonyms.source_codes` gives its name; what has no text is left out, and said;
- a `Coding` of a passage of that text, or of a whole source, is a segment; what its positions count is told by
  `refi_positions`. Passages without a code, and codings of a picture, a page or a moment of a recording, are counted and said;
- a variable of a source, or of a case that refers to it, is an attribute. Names of cases are never kept, nor variables that
  hold names or addresses. A case written a second time as a code (NVivo: same guid; others: same name) does not enter, nor
  do its codings, and that is said;
- a user becomes 1, 2… in the order of the file: no name of a user is kept.

Source: REFI-QDA Standard 1.5 and its schemas `urn:QDA-XML:codebook:1.0` and `urn:QDA-XML:project:1.0` (Evers et al. 2020).
"""

from __future__ import annotations

import zipfile
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path, PurePosixPath
from xml.etree.ElementTree import Element

import pandas as pd

from helpers import french
from helpers.errors import DataError
from helpers.files import limits
from helpers.material import pseudonyms, refi_positions, tags
from helpers.material import refi_elements as elements
from helpers.material.imported import ATTRIBUTES, CODES, SEGMENTS, SOURCES, Imported

DEEPEST = 50
_WITHOUT_TEXT = ("PictureSource", "AudioSource", "VideoSource")  # unless a transcript gives them one
_VALUES = {"TextValue", "BooleanValue", "IntegerValue", "FloatValue", "DateValue", "DateTimeValue"}


def read(path: Path, *, names: Sequence[str] = ()) -> Imported:
    """Tables of a `.qdc` (codes) or a `.qdpx` (codes, sources, attributes, segments). `names` are those of `noms.txt`.

    Raises DataError for a file of another kind, damaged, too large or hostile, and for a coding of an unknown code, bounds
    outside the text, a text that is not in the archive, or an overlap.
    """
    if path.suffix.lower() == ".qdc":
        root = limits.xml(limits.content(path), path.name)
        if elements.tag(root) != "CodeBook":
            raise DataError(
                f"{path.name} n'est pas un livre de codes REFI-QDA (élément « {elements.tag(root)} »)."
            )
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
    if elements.tag(root) != "Project":
        raise DataError(f"{path.name} n'est pas un projet REFI-QDA (élément « {elements.tag(root)} »).")
    return _Project(root, archive, path.name, names).imported().checked()


def _codes(book: Element | None, name: str, cases: Collection[str] = ()) -> pd.DataFrame:
    """`material/codes` with the `guid` of each code, from a CodeBook element, without the codes that are `cases`."""
    found: list[tuple[str, tuple[str, ...], str]] = []
    waiting: list[tuple[Element, tuple[str, ...]]] = [
        (code, ()) for code in reversed(list(elements.children(elements.child(book, "Codes"), "Code")))
    ]
    while waiting:
        element, above = waiting.pop()
        label = " ".join((element.get("name") or "").split())
        if not label:
            raise DataError(f"{name} : le code de rang {len(found) + 1} n'a pas de nom.")
        if len(above) >= DEEPEST:
            raise DataError(f"{name} : plus de {DEEPEST} niveaux de codes ; refusé.")
        guid = elements.guid(element.get("guid"))
        path: tuple[str, ...] = above if guid in cases else (*above, label)
        if guid not in cases:
            found.append((guid, path, elements.said(element, "Description")))
        waiting += [(child, path) for child in reversed(list(elements.children(element, "Code")))]
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
        users = [
            elements.guid(user.get("guid"))
            for user in elements.children(elements.child(root, "Users"), "User")
        ]
        self.coders = {guid: str(rank) for rank, guid in enumerate(dict.fromkeys(users), start=1)}
        cases = list(elements.children(elements.child(root, "Cases"), "Case"))
        self.cases = {elements.guid(case.get("guid")) for case in cases}
        called = {elements.called(case) for case in cases} - {""}
        self.cases |= {guid for guid, name_of_code in self._written_codes() if name_of_code in called}
        self.codes = _codes(elements.child(root, "CodeBook"), name, self.cases)
        self.code_of = dict(zip(self.codes["guid"], self.codes["code"], strict=True))
        self.segments: list[tuple[object, ...]] = []
        self.notes: list[str] = []
        self.without_code = self.of_cases = self.read_codings = 0
        self.choices: list[str] = []

    def imported(self) -> Imported:
        """Tables of the project."""
        listed = list(
            elements.children(elements.child(self.root, "Sources"), "TextSource", "PDFSource", *_WITHOUT_TEXT)
        )
        texts = [(source, held) for source in listed for held in elements.holders(source)]
        silent = sum(not elements.holders(source) for source in listed)
        self._left_out(silent, "source(s) sans texte (image, son, film ou PDF sans transcription)")
        titles = _titles([source for source, _ in texts])
        codes = pseudonyms.source_codes(titles, self.names)
        source_of: dict[str, str] = {}
        sources = []
        for rank, ((source, held), title) in enumerate(zip(texts, titles, strict=True), start=1):
            code = codes[title]
            source_of[elements.guid(held.get("guid"))] = source_of[elements.guid(source.get("guid"))] = code
            text = self._segments(source, held, code, rank)
            sources.append((code, rank, len(text)))
        self._say(listed)
        heads = ["segment", "source", "code", "coder", "start", "end", "text"]
        tables = {
            CODES: self.codes.drop(columns="guid").drop_duplicates("code", ignore_index=True),
            SOURCES: pd.DataFrame(sources, columns=["source", "rank", "length"]),
            ATTRIBUTES: self._attributes(listed, source_of),
            SEGMENTS: pd.DataFrame(self.segments, columns=heads).drop_duplicates(ignore_index=True),
        }
        return Imported(tables, self.notes)

    def _left_out(self, count: int, noun: str) -> None:
        if count:
            self.notes.append(f"{self.name} : laissé de côté, {french.number(count)} {noun}.")

    def _say(self, listed: list[Element]) -> None:
        """Notes on what the file holds and the tables do not, and on what was chosen without proof."""
        if self.without_code:
            passages = french.plural(self.without_code, "passage")
            pronoun = "lui" if self.without_code < 2 else "eux"
            self.notes.append(f"{self.name} : {passages} sans code, rien à importer pour {pronoun}.")
        written = [code for code, _ in self._written_codes() if code in self.cases]
        if written:
            self.notes.append(
                f"{self.name} : {french.plural(len(written), 'cas', 'cas')} (des personnes, souvent) que le logiciel écrit aussi "
                f"comme des codes : rien n'en est gardé, ni {french.plural(self.of_cases, 'codage')} ; "
                "un thème du même nom qu'un cas se renomme."
            )
        codings = sum(elements.tag(element) == "Coding" for source in listed for element in source.iter())
        self._left_out(
            codings - self.read_codings,
            "codage(s) d'une image, d'une page ou d'un moment d'enregistrement, sans texte",
        )
        for choice in dict.fromkeys(self.choices):
            texts = french.plural(self.choices.count(choice), "texte")
            self.notes.append(
                f"{self.name}, {texts} : {choice} ; relisez un passage de la fin pour le vérifier."
            )

    def _written_codes(self) -> Iterator[tuple[str, str]]:
        """Guid and name of each code of the book."""
        book = elements.child(self.root, "CodeBook")
        return (
            (elements.guid(code.get("guid")), elements.called(code))
            for code in (book.iter() if book is not None else ())
            if elements.tag(code) == "Code"
        )

    def _segments(self, source: Element, held: Element, code: str, number: int) -> str:
        """Add the segments of a source; returns its text."""
        points = {
            elements.guid(point.get("guid")): point.get("position")
            for point in elements.children(held, "SyncPoint")
        }
        passages = [*elements.children(held, "PlainTextSelection"), *elements.placed(held, points)]
        spans = [
            self._span(elements.bounds(passage, points), number, rank)
            for rank, passage in enumerate(passages, start=1)
        ]
        # The name of a passage of a transcript is that of its recording.
        names = [
            (passage.get("name") or "") if elements.tag(passage) == "PlainTextSelection" else ""
            for passage in passages
        ]
        found = refi_positions.located(self._text(held, number), spans, names, self.root.get("origin") or "")
        self.choices += [found.choice] if found.choice else []
        maker = held.get("creatingUser") or source.get("creatingUser")
        for rank, (passage, (start, end)) in enumerate(zip(passages, found.spans, strict=True), start=1):
            if not 0 <= start < end <= len(found.text):
                raise DataError(
                    f"{self.name}, source {number}, passage {rank} : les bornes {start} à {end} "
                    f"sortent du texte ({french.number(len(found.text))} caractères)."
                )
            codings = list(elements.children(passage, "Coding"))
            self.without_code += not codings
            for coding in codings:
                by = passage.get("creatingUser") or maker
                self._add(coding, passage.get("guid"), code, (start, end), found.text, by)
        for coding in [
            *elements.children(source, "Coding"),
            *(elements.children(held, "Coding") if held is not source else ()),
        ]:
            self._add(coding, coding.get("guid"), code, (0, len(found.text)), found.text, maker)
        return found.text

    def _add(
        self,
        coding: Element,
        guid: str | None,
        source: str,
        span: tuple[int, int],
        text: str,
        maker: str | None,
    ) -> None:
        reference = elements.child(coding, "CodeRef")
        target = elements.guid(reference.get("targetGUID")) if reference is not None else ""
        self.read_codings += 1
        if target in self.cases:
            self.of_cases += 1
            return
        if target not in self.code_of:
            raise DataError(
                f"{self.name}, segment {len(self.segments) + 1} : son code n'est pas dans le livre de codes."
            )
        coder = self.coders.get(elements.guid(coding.get("creatingUser") or maker), "1")
        words = " ".join(text[slice(*span)].split())
        self.segments.append((elements.guid(guid), source, self.code_of[target], coder, *span, words))

    def _span(self, bounds: tuple[str, str], number: int, rank: int) -> tuple[int, int]:
        try:
            return int(bounds[0]), int(bounds[1])
        except ValueError:
            raise DataError(
                f"{self.name}, source {number}, passage {rank} : une borne n'est pas un nombre entier."
            ) from None

    def _text(self, held: Element, number: int) -> str:
        inside = elements.child(held, "PlainTextContent")
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
            elements.guid(item.get("guid")): " ".join((item.get("name") or "").split())
            for item in elements.children(elements.child(self.root, "Variables"), "Variable")
        }
        holders = [(source, [elements.guid(source.get("guid"))]) for source in sources]
        for case in elements.children(elements.child(self.root, "Cases"), "Case"):
            holders.append(
                (
                    case,
                    [elements.guid(item.get("targetGUID")) for item in elements.children(case, "SourceRef")],
                )
            )
        found: dict[tuple[str, str], str] = {}
        personal = 0
        for holder, guids in holders:
            for item in elements.children(holder, "VariableValue"):
                reference = elements.child(item, "VariableRef")
                name = variables.get(
                    elements.guid(reference.get("targetGUID")) if reference is not None else "", ""
                )
                value = next(
                    (" ".join((part.text or "").split()) for part in elements.children(item, *_VALUES)), ""
                )
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


def _titles(sources: list[Element]) -> list[str]:
    given = [(source.get("name") or "").strip() for source in sources]
    titles: list[str] = []
    for rank, name in enumerate(given, start=1):
        title = name or f"source-{rank}"
        known = title in titles
        titles.append(pseudonyms.another_title(title, {*given, *titles}, rank) if known else title)
    return titles
