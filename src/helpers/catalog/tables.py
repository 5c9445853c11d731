"""Names in, typed tables out: the only reader of the tables of a package, each judged by its schema as it is read."""

from __future__ import annotations

import dataclasses
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.catalog import names
from helpers.catalog.faults import Fault
from helpers.catalog.fields import Field, Wrong
from helpers.catalog.package import (
    DEFAULT_FOLDER,
    MODEL_FOLDER,
    NAMES_FILE,
    Package,
    hashed,
    open_package,
    record_read,
)
from helpers.catalog.schema import Judged, Table
from helpers.errors import DataError, UnknownName
from helpers.files import grid

if TYPE_CHECKING:
    import pandas as pd

# Tables as they were judged, by their hash: the same bytes under the same schema are judged once. Those of the project stay;
# of other packages, the last small ones.
_project: dict[tuple[str, bool], Judged] = {}
_others: OrderedDict[tuple[str, bool], Judged] = OrderedDict()
_MOST, _LARGEST = 64, 2**20  # tables, and bytes of one
# Words of interviewees, which no table gives unless it is asked for them: see `helpers.material.corpus`.
_WORDS = {("material/segments", "text")}


class Tables(dict[str, "pd.DataFrame"]):
    """Tables of one package by name, each with the row that a spreadsheet shows as index: what a rule across tables reads."""

    def __init__(self, package: Package, frames: Mapping[str, pd.DataFrame]) -> None:
        super().__init__(frames)
        self.package = package

    def fault(
        self, table: str, row: Any, column: str, value: Any, what: str, remedy: str = "", safe: str = ""
    ) -> Fault:
        """Fault of a cell, as `schema.Table.fault` says it."""
        return self.package.table(table).fault(int(row), column, value, what, remedy, safe)


def load(
    name: str, package: Package | Path | str, *, optional: bool = False, words: bool = False
) -> pd.DataFrame:
    """Table `name` as a DataFrame with the types of its schema.

    A package that extends the project's (`"extends": "observatoire-cpts"`) gives the project's table where it has none. A
    table marked `"optional": true` may have its header only. With `optional`, a table of the model (`data/modele`) that
    the package does not have, or has not begun to fill, is an empty table with the model's columns. The words of
    interviewees (`text` of `material/segments`) are missing unless `words` asks for them, which
    `helpers.material.corpus` alone does.

    Strings are `string`, integers `Int64`, numbers `float64`, booleans `boolean`, dates `datetime64`; an empty cell is
    missing. In a user's package the names of `noms.txt` are taken out of every text (`names.without_names`), whatever its
    column. Raises UnknownName (table), and DataError with the sentence of the first fault that `cpts check` tells, or for a
    code that holds such a name.
    """
    import pandas as pd

    source = open_package(package)
    if optional and not source.describes(name):
        source.reachable()
        return Package(MODEL_FOLDER).table(name).empty()
    if not source.describes(name):
        # The project's table gives way as soon as the package has one of that name.
        source.reachable()
    source = source.holder(name)
    frame, faults, _ = judged(name, source, optional=optional)
    people = names.read_names(source) if source.extends else ()
    if faults:
        raise DataError(f"{names.without_names(str(faults[0]), people)} « cpts check » dit tous les défauts.")
    if people:
        frame = _without_names(source.table(name), frame, people)
    for table, column in _WORDS if not words else ():
        if table == name:
            frame = frame.assign(**{column: pd.Series(pd.NA, index=frame.index, dtype="string[python]")})
    return frame.reset_index(drop=True)


def _without_names(table: Table, frame: pd.DataFrame, people: tuple[str, ...]) -> pd.DataFrame:
    changed = {}
    for field in table.fields:
        if field.type != "string" or field.codes:
            continue
        column = frame[field.name]
        if (
            field.pattern
            or field.name in table.key
            or any(field.name in link.columns for link in table.links)
        ):
            # A code without the name would be another code: the package is to be corrected.
            for fault in named_codes(table, frame, people, field.name):
                raise DataError(str(fault))
            continue
        known = {text: names.without_names(text, people) for text in column.dropna().unique()}
        changed[field.name] = column.map(known).astype(column.dtype)
    return frame.assign(**changed)


def is_code(table: Table, field: Field) -> bool:
    """Whether a column holds codes that rows are found by, and not texts that may be changed."""
    linked = any(field.name in link.columns for link in table.links)
    return bool(field.pattern) or field.name in table.key or linked


def named_codes(table: Table, frame: pd.DataFrame, people: tuple[str, ...], column: str) -> Iterator[Fault]:
    """Faults of the codes of a column that hold a name of the list; no sentence says which."""
    codes = frame[column].dropna()
    wrong = {code for code in codes.unique() if names.names_in(code, people, code=True)}
    for line in codes.index[codes.isin(wrong)]:
        what = f"contient un nom qui est dans {NAMES_FILE}"
        fault = table.fault(int(line), column, "", what, "donnez un code sans nom de personne")
        yield dataclasses.replace(fault, guarded=True, safe=fault.remedy)


def judged(name: str, package: Package, *, optional: bool = False) -> Judged:
    """The table as its schema judges it, with the row that a spreadsheet shows as index; its file is opened once.

    An `optional` table may have its header only, whatever its schema says.

    Raises DataError for a file that cannot be read as a table with the columns of its schema.
    """
    if package.folder != DEFAULT_FOLDER:
        content = package.content(name)
        record_read(package.key, name, _digest(package, name, content))
        return judged_content(name, package, content, optional=optional)
    state = digest(name, package)
    record_read(package.key, name, state)
    return _judged_once(state, name, package, optional=optional)


def judged_content(name: str, package: Package, content: bytes, *, optional: bool = False) -> Judged:
    """The same of the bytes of its file, for who has read them already."""
    if package.folder == DEFAULT_FOLDER:
        # Another store than that of the last tables: a second look at all of them would find none there.
        return _judged_once(_digest(package, name, content), name, package, content, optional=optional)
    if len(content) > _LARGEST:
        return judge(_as_asked(name, package, optional), content)
    key = (_digest(package, name, content), optional)
    if key not in _others:
        _others[key] = judge(_as_asked(name, package, optional), content)
        if len(_others) > _MOST:
            _others.popitem(last=False)
    _others.move_to_end(key)
    return _shared(_others[key])


def _judged_once(
    state: str, name: str, package: Package, content: bytes | None = None, *, optional: bool
) -> Judged:
    """A table of the project in that state, whose bytes are read when they are not given."""
    if (state, optional) not in _project:
        known = package.content(name) if content is None else content
        _project[state, optional] = judge(_as_asked(name, package, optional), known)
    return _shared(_project[state, optional])


def _as_asked(name: str, package: Package, optional: bool) -> Table:
    table = package.table(name)
    return dataclasses.replace(table, optional=table.optional or optional)


def _shared(found: Judged) -> Judged:
    # pandas copies on write: who changes what is given changes nothing here.
    return found._replace(frame=found.frame.copy(deep=False))


def judge(table: Table, content: bytes) -> Judged:
    """The bytes of a file as the table judges them. Raises DataError as `judged` does."""
    if Path(table.path).suffix == ".parquet":
        return table.judge_values(read_parquet(content, table.path))
    return table.judge(_grid(table, content))


def cells(name: str, package: Package | Path | str) -> grid.Grid:
    """Cells of the CSV table `name` as text, read as its description says. Raises DataError as `grid.exact` does."""
    source = open_package(package).holder(name)
    return _grid(source.table(name), source.content(name))


def distinct(name: str, column: str, package: Package | Path | str) -> list[Any]:
    """Values of a column of the table `name`, each once, in its order, missing ones left out.

    Raises UnknownName for a column that the table does not have, and what `load` raises.
    """
    source = open_package(package)
    table = source.holder(name).table(name)
    found = None if names.read_names(source) else _read_without_types(name, table, column, source)
    if found is None:
        # Only here is pandas needed: half of the time of a batch in which nothing has changed.
        frame = load(name, source)
        if column not in frame:
            raise UnknownName(f"Colonne de {name}", column, frame.columns)
        return list(frame[column].dropna().drop_duplicates())
    return found


def _read_without_types(name: str, table: Table, column: str, source: Package) -> list[Any] | None:
    """The values when the table is a CSV of texts and whole numbers without any fault, None otherwise."""
    plain = all(field.type in {"string", "integer"} for field in table.fields)
    if not plain or column not in table.columns or not table.path.endswith(".csv") or table.optional:
        return None
    content = cells(name, source)
    if content.header != list(table.columns) or not content.rows or (name, column) in _WORDS:
        return None
    if not all(any(map(str.strip, row)) for _, row in content.rows):
        return None
    known = {}
    for position, field in enumerate(table.fields):
        known[field.name] = [field.read(row[position]) for _, row in content.rows]
        values = known[field.name]
        if any(isinstance(value, Wrong) for value in values):
            return None
        if field.unique and len(set(values)) < len(values):
            return None
    keys = list(zip(*(known[field] for field in table.key), strict=True))
    if len(set(keys)) < len(keys) or any(None in key for key in keys):
        return None
    return [value for value in dict.fromkeys(known[column]) if value is not None]


def _grid(table: Table, content: bytes) -> grid.Grid:
    return grid.exact(content, table.path, delimiter=table.delimiter, encoding=table.encoding)


def digest(name: str, package: Package | Path | str) -> str:
    """Hash of one table: its file and its schema; of `noms.txt`, with its name, a keyed one (`names.names_digest`).

    With an empty name: of the list of tables and of their columns.

    Raises DataError or UnknownName as `load` does.
    """
    source = open_package(package)
    if not name:
        return source.listing
    if name == NAMES_FILE:
        return names.names_digest(source)
    source = source.holder(name)
    place = source.path(name)
    if source.folder != DEFAULT_FOLDER or not place.exists():
        return _digest(source, name, source.content(name))
    now = place.stat()
    return _digest_of_project(name, source.described(name), now.st_ino, now.st_mtime_ns, now.st_size)


@lru_cache(maxsize=512)
def _digest_of_project(name: str, _described: str, _file: int, _modified: int, _size: int) -> str:
    # A table of the project is large, and asked for by each report: its bytes are read again when its file has changed.
    source = Package(DEFAULT_FOLDER)
    return _digest(source, name, source.content(name))


def _digest(package: Package, name: str, content: bytes) -> str:
    return hashed(package.described(name).encode() + b"\0" + content)


def read_parquet(content: bytes, name: str) -> pd.DataFrame:
    """Columns of a Parquet file with the types it holds. Raises DataError when it is damaged or has no row."""
    import pandas as pd

    # pyarrow is slow to import and only the Parquet tables need it.
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        arrow = pq.read_table(pa.BufferReader(content))
    except (pa.ArrowInvalid, OSError):
        raise DataError(f"{name} n'est pas un fichier Parquet entier : refaites-le.") from None
    if not arrow.num_rows:
        raise DataError(f"{name} n'a aucune ligne : ajoutez au moins une ligne de données.")
    kinds = dict.fromkeys((pa.int8(), pa.int16(), pa.int32(), pa.int64()), pd.Int64Dtype())
    texts = dict.fromkeys((pa.string(), pa.large_string()), pd.StringDtype())
    table: pd.DataFrame = arrow.to_pandas(types_mapper={**kinds, **texts, pa.bool_(): pd.BooleanDtype()}.get)
    return table
