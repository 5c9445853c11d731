"""Files that come from elsewhere, read within limits: size, compression, names that leave the archive, XML entities.

An official file is read as a stream, alone or inside a zip archive (`opened`); what another program exported is small and is
read whole (`content`, `archive`). Nothing is ever unpacked on the disk.
"""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError

from helpers.errors import DataError

LARGEST_STREAM = 4_000_000_000  # bytes of a file that is never whole in memory; the RPPS is about 1 GB
LARGEST_FILE = 500_000_000  # bytes of a file on the disk that is read whole
LARGEST_TEXT = 50_000_000  # bytes of one text, one table or one XML document
LARGEST_ARCHIVE = 2_000_000_000  # bytes of all members, once unpacked
MOST_MEMBERS = 20_000
HIGHEST_RATIO = 200  # a text compresses five to twenty times; a bomb a thousand times
_SMALL = 1_000_000  # below this size a high ratio does no harm
# What a stream inside an archive raises when its bytes were changed, and what else the zipfile module raises.
_CUT = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError)
_DAMAGED = (*_CUT, struct.error, RuntimeError, ValueError, KeyError, OverflowError)
# What zipfile unpacks: neither Deflate64, which Windows gives to what is over 2 GB, nor patches, nor strong encryption.
_READ = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
_NOT_READ_FLAGS = 0x60
_AGAIN = "téléchargez ou exportez le fichier à nouveau"


def content(path: Path, largest: int | None = None, *, empty: str = "refaites l'export") -> bytes:
    """Bytes of a file. Raises DataError when it is absent, empty (`empty` ends the sentence) or larger than `largest` bytes."""
    limit = LARGEST_TEXT if largest is None else largest
    try:
        size = path.stat().st_size
        if size > limit:
            raise DataError(
                f"{path.name} est trop gros ({_megabytes(size)}, {_megabytes(limit)} au plus) : "
                "exportez moins de données à la fois."
            )
        found = path.read_bytes()
    except OSError:
        raise DataError(f"Fichier absent ou illisible : « {path} ».") from None
    if not found.strip():
        raise DataError(f"{path.name} est vide : {empty}.")
    return found


@contextmanager
def opened(path: Path, wanted: str, called: str, *, largest: int = LARGEST_STREAM) -> Iterator[IO[bytes]]:
    """Binary stream of the file, or of the one member of the archive whose name fits the regular expression `wanted`.

    `called` is that name for readers. Raises DataError when the file is absent, the archive damaged, encrypted or
    suspicious, the member absent or not alone, or the content larger than `largest` bytes.
    """
    inside = find(path, wanted, called, largest=largest)
    if inside is None:
        with path.open("rb") as stream:
            yield stream
        return
    with zipfile.ZipFile(path) as found:
        try:
            # zipfile gives no more bytes than the archive announces, which is the size checked in `find`.
            with found.open(inside) as stream:
                yield stream
        except _CUT:
            raise DataError(f"{path.name} : « {inside} » est abîmé dans l'archive ; {_AGAIN}.") from None


def find(path: Path, wanted: str, called: str, *, largest: int = LARGEST_STREAM) -> str | None:
    """Name of the member that fits `wanted`, or None when the file is no archive. Raises DataError as `opened` does."""
    if not path.is_file():
        raise DataError(f"Fichier absent ou illisible : « {path} ».")
    if not zipfile.is_zipfile(path):
        if path.suffix.lower() in (".zip", ".xlsx"):
            raise DataError(f"{path.name} n'est pas une archive entière : {_AGAIN}.")
        if path.stat().st_size > largest:
            raise DataError(f"{path.name} dépasse {_megabytes(largest)} : ce n'est pas le fichier attendu.")
        return None
    with path.open("rb") as stream:
        members = [item.filename for item in _members(stream, path.name, largest) if not item.is_dir()]
    found = [item for item in members if re.fullmatch(wanted, PurePosixPath(item).name, re.IGNORECASE)]
    if len(found) != 1:
        listed = ", ".join(members[:8])
        many = "plusieurs fichiers de ce nom" if found else "aucun fichier de ce nom"
        raise DataError(
            f"{path.name} : {many} dans l'archive (attendu : {called} ; lu : {listed}). "
            "Donnez le fichier voulu, seul."
        )
    return found[0]


def archive(
    path: Path, *, largest: int | None = None, refuse: Callable[[bytes, str], None] | None = None
) -> zipfile.ZipFile:
    """Archive held in memory, whose members may all be read; `refuse` looks first at its bytes, and knows its name.

    Raises DataError when the file is absent, damaged or encrypted, has a member whose name leaves the archive, or unpacks to
    more than `largest` bytes (2 GB unless given).
    """
    found = content(path, LARGEST_FILE)
    if refuse is not None:
        refuse(found, path.name)
    stream = io.BytesIO(found)
    _members(stream, path.name, LARGEST_ARCHIVE if largest is None else largest)
    return zipfile.ZipFile(stream)


def _members(stream: IO[bytes], name: str, largest: int) -> list[zipfile.ZipInfo]:
    """Directory of an archive that is safe to read. Raises DataError as `archive` does."""
    try:
        with zipfile.ZipFile(stream) as found:
            members = found.infolist()
    except _DAMAGED:
        raise DataError(f"{name} n'est pas une archive entière : {_AGAIN}.") from None
    if len(members) > MOST_MEMBERS:
        raise DataError(f"{name} contient plus de {MOST_MEMBERS} fichiers : ce n'est pas l'archive attendue.")
    if sum(item.file_size for item in members) > largest:
        raise DataError(
            f"{name} se décompresse à plus de {_megabytes(largest)} : ce n'est pas le fichier attendu."
        )
    for item in members:
        # The raw name: zipfile itself turns the backslashes of an archive made elsewhere into slashes.
        place = item.orig_filename.replace("\\", "/")
        if place.startswith("/") or ".." in place.split("/") or re.match(r"[A-Za-z]:", place):
            raise DataError(
                f"{name} contient un chemin qui sort de son dossier (il sortirait de l'archive) ; refusé."
            )
        if item.flag_bits & 1:
            raise DataError(f"{name} est protégé par un mot de passe : donnez le fichier sans.")
        if item.compress_type not in _READ or item.flag_bits & _NOT_READ_FLAGS:
            raise DataError(
                f"{name} est compressé d'une façon qui ne se lit pas ici (celle de Windows au-delà de 2 Go, par exemple) : "
                "décompressez-le et donnez le fichier."
            )
        ratio = item.file_size / max(item.compress_size, 1)
        if item.file_size > _SMALL and ratio > HIGHEST_RATIO:
            raise DataError(
                f"{name} : un de ses fichiers se décompresse {ratio:.0f} fois plus gros ; refusé."
            )
    return members


def member(found: zipfile.ZipFile, name: str, label: str, *, named: bool = True) -> bytes:
    """Bytes of one member. Raises DataError when it is too large or damaged.

    `label` is the archive's name in the sentence, which says that of the member when it is `named`.
    """
    said = f"{label} : « {name} »" if named else label
    size = found.getinfo(name).file_size
    if size > LARGEST_TEXT:
        raise DataError(f"{said} est trop gros ({_megabytes(size)}, {_megabytes(LARGEST_TEXT)} au plus).")
    try:
        return found.read(name)
    except _DAMAGED:
        raise DataError(f"{said} est abîmé dans l'archive ; {_AGAIN}.") from None


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


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.0f} Mo"
