"""CSV files that a French spreadsheet opens right: semicolons, decimal commas, and the mark that says UTF-8.

The description of a table says how its file is written (Table Schema and CSV Dialect): `encoding` is `utf-8-sig`,
`dialect.delimiter` is `;` and each column of numbers has `decimalChar` `,`. A file saved again without the mark stays
readable.
"""

from __future__ import annotations

import copy
import csv
import io
import json
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from helpers.errors import DataError, reason

ENCODING = "utf-8-sig"
DELIMITER, DECIMAL = ";", ","


def described(resource: dict[str, Any]) -> dict[str, Any]:
    """The same table, described as a file for a French spreadsheet."""
    found = copy.deepcopy(resource) | {"encoding": ENCODING, "dialect": {"delimiter": DELIMITER}}
    for field in found["schema"]["fields"]:
        if field["type"] == "number":
            field["decimalChar"] = DECIMAL
    return found


def like(known: Sequence[dict[str, Any]], added: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Descriptions `added`, made for a spreadsheet when the tables `known` are."""
    ours = any(resource.get("encoding") == ENCODING for resource in known)
    return [described(resource) if ours else resource for resource in added]


def content(rows: Iterable[Sequence[str]], columns: Sequence[str], *, delimiter: str, encoding: str) -> bytes:
    """File of rows of text with that separator and that encoding; quotes where they are needed, line ends of Unix."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows([columns, *rows])
    return text.getvalue().encode(encoding)


def described_as(descriptor: dict[str, Any]) -> bytes:
    """Content of a `datapackage.json`."""
    return (json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n").encode()


def replace(contents: Mapping[Path, bytes]) -> None:
    """Write each file whole beside its place, then put all in place. Raises DataError with nothing changed when one cannot be."""
    drafts: dict[Path, Path] = {}
    try:
        for path, found in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as draft:
                drafts[path] = Path(draft.name)
                draft.write(found)
            # A temporary file is closed to others; the table is not.
            drafts[path].chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        for path, written in drafts.items():
            written.replace(path)
    except OSError as error:
        raise DataError(
            f"« {path} » ne peut pas être écrit ({reason(error)}) : rien n'a été écrit."
        ) from None
    finally:
        for written in drafts.values():
            written.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
