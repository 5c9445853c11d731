"""What the search of the index looks through: the sections of each report, with their words."""

from __future__ import annotations

import re
from html import unescape

from helpers import french
from helpers.pipeline import outputs

_MAIN = re.compile(r"<main\b.*?</main>", re.DOTALL)
# Code, styles and files held in the page are no words of its text.
_ASIDE = re.compile(r"<(style|pre|script)\b.*?</\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_SECTION = re.compile(r'<h2 id="(?P<anchor>[^"]+)">(?P<title>.*?)</h2>', re.DOTALL)
_WORD = re.compile(r"[a-z0-9]{3,}")


def sections(page: str) -> list[list[str]]:
    """Identifier, title and words (each once, sorted) of every section of a report; the opening has no identifier."""
    main = _MAIN.search(outputs.without_files(page))
    if main is None:
        return []
    text = _ASIDE.sub(" ", main[0])
    opening, *rest = re.split(r'(?=<h2 id=")', text)
    found = [["", "", _words(opening)]]
    for piece in rest:
        head = _SECTION.match(piece)
        if head is not None:
            title = " ".join(unescape(_TAG.sub("", head["title"])).split())
            found.append([head["anchor"], title, _words(piece)])
    return found


def _words(html: str) -> str:
    return " ".join(sorted(set(_WORD.findall(french.plain(unescape(_TAG.sub(" ", html)))))))
