"""What the foot of a report says of its data: documents, tables, date, version, licence, and how to cite the whole."""

from __future__ import annotations

import ast
import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from helpers import catalog, french
from helpers.catalog import labels
from helpers.page.signals import DOCUMENTS_MIME, SUBJECT_MIME

if TYPE_CHECKING:
    # The index cites too, and importing nbformat and pandas takes longer than everything else in a run where nothing changed.
    import nbformat

# Folders of the tables of a CPTS, in the model and in the project's register: never a document, and "cpts" is also a column.
_OWN_TABLES = {"cpts", "dts", "survey", "material", "examples"}
# Named by a code that asks for the ledger whole.
_LEDGER = "claims"
# Where the key of a document may end in a name.
_ENDS = re.compile(r"[/._]|$")
_YEAR = re.compile(r"\((\d{4})\)")


@dataclass(frozen=True)
class Citation:
    """Provenance of one page. Depends on the notebook and the data package, never on the run or the machine.

    `documents` are the documents the notebook draws on, `tables` the (title, source) of the tables it names, `years` the
    span of their publication, `date` the day the data package was made (in French, may be empty). `of_user` tells that the
    data are those of a user.
    """

    documents: tuple[str, ...]
    tables: tuple[tuple[str, str], ...]
    years: str
    package: str
    version: str
    date: str
    licence: str
    of_user: bool = False

    @property
    def published(self) -> str:
        """When the documents were published, in words; empty without a date."""
        if not self.years:
            return ""
        return (
            f"documents publiés de {self.years}"
            if " à " in self.years
            else f"document publié en {self.years}"
        )

    @property
    def age(self) -> str:
        """How old the data of the page are, in words, empty when nothing is known."""
        # The documents are those of the project: a user's report is as old as the user's data.
        span = "" if self.of_user else self.published
        said = " ; ".join(([f"données du {self.date}"] if self.date else []) + ([span] if span else []))
        return f"{said[0].upper()}{said[1:]}." if said else ""


def of_notebook(node: nbformat.NotebookNode, package: catalog.Package | str | None = None) -> Citation:
    """Citation of a notebook, executed or not, on `package` (the project's when nothing or an empty text is given).

    Tables and documents are read in its code: a text such as "miller2022/territories" names a table, one that begins with
    "miller2022" the document. A report that names its subject may say which documents it draws on (`display.subject`): those,
    and no other, are then cited. A report that names no subject and no table of a user's package is about the project's data.
    Raises DataError when the package cannot be read.
    """
    code = [cell for cell in node.cells if cell.cell_type == "code"]
    shown = [output for cell in code for output in cell.get("outputs", [])]
    drawn_on = [
        output["data"][DOCUMENTS_MIME] for output in shown if DOCUMENTS_MIME in output.get("data", {})
    ]
    named = {text for cell in code for text in _texts(cell.source)}
    keys = set(drawn_on[-1]) if drawn_on else None
    subject = next(
        (output["data"][SUBJECT_MIME] for output in shown if SUBJECT_MIME in output.get("data", {})), ""
    )
    return _citation(
        _told_of(catalog.open_package(package), named, subject), named, documents=keys, subject=subject
    )


def _told_of(package: catalog.Package, named: set[str], subject: str) -> catalog.Package:
    """The package that a page tells of: the project's, for a page that names neither a subject nor a table of a user's."""
    if not package.extends or subject or named & set(package.names()):
        return package
    return catalog.open_package(None)


def of_code(code: Iterable[str], package: catalog.Package | str | None = None) -> Citation:
    """Citation of a notebook whose code cells are `code` (see `of_notebook`). Raises DataError."""
    return _citation(catalog.open_package(package), {text for source in code for text in _texts(source)})


def of_package(package: catalog.Package | str | None = None) -> Citation:
    """Citation of the whole data package, for the index: its documents, not its tables.

    Raises DataError when it cannot be read.
    """
    source = catalog.open_package(package)
    return replace(_citation(source, set(source.names()) - {"claims"}), tables=())


@lru_cache(maxsize=1024)
def _texts(code: str) -> frozenset[str]:
    # The reports of a batch have their cells in common.
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return frozenset()
    nodes = list(ast.walk(tree))
    texts = frozenset(
        node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    return texts | {_LEDGER} if any(map(_is_whole_ledger, nodes)) else texts


def _is_whole_ledger(node: ast.AST) -> bool:
    """Whether `node` asks for the ledger without naming whose figures: it then draws on every document that has some."""
    called = isinstance(node, ast.Call) and not node.args and isinstance(node.func, ast.Attribute)
    return called and ast.unparse(node.func) == "reproductions.ledger"  # type: ignore[attr-defined]


def _citation(
    source: catalog.Package, named: set[str], *, documents: set[str] | None = None, subject: str = ""
) -> Citation:
    descriptor = source.descriptor
    resources = source.reachable()
    known = {resource["name"].partition("/")[0] for resource in resources} - _OWN_TABLES
    # "miller2022/territories" names a table; "miller2022", "miller2022.t3" and "miller2022_monograph" a document.
    keys = known & {name[: end.start()] for name in named for end in _ENDS.finditer(name)}
    if _LEDGER in named:
        keys |= known & labels.documents().keys()
    keys = keys if documents is None else known & documents
    groups: dict[str, list[str]] = {}
    for resource in resources:
        groups.setdefault(resource["name"].partition("/")[0], []).append(_sources(resource))
    cited = [_common(titles) for key, titles in groups.items() if key in keys]
    dated = sorted({year for document in cited for year in _YEAR.findall(document)})
    return Citation(
        documents=tuple(dict.fromkeys(document for document in cited if document)),
        tables=tuple(
            (str(resource.get("title", resource["name"])), _sources(resource))
            for resource in resources
            if resource["name"] in named
        ),
        years="" if not dated else dated[0] if len(dated) == 1 else f"{dated[0]} à {dated[-1]}",
        package=_title(source, subject),
        version=str(descriptor.get("version", "")),
        date=_day(str(descriptor.get("created", ""))),
        licence=" ; ".join(
            str(item.get("title") or item.get("name", "")) for item in descriptor.get("licenses", [])
        ),
        of_user=source.extends,
    )


def _title(source: catalog.Package, subject: str) -> str:
    """Title of a package; one that its user filled without giving it a title is no longer « à remplir »."""
    if source.given_title:
        return source.given_title
    if subject:
        return f"Paquet de données « {subject} »"
    return str(source.descriptor.get("title") or source.descriptor.get("name") or "")


def _sources(resource: Mapping[str, Any]) -> str:
    return " ; ".join(str(item.get("title", "")) for item in resource.get("sources", []))


def _common(titles: Iterable[str]) -> str:
    """What all the sources of one document share: the reference without the place of each table."""
    split = [title.split(", ") for title in titles]
    shared = []
    for parts in zip(*split, strict=False):
        if len(set(parts)) > 1:
            break
        shared.append(parts[0])
    return ", ".join(shared)


def _day(written: str) -> str:
    try:
        return french.date(dt.date.fromisoformat(written[:10]))
    except ValueError:
        return ""
