"""Files that come from elsewhere, read within limits: size, compression, names that leave the archive, XML entities."""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from helpers.errors import DataError

LARGEST_FILE = 500_000_000  # bytes of a file on the disk
LARGEST_TEXT = 50_000_000  # bytes of one text, one table or one XML document
LARGEST_ARCHIVE = 2_000_000_000  # bytes of all members, once unpacked
MOST_MEMBERS = 20_000
HIGHEST_RATIO = 200  # a text compresses five to twenty times; a bomb a thousand times
# What the zipfile module raises on archives whose bytes were changed, beside its own error.
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, RuntimeError, NotImplementedError, EOFError, ValueError,
    KeyError, OSError, OverflowError,
)  # fmt: skip
_SMALL = 1_000_000  # below this size a high ratio does no harm


def content(path: Path, largest: int | None = None) -> bytes:
    """Bytes of a file. Raises DataError when it is absent, empty or too large."""
    limit = LARGEST_TEXT if largest is None else largest
    try:
        size = path.stat().st_size
        if size > limit:
            raise DataError(
                f"{path.name} est trop gros ({size // 1_000_000} Mo, {limit // 1_000_000} Mo au plus) : "
                "exportez moins de sources à la fois."
            )
        found = path.read_bytes()
    except OSError:
        raise DataError(f"Fichier absent ou illisible : « {path} ».") from None
    if not found.strip():
        raise DataError(f"{path.name} est vide : refaites l'export.")
    return found


def opened(path: Path) -> zipfile.ZipFile:
    """Archive whose members may all be read in memory; nothing is unpacked on the disk.

    Raises DataError when the file is absent, damaged or encrypted, has a member whose name leaves the archive, or unpacks to
    more than the limits.
    """
    raw = content(path, LARGEST_FILE)
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
    except _DAMAGED:
        raise DataError(f"{path.name} n'est pas une archive entière : refaites l'export.") from None
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        raise DataError(f"{path.name} contient plus de {MOST_MEMBERS} fichiers : refusé.")
    for member in members:
        place = PurePosixPath(member.filename.replace("\\", "/"))
        if place.is_absolute() or ".." in place.parts or re.match(r"[A-Za-z]:", str(place)):
            raise DataError(
                f"{path.name} : le fichier « {member.filename} » sortirait de l'archive ; refusé."
            )
        if member.flag_bits & 0x1:
            raise DataError(f"{path.name} est protégé par un mot de passe : exportez-le sans.")
        ratio = member.file_size / max(member.compress_size, 1)
        if member.file_size > _SMALL and ratio > HIGHEST_RATIO:
            raise DataError(
                f"{path.name} : « {member.filename} » se décompresse {ratio:.0f} fois plus gros ; refusé."
            )
    if sum(member.file_size for member in members) > LARGEST_ARCHIVE:
        raise DataError(f"{path.name} se décompresse à plus de {LARGEST_ARCHIVE // 1_000_000} Mo : refusé.")
    return archive


def member(archive: zipfile.ZipFile, name: str, label: str) -> bytes:
    """Bytes of one member. Raises DataError when it is too large or damaged; `label` is the archive's name in the sentence."""
    size = archive.getinfo(name).file_size
    if size > LARGEST_TEXT:
        raise DataError(
            f"{label} : « {name} » est trop gros ({size // 1_000_000} Mo, {LARGEST_TEXT // 1_000_000} Mo au plus)."
        )
    try:
        return archive.read(name)
    except _DAMAGED:
        raise DataError(f"{label} : « {name} » est abîmé ; refaites l'export.") from None


def text(raw: bytes, label: str) -> str:
    """Text of a UTF-8 or UTF-16 file, without its byte-order mark, line ends as they are. Raises DataError otherwise."""
    try:
        if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return raw.decode("utf-16")
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DataError(f"{label} : le texte n'est pas en UTF-8 ; refaites l'export.") from None


def xml(raw: bytes, label: str) -> Element:
    """Root of an XML document. Raises DataError for a document with a DTD or entities, or one that is damaged."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root: Any = fromstring(raw, forbid_dtd=True)
    except DefusedXmlException:
        raise DataError(
            f"{label} déclare des entités ou une DTD, ce qui n'a pas lieu d'être : refusé."
        ) from None
    except (ParseError, ValueError, LookupError) as error:
        raise DataError(f"{label} n'est pas un XML lisible ({error}) : refaites l'export.") from None
    found: Element = root
    return found
