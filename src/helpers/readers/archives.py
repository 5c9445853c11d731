"""Files given alone or inside a zip archive: found by name, read as a stream, never unpacked on the disk."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from helpers.errors import DataError

# A person's machine holds this much; the largest official file (RPPS) is about 1 GB.
LARGEST = 4_000_000_000
MOST_MEMBERS = 10_000


@contextmanager
def opened(path: Path, wanted: str, called: str, *, largest: int = LARGEST) -> Iterator[IO[bytes]]:
    """Binary stream of the file, or of the one member of the archive whose name fits the regular expression `wanted`.

    `called` is that name for readers. Raises DataError when the file is absent, the archive damaged, encrypted or
    suspicious, the member absent or not alone, or the content larger than `largest` bytes.
    """
    member = find(path, wanted, called, largest=largest)
    if member is None:
        with path.open("rb") as stream:
            yield stream
        return
    with zipfile.ZipFile(path) as archive:
        try:
            # zipfile gives no more bytes than the archive announces, which is the size checked in `find`.
            with archive.open(member) as stream:
                yield stream
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError):
            raise DataError(
                f"{path.name} : « {member} » est abîmé dans l'archive, téléchargez-la à nouveau."
            ) from None


def find(path: Path, wanted: str, called: str, *, largest: int = LARGEST) -> str | None:
    """Name of the member that fits `wanted`, or None when the file is no archive. Raises DataError as `opened` does."""
    if not path.is_file():
        raise DataError(f"Fichier absent ou illisible : « {path} ».")
    if not zipfile.is_zipfile(path):
        if path.suffix.lower() in (".zip", ".xlsx"):
            raise DataError(f"{path.name} n'est pas une archive entière : téléchargez le fichier à nouveau.")
        if path.stat().st_size > largest:
            raise DataError(f"{path.name} dépasse {_megabytes(largest)} : ce n'est pas le fichier attendu.")
        return None
    members = checked(path, largest=largest)
    found = [item for item in members if re.fullmatch(wanted, PurePosixPath(item).name, re.IGNORECASE)]
    if len(found) != 1:
        listed = ", ".join(members[:8])
        many = "plusieurs fichiers de ce nom" if found else "aucun fichier de ce nom"
        raise DataError(
            f"{path.name} : {many} dans l'archive (attendu : {called} ; lu : {listed}). "
            "Donnez le fichier voulu, seul."
        )
    return found[0]


def checked(path: Path, *, largest: int = LARGEST) -> list[str]:
    """Names of the files of an archive. Raises DataError for one that is damaged, encrypted, too large or leaves its folder."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [item for item in archive.infolist() if not item.is_dir()]
    except zipfile.BadZipFile:
        raise DataError(
            f"{path.name} n'est pas une archive entière : téléchargez le fichier à nouveau."
        ) from None
    if len(members) > MOST_MEMBERS or sum(item.file_size for item in members) > largest:
        raise DataError(
            f"{path.name} contient plus de {_megabytes(largest)} ou de {MOST_MEMBERS} fichiers : "
            "ce n'est pas l'archive attendue."
        )
    for item in members:
        # The raw name: zipfile itself turns the backslashes of an archive made elsewhere into slashes.
        name = item.orig_filename.replace("\\", "/")
        if name.startswith("/") or ".." in name.split("/") or re.match(r"[A-Za-z]:", name):
            raise DataError(
                f"{path.name} : l'archive contient un chemin qui sort de son dossier (« {name} »), elle n'est pas lue."
            )
        if item.flag_bits & 1:
            raise DataError(
                f"{path.name} : l'archive est protégée par un mot de passe, donnez le fichier lui-même."
            )
    return [item.filename for item in members]


def _megabytes(size: int) -> str:
    return f"{size // 1_000_000} Mo"
