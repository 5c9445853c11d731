"""A finished page: French typography, and only characters that can be written."""

from __future__ import annotations

import re

from helpers import french

_TAG = re.compile(r"(<[^>]+>)")
_VERBATIM = re.compile(r"<(style|script|pre|code)\b")
# Half a character, or a control code: no file can hold the first, no page shows the second.
_UNWRITABLE = re.compile("[\ud800-\udfff\x00-\x08\x0b\x0c\x0e-\x1f]")


def typeset(page: str) -> str:
    """The page with the no-break spaces of French in its text; tags, style and code are left as they are."""
    pieces = _TAG.split(page)
    verbatim = ""
    for position, piece in enumerate(pieces):
        if position % 2 == 0:
            # Most are empty: a tag after a tag.
            pieces[position] = french.typography(piece) if piece and not verbatim else piece
        elif verbatim:
            verbatim = "" if piece.startswith(f"</{verbatim}") else verbatim
        elif found := _VERBATIM.match(piece):
            verbatim = found[1]
    return "".join(pieces)


def writable(page: str) -> str:
    """The page without what a file cannot hold or a reader cannot see: each such character becomes U+FFFD."""
    return _UNWRITABLE.sub("\ufffd", page)
