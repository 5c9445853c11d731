"""National store of official files, by commune: Parquet written once by `cpts get`, of which a report reads its communes.

Each file of the register `open/moving_files` has one Parquet in `official/` of the folder of downloads, its rows sorted by
commune in small groups, so that a perimeter of sixteen communes is found without reading the country. The edition and the
SHA-256 of the file that was read stand in the Parquet itself: a report depends on them, and on nothing else of it.
"""

from __future__ import annotations

import bisect
import os
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers import catalog
from helpers.errors import DataError, UnknownName, reason
from helpers.territory import downloads

if TYPE_CHECKING:
    import pandas as pd

READS = "data/external/official"
REGISTER = "open/moving_files"
EDITION, SHA256 = b"cpts_edition", b"cpts_sha256"
GROUP = 4_096  # rows read together: what a perimeter pays beyond its own
ABSENT = "absent"
REFERENCES = ".references"  # part of a file: its rows for départements, regions and France
EPCI = "epci"  # not a file of the register: what those files say of each EPCI, one row per indicator
_COMMUNE, _TERRITORY = "commune", "territory"


@catalog.remembered
def register() -> pd.DataFrame:
    """Files whose content moves with their publisher, indexed by name: title, source, table, address, licence."""
    return catalog.load(REGISTER, catalog.DEFAULT_FOLDER).set_index("file")


def folder() -> Path:
    """Where the store is: `official/` of the folder of downloads."""
    return downloads.folder() / "official"


def path(file: str, part: str = "") -> Path:
    """The Parquet of a file of the register, of its REFERENCES, or of the EPCI. Raises UnknownName for another name."""
    known = register()
    if file != EPCI and file not in known.index:
        raise UnknownName("Fichier", file, known.index)
    return folder() / f"{file}{part}.parquet"


def files(source: str) -> list[str]:
    """Names of the files of a source ("apl" has five). Raises UnknownName for a source without any."""
    known = register()
    found = known.index[known["source"] == source]
    if found.empty:
        raise UnknownName("Source", source, known["source"].unique())
    return list(found)


def references(file: str, name: str) -> pd.DataFrame | None:
    """Rows of the REFERENCES of a file, of this `name` and of the edition that the store holds; None when there are none."""
    if edition(file, REFERENCES) != (name, edition(file)[1]):
        return None
    import pyarrow as pa

    try:
        return _read(path(file, REFERENCES), None, None, last=False)
    except (OSError, pa.ArrowException):
        return None


def of_territory(siren: str) -> pd.DataFrame | None:
    """Rows of one EPCI in the file of all of them; None when it cannot be read."""
    import pyarrow as pa

    try:
        return _read(path(EPCI), [siren], None, last=False, key=_TERRITORY)
    except (OSError, pa.ArrowException):
        return None


def edition(file: str, part: str = "") -> tuple[str, str]:
    """Edition and SHA-256 of the file that the store holds; two empty texts when it holds none, or one that is damaged."""
    return _edition_at(path(file, part))


def _edition_at(place: Path) -> tuple[str, str]:
    try:
        found = place.stat()
    except OSError:
        return "", ""
    return _carried(place, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=64)
def _carried(place: Path, changed: int, size: int) -> tuple[str, str]:
    """What a Parquet says of itself: read again only when it has changed."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        written = pq.read_schema(place).metadata or {}
    except (OSError, pa.ArrowException):
        return "", ""
    return written.get(EDITION, b"").decode(), written.get(SHA256, b"").decode()


def here(source: str) -> bool:
    """Whether the store holds at least one file of the source."""
    return any(edition(file)[1] for file in files(source))


def state(file: str) -> str:
    """What a report that reads this file depends on: its edition and hash, or "absent"."""
    return _stated(edition(file))


def state_now(file: str) -> str:
    """The same of a file that a report has read, told without pandas: the register is not asked for it again."""
    return _stated(_edition_at(folder() / f"{file}.parquet"))


def _stated(found: tuple[str, str]) -> str:
    name, sha256 = found
    return f"{name} {sha256}" if sha256 else ABSENT


def of_communes(
    codes: Iterable[str] | None, source: str, *, columns: Sequence[str] | None = None, last: bool = False
) -> pd.DataFrame:
    """Rows of a source for these communes (None: all), as the readers of official files give them; empty without any.

    Codes are those of the files: an arrondissement, or a commune that has merged since, is asked for by its own. `columns`
    narrows what is read; `last` keeps the last `year` of each file. Raises UnknownName for a source without a file,
    DataError for a store that cannot be read, with the command that makes it again.
    """
    import pandas as pd

    names = None if codes is None else sorted({str(code) for code in codes})
    parts = []
    for file in files(source):
        found = state(file)
        catalog.record_read(READS, file, found)
        if found == ABSENT or names == []:
            continue
        parts.append(_told(file, names, columns, last=last))
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=columns)


def _told(file: str, names: list[str] | None, columns: Sequence[str] | None, *, last: bool) -> pd.DataFrame:
    import pyarrow as pa

    try:
        return _read(path(file), names, columns, last=last)
    except (OSError, pa.ArrowException) as error:
        raise DataError(
            f"{path(file)} ne se lit pas ({reason(error)}). Effacez-le et lancez « cpts get {file} »."
        ) from None


def of_file(file: str) -> pd.DataFrame:
    """All that the store holds of one file of the register. Raises as `of_communes`."""
    return _told(file, None, None, last=False)


def _read(
    place: Path, names: list[str] | None, columns: Sequence[str] | None, *, last: bool, key: str = _COMMUNE
) -> pd.DataFrame:
    """Rows of one Parquet: only the groups whose bounds hold a name asked for in the column `key`, then only its rows."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    foot = pq.ParquetFile(place)
    groups = range(foot.num_row_groups)
    if names is not None:
        groups_kept = []
        for group, bound in zip(groups, _bounds(foot, key), strict=True):
            first = bisect.bisect_left(names, bound.min)
            if first < len(names) and names[first] <= bound.max:
                groups_kept.append(group)
    else:
        groups_kept = list(groups)
    asked = {*([key] if names is not None else []), *(["year"] if last else [])}
    wanted = None if columns is None else [*columns, *sorted(asked - set(columns))]
    rows = foot.read_row_groups(groups_kept, columns=wanted)
    if names is not None:
        rows = rows.filter(pc.is_in(rows[key], pa.array(names, pa.string())))
    if last:
        rows = rows.filter(pc.equal(rows["year"], max(int(bound.max) for bound in _bounds(foot, "year"))))
    found: pd.DataFrame = rows.select(list(columns) if columns is not None else rows.column_names).to_pandas()
    return found


def _bounds(foot: Any, column: str) -> list[Any]:
    """Bounds of a column in each group of rows, from the foot of the file alone."""
    index = foot.schema_arrow.get_field_index(column)
    return [foot.metadata.row_group(group).column(index).statistics for group in range(foot.num_row_groups)]


def write(file: str, table: pd.DataFrame, *, name: str, sha256: str, part: str = "") -> None:
    """Write the Parquet of a file, whole or not at all: `name` is its edition, `sha256` that of the file read.

    Rows are sorted by commune where there are some. Raises DataError when it cannot be written.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = table.sort_values(_COMMUNE, kind="stable", ignore_index=True) if _COMMUNE in table else table
    arrow = pa.Table.from_pandas(rows, preserve_index=False)
    arrow = arrow.replace_schema_metadata(
        (arrow.schema.metadata or {}) | {EDITION: name.encode(), SHA256: sha256.encode()}
    )
    target = path(file, part)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(arrow, temporary, row_group_size=GROUP, compression="zstd")
        temporary.replace(target)
    except OSError as error:
        raise DataError(f"Impossible d'écrire « {target} » : {reason(error)}.") from None
    finally:
        temporary.unlink(missing_ok=True)


def editions() -> pd.DataFrame:
    """What the store holds, for readers: file, title, source, edition, first twelve characters of its SHA-256."""
    import pandas as pd

    known = register()
    rows = [
        (file, row["title_fr"], row["source"], name, sha256[:12])
        for file, row in known.iterrows()
        for name, sha256 in [edition(str(file))]
        if sha256
    ]
    return pd.DataFrame(rows, columns=["file", "title_fr", "source", "edition", "sha256"])


def advice(source: str) -> str:
    """French sentence for what is not here: the title of the source and the command that brings it; empty when it is."""
    if here(source):
        return ""
    title = register().loc[files(source)[0], "title_fr"]
    return f"Absent de cette machine : {title}. Lancez « cpts get {source} » une fois, avec le réseau."
