"""Pinned downloads: files read at run time, never kept in the repository, each with its official address and SHA-256.

The register is the table `open/downloads` of the catalogue. A file counts as present only with the recorded checksum, so
that half a file or another edition is never read.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from helpers import catalog
from helpers.errors import DataError, UnknownName, reason

if TYPE_CHECKING:
    import pandas as pd

    from helpers.page import display

READS = "data/external"
MIRROR, PLACE = "CPTS_MIRROR", "CPTS_EXTERNAL"
TIMEOUT = 30  # seconds without an answer


@catalog.remembered
def register() -> pd.DataFrame:
    """Every pinned file, indexed by name: title, address, sha256, size in bytes, dates and licence."""
    return catalog.load("open/downloads", catalog.DEFAULT_FOLDER).set_index("file")


def folder() -> Path:
    """Where the files are kept: the folder named by CPTS_EXTERNAL, else `data/external` of the project."""
    return Path(os.environ.get(PLACE) or catalog.DEFAULT_FOLDER / "external")


def is_sound(path: Path, sha256: str) -> bool:
    """Whether the file exists with this checksum."""
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256


def present(name: str) -> bool:
    """Whether the pinned file `name` is here, whole. Raises UnknownName for a name that is not in the register."""
    known = register()
    if name not in known.index:
        raise UnknownName("Fichier", name, known.index)
    found = is_sound(folder() / name, str(known.loc[name, "sha256"]))
    # Its content is pinned: a report depends only on whether the file is here.
    catalog.record_read(READS, name, state(found))
    return found


def state_now(name: str) -> str:
    """State of the pinned file `name` as it is now, told without pandas; of a file that has left the register too."""
    table = catalog.cells("open/downloads", catalog.DEFAULT_FOLDER)
    file, sha256 = map(table.header.index, ("file", "sha256"))
    pinned = {row[file]: row[sha256] for _, row in table.rows}
    return state(name in pinned and is_sound(folder() / name, pinned[name]))


def state(found: bool) -> str:
    """State of a pinned file in the list of things that a report read."""
    return "présent" if found else "absent"


def path(name: str) -> Path:
    """Path of the pinned file `name`. Raises UnknownName, or DataError with the remedy when it is not here, whole."""
    if not present(name):
        raise DataError(advice([name]))
    return folder() / name


def advice(names: Sequence[str]) -> str:
    """French sentence for readers: which of these files is missing or incomplete here and how to get it; empty if none."""
    missing = [name for name in names if not present(name)]
    if not missing:
        return ""
    titles = register().loc[missing, "title_fr"]
    listed = " ; ".join(f"{title} ({name})" for name, title in titles.items())
    return (
        f"Donnée absente ou incomplète sur cette machine : {listed}. "
        "Lancez « cpts get » une fois, avec le réseau, puis refaites ce rapport."
    )


def notice(names: Sequence[str]) -> display.Shown:
    """The same advice as a paragraph of a report."""
    from helpers.page import display

    return display.text(advice(names))


def status() -> pd.DataFrame:
    """Each pinned file with its state here ("présent", "absent ou incomplet"), for readers."""
    import pandas as pd

    known = register()
    return pd.DataFrame(
        {
            "Fichier": known.index,
            "Contenu": known["title_fr"].to_numpy(),
            "Révision du": known["published"].to_numpy(),
            "État": ["présent" if present(name) else "absent ou incomplet" for name in known.index],
        }
    )


def fetch(names: Sequence[str] = ()) -> Iterator[str]:
    """Bring the files `names` (all when empty) into `folder()`; yields one French sentence per file once it is there.

    A sound file is kept. Otherwise the folder named by CPTS_MIRROR is tried first, then the official address. A file takes
    its place only whole and with its checksum; what was there before a failure stays. Raises UnknownName, or DataError for
    a wrong checksum, no network or a folder that cannot be written.
    """
    known = register()
    for name in names:
        if name not in known.index:
            raise UnknownName("Fichier", name, known.index)
    try:
        folder().mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(f"Impossible d'écrire dans « {folder()} » : {reason(error)}.") from None
    for name in names or list(known.index):
        yield f"{name} : {_bring(name, str(known.loc[name, 'address']), str(known.loc[name, 'sha256']))}."


def _bring(name: str, address: str, sha256: str) -> str:
    if is_sound(folder() / name, sha256):
        return "déjà là"
    mirror = os.environ.get(MIRROR)
    if mirror and (Path(mirror) / name).is_file():
        _copy(Path(mirror) / name, sha256)
        return "copié du miroir"
    _download(name, address, sha256)
    return "téléchargé"


def _copy(source: Path, sha256: str) -> None:
    target = folder() / source.name
    temporary = target.with_name(f".{source.name}.{os.getpid()}.tmp")
    try:
        shutil.copyfile(source, temporary)
        if not is_sound(temporary, sha256):
            raise DataError(
                f"{source.name} : le fichier du miroir ({MIRROR}) n'a pas l'empreinte attendue ; rien n'a été remplacé. "
                "Corrigez le miroir ou retirez-le."
            )
        temporary.replace(target)
    except OSError as error:
        raise DataError(f"{source.name} : copie impossible ({reason(error)}).") from None
    finally:
        temporary.unlink(missing_ok=True)


def _download(name: str, address: str, sha256: str) -> None:
    # pooch brings in an HTTP client, which nothing else here needs.
    import pooch

    pooch.get_logger().setLevel("ERROR")
    try:
        pooch.retrieve(
            url=address,
            known_hash=f"sha256:{sha256}",
            fname=name,
            path=folder(),
            downloader=pooch.HTTPDownloader(timeout=TIMEOUT),
        )
    except ValueError:
        raise DataError(
            f"{name} : le fichier reçu est incomplet ou n'a pas l'empreinte attendue ; rien n'a été remplacé. "
            "Relancez « cpts get » ; si cela persiste, la source a changé."
        ) from None
    except OSError:
        raise DataError(
            f"{name} : l'adresse officielle ne répond pas ; rien n'a été remplacé. Vérifiez le réseau, indiquez un dossier de "
            f"copies par la variable {MIRROR}, ou posez dans « {folder()} » le fichier pris à la main : {address}"
        ) from None
