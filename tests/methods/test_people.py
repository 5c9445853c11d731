"""Counts of people of whole packages attacked: linear programming on everything that a page prints of them."""

from __future__ import annotations

import functools
import math
import random

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from helpers.methods import measured, people, protection

SEEDS = range(320)
NAN = math.nan
YEAR = ("2024-01-01", "2024-12-31")
HALVES = (("2024-01-01", "2024-06-30"), ("2024-07-01", "2024-12-31"))
PER = {"proportion": 100.0, "taux": 100_000.0, "nombre": 1.0}


class Hostile:
    """A package whose author knows every sum, and the sums as a reader knows them: equations between true counts."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.definitions: dict[str, dict] = {}
        self.values: list[dict] = []
        self.facts: list[dict] = []
        self.actions: list[dict] = []
        self.truth: list[float] = []
        self.equations: list[dict[int, float]] = []
        self.population = self.random.randint(900, 30_000)
        # What a row shows: variables of its numerator and of its base.
        self.rows: list[tuple[str, int, dict[str, int]]] = []

    def count(self, value: float) -> int:
        self.truth.append(float(value))
        return len(self.truth) - 1

    def total(self, whole: int, parts: list[int]) -> None:
        self.equations.append({whole: -1.0} | dict.fromkeys(parts, 1.0))

    def size(self) -> int:
        few = self.random.random() < 0.45
        return self.random.randint(1, 10) if few else self.random.randint(11, 400)

    def indicator(self, code, kind, top, base=None, *, period=YEAR, territory="nord", unit="%", alone=False):
        self.definitions[code] = {
            "indicator": code, "label_fr": code, "kind": kind, "unit": unit, "per": PER[kind], "direction": "neutre",
        }  # fmt: skip
        true_top, true_base = self.truth[top], NAN if base is None else self.truth[base]
        value = true_top if kind == "nombre" else PER[kind] * true_top / true_base if alone else NAN
        row = {
            "numerator": NAN if kind == "nombre" or alone else true_top,
            "denominator": NAN if alone else true_base,
        }
        start, end = map(pd.Timestamp, period)
        self.values.append(
            row
            | {
                "indicator": code,
                "territory": territory,
                "period_start": start,
                "period_end": end,
                "value": value,
            }
        )
        known = {"top": top} if base is None else {"top": top, "base": base}
        self.rows.append(("indicators", len(self.values) - 1, known))

    def fact(self, item: str, top: int, unit: str) -> None:
        row = {
            "cpts": "nord",
            "chapter": "actions",
            "item": item,
            "value": str(int(self.truth[top])),
            "unit": unit,
        }
        self.facts.append(row | {"date": pd.Timestamp("2024-12-31")})
        self.rows.append(("facts", len(self.facts) - 1, {"top": top}))

    def action(self, code: str, top: int, unit: str) -> None:
        row = {"action": code, "cpts": "nord", "own_count": self.truth[top], "own_unit": unit}
        self.actions.append(row | {"date_start": pd.Timestamp(YEAR[0]), "date_end": pd.Timestamp(YEAR[1])})
        self.rows.append(("actions", len(self.actions) - 1, {"top": top}))

    def hides(self, table: str, row: dict) -> bool:
        """Whether a row is hidden, by the keys that every report asks."""
        if table == "indicators":
            return protection.row_key(row) in self.secret.indicators
        if table == "facts":
            return (row["cpts"], row["chapter"], row["item"]) in self.secret.facts
        return (row["action"],) in self.secret.actions

    def published(self) -> dict[int, list[tuple[float, float]]]:
        """What each variable is known to lie in, by the rows shown."""
        values, facts = _frame(self.values, VALUES), _frame(self.facts, FACTS)
        actions, definitions = (
            _frame(self.actions, ACTIONS),
            _frame(list(self.definitions.values()), DEFINITIONS),
        )
        cpts = pd.DataFrame({"cpts": ["nord"], "population": [self.population], "members": [pd.NA]})
        cpts["members_date"] = pd.NaT
        self.secret = protection.protected(cpts, definitions, values, facts, actions)
        # The rows as a report reads them, all at once.
        rows = {
            "indicators": values.to_dict("records") if len(values) else [],
            "facts": facts.to_dict("records") if len(facts) else [],
            "actions": actions.to_dict("records") if len(actions) else [],
        }
        known: dict[int, list[tuple[float, float]]] = {}
        for table, position, variables in self.rows:
            row = rows[table][position]
            if table == "indicators":
                hidden = self.hides(table, row)
                shown = measured.measure(
                    row | {"hidden": hidden}, self.definitions[row["indicator"]], masked=True
                )
                if shown["state"] == "masqué":
                    assert all(math.isnan(shown[name]) for name in measured._NUMBERS)
                    continue
                numbers = {"top": shown["numerator"], "base": shown["denominator"]}
                if math.isnan(numbers["top"]):
                    numbers["top"] = shown["value"]
                if "base" in variables and math.isnan(shown["denominator"]):
                    # A share alone, one decimal, on a base that its reader knows to be printed.
                    base, per = self.truth[variables["base"]], shown["per"]
                    edges = [max(0, (shown["value"] + gap) * base / per) for gap in (-0.05, 0.05)]
                    if variables["base"] == self.printed:
                        known.setdefault(variables["top"], []).append((edges[0], edges[1]))
                    else:
                        share = shown["value"] / per
                        self.bounds.append(
                            ({variables["top"]: 1.0, variables["base"]: -(share + 0.05 / per)}, 0.0)
                        )
                        self.bounds.append(
                            ({variables["top"]: -1.0, variables["base"]: share - 0.05 / per}, 0.0)
                        )
                    continue
                for name, variable in variables.items():
                    known.setdefault(variable, []).append(_lies(numbers[name]))
            elif table == "facts":
                if not self.hides(table, row):
                    shown = protection.coarse_text(row["value"], row["unit"])
                    known.setdefault(variables["top"], []).append(_lies(float(shown.replace("\u202f", ""))))
            elif not self.hides(table, row):
                count = people.coarse(row["own_count"])
                known.setdefault(variables["top"], []).append(_lies(count))
        return known

    def attack(self) -> list[str]:
        """Small counts, in the tables or left between them, that the reader brings under 11."""
        self.bounds: list[tuple[dict[int, float], float]] = []
        self.known = known = self.published()
        size = len(self.truth)
        bounds = [
            (
                max([0.0, *(low for low, _ in known.get(k, []))]),
                min([1e7, *(high for _, high in known.get(k, []))]),
            )
            for k in range(size)
        ]
        if self.printed is not None:
            bounds[self.printed] = (self.population, self.population)
        few = [k for k, true in enumerate(self.truth) if 0 < true < 11]
        if not few:
            return []
        # One program whose blocks share nothing, one block for each small count: its optimum is that of each of them.
        goal = np.zeros((len(few), size))
        goal[range(len(few)), few] = -1
        best = linprog(
            goal.ravel(), **self._blocks("eq", [(line, 0.0) for line in self.equations], len(few)),
            **self._blocks("ub", self.bounds, len(few)), bounds=bounds * len(few), method="highs",
        )  # fmt: skip
        assert best.status == 0, "the true counts fit what is published"
        most = best.x.reshape(len(few), size)[range(len(few)), few]
        return [
            f"{k} : vrai {self.truth[k]:.0f}, au plus {high:.2f}"
            for k, high in zip(few, most, strict=True)
            if high < 11 - 1e-6
        ]

    def _blocks(self, kind: str, lines: list[tuple[dict[int, float], float]], times: int) -> dict:
        """Arguments of `linprog` for the same lines in each of so many blocks."""
        if not lines:
            return {}
        size = len(self.truth)
        one = np.array([[line.get(k, 0.0) for k in range(size)] for line, _ in lines])
        limits = np.tile([limit for _, limit in lines], times)
        return {f"A_{kind}": np.kron(np.eye(times), one), f"b_{kind}": limits}

    printed: int | None = None


VALUES = ["indicator", "territory", "period_start", "period_end", "numerator", "denominator", "value"]
DEFINITIONS = ["indicator", "label_fr", "kind", "unit", "per", "direction"]
FACTS = ["cpts", "chapter", "item", "value", "unit", "date"]
ACTIONS = ["action", "cpts", "own_count", "own_unit", "date_start", "date_end"]


def _frame(rows: list[dict], columns: list[str]) -> pd.DataFrame:
    # Three of four tables are empty in most packages: each is made once, and nobody writes in it.
    return pd.DataFrame(rows, columns=columns) if rows else _empty(tuple(columns))


@functools.cache
def _empty(columns: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame([], columns=list(columns))


def _lies(shown: float) -> tuple[float, float]:
    """True counts that a rounded one may be."""
    if shown == 0:
        return 0, 0
    fits = [
        count for count in range(max(1, int(shown) - 9), int(shown) + 10) if people.coarse(count) == shown
    ]
    return min(fits), max(fits)


def classes(package: Hostile, name: str) -> None:
    """Classes of one base, one of them perhaps in no table, one perhaps a share alone; the base perhaps a number of its own."""
    parts = [package.count(package.size()) for _ in range(package.random.randint(2, 4))]
    base = package.count(sum(package.truth[k] for k in parts))
    package.total(base, parts)
    silent = package.random.random() < 0.3
    for rank, part in enumerate(parts[:-1] if silent else parts):
        alone = rank > 0 and package.random.random() < 0.2
        package.indicator(f"{name}{rank}", "proportion", part, base, alone=alone)
    if package.random.random() < 0.4:
        package.indicator(f"{name}_base", "nombre", base, unit="patients")


def periods(package: Hostile, name: str) -> None:
    """A year and its halves, as numbers or as rates on the printed population."""
    halves = [package.count(package.size()) for _ in HALVES]
    year = package.count(sum(package.truth[k] for k in halves))
    package.total(year, halves)
    kind = package.random.choice(["nombre", "taux"])
    base = _printed(package) if kind == "taux" else None
    for count, period in zip([year, *halves], [YEAR, *HALVES], strict=True):
        if count == year or package.random.random() < 0.8:
            package.indicator(name, kind, count, base, period=period, unit="passages")


def numbers(package: Hostile, name: str) -> None:
    """A total and its parts, as numbers of indicators, of facts or of the log."""
    parts = [package.count(package.size()) for _ in range(package.random.randint(2, 3))]
    whole = package.count(sum(package.truth[k] for k in parts))
    package.total(whole, parts)
    for rank, count in enumerate([whole, *parts]):
        where = package.random.choice(["indicator", "fact", "action", "none"])
        if where == "indicator":
            package.indicator(f"{name}{rank}", "nombre", count, unit="personnes")
        elif where == "fact":
            package.fact(f"{name}{rank}", count, "personnes")
        elif where == "action":
            package.action(f"{name}{rank}", count, "personnes")


def rates(package: Hostile, name: str) -> None:
    """A rate alone on the population that the page prints."""
    package.indicator(
        name, "taux", package.count(package.size()), _printed(package), alone=True, unit="pour 100 000"
    )


def territories(package: Hostile, name: str) -> None:
    """A CPTS and its neighbours that make the benchmark."""
    places = ["nord", *[f"{name}_{k}" for k in range(package.random.randint(1, 2))]]
    tops = [package.count(package.size()) for _ in places]
    rests = [package.count(package.size()) for _ in places]
    bases = [package.count(package.truth[a] + package.truth[b]) for a, b in zip(tops, rests, strict=True)]
    for top, rest, base in zip(tops, rests, bases, strict=True):
        package.total(base, [top, rest])
    whole = [package.count(sum(package.truth[k] for k in counts)) for counts in (tops, rests, bases)]
    for total, counts in zip(whole, (tops, rests, bases), strict=True):
        package.total(total, counts)
    package.total(whole[2], whole[:2])
    for place, top, base in zip(
        [*places, f"{name}_repere"], [*tops, whole[0]], [*bases, whole[2]], strict=True
    ):
        package.indicator(name, "proportion", top, base, territory=place)


def classes_in_time(package: Hostile, name: str) -> None:
    """Classes of one base, in halves and in the year: each sum crosses the others."""
    grid = [[package.count(package.size()) for _ in HALVES] for _ in range(package.random.randint(2, 3))]
    years = [package.count(sum(package.truth[k] for k in row)) for row in grid]
    for year, row in zip(years, grid, strict=True):
        package.total(year, row)
    columns = [*(list(column) for column in zip(*grid, strict=True)), years]
    bases = [package.count(sum(package.truth[k] for k in column)) for column in columns]
    for base, column in zip(bases, columns, strict=True):
        package.total(base, column)
    package.total(bases[-1], bases[:-1])
    for rank in range(len(grid)):
        for column, base, period in zip(columns, bases, [*HALVES, YEAR], strict=True):
            package.indicator(f"{name}{rank}", "proportion", column[rank], base, period=period)


def _printed(package: Hostile) -> int:
    if package.printed is None:
        package.printed = package.count(package.population)
    return package.printed


BLOCKS = (classes, periods, numbers, rates, territories, classes_in_time)


def hostile(seed: int) -> Hostile:
    package = Hostile(seed)
    for rank in range(package.random.randint(1, 3)):
        package.random.choice(BLOCKS)(package, f"{'abc'[rank]}")
    return package


@functools.cache
def attacked(seed: int) -> tuple[list[str], list[bool]]:
    """What the attack finds in a package as it is protected, and for each count that is not small whether a row tells it."""
    package = hostile(seed)
    found = package.attack()
    large = [v["top"] for _, _, v in package.rows if package.truth[v["top"]] >= 11]
    return found, [variable in package.known for variable in large]


def test_no_small_count_of_three_hundred_hostile_packages_comes_back():
    found = {seed: told for seed in SEEDS if (told := attacked(seed)[0])}
    assert not found, f"{len(found)} paquets sur {len(SEEDS)} : {dict(list(found.items())[:5])}"


def test_the_attack_finds_what_a_mask_of_small_cells_alone_gives_back(monkeypatch):
    monkeypatch.setattr(people, "hidden", lambda cells: [people._tells_few(cell, cells) for cell in cells])
    monkeypatch.setattr(people, "coarse", lambda count: count)
    assert sum(bool(hostile(seed).attack()) for seed in range(60)) > 20


def test_the_pages_keep_most_of_what_is_no_secret():
    """Over all the hostile packages, half of the rows without a small count at least are still shown."""
    shown = whole = 0
    for seed in range(120):
        _, known = attacked(seed)
        whole += len(known)
        shown += sum(known)
    assert shown / whole > 0.3


@pytest.mark.parametrize(
    ("count", "shown"), [(0, 0), (11, 15), (12, 15), (17, 15), (18, 20), (1082, 1080), (1083, 1085)]
)
def test_a_count_that_is_shown_is_rounded_and_never_under_eleven(count, shown):
    assert people.coarse(count) == shown


def test_an_indicator_that_counts_nobody_is_shown_as_it_is():
    row = {"numerator": NAN, "denominator": NAN, "value": 4.0}
    about = {"kind": "nombre", "unit": "maisons de santé", "per": NAN}
    assert measured.measure(row, about, masked=True)["state"] == "masqué"
    assert measured.measure(row, about | {"counts_people": False}, masked=True)["value"] == 4
    assert measured.measure(row, about | {"counts_people": pd.NA}, masked=True)["state"] == "masqué"
