"""`cpts get` for the files that move with their publisher: fetch or find an edition, read it, store it by commune.

The first fetch is accepted when the reader accepts the file and when its rows are within 20 % of the edition before. A second
run finds the same edition by the lock and reads it again only if the store has lost it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pandas as pd

from helpers import french
from helpers.errors import DataError, UnknownName, UsageError, reason
from helpers.intake.official import ameli, contours, dossier, drees, finess, finess_plus, insee, rpps
from helpers.territory import downloads, editions, store
from helpers.territory.diagnosis import national
from helpers.territory.editions import Edition, Received

MOST_CHANGE = 0.2  # share of the rows that an edition may gain or lose against the one before
NOMINATIVE = ("rpps",)  # read, counted, deleted, unless it is asked to keep them


def names(asked: Sequence[str]) -> tuple[list[str], list[str]]:
    """Pinned files and moving files among the names asked for ("apl" is five files). Raises UnknownName for any other."""
    pinned, moving = set(downloads.register().index), store.register()
    sources = set(moving["source"])
    fixed, moved = [], []
    for name in asked:
        if name in pinned:
            fixed.append(name)
        elif name in moving.index:
            moved.append(name)
        elif name in sources:
            moved += store.files(name)
        else:
            raise UnknownName("Fichier", name, pinned | set(moving.index) | sources)
    return fixed, list(dict.fromkeys(moved))


def bring(
    file: str,
    *,
    update: bool = False,
    locked: bool = False,
    edition: str = "",
    keep: bool = False,
    given: Path | None = None,
) -> Iterator[str]:
    """Bring a moving file into the store; yields French sentences on what was done.

    Without option, the last edition of the lock is used, or a first one is fetched. `update` looks for a newer one and falls
    back on the last when no address answers; `locked` fetches the last edition again and refuses another hash; `edition` goes
    back to one of the lock; `given` is a file that the user has downloaded; `keep` keeps a nominative file. Raises DataError
    with nothing changed for a file that is refused, UnknownName for an edition that is not in the lock, UsageError for options
    that exclude each other.
    """
    if sum(map(bool, (update, locked, edition, given))) > 1:
        raise UsageError("« --update », « --locked », « --edition » et « --from » s'excluent : gardez-en un.")
    last = editions.of(file, edition)
    if given is None and not update and not locked and last is not None:
        yield _again(file, last)
        return
    if locked and last is None:
        raise DataError(f"{file} : rien dans le verrou à reprendre. Lancez « cpts get {file} » d'abord.")
    try:
        received = editions.receive(
            file,
            given=given,
            exactly=last.final_address if locked and last and "://" in last.final_address else "",
        )
    except DataError as error:
        if not update or last is None:
            raise
        yield f"{error} {_again(file, last)}"
        return
    try:
        yield from _take(file, received, last, same=locked, keep=keep)
    finally:
        shutil.rmtree(editions.reception(), ignore_errors=True)


def _again(file: str, last: Edition) -> str:
    """Use an edition of the lock: the store as it is, or made again from the file that was kept."""
    if store.edition(file) == (last.edition, last.sha256):
        if last.kept:
            editions.whole(last)
        return f"{file} : déjà là, {last.told()}, {editions.age(last)}."
    table, _, _ = read(file, editions.whole(last), last.published)
    _store(file, table, last.edition, last.sha256)
    return f"{file} : {last.told()} relue, {editions.age(last)}."


def _take(file: str, received: Received, last: Edition | None, *, same: bool, keep: bool) -> Iterator[str]:
    sha256 = editions.digest(received.path)
    if same and last is not None and sha256 != last.sha256:
        raise DataError(
            f"{file} : l'éditeur ne publie plus l'{last.told()} : le fichier reçu a l'empreinte {sha256[:12]}"
            f"{_named(file, received)}. Rien n'a été remplacé ; « cpts get {file} --update » prend la nouvelle édition."
        )
    known = next((line for line in editions.locked(file) if line.sha256 == sha256), None)
    table, name, sentences = read(file, received.path, received.published)
    before = known or last
    newest = max((line.edition for line in editions.locked(file)), default="")
    older = name < newest and not newest.startswith(
        name
    )  # a second content of one day has that day and its hash
    if known is None and older and received.how != editions.GIVEN:
        raise DataError(
            f"{file} : l'adresse donne l'édition {name}, plus ancienne que l'édition {newest} du verrou. Rien n'a été remplacé ; "
            f"« cpts get {file} --from FICHIER » prend un fichier choisi."
        )
    if known is None and last is not None and last.rows:
        change = len(table) / last.rows - 1
        if abs(change) > MOST_CHANGE:
            raise DataError(
                f"{file} : {french.number(len(table))} lignes au lieu de {french.number(last.rows)} dans l'{last.told()} "
                f"({french.signed(100 * change, 0)} %). Rien n'a été remplacé : vérifiez le fichier."
            )
    if known is None and any(line.edition == name for line in editions.locked(file)):
        yield f"{file} : l'éditeur a changé le contenu de l'édition {name} ; la nouvelle est gardée à côté, sous son empreinte."
        name = f"{name}-{sha256[:8]}"
    if known is not None:
        name = known.edition
    kept = "" if file in NOMINATIVE and not keep else _keep(file, name, received.path)
    _store(file, table, name, sha256)
    if known is None or known.kept != kept:
        editions.record(
            Edition(
                file, name, received.address, received.final_address, editions.today(), received.published,
                received.path.stat().st_size if received.path.exists() else (store.folder() / kept).stat().st_size,
                len(table), sha256, kept,
            )
        )  # fmt: skip
    yield from sentences
    new = "" if before is None or before.sha256 != sha256 else ", la même qu'avant"
    yield f"{file} : {received.how}, édition {name} ({sha256[:12]}), {french.number(len(table))} lignes{new}."


def _named(file: str, received: Received) -> str:
    """Edition of a file that came in the place of another, when its reader finds one."""
    try:
        return f" (édition {read(file, received.path, received.published)[1]})"
    except DataError:
        return " (illisible)"


def _store(file: str, table: pd.DataFrame, name: str, sha256: str) -> None:
    store.write(file, table, name=name, sha256=sha256)
    national.write(file, table)


def _keep(file: str, name: str, path: Path) -> str:
    place = store.folder() / file / name / path.name
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        path.replace(place)
    except OSError as error:
        raise DataError(f"Impossible d'écrire « {place} » : {reason(error)}.") from None
    return place.relative_to(store.folder()).as_posix()


def read(file: str, path: Path, published: str = "") -> tuple[pd.DataFrame, str, list[str]]:
    """Rows of a moving file by its own reader, the name of its edition as its content says it, and what was left out.

    `published` is the date of the publisher, for a file that says none. Raises DataError when neither says it.
    """
    try:
        return _READERS[str(store.register().loc[file, "source"])](path, published)
    except UsageError:
        raise DataError(
            f"{path.name} ne dit pas sa date : donnez à son nom celle qui est écrite sur la page de téléchargement, par "
            f"exemple « {file}-2026-05-12{path.suffix} » (pour des populations, l'année du recensement)."
        ) from None


def _apl(path: Path, _: str) -> tuple[pd.DataFrame, str, list[str]]:
    table = drees.load(path, years=drees.years(path))
    years = sorted(table["year"].unique())
    return table, "-".join(str(year) for year in dict.fromkeys((years[0], years[-1]))), []


def _finess(path: Path, _: str) -> tuple[pd.DataFrame, str, list[str]]:
    table = finess.load(path, categories=list(finess_plus.labels().index))
    return table, _day(table), []


def _dossier(path: Path, _: str) -> tuple[pd.DataFrame, str, list[str]]:
    table = dossier.load(path)
    absent = dossier.absent(table)
    said = [f"Cette édition du dossier complet n'a pas : {' ; '.join(absent)}."] if absent else []
    return table, str(table["year"].iloc[0]), said


def _populations(path: Path, _: str) -> tuple[pd.DataFrame, str, list[str]]:
    # The file does not say its year: its name does, and the register's address is that of one year.
    table = insee.load(path)
    return table, str(table["year"].iloc[0]), []


def _ameli(path: Path, _: str) -> tuple[pd.DataFrame, str, list[str]]:
    table = ameli.load(path)
    return table, str(table["year"].max()), []


def _rpps(path: Path, published: str) -> tuple[pd.DataFrame, str, list[str]]:
    table, sentences = rpps.load(path, extracted=rpps.dated(path) or published or None, shares=True)
    return table, _day(table), sentences


def _contours(path: Path, _: str) -> tuple[pd.DataFrame, str, list[str]]:
    table = contours.load(path)
    return table, str(table["year"].iloc[0]), []


def _day(table: pd.DataFrame) -> str:
    return f"{table['extracted'].iloc[0]:%Y-%m-%d}"


_READERS: dict[str, Callable[[Path, str], tuple[pd.DataFrame, str, list[str]]]] = {
    "apl": _apl,
    "finess": _finess,
    "insee-dossier": _dossier,
    "insee-populations": _populations,
    "ameli": _ameli,
    "rpps": _rpps,
    "ign": _contours,
}
