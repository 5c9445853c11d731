"""Outlines of communes, to draw a territory and what surrounds it: read from `open/outlines`, only those that are asked."""

from __future__ import annotations

import json
from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers import catalog
from helpers.territory import access, communes, store

GRID = 1000  # steps per degree, as `tools/open_geography.py` writes them
Rings = list[NDArray[np.float64]]


def rings(codes: Iterable[str]) -> dict[str, Rings]:
    """Rings (longitude, latitude) of each code that is drawn, the finer ones of the store where « cpts get contours » left some.

    A whole city has those of its arrondissements. Raises DataError for a store that cannot be read.
    """
    wanted = list(codes)
    units = communes.units()
    cities = set(units.loc[units["kind"] == "arrondissement", "commune"])
    found: dict[str, Rings] = {}
    finer = store.of_communes(wanted, "ign", columns=("commune", "outline"))
    for code, text in finer.itertuples(index=False):
        found[code] = [np.array(ring, dtype=float) for ring in json.loads(text)]
    parts = {
        code: access.opened(pd.Series({code: code})).index.tolist() if code in cities else [code]
        for code in wanted
        if code not in found
    }
    texts = _texts({part for several in parts.values() for part in several})
    for code, several in parts.items():
        drawn = [decoded(text) for part in several for text in texts.get(part, "").split()]
        if drawn:
            found[code] = drawn
    return found


def around(codes: Iterable[str]) -> list[str]:
    """Communes that touch a territory and are not in it."""
    inside = set(codes)
    pairs = catalog.load("open/neighbours", catalog.DEFAULT_FOLDER)
    outward = [
        pairs.loc[pairs[side].isin(inside), other]
        for side, other in (("commune", "neighbour"), ("neighbour", "commune"))
    ]
    units = communes.units()
    # A city touches as a whole and by its arrondissements: the arrondissements alone are drawn.
    whole = set(units.loc[units["kind"] == "arrondissement", "commune"])
    inner = {part for part in inside if part in units.index}
    cities = {str(units.loc[part, "commune"]) for part in inner}
    found = set(pd.concat(outward)) - inside - whole
    return sorted(code for code in found if str(units.loc[code, "commune"]) not in cities & whole & inside)


def _texts(codes: set[str]) -> dict[str, str]:
    table = catalog.load("open/outlines", catalog.DEFAULT_FOLDER)
    table = table[table["code"].isin(codes)]
    return dict(zip(table["code"].astype(str), table["outline"].astype(str), strict=True))


def decoded(text: str) -> NDArray[np.float64]:
    """Points of one ring written in the polyline format (longitude, then latitude)."""
    values, rest, shift = [], 0, 0
    for mark in text.encode():
        rest |= (mark - 63 & 0x1F) << shift
        shift += 5
        if mark - 63 < 0x20:
            values.append(~(rest >> 1) if rest & 1 else rest >> 1)
            rest, shift = 0, 0
    return np.cumsum(np.array(values, dtype=float).reshape(-1, 2), axis=0) / GRID
