"""Checks of a rereading as rows of a ledger to come: the columns of `claims`, what a person decides, and the two passages."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from helpers import french
from helpers.catalog.names import without_names
from helpers.documents.verdicts import DIFFERENT
from helpers.rereading import passages
from helpers.rereading.documents import Document
from helpers.rereading.findings import FAMILIES, Finding
from helpers.rereading.reading import Reading

KEEP = "a_garder"
# What the rereading adds to the columns of the ledger: its family, its verdict and tier, the figure recomputed, the reading in
# words, both passages with their pages, and the terms that the same relation computes again.
ADDED = (
    KEEP, "famille", "rang", "verdict", "recalcule", "lecture", "passage", "autre_passage", "autre_ligne", "page", "autre_page",
    "equation", "termes",
)  # fmt: skip
KINDS = {
    "A": "calculation", "B": "calculation", "C": "list", "D": "reference", "E": "date", "F": "reference", "H": "wording",
    "I": "list", "K": "wording",
}  # fmt: skip
_BOUNDS = {"plus d(?:e|['’])": ">", "au moins": "≥", "moins d(?:e|['’])": "<", "au plus": "≤"}
CAUSE = "lecture automatique confirmée par un humain ; cause non cherchée"


def key_of(file: Path) -> str:
    """A key for the document, from the name of its file and the year in it: letters, then four digits."""
    letters = re.sub(r"[^a-z]", "", french.plain(file.stem))[:20] or "document"
    year = re.search(r"(?:19|20)\d\d", file.stem)
    return letters + (year.group() if year else "2000")


def columns(claims: Sequence[str]) -> list[str]:
    """Columns of the file: those of the ledger, then those of the rereading."""
    return [*claims, *ADDED]


def proposals(
    reading: Reading, *, key: str, claims: Sequence[str], names: Sequence[str] = ()
) -> pd.DataFrame:
    """One row per check of the reading, differences first; `a_garder` is empty, for a person to fill with oui or non.

    `claims` are the columns of the ledger. Names of the list `names` are masked in every text.
    """
    rows = [
        _row(one, rank, key, names, reading.document)
        for rank, one in enumerate(_ordered(reading.findings), 1)
    ]
    return pd.DataFrame(rows, columns=columns(claims), dtype=object)


def _ordered(findings: Sequence[Finding]) -> list[Finding]:
    """Differences before the rest, sure ones before hints, in the order of the lines."""
    return sorted(findings, key=lambda one: (one.verdict not in DIFFERENT, one.tier, one.first.line))


def _row(one: Finding, rank: int, key: str, names: Sequence[str], document: Document) -> dict[str, object]:
    def masked(text: str) -> str:
        return without_names(" ".join(text.split()), names)

    terms = [
        {"printed": masked(term.printed), "value": term.value, "unit": term.unit, "line": term.line} for term in one.terms
    ]  # fmt: skip
    # A count or a rank has no terms: what was counted stands where the other passage is.
    whole = terms if one.equation else [
        {"printed": _written(one.computed), "value": one.computed, "unit": one.stated.unit, "line": one.second.line}
    ]  # fmt: skip
    differs = one.verdict in DIFFERENT
    return {
        "claim_id": f"{key}.{one.family.lower()}.r{rank:03d}",
        "document": key,
        "line": one.stated.line,
        "table": f"{key}/terms",
        "label_fr": masked(f"{FAMILIES[one.family]} : {one.stated.printed}"),
        "kind": KINDS[one.family[0]],
        "printed": masked(one.stated.printed),
        "value": _written(one.stated.value),
        "relation": _relation(one) if differs else "=",
        # Two counts or two figures that differ by one differ: the ledger would take the one for a rounding.
        "tolerance": "0" if not one.equation or (differs and one.equation in ("total", "same")) else "",
        "unit": one.stated.unit,
        "severity": "",
        "origin": "document" if differs else "",
        "cause": CAUSE if differs else "",
        "reply": "",
        "note": masked(one.reading),
        KEEP: "",
        "famille": one.family,
        "rang": one.tier,
        "verdict": one.verdict,
        "recalcule": _written(one.computed),
        "lecture": masked(one.reading),
        "passage": passages.first(document, one, names),
        "autre_passage": passages.second(document, one, names),
        "autre_ligne": one.second.line,
        "page": one.first.page or "",
        "autre_page": one.second.page or "",
        "equation": one.equation or "same",
        "termes": json.dumps(whole, ensure_ascii=False),
    }


def _relation(one: Finding) -> str:
    """Relation that the words before the figure ask for: « plus de 60 millions » is above."""
    before = one.first.text.partition(one.stated.printed)[0][-20:]
    return next(
        (sign for words, sign in _BOUNDS.items() if re.search(rf"\b{words}\s*$", before, re.IGNORECASE)), "="
    )


def _written(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(round(float(value), 10))


__all__ = ["ADDED", "KEEP", "columns", "key_of", "proposals"]
