"""Figures whose inputs nothing publishes, each with what was looked for (table `coding/unreproducible`, judgement of ours)."""

from __future__ import annotations

from collections.abc import Callable

from helpers.catalog import Study
from helpers.documents.claims import NotReproducible, Recomputed
from helpers.documents.reproductions.cells import Cells


def argued(study: Study) -> Recomputed:
    """Every figure that nothing can recompute, with its own reason."""
    table = Cells("coding/unreproducible", study).table
    return {
        str(claim_id): NotReproducible(str(reason))
        for claim_id, reason in zip(table["claim_id"], table["reason_fr"], strict=True)
    }


TOPICS: dict[str, Callable[[Study], Recomputed]] = {"argued": argued}
