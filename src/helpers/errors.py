"""The few exceptions of the project. Their text is one plain sentence for the user: what, where, what to do."""

from __future__ import annotations

import errno
from collections.abc import Iterable

# Why the system refuses to write, which it only says in English.
_REASONS = {
    errno.EACCES: "droits insuffisants",
    errno.EPERM: "droits insuffisants",
    errno.EROFS: "emplacement en lecture seule",
    errno.ENOSPC: "disque plein",
    errno.ENAMETOOLONG: "nom trop long",
    errno.EINVAL: "nom refusé par le système",
    errno.ENOENT: "fichier ou dossier absent",
    errno.ENOTDIR: "un dossier du chemin est un fichier",
    errno.EEXIST: "un dossier du chemin est un fichier",
    errno.EISDIR: "c'est un dossier",
}

_SHOWN = 14  # names listed when none looks like the one given; the notebooks are that many


class ObservatoireError(Exception):
    """Any fault that the user can understand and mend; the CLI prints it without a traceback."""

    exit_code = 1


class UsageError(ObservatoireError):
    """The command or the parameter asked for does not exist or has the wrong form."""

    exit_code = 2


class UnknownName(UsageError):
    """A notebook, parameter, table, column or claim that is not in the catalogue."""

    def __init__(self, kind: str, name: object, known: Iterable[object]) -> None:
        import difflib

        names = sorted(str(item) for item in known)
        # Half a short word alike is no likeness: "Z" is not "OZON".
        close = difflib.get_close_matches(str(name), names, n=3, cutoff=0.41)
        more = f" et {len(names) - _SHOWN} autres" if len(names) > _SHOWN else ""
        hint = (
            f"Vouliez-vous dire : {', '.join(close)} ?"
            if close
            else f"Noms connus : {', '.join(names[:_SHOWN])}{more}."
            if names
            else "Il n'y en a encore aucun."
        )
        super().__init__(f"{kind} inconnu(e) : « {name} ». {hint}")


class DataError(ObservatoireError):
    """A table or a cell that cannot be read as the catalogue says."""


class NotComputable(ObservatoireError):
    """A result that the method refuses to give; the text says which rule refuses it."""


class RunError(ObservatoireError):
    """A notebook that did not run to its end, or a report that could not be written."""


def nearest(text: str, known: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """The known word that looks most like the text, None when none does."""
    import difflib

    return next(iter(difflib.get_close_matches(text, sorted(known), n=1, cutoff=cutoff)), None)


def reason(error: OSError) -> str:
    """Why the system refused to read or write, in a few French words."""
    return _REASONS.get(error.errno or 0, f"erreur {error.errno} du système")
