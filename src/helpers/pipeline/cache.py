"""What a report was made from, so that it is made again only when one of these things has changed."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import helpers
from helpers import catalog
from helpers.catalog import labels
from helpers.errors import ObservatoireError
from helpers.pipeline.parameters import Notebook
from helpers.territory import downloads, store

FOLDER = ".cache"
PACKAGE = Path(helpers.__file__).resolve().parent
_LOCK = PACKAGE.parents[1] / "requirements.lock"
_IMPORT = re.compile(r"^[ \t]*((?:from|import) helpers\b[^\n(]*(?:\([^)]*\))?)", re.MULTILINE)
_COMMENT = re.compile(r"#[^\n]*")
# A cell may import them on its own: half a second, that is paid once for all notebooks that do.
_LIBRARIES = re.compile(r"^[ \t]*(?:from|import) ((?:statsmodels|seaborn)\b[\w.]*)", re.MULTILINE)

# What a module may import for a command, and a notebook never does.
_NOT_IN_REPORTS = ("helpers.commands", "helpers.intake", "helpers.pipeline")


@dataclass
class Entry:
    """One report as it was last made: hashes of its inputs, tables read, hashes of its files, verdict records.

    `title` is that of its page, `sections` what the search of the index looks through (see `searchable.sections`), `states`
    those of its files once written: as long as they hold, nobody reads a thousand pages again.
    """

    inputs: dict[str, str]
    reads: list[dict[str, str]]
    outputs: dict[str, str]
    records: list[dict[str, Any]]
    seconds: float
    title: str = ""
    sections: list[list[str]] = field(default_factory=list)
    states: dict[str, list[int]] = field(default_factory=dict)

    @property
    def package(self) -> str:
        """Folder of the user's package that the report was made from, empty for the project's own data."""
        return str(json.loads(self.inputs.get("paramètres") or "{}").get("paquet") or "")


def load(place: Path, name: str) -> Entry | None:
    """Entry of the report `name`, or None when there is none or it was damaged or changed: the report is then made again."""
    try:
        written = (place / FOLDER / f"{name}.json").read_text(encoding="utf-8")
        content = json.loads(written)
        checksum = content.pop("checksum")
        if checksum != text_digest(written.partition(f'"{checksum}", ')[2]):
            return None
        entry = Entry(**content)
        known = all(isinstance(getattr(entry, key), dict) for key in ("inputs", "outputs", "states"))
        return entry if known and isinstance(entry.reads, list) and isinstance(entry.records, list) else None
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def text(entry: Entry) -> str:
    """Entry as the JSON that `load` reads, with its own checksum: the ledger is written from these records."""
    content = json.dumps(entry.__dict__, ensure_ascii=False, sort_keys=True).removeprefix("{") + "\n"
    return f'{{"checksum": "{text_digest(content)}", {content}'


class Snapshot:
    """What the reports of one run depend on, as it is when first asked: each notebook, package and table is hashed once.

    What changes while the run goes on is so newer than what its reports say of themselves, and the next run makes them again.
    """

    def __init__(self) -> None:
        module = lru_cache(maxsize=None)(_module_digest)
        self._notebook = lru_cache(maxsize=None)(lambda path: _of_notebook(path, module))
        self._package = lru_cache(maxsize=None)(_package_card)
        self._table = lru_cache(maxsize=None)(table_digest)

    def inputs(self, notebook: Notebook, values: Mapping[str, Any]) -> dict[str, str]:
        """Hashes of what a report is made from, apart from its tables: name of the thing (in French) to hash."""
        return self._notebook(notebook.path) | {
            "paramètres": json.dumps(dict(values), ensure_ascii=False, sort_keys=True),
            "fiche du paquet de données": self._package(str(values.get("paquet") or "")),
        }

    def reasons(self, entry: Entry | None, inputs: Mapping[str, str], place: Path) -> list[str]:
        """Why a report must be made again, in French; empty when its last version still holds."""
        if entry is None:
            return ["jamais fait, ou sans trace lisible"]
        changed = [key for key in {**entry.inputs, **inputs} if entry.inputs.get(key) != inputs.get(key)]
        found = [f"{key} : modifié" for key in sorted(changed)]
        for read in entry.reads:
            if self._table(read["folder"], read["name"]) != read["digest"]:
                found.append(f"tableau {read['name'] or 'liste des tableaux'} : modifié")
        for name, digest in entry.outputs.items():
            now = file_state(place / name)
            if not now or (now != entry.states.get(name) and file_digest(place / name) != digest):
                found.append(f"fichier {name} : absent ou modifié")
        return found


def _of_notebook(path: Path, digest: Callable[[str], str]) -> dict[str, str]:
    source = path.read_bytes()
    found = {
        "carnet": _digest(source),
        "gabarit": _tree(PACKAGE / "pipeline" / "template"),
        "moteur": _tree(PACKAGE / "pipeline", "*.py"),
        "verrou des versions": file_digest(_LOCK) if _LOCK.exists() else "",
        "noms des colonnes, des codes et des documents": labels.digest(),
    }
    return found | {f"module {module}": digest(module) for module in imported(source)}


def _package_card(folder: str) -> str:
    # The page says what to cite and the date of the data: that is in the head of the package.
    try:
        head = {
            key: value for key, value in catalog.open_package(folder).descriptor.items() if key != "resources"
        }
    except ObservatoireError:
        return ""
    return _digest(json.dumps(head, sort_keys=True).encode())


def table_digest(folder: str, name: str) -> str:
    """Hash of a table, or state of a downloaded file, as `catalog.reads` gives it, now; empty when it cannot be read."""
    try:
        if folder == downloads.READS:
            return downloads.state_now(name)
        if folder == store.READS:
            return store.state_now(name)
        return catalog.digest(name, folder)
    except ObservatoireError:
        return ""


@lru_cache(maxsize=4096)
def _file_digest(path: Path, _modified: int, _size: int) -> str:
    return _digest(path.read_bytes())


def file_digest(path: Path) -> str:
    """Hash of a file, read again only when its time or size has changed."""
    stat = path.stat()
    return _file_digest(path, stat.st_mtime_ns, stat.st_size)


def file_state(path: Path) -> list[int]:
    """Time, size and number of a file; empty when it is not there."""
    try:
        stat = path.stat()
    except OSError:
        return []
    return [stat.st_mtime_ns, stat.st_size, stat.st_ino]


def text_digest(content: str) -> str:
    """Hash of a text as `file_digest` gives it once it is written."""
    return _digest(content.encode("utf-8", "backslashreplace"))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]


@lru_cache(maxsize=8)
def _tree(folder: Path, pattern: str = "**/*") -> str:
    files = sorted(
        path for path in folder.glob(pattern) if path.is_file() and "__pycache__" not in path.parts
    )
    return _digest(
        "\n".join(f"{path.relative_to(folder).as_posix()} {file_digest(path)}" for path in files).encode()
    )


def project() -> str:
    """Hash of all that a command may read of the project: program, data, versions, and state of the downloaded files."""
    external = downloads.folder()
    fetched = sorted(path for path in external.rglob("*") if path.is_file())
    stated = [(path.as_posix(), path.stat().st_mtime_ns, path.stat().st_size) for path in fetched]
    data = [
        f"{path.relative_to(catalog.DEFAULT_FOLDER).as_posix()} {file_digest(path)}"
        for path in sorted(catalog.DEFAULT_FOLDER.rglob("*"))
        if path.is_file() and not path.is_relative_to(external)
    ]
    lock = file_digest(_LOCK) if _LOCK.exists() else ""
    return _digest(repr((sys.version, lock, _tree(PACKAGE), data, stated)).encode())


@lru_cache(maxsize=256)
def imported(source: bytes) -> tuple[str, ...]:
    """Modules of the package that a notebook imports, and all they import in turn, sorted."""
    cells = json.loads(source)["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    waiting = {module for cell in code if "helpers" in cell for module in _imports(cell)}
    found: set[str] = set()
    while waiting:
        module = waiting.pop()
        if module not in found:
            found.add(module)
            waiting |= set(_module_imports(module)) - found
    return tuple(sorted(found))


def needed(notebooks: Iterable[Notebook]) -> list[str]:
    """Modules of the package, and of the libraries of statistics, that these notebooks may import while they run, sorted."""
    notebooks = list(notebooks)
    sources = {notebook.path.read_bytes() for notebook in notebooks}
    found = {module for source in sources for module in imported(source)}
    found |= {name for notebook in notebooks for code in notebook.code for name in _LIBRARIES.findall(code)}
    return sorted(module for module in found if not module.startswith(_NOT_IN_REPORTS))


@lru_cache(maxsize=1024)
def _module_imports(module: str) -> tuple[str, ...]:
    path = _module_path(module)
    # Only the lines that import are looked at: the trees of three hundred modules cost more than all the rest of a run in which
    # nothing changed. A line of a text that looks like one only adds a dependence.
    named = (name for line in _IMPORT.findall(path.read_text(encoding="utf-8")) for name in _named(line))
    found = {name for name in named if name.startswith("helpers.") and _exists(name)}
    if path.name == "__init__.py" and path.parent != PACKAGE:
        # A sub-package may find its modules at run time (reproductions does): all of them count.
        found |= {f"{module}.{item.stem}" for item in path.parent.glob("*.py") if item.stem != "__init__"}
    return tuple(sorted(found))


def _named(line: str) -> Iterator[str]:
    """Modules that one line of import names, and what it takes out of them, which may be modules too."""
    start, _, taken = _COMMENT.sub("", line).partition(" import ")
    if not taken:
        yield from (name.split()[0] for name in start.removeprefix("import ").split(",") if name.strip())
        return
    module = start.removeprefix("from ").strip()
    yield module
    yield from (f"{module}.{name.split()[0]}" for name in taken.strip(" ()\n").split(",") if name.strip())


def _imports(code: str) -> Iterator[str]:
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        yield from (name for name in names if name.startswith("helpers.") and _exists(name))


@cache
def _exists(module: str) -> bool:
    # A thousand names in each run: a Path of each would take longer than the looks at the disk.
    base = os.path.join(PACKAGE, *module.split(".")[1:])
    return os.path.exists(f"{base}.py") or os.path.exists(os.path.join(base, "__init__.py"))


def _module_path(module: str) -> Path:
    base = PACKAGE.joinpath(*module.split(".")[1:])
    return base / "__init__.py" if (base / "__init__.py").exists() else base.with_suffix(".py")


def _module_digest(module: str) -> str:
    return file_digest(_module_path(module))
