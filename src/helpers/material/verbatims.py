"""Words of interviewees cut to a length; `catalog.names` takes the names of a list out of them."""

from __future__ import annotations

from helpers.errors import DataError

SHORTEST, LONGEST = 20, 600


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
