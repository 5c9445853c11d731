"""One source, three notebooks: the student's, the teacher's, and the one for after the class, with folded corrections.

The delimiters are those of nbgrader: a school that has it can use the same files.
"""

from __future__ import annotations

import re
from typing import Any

from helpers.errors import DataError

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
BLANK = "...  # votre réponse ici"
CORRECTION, TEACHER = "corrige", "formateur"
_REGION = re.compile(rf"^[ \t]*{BEGIN}[^\n]*\n(.*?)^[ \t]*{END}[^\n]*$", re.MULTILINE | re.DOTALL)
_MARKS = re.compile(rf"^[ \t]*(?:{BEGIN}|{END})[^\n]*\n?", re.MULTILINE)


def student(node: dict[str, Any]) -> dict[str, Any]:
    """The notebook without corrections, notes for the teacher, solutions and outputs; its cells all run to the end.

    Raises DataError for a region of solution that is not closed.
    """
    cells = [cell for cell in node["cells"] if not _tags(cell) & {CORRECTION, TEACHER}]
    return {**node, "cells": [_with(cell, _REGION.sub(BLANK, _closed(cell))) for cell in cells]}


def teacher(node: dict[str, Any]) -> dict[str, Any]:
    """The notebook with everything, the marks of the solutions out. Raises DataError as `student` does."""
    return {**node, "cells": [_with(cell, _MARKS.sub("", _closed(cell))) for cell in node["cells"]]}


def after(node: dict[str, Any]) -> dict[str, Any]:
    """The student's notebook with each solution and correction folded under its exercise. Raises DataError as `student` does."""
    cells: list[dict[str, Any]] = []
    waiting = ""
    for cell in node["cells"]:
        source = _closed(cell)
        if _tags(cell) & {TEACHER}:
            continue
        if _tags(cell) & {CORRECTION}:
            told = f"<details><summary>Correction</summary>\n\n{source}\n\n{_fenced(waiting)}</details>"
            cells.append(_with(cell, told))
            waiting = ""
            continue
        found = _REGION.search(source)
        waiting = found[1] if found else waiting
        cells.append(_with(cell, _REGION.sub(BLANK, source)))
    return {**node, "cells": cells}


def solution_lines(node: dict[str, Any]) -> set[str]:
    """Lines of code that only the teacher may see, blanks apart."""
    return {
        line.strip()
        for cell in node["cells"]
        for region in _REGION.findall(_closed(cell))
        for line in region.splitlines()
        if line.strip()
    }


def _closed(cell: dict[str, Any]) -> str:
    source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
    if len(_REGION.findall(source)) != source.count(BEGIN) or source.count(BEGIN) != source.count(END):
        raise DataError(
            f"Cellule « {cell.get('id', '?')} » : une région « {BEGIN} » n'est pas fermée par « {END} »."
        )
    return source


def _with(cell: dict[str, Any], source: str) -> dict[str, Any]:
    cleared: dict[str, Any] = {"outputs": [], "execution_count": None} if cell["cell_type"] == "code" else {}
    return {**cell, **cleared, "source": source.splitlines(keepends=True)}


def _fenced(code: str) -> str:
    return f"```python\n{code.rstrip()}\n```\n\n" if code else ""


def _tags(cell: dict[str, Any]) -> set[str]:
    return set(cell["metadata"].get("tags", []))
