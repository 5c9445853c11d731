"""A new notebook from its template, and notebooks stored as git keeps them: without outputs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from helpers.errors import DataError, RunError, UsageError, reason
from helpers.pipeline import parameters

_TEMPLATE = Path(__file__).parent / "notebook_template" / "modele.ipynb"
_SLUG = re.compile(r"\d{2}_[a-z0-9_]{3,60}")
# What a notebook needs to be run anywhere; JupyterLab adds the version of whoever saved it last.
_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def new(slug: str, *, title: str = "", folder: Path | None = None) -> Path:
    """Write the notebook `slug` ("13_effectifs") from the template; it renders as it is. Returns its path.

    Raises UsageError for another form of name, a number already taken or a file already there; RunError when it cannot be
    written.
    """
    place = folder or parameters.DEFAULT_FOLDER
    name = slug.removesuffix(".ipynb")
    if not _SLUG.fullmatch(name):
        raise UsageError(
            f"« {slug} » n'est pas un nom de carnet : deux chiffres, « _ », puis trois lettres ou plus, sans accent ni "
            "majuscule, comme 13_effectifs."
        )
    taken = [path.stem for path in sorted(place.glob(f"{name[:2]}_*.ipynb"))]
    if taken:
        raise UsageError(f"Le numéro {name[:2]} est pris par « {taken[0]} » : choisissez-en un autre.")
    node = json.loads(_TEMPLATE.read_text(encoding="utf-8"))
    node["cells"][0]["source"][0] = f"# {title or _title(name)}\n"
    path = place / f"{name}.ipynb"
    _write(path, stored(node))
    return path


def clean(paths: Iterable[Path] = ()) -> list[Path]:
    """Remove outputs, execution counts and traces of the editor from the notebooks `paths` (all of the project when empty).

    Returns those that changed. Raises DataError for a file that is not a notebook, RunError when one cannot be written.
    """
    changed = []
    for path in list(paths) or sorted(parameters.DEFAULT_FOLDER.rglob("*.ipynb")):
        node = parameters.content_of(path)
        try:
            kept = _kept(node)
        except KeyError:
            raise DataError(
                f"{path.name} n'est pas un carnet lisible (.ipynb) : une cellule n'a pas de nom."
            ) from None
        if kept != {**node, "cells": [{**cell, "source": _lines(cell)} for cell in node["cells"]]}:
            _write(path, stored(node))
            changed.append(path)
    return changed


def stored(node: dict[str, Any]) -> str:
    """Text of a notebook as git keeps it: laid out as JupyterLab saves it, without what one run or one editor leaves."""
    return json.dumps(_kept(node), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _kept(node: dict[str, Any]) -> dict[str, Any]:
    cells = []
    for cell in node["cells"]:
        metadata = {key: cell["metadata"][key] for key in ("slideshow", "tags") if cell["metadata"].get(key)}
        kept = {key: cell[key] for key in ("cell_type", "id")} | {
            "metadata": metadata,
            "source": _lines(cell),
        }
        cells.append(kept | ({"execution_count": None, "outputs": []} if cell["cell_type"] == "code" else {}))
    # What the project itself notes of a notebook (its place in the index) is no trace of an editor.
    ours = {key: value for key, value in node["metadata"].items() if key == "observatoire"}
    return {"cells": cells, "metadata": {**_METADATA, **ours}, "nbformat": 4, "nbformat_minor": 5}


def _lines(cell: dict[str, Any]) -> list[str]:
    source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
    return source.splitlines(keepends=True)


def _title(slug: str) -> str:
    return slug[3:].replace("_", " ").capitalize()


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise RunError(f"« {path} » n'a pas pu être écrit : {reason(error)}.") from None
