"""Counts of people that share people: which cells of a user's tables stay hidden so that no count under 11 comes back.

`disclosure.mask` protects one two-way table. The cells of a package make no such table: they meet by a base, by a period inside
another, by a territory inside another, by a sum. Here each of these meetings is a rule; a cell is hidden when it shows a small
count, or when the shown ones would give one back. The rules would rather hide one cell too many than one too few.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import pandas as pd

THRESHOLD = 11
# Step of the counts that a page shows of a user's package: one person more or less does not show, nine times in ten or so.
STEP = 5
_SHARES = ("proportion", "taux")
# Longest sums that are tried for cells whose relation no table tells.
_TERMS = 4


@dataclass(frozen=True)
class Cell:
    """One number of a package that counts people: an indicator's row, a fact, the own count of an action, the members.

    `measure` names what is counted, `kind` is "proportion", "taux", "nombre" or "moyenne", `top` and `base` are counts, `value`
    is in the unit per `per`; missing numbers are NaN, missing days NaT. `population` is the one printed for the territory.
    """

    measure: str
    territory: str
    start: pd.Timestamp
    end: pd.Timestamp
    unit: str
    kind: str
    top: float
    base: float
    value: float
    per: float
    population: float = math.nan
    fact: bool = False

    @property
    def counted(self) -> float:
        """People counted: the numerator, else what the value and its base give."""
        if self.kind == "nombre":
            return self.top if math.isnan(self.value) else self.value
        if math.isnan(self.top) and self.kind in _SHARES:
            return round(self.value * self.base / self.per, 6)
        return self.top

    @property
    def others(self) -> float:
        """People of the base that are not counted, for a proportion."""
        return self.base - self.counted if self.kind == "proportion" else math.nan

    @property
    def counts(self) -> tuple[float, ...]:
        """Counts that whoever reads the cell knows."""
        return tuple(c for c in (self.counted, self.others, self.base) if not math.isnan(c))

    @property
    def alone(self) -> bool:
        """Whether it is a share without any count: its base is to be found elsewhere."""
        return self.kind in _SHARES and not self.counts and not math.isnan(self.value)


def small(count: float, threshold: int = THRESHOLD) -> bool:
    """Whether a count is from 1 to `threshold` - 1; a zero is no secret."""
    return 0 < round(count, 9) < threshold


def coarse(count: float) -> float:
    """A count rounded to the nearest `STEP`, those that may be shown never under the threshold; zero and missing stay.

    Keeps the order of counts, so that a numerator stays within its denominator. Method: rounding to base 5, as NHS Digital does.
    """
    if math.isnan(count) or count == 0:
        return count
    return max(STEP * math.floor(count / STEP + 0.5), STEP * math.ceil(THRESHOLD / STEP))


def hidden(cells: Sequence[Cell]) -> list[bool]:
    """Which cells stay hidden, in their order: the small ones, and those that would give a count from 1 to 10 back.

    Repeats the rules of this module until none hides one more; a rule only hides, so that it ends.
    """
    shown = [not _tells_few(cell, cells) for cell in cells]
    places: dict[str, list[int]] = defaultdict(list)
    measures: dict[str, list[int]] = defaultdict(list)
    for k, cell in enumerate(cells):
        places[cell.territory].append(k)
        measures[cell.measure].append(k)
    while True:
        found: set[int] = set()
        for group in places.values():
            found |= set(_bases(cells, shown, group))
            found |= set(_periods(cells, shown, group))
            found |= set(_numbers(cells, shown, group))
        for group in measures.values():
            found |= set(_territories(cells, shown, group))
        found = {k for k in found if shown[k]}
        if not found:
            return [not seen for seen in shown]
        for k in found:
            shown[k] = False


def _tells_few(cell: Cell, cells: Iterable[Cell]) -> bool:
    if cell.kind == "proportion" and cell.others < 0:
        return False  # No such people: whoever computes the proportion refuses it.
    if any(small(count) for count in cell.counts):
        return True
    if not cell.alone:
        return False
    # A share alone gives a count as soon as a base is known: each of the territory is tried, with the rounding of the page.
    bases = {
        c for other in cells if other.territory == cell.territory and not other.fact for c in _base(other)
    }
    bases.add(cell.population)
    edges = (cell.value, cell.per - cell.value) if cell.kind == "proportion" else (cell.value,)
    return any(
        edge > 0 and (edge - 0.05) * base / cell.per < THRESHOLD - 0.5
        for base in bases for edge in edges if not math.isnan(base)
    )  # fmt: skip


def _base(cell: Cell) -> tuple[float, ...]:
    base = cell.counted if cell.kind == "nombre" else cell.base
    return () if math.isnan(base) else (base,)


def _meet(one: Cell, other: Cell) -> bool:
    """Whether two periods may share people; an unknown day may be any."""
    if any(pd.isna(day) for day in (one.start, one.end, other.start, other.end)):
        return True
    return bool(one.start <= other.end and other.start <= one.end)


def _within(part: Cell, whole: Cell) -> bool:
    """Whether the period of `part` lies in that of `whole`, and is another."""
    if any(pd.isna(day) for day in (part.start, part.end, whole.start, whole.end)):
        return False
    same = (part.start, part.end) == (whole.start, whole.end)
    return bool(whole.start <= part.start and part.end <= whole.end) and not same


def _bases(cells: Sequence[Cell], shown: Sequence[bool], group: Sequence[int]) -> Iterator[int]:
    """Shares of one base: classes whose rest is small, classes that leave a hidden one alone, one class less another."""
    shares = [k for k in group if cells[k].kind in _SHARES]
    for h in shares:
        one = cells[h]
        for base in _bases_of(one, cells, group):
            mates = [
                k for k in shares if k != h and shown[k] and _meet(one, cells[k]) and _on(cells[k], base)
            ]
            tops = [_top(cells[k], base) for k in mates]
            mine = _top(one, base)
            if shown[h]:
                # The rest of the base, once this class and others are taken from it.
                slack = THRESHOLD - 0.5 if one.alone or any(cells[k].alone for k in mates) else THRESHOLD - 1
                if any(0.4 < base - total <= slack for total in sums([*tops, mine])):
                    yield from (h, *mates)
                yield from (
                    k for k, top in zip(mates, tops, strict=True)
                    if small(mine - top) and abs(mine + top - base) > 0.5
                )  # fmt: skip
            elif sum(tops) + mine + THRESHOLD > base:
                yield from mates
                yield from (
                    k for k in group if shown[k] and cells[k].kind == "nombre" and base in cells[k].counts
                )
            else:
                yield from (
                    mates[i] for i in range(len(mates))
                    if any(_same(abs(tops[i] - top), [mine]) for top in tops)
                )  # fmt: skip


def _bases_of(one: Cell, cells: Sequence[Cell], group: Sequence[int]) -> set[float]:
    """The base of a share; those of its territory when it has none."""
    if not math.isnan(one.base):
        return {one.base} if one.base >= THRESHOLD else set()
    if not one.alone:
        return set()
    bases = {c for k in group if not cells[k].fact and _meet(one, cells[k]) for c in _base(cells[k])}
    return {base for base in {*bases, one.population} if base >= THRESHOLD}


def _on(cell: Cell, base: float) -> bool:
    return cell.base == base or (cell.alone and cell.kind == "proportion")


def _top(cell: Cell, base: float) -> float:
    return cell.value * base / cell.per if cell.alone else cell.counted


def _periods(cells: Sequence[Cell], shown: Sequence[bool], group: Sequence[int]) -> Iterator[int]:
    """One measure over periods: whatever holds a hidden period, and wholes whose parts leave a small rest."""
    by_measure: dict[str, list[int]] = defaultdict(list)
    for k in group:
        by_measure[cells[k].measure].append(k)
    for own in by_measure.values():
        for h in own:
            if not shown[h]:
                yield from (
                    k for k in own
                    if k != h and shown[k] and _meet(cells[h], cells[k]) and not _within(cells[k], cells[h])
                )  # fmt: skip
            parts = [k for k in own if shown[k] and _within(cells[k], cells[h])]
            yield from _rest(cells, shown[h], h, parts)


def _territories(cells: Sequence[Cell], shown: Sequence[bool], group: Sequence[int]) -> Iterator[int]:
    """One measure over territories at one period: a whole and its parts, a region and its CPTS."""
    by_period: dict[tuple[object, object], list[int]] = defaultdict(list)
    for k in group:
        by_period[str(cells[k].start), str(cells[k].end)].append(k)
    for own in by_period.values():
        for w in own:
            whole = cells[w]
            parts = [k for k in own if k != w and _inside(cells[k], whole)]
            seen = [k for k in parts if shown[k]]
            secret = [k for k in parts if not shown[k]]
            yield from _rest(cells, shown[w], w, seen)
            if secret and shown[w]:
                for name in ("counted", "others", "base"):
                    rest = getattr(whole, name) - sum(getattr(cells[k], name) for k in seen)
                    few = any(small(getattr(cells[k], name)) for k in secret)
                    if few and rest - (len(secret) - 1) < THRESHOLD:
                        yield w


def _inside(part: Cell, whole: Cell) -> bool:
    """Whether a territory may be a part of another, as far as the counts tell."""
    if math.isnan(part.counted) or math.isnan(whole.counted) or part.territory == whole.territory:
        return False
    return part.counted <= whole.counted and not part.base > whole.base


def _rest(cells: Sequence[Cell], seen: bool, w: int, parts: Sequence[int]) -> Iterator[int]:
    """A whole less some of its shown parts: hidden when a small count is left; a hidden whole is not given by its parts."""
    if not parts:
        return
    for name in ("counted", "others", "base"):
        total = getattr(cells[w], name)
        counts = [getattr(cells[k], name) for k in parts]
        if math.isnan(total) or any(map(math.isnan, counts)):
            continue
        reached = sums(counts)
        if seen and any(small(total - found) for found in reached):
            yield w
        if not seen and any(_same(total, [found]) for found in reached):
            yield parts[counts.index(max(counts))]


def _numbers(cells: Sequence[Cell], shown: Sequence[bool], group: Sequence[int]) -> Iterator[int]:
    """Numbers of people of one territory: wholes, parts and sums that give a hidden count, or leave a small rest."""
    numbers = [k for k in group if cells[k].kind == "nombre" and cells[k].counts]
    for h in group:
        one = cells[h]
        near = [k for k in numbers if k != h and shown[k] and _meet(one, cells[k])]
        if shown[h]:
            if one.kind == "nombre":
                alike = [k for k in near if _unit(cells[k]) == _unit(one)]
                yield from (k for k in alike if small(one.counted - cells[k].counted))
                alike = [k for k in alike if (cells[k].start, cells[k].end) == (one.start, one.end)]
                if any(
                    small(one.counted - cells[a].counted - cells[b].counted)
                    for a, b in combinations(alike, 2)
                ):
                    yield h
            continue
        secrets = [c for c in (one.counted, one.others) if not math.isnan(c) and c > 0]
        yield from (k for k in near if _same(cells[k].counted, secrets))
        yield from (
            a for a in near for b in near if a != b and _same(cells[a].counted - cells[b].counted, secrets)
        )
        alike = [k for k in near if one.kind != "nombre" or _unit(cells[k]) == _unit(one)]
        if one.kind == "nombre":
            mates = [k for k in numbers if k != h and not shown[k] and _unit(cells[k]) == _unit(one)]
            secrets += [
                one.counted + cells[k].counted for k in mates if one.counted + cells[k].counted <= THRESHOLD
            ]
        for size in range(2, _TERMS + 1):
            for chosen in combinations(alike, size) if len(alike) <= 16 else ():
                largest = max(chosen, key=lambda k: cells[k].counted)
                total = sum(cells[k].counted for k in chosen)
                if _same(total, secrets) or _same(2 * cells[largest].counted - total, secrets):
                    yield largest


def _unit(cell: Cell) -> str:
    return cell.unit.strip().lower().rstrip("s")


def _same(count: float, others: Iterable[float]) -> bool:
    return any(abs(count - other) < 0.5 for other in others)


def sums(counts: Collection[float], most: int = 14) -> set[float]:
    """Sums of some of the counts, of one at least; beyond `most` counts, of one, of all, and of all but one."""
    counts = [round(count, 6) for count in counts]
    if len(counts) > most:
        whole = sum(counts)
        return {*counts, whole, *(whole - count for count in counts)}
    found: set[float] = set()
    for count in counts:
        found |= {total + count for total in found} | {count}
    return found
