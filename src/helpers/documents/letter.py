"""The right of reply: what the observatory tells and asks the author of a document, and the form of the answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers import french
from helpers.catalog import Study, labels
from helpers.documents import claims
from helpers.documents.totals import CALCULATION, LIST

# Differences told on the first page of a letter: the gravest, no more than this.
MOST_FIRST = 7
# What is asked of the author: differences that are the document's, alone or with another.
_ASKED = ("document", "two_documents")
# Columns of the form: the two that come back to us, those that only help to read it between them.
CLAIM, REPLY = "claim_id", "reply"
HELP = {
    "label_fr": "Chiffre",
    "line": "Ligne",
    "printed": "Imprimé",
    "recomputed": "Recalculé",
    "verdict": "Verdict",
    "question": "Notre question",
}


@dataclass(frozen=True)
class Point:
    """One figure of a letter: what is printed, what is recomputed, our question, and the answer when there is one."""

    claim_id: str
    label: str
    line: int
    printed: str
    recomputed: str
    verdict: str
    question: str
    reply: str


@dataclass(frozen=True)
class Letter:
    """What a letter tells: `found` (French sentences), questions (`first` the gravest), what is lost or not published."""

    key: str
    name: str
    author: str
    title: str
    year: int
    found: str
    first: tuple[Point, ...]
    others: tuple[Point, ...]
    ours: int
    lost: tuple[Point, ...]
    unpublished: tuple[Point, ...]

    def points(self) -> Iterator[Point]:
        """Every figure on which an answer is asked, in the order of the letter."""
        yield from (*self.first, *self.others, *self.lost, *self.unpublished)


def letter(document: str, ledger: pd.DataFrame, *, study: Study) -> Letter:
    """Letter to the author of `document` from the verdicts of `ledger` (`reproductions.ledger`), gravest differences first.

    What is ours (our base) is counted and never asked; damage of the digitised text and unpublished inputs are asked as
    such. Raises UnknownName for a document that does not exist.
    """
    name = labels.document(document)
    row = study.table("documents").set_index("key").loc[document]
    known = ledger[ledger["document"] == document]
    apart = known[known["verdict"].isin(claims.DIFFERENT)]
    asked = apart[apart["origin"].isin(_ASKED)]
    rank = asked["severity"].map(claims.SEVERITIES.index)
    asked = asked.assign(rank=-rank).sort_values(["rank", "line"], kind="stable")
    points = _points(asked)
    return Letter(
        key=document,
        name=name,
        author="" if pd.isna(row["author"]) else str(row["author"]),
        title=str(row["title"]),
        year=int(row["year"]),
        found=_found(known),
        first=points[:MOST_FIRST],
        others=points[MOST_FIRST:],
        ours=int((apart["origin"] == "our_base").sum()),
        lost=_points(apart[apart["origin"] == "digitised_text"].sort_values("line")),
        unpublished=_points(known[known["verdict"] == claims.NOT_REPRODUCIBLE].sort_values("line")),
    )


def form(told: Letter) -> tuple[list[str], list[list[str]]]:
    """Heads and rows of the form of the answers: one row per figure asked, its last column empty or already answered."""
    heads = [CLAIM, *HELP.values(), REPLY]
    rows = [
        [
            point.claim_id,
            point.label,
            str(point.line),
            point.printed,
            point.recomputed,
            point.verdict,
            point.question,
            point.reply,
        ]
        for point in told.points()
    ]
    return heads, rows


def _points(table: pd.DataFrame) -> tuple[Point, ...]:
    return tuple(
        Point(
            claim_id=str(row["claim_id"]),
            label=str(row["label_fr"]),
            line=int(row["line"]),
            printed=french.typography(str(row["printed"])),
            recomputed=claims.shown_row(row),
            verdict=str(row["verdict"]),
            question=_question(row),
            reply="" if pd.isna(row["reply"]) else str(row["reply"]),
        )
        for _, row in table.iterrows()
    )


def _question(row: pd.Series[Any]) -> str:
    """Our cause, which is a guess, put as a question; for what is not published, whether it can be had."""
    if row["verdict"] == claims.NOT_REPRODUCIBLE:
        return "Pourriez-vous nous donner, ou nous indiquer, ce qui permettrait de le refaire ?"
    return f"{str(row['cause']).strip().rstrip('.')} ?"


def _found(known: pd.DataFrame) -> str:
    """French sentences on what comes out again: calculations first, the counts of lists last."""
    counts = []
    parts = (
        (known["kind"] == CALCULATION, "calcul"),
        (~known["kind"].isin((CALCULATION, LIST)), "autre vérification"),
        (known["kind"] == LIST, "dénombrement de liste"),
    )
    for chosen, noun in parts:
        verdicts = known.loc[chosen, "verdict"]
        again = int(verdicts.isin((claims.REPRODUCED, claims.ROUNDED)).sum())
        if len(verdicts):
            counts.append(f"{again} sur {french.plural(len(verdicts), noun)}")
    possible = int((known["verdict"] == claims.COMPATIBLE).sum())
    text = f"Se retrouvent {french.listing(counts)}."
    if possible:
        more = ("autre chiffre reste possible", "autres chiffres restent possibles")
        text += f" {french.plural(possible, *more)} entre les bornes connues."
    return text
