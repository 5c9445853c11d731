"""French typography of a finished page."""

from __future__ import annotations

import re

from helpers import french

_TAG = re.compile(r"(<[^>]+>)")
_VERBATIM = ("style", "pre", "code")


def typeset(page: str) -> str:
    """The page with the no-break spaces of French in its text; tags, style and code are left as they are."""
    pieces = _TAG.split(page)
    verbatim = ""
    for position, piece in enumerate(pieces):
        if position % 2 == 0:
            pieces[position] = piece if verbatim else french.typography(piece)
        elif verbatim:
            verbatim = "" if piece.startswith(f"</{verbatim}") else verbatim
        else:
            verbatim = next((name for name in _VERBATIM if re.match(rf"<{name}\b", piece)), "")
    return "".join(pieces)
