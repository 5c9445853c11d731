"""A data package: a folder, its `datapackage.json` read and judged once, and the one owner of where a table lies.

A package stays in its folder: a path that leaves it, by name or by a link, is refused by whatever command asks for it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from helpers.catalog import descriptor
from helpers.catalog.schema import Table
from helpers.errors import DataError, UnknownName, nearest
from helpers.files import locks, written

DEFAULT_FOLDER = Path(__file__).resolve().parents[3] / "data"
# Empty tables with the schema that every user's package follows.
MODEL_FOLDER = DEFAULT_FOLDER / "modele"
# Names to take out of the words of interviewees: one per line, beside the `datapackage.json` of the package.
NAMES_FILE = "noms.txt"
DESCRIPTOR = "datapackage.json"
# Tables read by this process, for the pipeline to know what a report depends on: (folder, name) -> hash.
Reads = dict[tuple[str, str], str]
_reads: Reads = {}
_noting: list[Reads] = []
# Catalogues as they were judged, by their bytes: packages that `cpts new` wrote have the same.
_understood: dict[bytes, _Opened] = {}
_MOST_UNDERSTOOD = 16


class _Opened(NamedTuple):
    """What a `datapackage.json` says: its content, each table by name in its order, and as text those that were hashed."""

    descriptor: dict[str, Any]
    resources: dict[str, dict[str, Any]]
    tables: dict[str, Table]
    described: dict[str, str]


@dataclass(frozen=True)
class Package:
    """A folder that holds a `datapackage.json` and its CSV or Parquet files.

    `added` describes tables about to be written, which the file does not know yet.
    """

    folder: Path
    added: tuple[dict[str, Any], ...] = field(default=(), compare=False, repr=False)

    @property
    def descriptor(self) -> dict[str, Any]:
        """Content of `datapackage.json`; raises DataError when it is absent, is not JSON or has another shape."""
        return self._opened.descriptor

    @property
    def _opened(self) -> _Opened:
        # Asked for at each word about a table: a text is looked up in a tenth of the time of a Path.
        path = os.path.join(self.folder, DESCRIPTOR)
        try:
            stat = os.stat(path)
        except OSError:
            raise DataError(
                f"Aucun fichier datapackage.json dans « {self.folder} » : indiquez un dossier qui en contient un."
            ) from None
        found = _opened(self.folder, stat.st_ino, stat.st_mtime_ns, stat.st_size)
        if not self.added:
            return found
        new = {item["name"]: item for item in self.added}
        tables = found.tables | {name: Table.of(item) for name, item in new.items()}
        descriptor = found.descriptor | {"resources": [*found.resources.values(), *self.added]}
        return _Opened(descriptor, found.resources | new, tables, {})

    def resource(self, name: str) -> dict[str, Any]:
        """Descriptor of the table `name`; raises UnknownName with the nearest names."""
        resources = self._opened.resources
        if name not in resources:
            raise UnknownName("Tableau", name, resources)
        return resources[name]

    def table(self, name: str) -> Table:
        """Columns, key and links of the table `name`; raises UnknownName with the nearest names."""
        self.resource(name)
        return self._opened.tables[name]

    def described(self, name: str) -> str:
        """Descriptor of the table `name` as text, the same whatever the order in which it was written."""
        opened = self._opened
        if name not in opened.described:
            opened.described[name] = json.dumps(self.resource(name), sort_keys=True)
        return opened.described[name]

    def path(self, name: str) -> Path:
        """File of the table `name`. Raises DataError when a link takes it out of the folder."""
        return self.inside(self.table(name).path)

    def inside(self, place: str) -> Path:
        """File of the folder at that relative place. Raises DataError when a link takes it out of the folder."""
        path = self.folder / place
        if _without_link(self.folder, place):
            return path
        root, real = os.path.realpath(self.folder), os.path.realpath(path)
        if real != root and not real.startswith(root.rstrip(os.sep) + os.sep):
            raise DataError(
                f"« {place} » est un lien qui sort du dossier du paquet « {self.folder} » : remplacez-le par le fichier lui-même."
            )
        return path

    def content(self, name: str) -> bytes:
        """Bytes of the file of the table `name`. Raises DataError when it is absent: a file that looks like it is named."""
        path = self.path(name)
        try:
            return path.read_bytes()
        except OSError:
            pass
        place = self.table(name).path
        described = {Path(table.path).name for table in self._opened.tables.values()}
        others = [
            item.name for item in path.parent.glob("*") if item.suffix.lower() in (".csv", ".txt", ".xlsx")
        ]
        near = nearest(path.name, [item for item in others if item not in described], cutoff=0.5)
        if near:
            remedy = f"« {near} » lui ressemble : renommez-le « {path.name} »"
        else:
            remedy = "Remettez-le" + (
                " (« cpts new » dans un autre dossier en donne un vide)" if self.extends else ""
            )
        raise DataError(f"{place} : fichier absent ou illisible. {remedy}.")

    def describes(self, name: str) -> bool:
        """Whether the package itself has a table of that name."""
        return name in self._opened.resources

    def holder(self, name: str) -> Package:
        """Package that holds the table: this one, or the project's when this one extends it and has no such table.

        Raises UnknownName with the nearest names of both.
        """
        if self.describes(name) or not self.extends:
            self.resource(name)
            return self
        project = Package(DEFAULT_FOLDER)
        if project.describes(name):
            return project
        raise UnknownName("Tableau", name, self.reachable_names())

    @property
    def given_title(self) -> str:
        """Title that its user gave to the package; empty while it has none, or still that of the model to fill."""
        title = str(self.descriptor.get("title") or "")
        return "" if title == Package(MODEL_FOLDER).descriptor.get("title") else title

    @property
    def extends(self) -> bool:
        """Whether the tables that this package does not have are those of the project."""
        found: bool = self.descriptor.get("extends") == Package(DEFAULT_FOLDER).descriptor["name"]
        return found

    def reachable(self) -> list[dict[str, Any]]:
        """Descriptors of every table that `load` gives: its own, then those of the project that it extends.

        Noted in `reads`: what is made from this list changes when a table or a column comes or goes.
        """
        own = self._opened.resources
        record_read(self.key, "", self.listing)
        if not self.extends:
            return list(own.values())
        project = Package(DEFAULT_FOLDER)
        record_read(project.key, "", project.listing)
        return [*own.values(), *(item for name, item in project._opened.resources.items() if name not in own)]

    def reachable_names(self, ending: str = "") -> list[str]:
        """Names that `load` takes and that end so, in the order of the catalogues: what a report may list tables by."""
        return [str(item["name"]) for item in self.reachable() if item["name"].endswith(ending)]

    def names(self) -> list[str]:
        """Names of the tables of this folder alone, in the order of its catalogue: those that are checked and written."""
        return list(self._opened.resources)

    @property
    def listing(self) -> str:
        """Hash of the list of tables and of their columns."""
        lines = (" ".join([name, *table.columns]) for name, table in self._opened.tables.items())
        return hashed("\n".join(lines).encode())

    @property
    def key(self) -> str:
        """The folder as the pipeline notes it: empty for the project's."""
        return "" if self.folder == DEFAULT_FOLDER else str(self.folder)


def open_package(package: Package | Path | str | None = None) -> Package:
    """Package of the user, or the one of the project when nothing (or an empty text) is given.

    What a killed import had ready is first put in place, and its drafts are swept. Raises DataError when that cannot be.
    """
    if isinstance(package, Package):
        return package
    # A notebook opened by hand is given the path as one writes it.
    folder = Path(os.path.expanduser(package)) if package else DEFAULT_FOLDER
    if (folder / written.READY).exists():
        with locks.held(folder):
            written.recover(folder)
    elif (folder / written.DRAFT).exists():
        # Perhaps that of a command at work, or of another machine: nobody waits to sweep it.
        with contextlib.suppress(DataError), locks.held(folder, wait=0):
            written.recover(folder)
    return Package(folder)


def record_read(folder: str, name: str, state: str) -> None:
    """Note that this process depends on a table, or on something else such as a downloaded file."""
    for noted_reads in (_reads, *_noting):
        noted_reads[folder, name] = state


def record_reads(needed: Reads) -> None:
    """Note all that another call read, as if it were read again."""
    for (folder, name), state in needed.items():
        record_read(folder, name, state)


def state_read(folder: str, name: str) -> str:
    """What `record_read` last noted of a table; empty when this process has not read it."""
    return _reads.get((folder, name), "")


@contextlib.contextmanager
def noted() -> Iterator[Reads]:
    """What is read inside this context, also noted apart."""
    found: Reads = {}
    _noting.append(found)
    try:
        yield found
    finally:
        _noting[:] = [other for other in _noting if other is not found]


def forget_reads() -> None:
    """Begin the list of `reads` anew: what was read to warm up is not what a report depends on."""
    _reads.clear()


def reads() -> str:
    """Tables read by this process, as JSON: a list of folder (empty for the project's), name and hash."""
    rows = [
        {"folder": folder, "name": name, "digest": found} for (folder, name), found in sorted(_reads.items())
    ]
    return json.dumps(rows)


def hashed(content: bytes) -> str:
    """Short hash of a content, by which a report knows that what it read has changed."""
    return hashlib.sha256(content).hexdigest()[:32]


def _without_link(folder: Path, place: str) -> bool:
    """Whether nothing on the way from the folder to that place leads elsewhere; a tenth of the time of two real paths."""
    parts = place.split("/")
    if os.sep != "/" or not all(parts) or not {".", ".."}.isdisjoint(parts):
        return False
    way = os.fspath(folder)
    for part in parts:
        way = f"{way}/{part}"
        if os.path.islink(way):
            return False
    return True


@lru_cache(maxsize=16)
def _opened(folder: Path, _file: int, _modified: int, _size: int) -> _Opened:
    path = Package(folder).inside(DESCRIPTOR)
    try:
        text = path.read_bytes()
        if text in _understood:
            return _understood[text]
        content = json.loads(text)
    except OSError:
        raise DataError(
            f"Le catalogue « {path} » ne se lit pas : vérifiez vos droits sur ce fichier."
        ) from None
    except (ValueError, RecursionError) as error:
        line = f", ligne {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise DataError(
            f"Le catalogue « {path} »{line} n'est pas un fichier JSON lisible : corrigez-le, ou reprenez celui de « cpts new »."
        ) from None
    resources = {item["name"]: item for item in descriptor.judged(content, path)}
    found = _Opened(content, resources, {name: Table.of(item) for name, item in resources.items()}, {})
    if len(_understood) == _MOST_UNDERSTOOD:
        del _understood[next(iter(_understood))]
    _understood[text] = found
    return found
