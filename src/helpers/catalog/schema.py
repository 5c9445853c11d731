"""One table, one schema, one judge: `Table.judge` is the only judge of the rows of a table.

Reports, `cpts check`, imports, the workbook and answers all ask it; `fields` knows a cell, `faults` says what is wrong.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from helpers import french
from helpers.catalog import spellings
from helpers.catalog.faults import Fault
from helpers.catalog.fields import TYPES_FR, Field, Wrong
from helpers.errors import DataError, nearest
from helpers.files import written
from helpers.files.grid import Grid, careful

if TYPE_CHECKING:
    import pandas as pd

# Tables of a user's package whose cells may hold, were it by a slip of one column, words of interviewees or of respondents.
_OF_PERSONS = ("material/", "survey/")


class Link(NamedTuple):
    """A foreign key: columns here, the table they point to (this one when empty) and its columns."""

    columns: tuple[str, ...]
    table: str
    others: tuple[str, ...]


class Judged(NamedTuple):
    """A table read: typed columns (index: the row that a spreadsheet shows), faults, and the cells respelled by column."""

    frame: pd.DataFrame
    faults: list[Fault]
    respelled: dict[str, list[tuple[str, str]]]


@dataclass(frozen=True)
class Table:
    """A table of a package: its columns in order, its key, its links, and how its file is written."""

    name: str
    path: str
    fields: tuple[Field, ...]
    key: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    rows_of: tuple[str, ...] = ()
    title: str = ""
    description: str = ""
    optional: bool = False
    delimiter: str = ","
    encoding: str = "utf-8"

    @classmethod
    def of(cls, resource: Mapping[str, Any]) -> Table:
        """Table as `datapackage.json` describes it; takes a description that `package` found whole."""
        schema = resource["schema"]
        return cls(
            name=resource["name"],
            path=resource["path"],
            fields=tuple(Field.of(item) for item in schema["fields"]),
            key=_names(schema.get("primaryKey", ())),
            links=tuple(
                Link(
                    _names(item["fields"]),
                    item["reference"].get("resource", ""),
                    _names(item["reference"]["fields"]),
                )
                for item in schema.get("foreignKeys", ())
            ),
            rows_of=_names(schema.get("rowsOf", ())),
            title=resource.get("title", resource["name"]),
            description=resource.get("description", ""),
            optional=bool(resource.get("optional")),
            delimiter=resource.get("dialect", {}).get("delimiter", ","),
            encoding=resource.get("encoding", "utf-8"),
        )

    @property
    def columns(self) -> list[str]:
        """Names of the columns, in order."""
        return [field.name for field in self.fields]

    @property
    def guarded(self) -> bool:
        """Whether its cells may hold words of persons, which no sentence repeats."""
        return self.name.startswith(_OF_PERSONS)

    def field(self, name: str) -> Field:
        """Column of that name."""
        return next(field for field in self.fields if field.name == name)

    def empty(self) -> pd.DataFrame:
        """The table without any row."""
        import pandas as pd

        return pd.DataFrame({field.name: field.typed([]) for field in self.fields})

    def fault(
        self, row: int | None, column: str, text: Any, what: str, remedy: str = "", safe: str = ""
    ) -> Fault:
        """Fault of a cell of this table; `text` may be a value, `safe` is the remedy when the text may not be repeated."""
        said = text if isinstance(text, str) else self.field(column).write(text) if column else ""
        shown = f"« {column} »" if column else ""
        return Fault(self.path, row, shown, said, what, remedy, self.guarded, safe)

    def expect(self, grid: Grid) -> None:
        """Raise DataError when the header is not that of the table, in its order."""
        if fault := _header_fault(grid.header, self.columns, guarded=self.guarded):
            raise DataError(f"{grid.name}, ligne 1 : {fault}.")

    def texts(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The columns of the table as its file holds them; absent ones are empty. Raises DataError for an unknown column."""
        import pandas as pd

        unknown = [column for column in frame if column not in self.columns]
        if unknown:
            raise DataError(
                f"{self.name} n'a pas de colonne « {unknown[0]} » (colonnes : {', '.join(self.columns)})."
            )
        cells = {
            field.name: [field.write(value) for value in frame[field.name]] if field.name in frame else ""
            for field in self.fields
        }
        return pd.DataFrame(cells, index=frame.index, dtype=object)

    def file(self, texts: pd.DataFrame) -> bytes:
        """Content of the file of the table, from its cells as text."""
        rows = texts.itertuples(index=False, name=None)
        return written.content(rows, self.columns, delimiter=self.delimiter, encoding=self.encoding)

    def judge(self, grid: Grid, *, respell: bool = False) -> Judged:
        """The rows of `grid` as typed columns, with every fault of its cells, then of its key; a faulty cell is missing.

        With `respell`, a cell is first put in the writing of the column when there is no doubt. Raises DataError when the
        columns are not those of the table in their order, or when a table that needs rows has none.
        """
        import pandas as pd

        self.expect(grid)
        if not grid.rows and not self.optional:
            raise DataError(
                f"{grid.name} : aucune ligne sous l'en-tête, alors que ce tableau est obligatoire. Remplissez-le."
            )
        blank = [line for line, cells in grid.rows if not any(map(str.strip, cells))]
        if blank:
            what = f"ligne sans aucune valeur ({len(blank)} en tout). Supprimez-la"
            return Judged(self.empty(), [Fault(grid.name, blank[0], "", "", what)], {})
        lines = [line for line, _ in grid.rows]
        found: list[Fault] = []
        respelled: dict[str, list[tuple[str, str]]] = {}
        columns = {}
        for position, field in enumerate(self.fields):
            texts = [cells[position] for _, cells in grid.rows]
            # Each text once: a column says the same few things many times.
            known = {text: field.read(text, respell=respell) for text in set(texts)}
            wrong = {text: value for text, value in known.items() if isinstance(value, Wrong)}
            for line, text in zip(lines, texts, strict=True) if wrong else ():
                if text in wrong:
                    what, remedy, safe = wrong[text]
                    head = grid.head(position)
                    found.append(Fault(grid.name, line, head, text, what, remedy, self.guarded, safe))
                    known[text] = None
            # VRAI is how a spreadsheet shows true: nothing was written otherwise.
            if respell and field.type != "boolean":
                changed = [(text, field.write(known[text])) for text in texts if text not in wrong]
                respelled[field.name] = [
                    (text, cell)
                    for text, cell in changed
                    if field.spelling(text) != text.strip(spellings.SPACES)
                ]
            columns[field.name] = field.typed([known[text] for text in texts])
        frame = pd.DataFrame(columns, index=pd.Index(lines, dtype="int64"))
        return Judged(frame, found or list(self.repeated(frame, grid.name)), respelled)

    def judge_values(self, frame: pd.DataFrame) -> Judged:
        """The same for columns that have their type already (Parquet); rows count from 1. Raises DataError as `judge` does."""
        import pandas as pd

        if fault := _header_fault(sorted(frame, key=_rank(self.columns)), self.columns):
            raise DataError(f"{self.path} : {fault}.")
        found: list[Fault] = []
        columns = {field.name: _cast(frame[field.name], field, self.path) for field in self.fields}
        frame = pd.DataFrame(columns).set_axis(range(1, len(frame) + 1))
        for field in self.fields:
            column = frame[field.name]
            if _surely_right(column, field):
                continue
            known = {value: field.read(field.write(value)) for value in column.dropna().unique()}
            wrong = {value: read for value, read in known.items() if isinstance(read, Wrong)}
            nothing = field.read("") if column.hasnans else None
            for line, value in column.items() if wrong or isinstance(nothing, Wrong) else ():
                read = nothing if pd.isna(value) else wrong.get(value)
                if isinstance(read, Wrong):
                    found.append(self.fault(int(str(line)), field.name, value, *read))
        return Judged(frame, found or list(self.repeated(frame, self.path)), {})

    def repeated(self, frame: pd.DataFrame, place: str) -> Iterator[Fault]:
        """Rows that repeat, or leave empty, the key of the table or a column without doubles."""
        keys = [self.key] if self.key else []
        keys += [(field.name,) for field in self.fields if field.unique and (field.name,) != self.key]
        for key in keys:
            columns = [frame[name] for name in key]
            # pandas takes ten times longer on the few rows of most tables.
            cells = zip(*(column.tolist() for column in columns), strict=True)
            if not any(column.hasnans for column in columns) and len(set(cells)) == len(frame):
                continue
            given = frame[list(key)]
            present = given.notna().any(axis=1)
            for line in frame.index[~present] if key == self.key else ():
                yield Fault(place, line, "", "", "laisse vide la clé", "remplissez-la", safe="remplissez-la")
            if not given[present].duplicated().any():
                continue
            what = (
                "répète la clé de"
                if key == self.key
                else "répète, dans une colonne sans doublon, la valeur de"
            )
            seen: dict[tuple[str, ...], int] = {}
            for line, *values in given[present].itertuples():
                held = tuple(self.field(name).write(value) for name, value in zip(key, values, strict=True))
                if held in seen:
                    said = (f"{name} = {cell}" for name, cell in zip(key, held, strict=True))
                    shown = french.listing(key) if self.guarded else ", ".join(said)
                    words = f"{what} la ligne {seen[held]} ({shown}). Gardez une seule des deux lignes"
                    yield Fault(place, line, "", "", words)
                seen.setdefault(held, line)

    def broken_links(
        self, frame: pd.DataFrame, link: Link, other: Table, linked: pd.DataFrame
    ) -> Iterator[Fault]:
        """Rows of `frame` whose `link` points to no row of `linked`, which is the table `other`; one fault per value."""
        known = {tuple(row) for _, *row in listed(linked, *link.others) if None not in row}
        absent: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        for line, *row in listed(frame, *link.columns):
            if None not in row and tuple(row) not in known:
                absent[tuple(row)].append(line)
        column = link.columns[0]
        for values, lines in absent.items():
            text = " · ".join(
                self.field(name).write(value) for name, value in zip(link.columns, values, strict=True)
            )
            near = nearest(text, [str(row[0]) for row in known]) if len(values) == 1 else None
            more = f" ({len(lines)} lignes)" if len(lines) > 1 else ""
            place = f"{other.path}, colonne « {link.others[0]} »"
            remedy = f"ajoutez-l'y{f', ou écrivez « {near} »' if near else ''}"
            yield self.fault(
                lines[0], column, text, f"n'existe pas dans {place}{more}", remedy, "ajoutez-l'y"
            )


def listed(frame: pd.DataFrame, *columns: str) -> Iterator[tuple[Any, ...]]:
    """Line of each row, then its cells in these columns, None where they are empty: a row of pandas costs fifty times more."""
    return zip(frame.index.tolist(), *(_cells(frame[name]) for name in columns), strict=True)


def _cells(column: pd.Series[Any]) -> list[Any]:
    cells: list[Any] = column.tolist()
    missing = column.isna().to_numpy()
    if not missing.any():
        return cells
    return [None if empty else cell for cell, empty in zip(cells, missing.tolist(), strict=True)]


def _names(declared: str | Iterable[str] | None) -> tuple[str, ...]:
    return (declared,) if isinstance(declared, str) else tuple(declared or ())


def _rank(names: list[str]) -> Any:
    return lambda name: names.index(name) if name in names else len(names)


def _header_fault(header: Sequence[str], names: list[str], *, guarded: bool = False) -> str:
    known = french.listing(names)
    missing = [name for name in names if name not in header]
    extra = [
        careful(column, rank) if guarded else f"« {column} »"
        for rank, column in enumerate(header)
        if column not in names
    ]
    if missing and extra:
        return (
            f"colonne {extra[0]} inconnue et colonne « {missing[0]} » absente : renommez-la si c'est la même "
            f"(colonnes attendues : {known})"
        )
    if extra:
        return f"colonne {extra[0]} de trop : supprimez-la (colonnes attendues : {known})"
    if missing:
        return f"colonne « {missing[0]} » absente : remettez-la, même vide (colonnes attendues : {known})"
    moved = [name for name, column in zip(names, header, strict=True) if name != column]
    return (
        f"les colonnes ont changé d'ordre à partir de « {moved[0]} » (ordre attendu : {known})"
        if moved
        else ""
    )


def _cast(column: pd.Series[Any], field: Field, place: str) -> pd.Series[Any]:
    import pandas as pd

    held = {
        "string": pd.api.types.is_string_dtype,
        # pandas writes an integer column with empty cells as floats.
        "integer": lambda dtype: (
            pd.api.types.is_numeric_dtype(dtype) and bool((column.dropna() % 1 == 0).all())
        ),
        "number": pd.api.types.is_numeric_dtype,
        "boolean": pd.api.types.is_bool_dtype,
        "date": pd.api.types.is_datetime64_any_dtype,
    }
    if not column.isna().all() and not held[field.type](column.dtype):
        raise DataError(
            f"{place}, colonne « {field.name} » : ses valeurs ne sont pas du type annoncé ({TYPES_FR[field.type]})."
        )
    return column.astype(field.dtype)


def _surely_right(column: pd.Series[Any], field: Field) -> bool:
    """Whether a whole column of numbers or of free text is within its rules, without a look at each cell."""
    if field.required and column.hasnans:
        return False
    if field.type == "string":
        ruled = field.codes or field.pattern or field.min_length
        return not ruled or field.admits(set(column.dropna().tolist()))
    within = column.dropna()
    low, high = field.minimum, field.maximum
    return (
        not field.codes
        and field.type != "date"
        and (low is None or bool((within >= low).all()))
        and (high is None or bool((within <= high).all()))
    )
