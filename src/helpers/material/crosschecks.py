"""Coded material: what one table says and another does not know, for `cpts check`, imports and reports.

No sentence repeats a cell: a column pasted one place too far puts the words of an interview under « code ».
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from operator import itemgetter

import pandas as pd

from helpers import catalog, french
from helpers.catalog import Fault, Tables, listed
from helpers.catalog import names as person_names
from helpers.material import codebook

TABLES = ("material/codes", "material/sources", "material/attributes", "material/segments")
CODES, SOURCES, ATTRIBUTES, SEGMENTS = TABLES
_ADD_SOURCE = "ajoutez-la à material/sources, ou corrigez-la"


def faults_between(
    codes: pd.DataFrame,
    sources: pd.DataFrame,
    attributes: pd.DataFrame,
    segments: pd.DataFrame,
    *,
    names: tuple[str, ...] = (),
) -> list[str]:
    """What one table of coded material says and another does not know, one French sentence each: row, fault, remedy.

    Looks for a parent code or a source that does not exist, a segment whose code or source is unknown, whose bounds are
    half given, reversed or beyond the text, or that overlaps another of the same code by the same coder, a source code that
    holds one of the `names`, and a key given twice. Rows are counted as in a CSV file.
    """
    model = catalog.Package(catalog.MODEL_FOLDER)
    given = zip(TABLES, (codes, sources, attributes, segments), strict=True)
    tables = Tables(model, {name: rows.set_axis(range(2, len(rows) + 2)) for name, rows in given})
    tables[catalog.NAMES_FILE] = pd.DataFrame({"name": list(names)}, dtype="string")
    found = [
        fault
        for name in (CODES, SOURCES, ATTRIBUTES)
        for fault in model.table(name).repeated(tables[name], model.table(name).path)
    ]
    return catalog.told([*found, *(fault for rule in RULES for fault in rule(tables))])


def _of(tables: Tables, name: str) -> pd.DataFrame:
    """The table, empty when the package has none."""
    if name in tables:
        return tables[name]
    return catalog.Package(catalog.MODEL_FOLDER).table(name).empty()


def _parents(tables: Tables) -> Iterator[Fault]:
    codes = _of(tables, CODES)
    known = set(codes["code"])
    above = codebook.parents(codes)
    for line, code, parent in listed(codes, "code", "parent"):
        if parent is not None and parent not in known:
            remedy = "ajoutez-le au livre de codes, ou videz la cellule"
            yield tables.fault(CODES, line, "parent", "", "nomme un code parent qui n'existe pas", "", remedy)
        elif code in codebook.ancestors(code, above):
            yield tables.fault(
                CODES, line, "parent", "", "rend ce code son propre ancêtre", "", "corrigez-la"
            )


def _named_sources(tables: Tables) -> Iterator[Fault]:
    names = tuple(tables[catalog.NAMES_FILE]["name"]) if catalog.NAMES_FILE in tables else ()
    for line, code in _of(tables, SOURCES)["source"].items():
        if person_names.names_in(str(code), names, code=True):
            what = f"contient un nom qui est dans {catalog.NAMES_FILE}"
            yield tables.fault(SOURCES, line, "source", "", what, "", "donnez un code sans nom de personne")


def _unknown_sources(tables: Tables) -> Iterator[Fault]:
    known = set(_of(tables, SOURCES)["source"])
    for name in (ATTRIBUTES, SEGMENTS):
        for line, source in listed(_of(tables, name), "source"):
            if source is not None and source not in known:
                yield tables.fault(name, line, "source", "", "nomme une source inconnue", "", _ADD_SOURCE)


def _unknown_codes(tables: Tables) -> Iterator[Fault]:
    known = set(_of(tables, CODES)["code"])
    for line, code in listed(_of(tables, SEGMENTS), "code"):
        if code is not None and code not in known:
            what, remedy = (
                "nomme un code inconnu du livre de codes",
                "ajoutez-le à material/codes, ou corrigez-le",
            )
            yield tables.fault(SEGMENTS, line, "code", "", what, "", remedy)


def _bounds(tables: Tables) -> Iterator[Fault]:
    lengths = {source: length for _, source, length in listed(_of(tables, SOURCES), "source", "length")}
    for line, source, start, end in listed(_of(tables, SEGMENTS), "source", "start", "end"):
        length = lengths.get(source)
        if (start is None) != (end is None):
            column = "start" if start is None else "end"
            remedy = "donnez « start » et « end », ou aucune des deux bornes"
            yield tables.fault(
                SEGMENTS, line, column, "", "est vide alors que l'autre borne est donnée", "", remedy
            )
        elif end is not None and end <= start:
            what = f"donne une fin ({french.number(int(end))}) qui n'est pas après le début ({french.number(int(start))})"
            yield tables.fault(SEGMENTS, line, "end", "", what, "", "corrigez l'une des deux")
        elif end is not None and length is not None and end > length:
            what = (
                f"donne une fin ({french.number(int(end))}) qui dépasse la longueur du texte "
                f"({french.number(int(length))} caractères)"
            )
            remedy = "vérifiez que le texte et les codages sont de la même version"
            yield tables.fault(SEGMENTS, line, "end", "", what, "", remedy)


def _overlaps(tables: Tables) -> Iterator[Fault]:
    groups = defaultdict(list)
    for line, *cells in listed(_of(tables, SEGMENTS), "source", "code", "coder", "start", "end"):
        if None not in cells:
            source, code, coder, start, end = cells
            groups[source, code, coder].append((start, end, line))
    for same in groups.values():
        furthest = (0, 0)  # end and row
        for start, end, line in sorted(same, key=itemgetter(0, 1)):
            if start < furthest[0]:
                what = f"chevauche le segment de la ligne {furthest[1]}, du même code par le même codeur"
                yield tables.fault(SEGMENTS, line, "start", "", what, "", "réunissez-les dans votre logiciel")
            furthest = max(furthest, (end, line), key=itemgetter(0))


RULES: tuple[Callable[[Tables], Iterator[Fault]], ...] = (
    _parents, _named_sources, _unknown_sources, _unknown_codes, _bounds, _overlaps,
)  # fmt: skip
