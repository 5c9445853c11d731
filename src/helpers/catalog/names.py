"""Names of persons that no page may print: the list `noms.txt` of a package, and where a text holds one of them.

A name is found in the spellings that a reader would recognise: accents, capitals, hyphens and spaces of any kind, its words in
another order or glued, Saint or St, cut at the end of a line, in initials with their points, and each of its words alone when
it has a capital. What cannot be told from a common word (a surname in small letters, initials without points, a slip of one
letter) stays, and `doubtful` says in which texts.
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import permutations
from pathlib import Path

from helpers.catalog.package import NAMES_FILE, Package, open_package, record_read
from helpers.errors import DataError

REPLACED_BY = "[nom]"
# Letters that Unicode does not take apart, and marks that are written in several ways.
_SPELLED = {
    "œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "’": "'", "‘": "'", "ʼ": "'",
} | dict.fromkeys("‐‑‒–—−", "-")  # fmt: skip
# Words of a name that say nobody when they stand alone.
_PARTICLES = {
    "de", "du", "des", "la", "le", "les", "van", "von", "der", "den", "ben", "bin", "el", "al", "saint", "sainte", "st", "ste",
    "dos", "das", "san", "mac",
}  # fmt: skip
_TITLES = r"(?:(?:madame|mme|mlle|monsieur|mr|m|docteur|dr|pr)[\s.]*)?"
_SEPARATOR = r"[\s_.'-]*"
# In another order, a comma may part the name from the first name.
_COMMA = r"(?:\s*,\s*|[\s_.'-]*)"
_CUT = re.compile(r"(?<=[^\W\d_])[-‐‑\u00ad][ \t]*\r?\n\s*(?=[^\W\d_])")
_SHORTEST_ALONE = 3


def read_names(package: Package | Path | str) -> tuple[str, ...]:
    """Names of `noms.txt` in the package, one per line, none when there is no such file; `#` starts a remark.

    Raises DataError when the file is not UTF-8: an unread list of names would protect nobody.
    """
    source = open_package(package)
    record_read(source.key, NAMES_FILE, names_digest(source))
    return _listed(_content(source), source.folder / NAMES_FILE)


def read_list(path: Path) -> tuple[str, ...]:
    """Names of a list that stands anywhere, as `read_names` reads that of a package; none when there is no such file."""
    try:
        return _listed(path.read_bytes(), path) if path.exists() else ()
    except OSError:
        raise DataError(f"« {path} » ne se lit pas : enregistrez la liste des noms en UTF-8.") from None


def _listed(content: bytes, place: Path) -> tuple[str, ...]:
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise DataError(f"« {place} » ne se lit pas : enregistrez la liste des noms en UTF-8.") from None
    names = (line.partition("#")[0].strip() for line in lines)
    return tuple(dict.fromkeys(name for name in names if name))


def names_digest(package: Package | Path | str) -> str:
    """Mark of the list of names, by which a report knows that it has changed; empty without a list.

    It is keyed: a plain hash gives a short list back to whoever tries a dictionary of names. The key is drawn once on a
    machine and stays in the cache folder of its user, never beside the pages.
    """
    content = _content(open_package(package))
    return hmac.new(_key(), content, "sha256").hexdigest()[:32] if content else ""


def without_names(text: str, names: Sequence[str]) -> str:
    """Text in which each name of the list is "[nom]", in the spellings that this module says.

    A letter before or after makes another word, which stays. Names that overlap are replaced together.
    """
    if not names or not text:
        return text
    plain, origins = _folded(text)
    spans: list[tuple[int, int]] = []
    for first, last in sorted(_found(plain, origins, text, names)):
        if spans and first < spans[-1][1]:
            first, last = spans[-1][0], max(spans.pop()[1], last)
        spans.append((first, last))
    pieces, done = [], 0
    for first, last in spans:
        start, end = origins[first], origins[last - 1] + 1
        # An accent written as a character of its own belongs to the letter before.
        while end < len(text) and not _letters(text[end]):
            end += 1
        pieces += [text[done:start], REPLACED_BY]
        done = end
    return "".join([*pieces, text[done:]])


def names_in(text: str, names: Sequence[str], *, code: bool = False) -> list[str]:
    """Names of the list that the text has, as `without_names` finds them; in a `code`, which has no capitals, small words too."""
    given = text.title() if code else text
    return [name for name in names if without_names(given, [name]) != given]


def doubtful(text: str, names: Sequence[str]) -> bool:
    """Whether a text may still show a name once `without_names` has read it: a person must read it again."""
    if not names:
        return False
    left = without_names(text, names).replace(REPLACED_BY, " ")
    plain = _folded(left)[0]
    words = set(re.findall(r"[^\W\d_]+", plain))
    squeezed = "".join(re.findall(r"[^\W\d_]", plain))
    for name in names:
        parts = _words(name)
        initials = "".join(part[0] for part in parts)
        if len(parts) > 1 and re.search(rf"(?<!\w){re.escape(initials.upper())}(?!\w)", left):
            return True
        for part in parts:
            if len(part) < _SHORTEST_ALONE or part in _PARTICLES:
                continue
            if part in words or (len(part) > _SHORTEST_ALONE and part in squeezed):
                return True
            if len(part) > 4 and (part[::-1] in squeezed or any(_near(word, part) for word in words)):
                return True
            if len(part) > 4 and any(
                word == part[: len(word)] for word in words if len(word) > _SHORTEST_ALONE
            ):
                return True
    return False


def _content(package: Package) -> bytes:
    path = package.inside(NAMES_FILE)
    try:
        return path.read_bytes() if path.exists() else b""
    except OSError:
        raise DataError(f"« {path} » ne se lit pas : enregistrez la liste des noms en UTF-8.") from None


@lru_cache(maxsize=1)
def _key() -> bytes:
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path(os.path.expanduser("~")) / ".cache")
    path = folder / "observatoire-cpts" / "noms.key"
    drawn = secrets.token_bytes(32)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(drawn)
        try:
            if not path.exists():
                draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        return path.read_bytes()
    except OSError:
        # Without a place of its own the key lasts as long as the process: the report is made again next time.
        return drawn


def _found(plain: str, origins: list[int], text: str, names: Iterable[str]) -> Iterable[tuple[int, int]]:
    for name in names:
        for pattern, capital in _patterns(name):
            for match in pattern.finditer(plain):
                if not capital or text[origins[match.start()]] != text[origins[match.start()]].lower():
                    yield match.span()


@lru_cache(maxsize=4096)
def _patterns(name: str) -> tuple[tuple[re.Pattern[str], bool], ...]:
    """Regular expressions of a name on folded text, each with whether its first letter must be a capital."""
    parts = _words(name)
    if not parts:
        return ()
    orders = list(permutations(parts)) if len(parts) <= 3 else [tuple(parts), (parts[-1], *parts[:-1])]
    found = [
        ((_SEPARATOR if order == tuple(parts) else _COMMA).join(map(_spelled, order)), False)
        for order in orders
    ]
    if len(parts) > 1:
        alone = [part for part in parts if len(part) >= _SHORTEST_ALONE and part not in _PARTICLES]
        found += [(_TITLES + _spelled(part), True) for part in alone]
        found.append((r"[\s-]*".join(rf"{re.escape(part[0])}\." for part in parts), True))
    return tuple(
        (re.compile(rf"(?<![^\W\d_])(?:{pattern})(?![^\W\d_])"), capital) for pattern, capital in found
    )


def _words(name: str) -> list[str]:
    """Words of a name, folded; none when it has nothing but signs."""
    words = [word for word in re.split(r"[\s_.,;'-]+", _folded(name)[0].strip()) if word]
    return words if any(character.isalnum() for word in words for character in word) else []


def _spelled(part: str) -> str:
    """A word of a name: Saint in its short forms, and letters set apart by a point, a space or the end of a line."""
    if part in ("saint", "st"):
        return r"(?:saint|st\.?)"
    if part in ("sainte", "ste"):
        return r"(?:sainte|ste\.?)"
    between = r"[\s.·]?" if len(part) > _SHORTEST_ALONE else ""
    return between.join(map(re.escape, part))


def _near(word: str, part: str) -> bool:
    """Whether a word is the other but for one letter changed, added, lost, or two that changed places."""
    if abs(len(word) - len(part)) > 1:
        return False
    edits = {part[:k] + part[k + 1 :] for k in range(len(part))} | {part}
    if len(word) == len(part):
        swapped = {part[:k] + part[k + 1] + part[k] + part[k + 2 :] for k in range(len(part) - 1)}
        return word in swapped or sum(a != b for a, b in zip(word, part, strict=True)) <= 1
    return word in edits or part in {word[:k] + word[k + 1 :] for k in range(len(word))}


def _folded(text: str) -> tuple[str, list[int]]:
    """Text in lower case without accents nor cuts at line ends, and for each of its characters the position it comes from."""
    cut = {place for match in _CUT.finditer(text) for place in range(*match.span())}
    plain: list[str] = []
    origins: list[int] = []
    for position, character in enumerate(text):
        for letter in () if position in cut else _letters(character):
            plain.append(letter)
            origins.append(position)
    return "".join(plain), origins


@lru_cache(maxsize=4096)
def _letters(character: str) -> str:
    """What a character becomes: nothing for a combining accent, a soft hyphen or another mark that is not seen."""
    low = character.casefold()
    spelled = "".join(_SPELLED.get(letter, letter) for letter in low)
    parts = unicodedata.normalize("NFKD", spelled)
    return "".join(part for part in parts if unicodedata.category(part) not in ("Mn", "Cf"))
