"""The data package: the only reader of `data/`. Names in, typed tables out."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from helpers import french
from helpers.errors import DataError, UnknownName

DEFAULT_FOLDER = Path(__file__).resolve().parents[3] / "data"
# Empty tables with the schema that every user's package follows.
MODEL_FOLDER = DEFAULT_FOLDER / "modele"
_DTYPES = {
    "string": "string[python]",
    "integer": "Int64",
    "number": "float64",
    "boolean": "boolean",
    "date": "datetime64[us]",
}
# Words of interviewees, which no table gives unless it is asked for them: see `helpers.material.corpus`.
_WORDS = {("material/segments", "text")}
# No count or amount of the field comes near it; beyond, arithmetic and axes break.
_TOO_LARGE = 1e15
# Names to take out of them: one per line, beside the `datapackage.json` of the package.
NAMES_FILE = "noms.txt"
# Tables read by this process, for the pipeline to know what a report depends on: (folder, name) -> hash.
_reads: dict[tuple[str, str], str] = {}
_TYPE_FR = {
    "integer": "un nombre entier",
    "number": "un nombre",
    "boolean": "true ou false",
    "date": "une date AAAA-MM-JJ",
}


@dataclass(frozen=True)
class Package:
    """A folder that holds a `datapackage.json` and its CSV or Parquet files."""

    folder: Path

    @property
    def descriptor(self) -> dict[str, Any]:
        """Content of `datapackage.json`; raises DataError when it is absent or is not JSON."""
        path = self.folder / "datapackage.json"
        try:
            stat = path.stat()
        except OSError:
            raise DataError(
                f"Aucun fichier datapackage.json dans « {self.folder} » : indiquez un dossier qui en contient un."
            ) from None
        return _descriptor(path, stat.st_mtime_ns)

    def resource(self, name: str) -> dict[str, Any]:
        """Descriptor of the table `name`; raises UnknownName with the nearest names."""
        resources = {item["name"]: item for item in self.descriptor.get("resources", [])}
        if name not in resources:
            raise UnknownName("Tableau", name, resources)
        found: dict[str, Any] = resources[name]
        return found

    def path(self, name: str) -> Path:
        """File of the table `name`."""
        return self.folder / str(self.resource(name)["path"])

    def describes(self, name: str) -> bool:
        """Whether the package itself has a table of that name."""
        return any(item["name"] == name for item in self.descriptor.get("resources", []))

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
    def extends(self) -> bool:
        """Whether the tables that this package does not have are those of the project."""
        found: bool = self.descriptor.get("extends") == Package(DEFAULT_FOLDER).descriptor["name"]
        return found

    def reachable(self) -> list[dict[str, Any]]:
        """Descriptors of every table that `load` gives: its own, then those of the project that it extends.

        Noted in `reads`: what is made from this list changes when a table or a column comes or goes.
        """
        own = list(self.descriptor.get("resources", []))
        _reads[_folder(self), ""] = digest("", self)
        if not self.extends:
            return own
        project = Package(DEFAULT_FOLDER)
        _reads[_folder(project), ""] = digest("", project)
        names = {item["name"] for item in own}
        return own + [item for item in project.descriptor["resources"] if item["name"] not in names]

    def reachable_names(self, ending: str = "") -> list[str]:
        """Names that `load` takes and that end so, in the order of the catalogues: what a report may list tables by."""
        return [str(item["name"]) for item in self.reachable() if item["name"].endswith(ending)]

    def names(self) -> list[str]:
        """Names of the tables of this folder alone, in the order of its catalogue: those that are checked and written."""
        return [item["name"] for item in self.descriptor.get("resources", [])]


@lru_cache(maxsize=8)
def _descriptor(path: Path, _modified: int) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise DataError(f"Le catalogue « {path} » n'est pas un fichier JSON lisible : {error}.") from None
    return content


def open_package(package: Package | Path | str | None = None) -> Package:
    """Package of the user, or the one of the project when nothing (or an empty text) is given."""
    if isinstance(package, Package):
        return package
    return Package(Path(package) if package else DEFAULT_FOLDER)


def load(
    name: str, package: Package | Path | str | None = None, *, optional: bool = False, words: bool = False
) -> pd.DataFrame:
    """Table `name` as a DataFrame with the types of its schema.

    A package that extends the project's (`"extends": "observatoire-cpts"`) gives the project's table where it has none. A
    table marked `"optional": true` may have its header only. With `optional`, a table of the model (`data/modele`) that
    the package does not have, or has not begun to fill, is an empty table with the model's columns. The words of
    interviewees (`text` of `material/segments`) are missing unless `words` asks for them, which
    `helpers.material.corpus` alone does.

    Strings are `string`, integers `Int64`, numbers `float64`, booleans `boolean`, dates `datetime64`; an empty cell is
    missing. Raises UnknownName (table), DataError (file absent, empty, with a byte-order mark, without a column of the
    schema, or with a cell of another type: file, row, column and value are said). In a package that extends the project's,
    a required text that is empty, a text out of its list and a key given twice are refused too: a report would fail on them,
    or leave rows out without a word. A Parquet file has types of its own, which must be those of the schema.
    """
    source = open_package(package)
    if optional and not source.describes(name):
        source.reachable()
        return _empty(Package(MODEL_FOLDER).resource(name)["schema"]["fields"])
    if not source.describes(name):
        # The project's table gives way as soon as the package has one of that name.
        source.reachable()
    source = source.holder(name)
    resource = source.resource(name)
    path = source.path(name)
    _reads[_folder(source), name] = _table_hash(resource, path)
    fields = resource["schema"]["fields"]
    if path.suffix == ".parquet":
        columns = read_parquet(path)
        _expect(columns, [field["name"] for field in fields], path)
        return pd.DataFrame({field["name"]: _cast(columns[field["name"]], field, path) for field in fields})
    raw = _cells(name, source, may_be_empty=optional)
    _expect(raw, [field["name"] for field in fields], path)
    if source.extends:
        _refuse_doubtful(raw, resource["schema"], path)
    for field in fields:
        if (name, field["name"]) in _WORDS and not words:
            raw[field["name"]] = ""
    table = pd.DataFrame({field["name"]: _typed(raw[field["name"]], field, path) for field in fields})
    return table.reset_index(drop=True)


def cells(
    name: str, package: Package | Path | str | None = None, *, may_be_empty: bool = False
) -> pd.DataFrame:
    """Cells of the CSV table `name` as text, read with the separator and the encoding of its description.

    Raises DataError as `read_raw` does; a table marked `"optional": true` `may_be_empty` in any case.
    """
    return _cells(name, open_package(package).holder(name), may_be_empty=may_be_empty).reset_index(drop=True)


def _cells(name: str, source: Package, *, may_be_empty: bool = False) -> pd.DataFrame:
    resource = source.resource(name)
    return _numbered(
        source.path(name),
        resource.get("dialect", {}).get("delimiter", ","),
        may_be_empty=may_be_empty or bool(resource.get("optional")),
        encoding=resource.get("encoding", "utf-8"),
    )


def read_names(package: Package | Path | str | None = None) -> tuple[str, ...]:
    """Names of `noms.txt` in the package, one per line, none when there is no such file; `#` starts a remark.

    Raises DataError when the file is not UTF-8: an unread list of names would protect nobody.
    """
    source = open_package(package)
    _reads[_folder(source), NAMES_FILE] = digest(NAMES_FILE, source)
    path = source.folder / NAMES_FILE
    if not path.exists():
        return ()
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        raise DataError(f"« {path} » ne se lit pas : enregistrez la liste des noms en UTF-8.") from None
    names = (line.partition("#")[0].strip() for line in lines)
    return tuple(dict.fromkeys(name for name in names if name))


def _refuse_doubtful(raw: pd.DataFrame, schema: dict[str, Any], path: Path) -> None:
    """Refuse the first cell of text, or key, against the schema; `cpts check` tells them all, with what to write instead."""
    found: list[tuple[int, str, str]] = []
    for field in schema["fields"]:
        column, rules = raw[field["name"]], field.get("constraints", {})
        if field.get("type", "string") != "string":
            continue
        if rules.get("required"):
            words = "la cellule est vide, alors que la colonne est obligatoire"
            found += [(line, field["name"], words) for line in column.index[column == ""][:1]]
        if "enum" in rules:
            wrong = column[(column != "") & ~column.isin(rules["enum"])]
            words = f"n'est pas une valeur permise ({', '.join(rules['enum'])})"
            found += [(line, field["name"], f"« {text} » {words}") for line, text in wrong.iloc[:1].items()]
    declared = schema.get("primaryKey", [])
    key = [declared] if isinstance(declared, str) else list(declared)
    for line, row in raw[raw.duplicated(key)].iloc[:1].iterrows() if key else ():
        found.append((line, key[0], f"la clé « {' · '.join(row[key])} » figure deux fois"))
    if found:
        line, column, words = min(found)
        raise DataError(
            f"{path.name}, ligne {line}, colonne « {column} » : {words}. Corrigez-la ; « cpts check » dit tous les défauts."
        )


def _empty(fields: list[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(
        {field["name"]: pd.Series(dtype=_DTYPES[field.get("type", "string")]) for field in fields}
    )


def _expect(table: pd.DataFrame, names: list[str], path: Path) -> None:
    missing = [column for column in names if column not in table.columns]
    if missing:
        raise DataError(
            f"{path.name} : colonne « {missing[0]} » absente (colonnes lues : {', '.join(table.columns)}). "
            "Ajoutez-la ou corrigez l'en-tête."
        )
    extra = [column for column in table.columns if column not in names]
    if extra:
        raise DataError(
            f"{path.name} : colonne « {extra[0]} » inconnue du catalogue. Décrivez-la ou supprimez-la."
        )


def digest(name: str, package: Package | Path | str | None = None) -> str:
    """Hash of one table: its file and its schema; of `noms.txt` with its name.

    With an empty name: of the list of tables and of their columns.

    Raises DataError or UnknownName as `load` does.
    """
    source = open_package(package)
    if not name:
        return _hash("\n".join(_columns(item) for item in source.descriptor.get("resources", [])).encode())
    if name == NAMES_FILE:
        path = source.folder / NAMES_FILE
        return _hash(path.read_bytes() if path.exists() else b"")
    source = source.holder(name)
    return _table_hash(source.resource(name), source.path(name))


def _columns(resource: dict[str, Any]) -> str:
    fields = resource.get("schema", {}).get("fields", [])
    return " ".join([resource["name"], *(field["name"] for field in fields)])


def reads() -> str:
    """Tables read by this process, as JSON: a list of folder (empty for the project's), name and hash."""
    rows = [
        {"folder": folder, "name": name, "digest": found} for (folder, name), found in sorted(_reads.items())
    ]
    return json.dumps(rows)


def record_read(folder: str, name: str, state: str) -> None:
    """Note that this process depends on something else than a table of a package, such as a downloaded file."""
    _reads[folder, name] = state


def _table_hash(resource: dict[str, Any], path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError:
        raise DataError(f"Fichier absent ou illisible : « {path} ».") from None
    return _hash(json.dumps(resource, sort_keys=True).encode() + b"\0" + content)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]


def _folder(package: Package) -> str:
    return "" if package.folder == DEFAULT_FOLDER else str(package.folder)


def provenance(name: str, package: Package | Path | str | None = None) -> dict[str, str]:
    """Where the table comes from: title, description, sources and licence, as text for readers."""
    resource = open_package(package).holder(name).resource(name)
    return {
        "name": name,
        "title": resource.get("title", name),
        "description": resource.get("description", ""),
        "source": " ; ".join(source["title"] for source in resource.get("sources", [])),
    }


def read_raw(
    path: Path, delimiter: str = ",", *, may_be_empty: bool = False, encoding: str = "utf-8"
) -> pd.DataFrame:
    """Cells of a CSV file as text, header checked; empty cells are empty strings.

    The encoding `utf-8-sig`, that of a package made for a spreadsheet, allows a byte-order mark. Raises DataError when the
    file is absent, empty (or has its header only, unless it `may_be_empty`), starts with a byte-order mark that its
    encoding does not allow, is not UTF-8, has a column without a name, or a row whose number of cells differs from the
    header. Rows without any value say nothing and are left out.
    """
    return _numbered(path, delimiter, may_be_empty=may_be_empty, encoding=encoding).reset_index(drop=True)


def _numbered(
    path: Path, delimiter: str = ",", *, may_be_empty: bool = False, encoding: str = "utf-8"
) -> pd.DataFrame:
    """The cells of `read_raw` with, as their index, the row that a spreadsheet shows."""
    try:
        content = path.read_bytes()
    except OSError:
        raise DataError(f"Fichier absent ou illisible : « {path} ».") from None
    if encoding == "utf-8-sig":
        content = content.removeprefix(codecs.BOM_UTF8)
    if content.startswith(codecs.BOM_UTF8):
        raise DataError(
            f"{path.name} commence par une marque d'ordre des octets (BOM) : enregistrez-le en « UTF-8 » sans BOM."
        )
    if not content.strip():
        raise DataError(
            f"{path.name} est vide : il doit avoir une ligne d'en-tête et au moins une ligne de données."
        )
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise DataError(
            f"{path.name}, ligne {row} : le fichier n'est pas en UTF-8. Enregistrez-le en UTF-8."
        ) from None
    try:
        rows = list(enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), start=1))
    except csv.Error:
        raise DataError(
            f"{path.name} : un guillemet n'est pas fermé, ou les fins de ligne sont abîmées. Enregistrez-le en « CSV UTF-8 »."
        ) from None
    (_, header), *body = [(line, cells) for line, cells in rows if any(cell.strip() for cell in cells)]
    if len(header) == 1 and delimiter not in header[0] and any(mark in header[0] for mark in ";\t,"):
        raise DataError(
            f"{path.name} : le séparateur attendu est « {delimiter} », l'en-tête en emploie un autre."
        )
    for position, column in enumerate(header, start=1):
        if not column.strip():
            place = french.ordinal(position, feminine=True)
            raise DataError(f"{path.name} : la {place} colonne n'a pas de nom. Supprimez-la.")
    repeated = {column for column in header if header.count(column) > 1}
    if repeated:
        raise DataError(
            f"{path.name} : la colonne « {sorted(repeated)[0]} » figure deux fois dans l'en-tête."
        )
    for line, cells in body:
        if len(cells) != len(header):
            raise DataError(
                f"{path.name}, ligne {line} : {french.plural(len(cells), 'cellule')} au lieu de {len(header)}. "
                "Vérifiez les guillemets et les séparateurs."
            )
    if not body and not may_be_empty:
        raise DataError(f"{path.name} n'a que sa ligne d'en-tête : ajoutez au moins une ligne de données.")
    lines = pd.Index([line for line, _ in body], dtype="int64")
    return pd.DataFrame([cells for _, cells in body], index=lines, columns=header, dtype=str)


def read_parquet(path: Path) -> pd.DataFrame:
    """Columns of a Parquet file with the types it holds. Raises DataError when it is absent, damaged or has no row."""
    # pyarrow is slow to import and only the Parquet tables need it.
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        arrow = pq.read_table(path)
    except OSError:
        raise DataError(f"Fichier absent ou illisible : « {path} ».") from None
    except pa.ArrowInvalid:
        raise DataError(f"{path.name} n'est pas un fichier Parquet entier : refaites-le.") from None
    if not arrow.num_rows:
        raise DataError(f"{path.name} n'a aucune ligne : ajoutez au moins une ligne de données.")
    kinds = dict.fromkeys((pa.int8(), pa.int16(), pa.int32(), pa.int64()), pd.Int64Dtype())
    texts = dict.fromkeys((pa.string(), pa.large_string()), pd.StringDtype())
    table: pd.DataFrame = arrow.to_pandas(types_mapper={**kinds, **texts, pa.bool_(): pd.BooleanDtype()}.get)
    return table


def _cast(column: pd.Series[Any], field: dict[str, Any], path: Path) -> pd.Series[Any]:
    kind = field.get("type", "string")
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
    if not column.isna().all() and not held[kind](column.dtype):
        raise DataError(
            f"{path.name}, colonne « {field['name']} » : ses valeurs ne sont pas du type annoncé « {kind} »."
        )
    return column.astype(_DTYPES[kind])


def _typed(cells: pd.Series[str], field: dict[str, Any], path: Path) -> pd.Series[Any]:
    kind = field.get("type", "string")
    filled = cells.where(cells != "")
    if kind == "string":
        return filled.astype(_DTYPES["string"])
    text = filled.str.replace(field["decimalChar"], ".", regex=False) if "decimalChar" in field else filled
    if kind == "boolean":
        parsed = text.str.lower().map({"true": True, "false": False})
    elif kind == "date":
        parsed = pd.to_datetime(text, format="%Y-%m-%d", errors="coerce")
    else:
        parsed = pd.to_numeric(text, errors="coerce")
        parsed = parsed.where(parsed.abs() < _TOO_LARGE)
        if kind == "integer":
            parsed = parsed.where(parsed.isna() | (parsed % 1 == 0))
        if field.get("decimalChar", ".") != ".":
            parsed = parsed.where(~filled.fillna("").str.contains(".", regex=False))
    wrong = parsed.isna() & filled.notna()
    if wrong.any():
        position = int(wrong.to_numpy().argmax())
        value = cells.iloc[position]
        hint = " (écrivez les décimales avec un point)" if kind == "number" and "," in value else ""
        raise DataError(
            f"{path.name}, ligne {cells.index[position]}, colonne « {field['name']} » : « {value} » n'est pas "
            f"{_TYPE_FR.get(kind, kind)}{hint}."
        )
    return parsed.astype(_DTYPES.get(kind, _DTYPES["string"]))
