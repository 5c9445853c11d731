"""Which way is good: the words of the field for a difference or a move, and nothing when nobody has decided."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from helpers.errors import UnknownName

POLARITIES = ("hausse favorable", "baisse favorable", "sans jugement")
UNKNOWN = "non calculable"
STILL = "pas d'évolution significative"

_MOVES = {
    "hausse favorable": ("baisse défavorable", STILL, "hausse favorable"),
    "baisse favorable": ("baisse favorable", STILL, "hausse défavorable"),
    "sans jugement": ("baisse", STILL, "hausse"),
}
_DIFFERENCES = {
    "hausse favorable": ("moins favorable que la référence", "non différent de la référence", "plus favorable que la référence"),
    "baisse favorable": ("plus favorable que la référence", "non différent de la référence", "moins favorable que la référence"),
    "sans jugement": ("au-dessous de la référence", "non différent de la référence", "au-dessus de la référence"),
}  # fmt: skip


def check(polarity: str) -> str:
    """The polarity itself when it is one of POLARITIES; UnknownName with the nearest otherwise."""
    if polarity not in POLARITIES:
        raise UnknownName("Sens de l'indicateur", polarity, POLARITIES)
    return polarity


def move(direction: int, polarity: str) -> str:
    """Words for a move: direction -1, 0 or 1."""
    return _MOVES[check(polarity)][direction + 1]


def differences(direction: NDArray[np.int_], polarity: str) -> NDArray[np.object_]:
    """Words for differences to a reference: directions -1, 0 or 1."""
    return np.array(_DIFFERENCES[check(polarity)], dtype=object)[direction + 1]
