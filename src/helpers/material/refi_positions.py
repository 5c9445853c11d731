"""What the positions of a REFI-QDA passage count, when programs disagree.

The standard counts Unicode characters of the plain text. Some programs count an end of line written CR LF as one character,
others count the units of UTF-16, where a pictogram is two. The names of the selections, which repeat their words or their
first words, show which; without them, what fits in the text; then the program that wrote the file; and when a choice
remains, it is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from helpers import french

Span = tuple[int, int]
_CUT = ("…", "...")  # a name cut after about a hundred characters ends so
_SHORTEST = 8  # letters before the cut that tell one passage from another
# Programs known to count CR LF as one character (exports of ATLAS.ti 8 to 23, source of QualCoder 3).
_ONE_FOR_LINE_END = ("atlas", "qualcoder")
_COUNT_CHARACTERS = ("qualcoder", "taguette")  # written in Python, whose texts are characters


@dataclass(frozen=True)
class Located:
    """A text with the spans of its passages in characters of that text; `choice` says what was chosen without proof."""

    text: str
    spans: Sequence[Span]
    choice: str = ""


def located(text: str, spans: Sequence[Span], names: Sequence[str], origin: str) -> Located:
    """The text and the spans in the way of counting that the names show, or the likeliest one.

    `names` are those of the passages, in the same order, empty when the file gives none; `origin` is the program that wrote
    the file. Spans outside the text stay so: the caller refuses them.
    """
    ways = _ways(text, spans, origin)
    if len({tuple(_words(way)) for way in ways}) < 2:
        return ways[0]
    fits = [
        sum(_same(said, words) for said, words in zip(names, _words(way), strict=True) if said.strip())
        for way in ways
    ]
    shown = [way for way, fit in zip(ways, fits, strict=True) if fit == max(fits)]
    within = [
        way for way in shown if all(0 <= start < end <= len(way.text) for start, end in way.spans)
    ] or shown
    if len(within) == 1:
        return within[0]
    one = origin.lower().startswith(_ONE_FOR_LINE_END)
    chosen = next((way for way in within if ("\r\n" not in way.text) is one), within[0])
    if max(fits) and chosen is shown[0]:
        return chosen
    count = "un seul caractère" if "\r\n" in text and "\r\n" not in chosen.text else "deux caractères"
    known = f"comme {origin.split()[0]}" if one else "comme dans la norme"
    return Located(
        chosen.text,
        chosen.spans,
        f"le retour à la ligne CR{french.NBSP}LF y est compté pour {count}, {known}"
        if "\r\n" in text
        else "les positions y sont comptées en caractères, comme dans la norme",
    )


def _ways(text: str, spans: Sequence[Span], origin: str) -> list[Located]:
    texts = [text, text.replace("\r\n", "\n")] if "\r\n" in text else [text]
    ways = [Located(counted, spans) for counted in texts]
    wide = any(ord(character) > 0xFFFF for character in text)
    if wide and not origin.lower().startswith(_COUNT_CHARACTERS):
        ways += [Located(counted, _from_utf16(counted, spans)) for counted in texts]
    return ways


def _from_utf16(text: str, spans: Sequence[Span]) -> list[Span]:
    units = text.encode("utf-16-le")

    def place(position: int) -> int:
        beyond = max(position - len(units) // 2, 0)
        return len(units[: 2 * max(position, 0)].decode("utf-16-le", "ignore")) + beyond

    return [(place(start), place(end)) for start, end in spans]


def _words(way: Located) -> list[str]:
    return [" ".join(way.text[max(start, 0) : max(end, 0)].split()) for start, end in way.spans]


def _same(said: str, words: str) -> bool:
    said = " ".join(said.split())
    cut = next((mark for mark in _CUT if said.endswith(mark)), "")
    start = said.removesuffix(cut).rstrip() if cut else ""
    return said == words or (len(start) >= _SHORTEST and words.startswith(start))
