"""What the names in a file of coded material become: codes, so that no name of a person enters a package.

A coder is known by a number in order of appearance (1, 2…), never by an account name or an address. A source keeps its title
when the title is already a code (`[A-Za-z0-9_-]{1,40}`, as every code of a package); otherwise it gets a slug of its title,
and when the title holds a name of the package's `noms.txt`, only its rank ("source-3"). An attribute that would name a person
(`names_someone`) is left out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from helpers import french
from helpers.catalog import names as person_names
from helpers.errors import UsageError

CODE = re.compile(r"[A-Za-z0-9_-]{1,40}")
LONGEST = 40
_FILE_ENDING = re.compile(r"\.(?:txt|html?|docx?|odt|rtf|pdf|md|epub)$", re.IGNORECASE)
# A coder already written as a code: 1, C2, codeur_3.
_CODER = re.compile(r"(?:[A-Za-z]|codeur|coder)?[ _-]?[0-9]{1,3}", re.IGNORECASE)
# Attributes that would bring people in: matched on the words of their name.
_PERSONAL = {
    "nom", "noms", "prenom", "prenoms", "name", "surname", "firstname", "lastname", "mail", "email", "courriel", "telephone",
    "tel", "phone", "adresse", "address",
}  # fmt: skip


def slug(title: str) -> str:
    """Title as a code of at most 40 letters, digits and hyphens: "Entretien n° 2 – été" gives "entretien-n-2-ete"."""
    return "-".join(_words(title))[:LONGEST].strip("-")


def _words(title: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", french.plain(title))


def source_codes(titles: Iterable[str], names: Sequence[str] = ()) -> dict[str, str]:
    """Code of each title, in order: itself, its slug, or "source-" and its rank when a name of `names` is in it."""
    codes: dict[str, str] = {}
    taken: set[str] = set()
    for rank, title in enumerate(dict.fromkeys(titles), start=1):
        bare = _FILE_ENDING.sub("", title.strip())
        code = bare if CODE.fullmatch(bare) else slug(bare)
        if not code or person_names.names_in(title, names) or person_names.names_in(code, names, code=True):
            code = f"source-{rank}"
        codes[title] = _free(code, taken)
    return codes


def another_title(title: str, taken: Collection[str], number: int) -> str:
    """Title with the first number, from `number` on, that makes it none of those `taken`: "Entretien (2)"."""
    while f"{title} ({number})" in taken:
        number += 1
    return f"{title} ({number})"


def coder_codes(accounts: Iterable[str]) -> dict[str, str]:
    """Code of each account: itself when it is one already ("2", "C2"), for all of them or for none, else 1, 2… in order."""
    found = list(dict.fromkeys(accounts))
    if all(_CODER.fullmatch(account) for account in found):
        return {account: re.sub(r"\s", "_", account) for account in found}
    return {account: str(rank) for rank, account in enumerate(found, start=1)}


def names_someone(attribute: str, value: str, names: Sequence[str] = ()) -> bool:
    """Whether an attribute of a source holds a name, an address or a telephone, or its value a name of `names`."""
    return not _PERSONAL.isdisjoint(_words(attribute)) or bool(person_names.names_in(value, names))


def coder_option(code: str) -> str:
    """Code of a coder given on the command line. Raises UsageError when it is not a code."""
    if not CODE.fullmatch(code):
        raise UsageError(
            f"Codeur « {code} » : écrivez un code de lettres, chiffres, « _ » ou « - », sans nom de personne."
        )
    return code


def path_codes(paths: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], str]:
    """Code of each path of labels, from the first level to its own: ("Freins", "Temps") gives "freins.temps"."""
    codes: dict[tuple[str, ...], str] = {}
    taken: set[str] = set()
    for rank, path in enumerate(dict.fromkeys(paths), start=1):
        code = ".".join(slug(label) or f"code-{rank}" for label in path)
        codes[path] = _free(code, taken)
    return codes


def _free(code: str, taken: set[str]) -> str:
    """The code, or with a number when it is `taken`; it is then taken."""
    candidate, rank = code, 2
    while candidate in taken:
        candidate = f"{code[: LONGEST - 4] if CODE.fullmatch(code) else code}-{rank}"
        rank += 1
    taken.add(candidate)
    return candidate
