"""Elements of a REFI-QDA file: their names, what they say, and which of them hold a text or a passage of it."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element


def tag(element: Element) -> str:
    """Name of an element without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: Element | None, *wanted: str) -> Iterator[Element]:
    """Children of an element of the wanted names, in order; none when there is no element."""
    return (child for child in (element if element is not None else ()) if tag(child) in wanted)


def child(element: Element | None, wanted: str) -> Element | None:
    """First child of that name."""
    return next(children(element, wanted), None)


def said(element: Element, wanted: str) -> str:
    """Text of the first child of that name, empty when it has none."""
    found = child(element, wanted)
    return (found.text or "").strip() if found is not None else ""


def guid(written: str | None) -> str:
    """A guid in one writing."""
    # The schema allows braces, and programs differ in capitals.
    return (written or "").strip("{} ").lower()


def called(element: Element) -> str:
    """Name of a case or of a code, to compare: its words, in small letters."""
    return " ".join((element.get("name") or "").split()).casefold()


def holders(source: Element) -> list[Element]:
    """Elements that have a text of a source: itself, the representation of a PDF, the transcripts of a recording."""
    if tag(source) == "TextSource":
        return [source]
    kind = "Representation" if tag(source) == "PDFSource" else "Transcript"
    texts = [held for held in children(source, kind) if _has_text(held)]
    return texts[:1] if kind == "Representation" else texts


def _has_text(held: Element) -> bool:
    return bool(held.get("plainTextPath")) or child(held, "PlainTextContent") is not None


def placed(held: Element, points: dict[str, str | None]) -> list[Element]:
    """Passages of a transcript whose two ends are places in its text, not only moments of the recording."""
    passages = children(held, "TranscriptSelection")
    return [passage for passage in passages if all(bounds(passage, points))]


def bounds(passage: Element, points: dict[str, str | None]) -> tuple[str, str]:
    """First and last position of a passage as written, through the `points` of its transcript; empty when unknown."""
    if tag(passage) == "PlainTextSelection":
        return passage.get("startPosition") or "", passage.get("endPosition") or ""
    first, last = (points.get(guid(passage.get(end))) for end in ("fromSyncPoint", "toSyncPoint"))
    return first or "", last or ""
