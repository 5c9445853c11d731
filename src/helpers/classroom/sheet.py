"""A sheet that needs no installation: the exercises done with a calculator, their tables, and sealed answers that explain.

One HTML file that opens from a folder or a key. Its script derives the key of a sentence from what is typed, as `sealing`
does: the file holds no answer and no hint in clear. Printed, it has boxes to write in and needs no script.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from typing import Any

from helpers.catalog import Study
from helpers.classroom import pieces
from helpers.errors import UnknownName
from helpers.pipeline import page_template
from helpers.seminar import exercises, expected, sealing

FILE = "fiche.html"
_CHECKED = re.compile(r"checks\.check\(\s*[\"'](\w+)[\"']")
_ROOM = 10_000
_ROWS = 40


def page(
    nodes: Iterable[Any], study: Study, *, salt: str, title: str = "Refaire les chiffres publiés"
) -> str:
    """The sheet of the exercises `by_hand` of executed notebooks of the seminar, in their order, as one HTML file."""
    known = exercises.exercises(study)
    by_hand = {name: "".join(shown) for node in nodes for name, shown in _asked(node) if known[name].by_hand}
    asked = [{"exercise": known[name], "html": html} for name, html in by_hand.items()]
    answers = {name: expected.of(known[name], study) for name in by_hand}
    data = {
        **sealing.sealed(answers, known, salt),
        "units": {name: known[name].unit for name in by_hand},
        "said": {"right": exercises.RIGHT, "wrong": exercises.WRONG, "empty": exercises.EMPTY},
    }
    return page_template.written(
        "sheet.html.j2",
        title=title,
        asked=asked,
        data=base64.b64encode(json.dumps(data, ensure_ascii=False).encode("utf-8")).decode(),
        **page_template.script("sheet.js"),
    )


def sessions(study: Study, asked: str = "") -> tuple[str, ...]:
    """Sessions that have an exercise `by_hand`, or the one asked. Raises UnknownName for another."""
    own = tuple(dict.fromkeys(item.session for item in exercises.exercises(study).values() if item.by_hand))
    if asked and asked not in own:
        raise UnknownName("Séance", asked, own)
    return (asked,) if asked else own


def _asked(node: Any) -> Iterable[tuple[str, list[str]]]:
    """Exercise and HTML of its statement and of its tables, for each check of a notebook."""
    shown: list[str] = []
    for number, cell in enumerate(node.cells, start=1):
        tags = cell.metadata.get("tags", [])
        if "enonce" in tags:
            # The sheet writes the title of the exercise itself.
            text = re.sub(r"^## .*\n", "", cell.source)
            shown = [piece.html for piece in pieces.of_markdown(text, room=_ROOM)]
        elif "controle" in tags and (found := _CHECKED.search(cell.source)):
            yield found[1], shown
        elif cell.cell_type == "code" and "reponse" not in tags:
            shown += [
                piece.html
                for output in cell.outputs
                for piece in pieces.of_output(output, number, room=_ROOM, most=_ROWS)
            ]
