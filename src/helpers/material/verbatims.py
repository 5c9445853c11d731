"""Words of interviewees as they may be shown: without the names of a list, and never longer than a limit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from helpers.errors import DataError

REPLACED_BY = "[nom]"
SHORTEST, LONGEST = 20, 600
# Letters that Unicode does not take apart, and marks that are written in several ways.
_SPELLED = {
    "œ": "oe",
    "æ": "ae",
    "ß": "ss",
    "ø": "o",
    "ł": "l",
    "’": "'",
    "‘": "'",
    "ʼ": "'",
} | dict.fromkeys("‐‑‒–—−", "-")


def without_names(text: str, names: Sequence[str]) -> str:
    """Text in which each name of the list is "[nom]": whole words, whatever their accents, capitals, hyphens and spaces.

    A name of several words is replaced when they follow each other ("Anne-Lise Roux", "anne lise  ROUX"). A letter before or
    after makes another word, which stays. Names that overlap are replaced together.
    """
    plain, origins = _folded(text)
    found = sorted(
        match.span()
        for pattern in map(_pattern, names)
        if pattern
        for match in re.finditer(f"(?<![^\\W\\d_])(?:{pattern})(?![^\\W\\d_])", plain)
    )
    spans: list[tuple[int, int]] = []
    for first, last in found:
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


def names_in(text: str, names: Sequence[str]) -> list[str]:
    """Names of the list that the text has, as `without_names` finds them; in a code, hyphens and underscores part words."""
    return [name for name in names if without_names(text, [name]) != text]


def shortened(text: str, length: int) -> str:
    """Text of at most `length` characters on one line, cut at a word and ended by "…" when it is longer.

    Raises DataError when `length` is not between 20 and 600.
    """
    if not SHORTEST <= length <= LONGEST:
        raise DataError(
            f"La longueur des extraits doit être comprise entre {SHORTEST} et {LONGEST} caractères (reçu : {length})."
        )
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    head = line[: length - 1]
    if " " in head[:-1]:
        # The space after "…" is counted: the limit holds for what is shown.
        head = head[: head.rindex(" ")].rstrip(" ,;:.!?«(-–—")
        return f"{head} …" if len(head) + 2 <= length else f"{head}…"
    return f"{head}…"


def _pattern(name: str) -> str:
    """Regular expression of a name, empty when the name has nothing but spaces and hyphens."""
    words = re.split(r"[\s-]+", _folded(name)[0].strip())
    return r"[\s_-]+".join(re.escape(word) for word in words if word)


def _folded(text: str) -> tuple[str, list[int]]:
    """Text in lower case without accents, and for each of its characters the position it comes from."""
    plain: list[str] = []
    origins: list[int] = []
    for position, character in enumerate(text):
        for letter in _letters(character):
            plain.append(letter)
            origins.append(position)
    return "".join(plain), origins


def _letters(character: str) -> str:
    """What a character becomes: nothing for a combining accent, a soft hyphen or another mark that is not seen."""
    low = character.casefold()
    spelled = "".join(_SPELLED.get(letter, letter) for letter in low)
    parts = unicodedata.normalize("NFKD", spelled)
    return "".join(part for part in parts if unicodedata.category(part) not in ("Mn", "Cf"))
