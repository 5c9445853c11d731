"""Plausible errors planted in a copy of a package: no check of the tables sees them, the ledger of published figures does."""

from __future__ import annotations

import csv
import io
import random
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pandas as pd

from helpers import catalog, french
from helpers.catalog import Study, once_per_study
from helpers.catalog.package import noted
from helpers.documents import claims, reproductions
from helpers.errors import ObservatoireError, UsageError
from helpers.intake import check as validation
from helpers.seminar import exercises, expected
from helpers.seminar.answers import answers
from helpers.seminar.slips import KINDS, Sheet, Slip, drawn

PLAN = "plan.csv"
COLUMNS = ("table", "key", "column", "kind", "printed_true", "printed_false", "claims")
_PER_TABLE = 2
_ATTEMPTS = 2000


class Altered(Study):
    """The tables of a study, some of them changed; the others are read once for both."""

    def __init__(self, study: Study, frames: Mapping[str, pd.DataFrame]) -> None:
        self.package = study.package
        self._tables, self._made = study._tables, {}
        self._frames = frames

    def table(self, name: str, *, optional: bool = False, words: bool = False) -> pd.DataFrame:
        """Table `name`, as it was changed if it was."""
        if name in self._frames:
            return self._frames[name].copy(deep=False)
        return super().table(name, optional=optional, words=words)


Verdicts = dict[str, str]


@dataclass(frozen=True)
class Ledger:
    """Verdicts of a package by topic of recomputation, and the tables that each topic reads."""

    study: Study
    verdicts: dict[str, Verdicts]
    reads: dict[str, set[str]]
    sheets: tuple[Sheet, ...]

    def topics(self, table: str) -> list[str]:
        """Topics that read a table."""
        return [topic for topic, tables in self.reads.items() if table in tables]


@dataclass(frozen=True)
class Planted:
    """One planted error and the claims whose verdict it moved."""

    slip: Slip
    claims: tuple[str, ...]


def ledger(folder: Path | str | None = None) -> Ledger:
    """Verdicts of every topic on the package of that folder, the project's when none is given; computed once."""
    return _ledger(str(folder or ""))


def plantable(package: catalog.Package) -> Ledger:
    """Ledger of a package where an error can be planted. Raises UsageError for one that has no register or no printed table."""
    # Without a register nothing is recomputed: the refusal comes at once.
    known = ledger(package.key) if package.describes("claims") else None
    if known is None or not known.sheets:
        raise UsageError(
            f"« {package.folder} » n'a ni registre ni tableau imprimé où planter une erreur : partez d'une copie de « data »."
        )
    return known


@lru_cache(maxsize=2)
def _ledger(folder: str) -> Ledger:
    study = Study(folder)
    recomputed, reads = {}, {}
    for topic, recompute in reproductions.topics().items():
        with noted() as needed:
            recomputed[topic] = once_per_study(recompute)(study)
        reads[topic] = {name for _, name in needed}
    names = sorted({name for asked in reads.values() for name in asked if _may_be_changed(name, study)})
    return Ledger(study, _verdicts(recomputed, study), reads, tuple(Sheet(name, study) for name in names))


def plant(
    source: Path | str | None,
    target: Path,
    seed: int | str,
    *,
    errors: int = 5,
    kinds: tuple[str, ...] = KINDS,
    known: Ledger | None = None,
) -> pd.DataFrame:
    """Copy a package to the new folder `target` and plant `errors` errors in it; returns the plan, one row per error.

    An error is taken only if each table stays sound, one verdict of the ledger at least moves that no other error moved, and no
    exercise changes its answer. The plan is not written in `target`. The same seed gives the same bytes. `known` is the ledger
    of a package with the same tables, so that a class computes it once. Raises UsageError when `target` is inside the source, is
    not empty, when nothing can be planted in that package (see `plantable`), or too few errors.
    """
    origin = catalog.open_package(source)
    _refuse(origin.folder, target)
    planted = _chosen(known or plantable(origin), f"{seed}", errors, kinds)
    shutil.copytree(
        origin.folder,
        target,
        dirs_exist_ok=True,
        ignore=shutil.ignore_patterns("external", ".*", "__pycache__"),
    )
    package = catalog.open_package(target)
    for item in planted:
        package.path(item.slip.table).write_text(_changed(item.slip, package), encoding="utf-8", newline="")
    validation.seal(package)
    rows = [
        (one.slip.table, one.slip.key, "printed", one.slip.kind, one.slip.before, one.slip.after, " ".join(one.claims))
        for one in planted
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _chosen(known: Ledger, seed: str, errors: int, kinds: tuple[str, ...]) -> list[Planted]:
    chance = random.Random(seed)
    frames: dict[str, pd.DataFrame] = {}
    verdicts = dict(known.verdicts)
    moved: set[str] = set()
    planted: list[Planted] = []
    for slip in _proposed(known, chance, kinds):
        if len(planted) == errors:
            return planted
        if sum(one.slip.table == slip.table for one in planted) == _PER_TABLE:
            continue
        changed = {**frames, slip.table: slip.applied(Altered(known.study, frames).table(slip.table))}
        study = Altered(known.study, changed)
        if not _sound(slip, known.study) or not _same_answers(slip.table, known.study, study):
            continue
        try:
            again = {topic: reproductions.topics()[topic](study) for topic in known.topics(slip.table)}
            new = _verdicts(again, study)
        except (ObservatoireError, ValueError, KeyError, ZeroDivisionError):
            continue
        moving = {
            name
            for topic in new
            for name, verdict in new[topic].items()
            if verdicts[topic].get(name) != verdict
        }
        if moving and not moving & moved:
            planted.append(Planted(slip, tuple(sorted(moving))))
            frames, moved = changed, moved | moving
            verdicts |= new
    if len(planted) < errors:
        raise UsageError(
            f"{french.plural(len(planted), 'erreur')} seulement se laissent planter, {errors} demandées : demandez-en moins."
        )
    return planted


def _proposed(known: Ledger, chance: random.Random, kinds: tuple[str, ...]) -> Iterator[Slip]:
    for _ in range(_ATTEMPTS):
        slip = drawn(known.sheets, chance, kinds)
        if slip is not None:
            yield slip


def _may_be_changed(name: str, study: Study) -> bool:
    folder = name.split("/")[0]
    if folder in ("open", "coding", "seminar", "examples", "documents") or "/" not in name:
        return False
    columns = study.package.table(name).columns if study.package.describes(name) else ()
    return {"printed", "value"} <= set(columns) and study.package.path(name).suffix == ".csv"


def _same_answers(table: str, before: Study, after: Study) -> bool:
    """Whether each exercise on this table keeps its answer and its known mistakes: only the hunt differs between students."""
    told = exercises.hints(before)
    for name, item in exercises.exercises(before).items():
        if table in item.tables:
            try:
                now = expected.expected(item, answers()[name], told.get(name, {}), after)
            except (ObservatoireError, ValueError, ZeroDivisionError):
                return False
            if now != expected.of(item, before):
                return False
    return True


def _sound(slip: Slip, study: Study) -> bool:
    """Whether the judge of the tables has nothing to say of the changed row."""
    table = study.package.table(slip.table)
    rows = list(csv.reader(io.StringIO(_changed(slip, study.package))))
    from helpers.files.grid import Grid

    _, faults, _ = table.judge(Grid(table.path, table.columns, list(enumerate(rows[1:], start=2))))
    return not faults


def _verdicts(recomputed: Mapping[str, claims.Recomputed], study: Study) -> dict[str, Verdicts]:
    """Verdicts by topic, judged in one table: no claim has two topics (see `reproductions.recompute`)."""
    every = {name: value for own in recomputed.values() for name, value in own.items()}
    told = {str(name): str(verdict) for name, verdict in claims.verdicts(every, study)["verdict"].items()}
    return {topic: {name: told[name] for name in own if name in told} for topic, own in recomputed.items()}


def _changed(slip: Slip, package: catalog.Package) -> str:
    """File of the table with the slip in it."""
    rows = list(csv.reader(io.StringIO(package.content(slip.table).decode("utf-8-sig"))))
    header, row = rows[0], rows[slip.row + 1]
    row[header.index("printed")], row[header.index("value")] = slip.after, f"{slip.value:.12g}"
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _refuse(source: Path, target: Path) -> None:
    inside = source.resolve() in (target.resolve(), *target.resolve().parents)
    if inside:
        raise UsageError(f"« {target} » est dans le paquet de départ : choisissez un autre dossier.")
    if target.exists() and any(target.iterdir()):
        raise UsageError(f"« {target} » n'est pas vide : choisissez un dossier neuf.")
