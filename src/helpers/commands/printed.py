"""What a command that only reads the project printed, kept as long as nothing that it may read has changed."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path

from helpers.errors import RunError
from helpers.pipeline import batch, cache, store

NAME = "commandes.json"


def again(tell: Callable[[], None], *asked: object) -> None:
    """Print what `tell` prints; what it printed when it was last `asked` the same of the same project, without calling it.

    Kept in the cache of the project's reports, and forgotten as soon as a file of the program or of the project's data
    changes. What ends by an exception is not kept.
    """
    path = batch.DEFAULT_OUT / cache.FOLDER / NAME
    project, question = cache.project(), json.dumps([*asked, *_screen()], ensure_ascii=False)
    known = _known(path, project)
    text = known.get(question)
    if text is not None:
        sys.stdout.write(text)
        return
    recorded = _Recorded()
    try:
        with redirect_stdout(recorded):
            tell()
    finally:
        sys.stdout.write(recorded.getvalue())
    _keep(path, {"project": project, "printed": {**known, question: recorded.getvalue()}})


class _Recorded(io.StringIO):
    """What is printed, for a program that asks whether it is a screen."""

    def isatty(self) -> bool:
        return sys.__stdout__ is not None and sys.__stdout__.isatty()


def _screen() -> list[object]:
    # The same table is written in another way for a screen, and for a narrow one.
    if not sys.stdout.isatty():
        return []
    return [shutil.get_terminal_size().columns, os.environ.get("TERM"), os.environ.get("NO_COLOR")]


def _known(path: Path, project: str) -> dict[str, str]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["project"] == project:
            return {str(question): str(text) for question, text in content["printed"].items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        pass  # nothing kept, or nothing that can be read: it is computed
    return {}


def _keep(path: Path, content: dict[str, object]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        store.write(path, json.dumps(content, ensure_ascii=False))
    except (OSError, RunError):
        pass  # a folder that may not be written: computed again the next time
