"""Files that move with their publisher: where an edition is found, and the lock that says which one was read here.

The lock is `downloads.lock.csv` beside the store: for each edition that was fetched, the address asked, the address that
answered, the day, the publisher's date, the size, the rows and the SHA-256. An edition is told by what its content says, never
by the date of a server. Nothing replaces an edition: a new one stands beside it.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import os
import re
import shutil
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from helpers import french
from helpers.errors import DataError, UnknownName, reason
from helpers.territory import downloads, store

LOCK = "downloads.lock.csv"
RECEPTION = ".reception"
GIVEN = "pris du fichier donné"
LARGEST_LIST = 5_000_000  # bytes of the description of a data set
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Edition:
    """One line of the lock; `kept` is the path of the file in the store, empty when it was deleted once counted."""

    file: str
    edition: str
    address: str
    final_address: str
    fetched_on: str
    published: str
    size: int
    rows: int
    sha256: str
    kept: str

    def told(self) -> str:
        """The edition for readers: its name and the beginning of its hash."""
        return f"édition {self.edition} ({self.sha256[:12]})"


@dataclass(frozen=True)
class Received:
    """A file that has just come, still in the reception: where from, and what its publisher says of its date."""

    path: Path
    address: str
    final_address: str
    published: str
    how: str


def locked(file: str = "") -> list[Edition]:
    """Editions of the lock in the order in which they came, of one file when it is given. Raises DataError for a damaged lock."""
    place = store.folder() / LOCK
    if not place.is_file():
        return []
    try:
        rows = list(csv.DictReader(io.StringIO(place.read_text(encoding="utf-8"))))
        read = [Edition(**{**row, "size": int(row["size"]), "rows": int(row["rows"])}) for row in rows]  # type: ignore[arg-type]
    except (OSError, UnicodeDecodeError, csv.Error, KeyError, TypeError, ValueError):
        raise DataError(
            f"Le verrou « {place} » ne se lit pas : remettez celui que vous aviez, ou effacez-le et relancez « cpts get »."
        ) from None
    return [edition for edition in read if not file or edition.file == file]


def of(file: str, name: str = "") -> Edition | None:
    """The last edition of a file, or the one of that name (or start of hash). Raises UnknownName when the lock has none."""
    known = locked(file)
    if not name:
        return known[-1] if known else None
    for edition in reversed(known):
        if name == edition.edition or (len(name) >= 8 and edition.sha256.startswith(name)):
            return edition
    raise UnknownName(f"Édition de {file}", name, {edition.edition for edition in known})


def record(edition: Edition) -> None:
    """Add a line to the lock, whole or not at all."""
    lines = [*locked(), edition]
    place = store.folder() / LOCK
    text = io.StringIO()
    writer = csv.DictWriter(text, [field.name for field in fields(Edition)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(line) for line in lines)
    temporary = place.with_name(f".{LOCK}.{os.getpid()}.tmp")
    try:
        temporary.write_text(text.getvalue(), encoding="utf-8")
        temporary.replace(place)
    except OSError as error:
        raise DataError(f"Impossible d'écrire « {place} » : {reason(error)}.") from None


def whole(edition: Edition) -> Path:
    """Path of the file of an edition, its hash checked. Raises DataError, naming both hashes, when it has changed or is gone."""
    place = store.folder() / edition.kept
    if not edition.kept or not place.is_file():
        raise DataError(
            f"{edition.file} : le fichier de l'{edition.told()} n'est plus là. Lancez « cpts get {edition.file} --locked » "
            "pour le reprendre tel quel, ou « --update » pour la dernière édition."
        )
    found = digest(place)
    if found != edition.sha256:
        raise DataError(
            f"{edition.file} : « {edition.kept} » a changé depuis qu'il a été lu (empreinte {found[:12]} au lieu de "
            f"{edition.sha256[:12]}). Rien n'a été lu : effacez-le et lancez « cpts get {edition.file} --locked »."
        )
    return place


def digest(path: Path) -> str:
    """SHA-256 of a file, read by blocks."""
    found = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            found.update(block)
    return found.hexdigest()


def reception() -> Path:
    """Folder where files come before they are read. Raises DataError when it cannot be made."""
    place = store.folder() / RECEPTION
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(f"Impossible d'écrire dans « {place} » : {reason(error)}.") from None
    return place


def receive(file: str, *, given: Path | None = None, exactly: str = "") -> Received:
    """Bring a file into the reception: `given`, else the folder CPTS_MIRROR, else its official address (or `exactly`).

    Raises DataError when it cannot be copied, or when no address answers.
    """
    row = store.register().loc[file]
    address, saved = str(row["address"]), str(row["saved_as"])
    mirror = os.environ.get(downloads.MIRROR)
    copy = given or (Path(mirror) / saved if mirror and (Path(mirror) / saved).is_file() else None)
    if copy is not None:
        target = reception() / (copy.name if given else saved)
        try:
            shutil.copyfile(copy, target)
        except OSError as error:
            raise DataError(f"{file} : « {copy} » ne se copie pas ({reason(error)}).") from None
        how = GIVEN if given else "copié du miroir"
        return Received(target, address, copy.name, "", how)
    published = ""
    final = exactly or address
    if not exactly and isinstance(row["resource"], str) and row["resource"]:
        final, published = _listed(file, address, str(row["resource"]))
    name = final.rstrip("/").rpartition("/")[2] if final != address else saved
    target = reception() / (re.sub(r"[^A-Za-z0-9_.-]", "_", name) or saved)
    _download(file, final, target)
    return Received(target, address, final, published, "téléchargé")


def _listed(file: str, address: str, pattern: str) -> tuple[str, str]:
    """Address and date of the most recent resource of a data set that fits the pattern."""
    place = reception() / f"{file}.liste.json"
    try:
        _download(file, address, place)
        content = place.read_bytes()[: LARGEST_LIST + 1]
    finally:
        place.unlink(missing_ok=True)
    try:
        resources = json.loads(content)["resources"]
        found = [
            (str(item.get("last_modified") or item.get("created_at") or ""), str(item["url"]))
            for item in resources
            if re.search(pattern, str(item["url"]), re.IGNORECASE)
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise DataError(
            f"{file} : la liste des fichiers du jeu ({address}) ne se lit pas. {by_hand(file)}"
        ) from None
    addresses = [pair for pair in found if pair[1].startswith("https://")]
    if not addresses:
        raise DataError(f"{file} : aucun fichier attendu dans le jeu ({address}). {by_hand(file)}")
    published, final = max(addresses)
    return final, published[:10]


def _download(file: str, address: str, target: Path) -> None:
    # pooch brings in an HTTP client, which nothing else here needs.
    import pooch

    pooch.get_logger().setLevel("ERROR")
    try:
        pooch.HTTPDownloader(timeout=downloads.TIMEOUT)(address, str(target), None)
    except (OSError, ValueError):
        target.unlink(missing_ok=True)
        raise DataError(
            f"{file} : l'adresse officielle ({address}) ne répond pas. Vérifiez le réseau, ou indiquez un dossier de copies par "
            f"la variable {downloads.MIRROR}. {by_hand(file)}"
        ) from None


def by_hand(file: str) -> str:
    """What to do when no address gives a file: its name, the page of its publisher, and the command that takes it."""
    row = store.register().loc[file]
    return (
        f"Sinon, téléchargez à la main « {row['title_fr']} » ({row['saved_as']}) depuis la page {row['page']}, puis lancez "
        f"« cpts get {file} --from FICHIER »."
    )


def today() -> str:
    """Day of the fetch, for the lock only: no report reads it."""
    return dt.date.today().isoformat()


def age(edition: Edition) -> str:
    """When an edition was fetched, for readers."""
    return f"reçue le {french.date(dt.date.fromisoformat(edition.fetched_on))}"
