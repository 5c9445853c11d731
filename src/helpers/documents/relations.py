"""Relations between printed figures, by name: what a rereading looks for, and recomputes once confirmed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from helpers.catalog import Study
from helpers.documents import intervals
from helpers.documents.claims import Recomputed
from helpers.errors import UnknownName


def total(terms: Sequence[float]) -> float:
    """Sum of the terms."""
    return intervals.total(terms)


def difference(terms: Sequence[float]) -> float:
    """First term less the second."""
    return terms[0] - terms[1]


def product(terms: Sequence[float]) -> float:
    """Product of two terms."""
    return intervals.Interval(terms[0], *intervals.ends(terms[0])) * terms[1]


def quotient(terms: Sequence[float]) -> float:
    """First term over the second."""
    return intervals.Interval(terms[0], *intervals.ends(terms[0])) / terms[1]


def share(terms: Sequence[float]) -> float:
    """First term in per cent of the second."""
    return quotient(terms) * 100.0


def permille(terms: Sequence[float]) -> float:
    """First term for a thousand of the second."""
    return quotient(terms) * 1_000.0


def per_100_000(terms: Sequence[float]) -> float:
    """First term for 100 000 of the second."""
    return quotient(terms) * 100_000.0


def per_10_000(terms: Sequence[float]) -> float:
    """First term for 10 000 of the second."""
    return quotient(terms) * 10_000.0


def change(terms: Sequence[float]) -> float:
    """Change from the first term to the second, in per cent of the first, without its sign."""
    return abs(share([terms[1] - terms[0], terms[0]]))


def mean(terms: Sequence[float]) -> float:
    """Mean of the terms."""
    return intervals.Interval(1, 1, 1) * intervals.total(terms) * (1 / len(terms))


def complement(terms: Sequence[float]) -> float:
    """What the terms leave of 100 %."""
    return 100.0 - intervals.total(terms)


def same(terms: Sequence[float]) -> float:
    """The term itself."""
    return terms[0]


# A check of a rereading names its relation, and what it confirmed calls the same function once it is in the ledger.
RELATIONS: dict[str, Callable[[Sequence[float]], float]] = {
    "total": total, "difference": difference, "product": product, "quotient": quotient, "share": share, "permille": permille,
    "per_10_000": per_10_000, "per_100_000": per_100_000, "change": change, "mean": mean, "complement": complement, "same": same,
}  # fmt: skip


def recomputed(study: Study, table: str) -> Recomputed:
    """Every figure that the terms of `table` give: `claim_id`, `rank`, `equation`, `written`, `value`, `unit`, `line`.

    Terms of one claim share its equation; each carries the interval of its writing. Raises UnknownName for a relation that does
    not exist.
    """
    found = {}
    for claim_id, terms in (
        study.table(table).sort_values(["claim_id", "rank"]).groupby("claim_id", sort=False)
    ):
        name = str(terms["equation"].iloc[0])
        if name not in RELATIONS:
            raise UnknownName("Relation", name, RELATIONS)
        found[str(claim_id)] = RELATIONS[name]([_term(row) for _, row in terms.iterrows()])
    return found


def _term(row: pd.Series[Any]) -> float:
    unit = "" if pd.isna(row["unit"]) else str(row["unit"])
    return intervals.printed(str(row["written"]), float(row["value"]), unit=unit)
