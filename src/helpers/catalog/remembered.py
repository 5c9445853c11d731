"""What is made once of tables and asked for many times: it carries the tables that it was made from.

A report depends on each table that it read. A result made before it began, by the process that its kernel is forked from, counts
as read when it is asked for; when one of its tables has changed since, it is made again.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from helpers.catalog import package, tables
from helpers.catalog.study import Study
from helpers.errors import ObservatoireError

T = TypeVar("T")
P = ParamSpec("P")


def remembered(make: Callable[[], T]) -> Callable[[], T]:
    """The function `make`, called once: each call notes what it read (`catalog.reads`) as if it had been called again."""
    made: list[tuple[T, package.Reads]] = []

    @wraps(make)
    def found() -> T:
        if not made or not _as_then(made[0][1]):
            with package.noted() as needed:
                value = make()
            made[:] = [(value, needed)]
        return made[0][0]

    return found


def once_per_study(make: Callable[Concatenate[Study, P], T]) -> Callable[Concatenate[Study, P], T]:
    """The function `make`, called once for each study and arguments (which must be hashable): see `Study.once`."""

    @wraps(make)
    def found(study: Study, /, *args: P.args, **options: P.kwargs) -> T:
        asked = (make, args, tuple(sorted(options.items())))
        return study.once(asked, lambda: make(study, *args, **options))

    return found


def _as_then(needed: package.Reads) -> bool:
    """Note these tables as read, unless one of them is no longer what it was."""
    for (folder, name), state in needed.items():
        if package.state_read(folder, name) != state and _state(folder, name) != state:
            return False
    package.record_reads(needed)
    return True


def _state(folder: str, name: str) -> str:
    try:
        return tables.digest(name, folder)
    except ObservatoireError:
        return ""
