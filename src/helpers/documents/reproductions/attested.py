"""Statements on "all", "most", "several" of the people or CPTS studied, held against what the text attests one by one.

The text seldom says it of each: those of whom it says so are a lower bound, those of whom it says the contrary lower the upper
one. The reading of the passages is automated (table `coding/attested`).
"""

from __future__ import annotations

from collections.abc import Callable

from helpers import french
from helpers.catalog import Study
from helpers.documents.claims import Recomputed, register
from helpers.documents.intervals import Bounds
from helpers.documents.reproductions.cells import Cells

# Who is studied in each document: table with one row each.
STUDIED = {
    "miller2022": "miller2022/general",
    "laine2021": "laine2021/interviews",
    "aura2022": "aura2022/interviewed_cpts",
    "navinel2020": "navinel2020/interviewees",
}
YES, NO = "oui", "non"


def bounds(yes: int, no: int, studied: int, *, share: bool = False, names: str = "") -> float | Bounds:
    """What is known of a number among `studied`: at least `yes`, at most all but `no`; exact when they add up to all.

    With `share`, both are divided by `studied`. `names` says who is attested, for the sentence shown.
    """
    low, high = yes, studied - no
    per = studied if share else 1
    if low == high:
        return low / per
    told = f"Le texte l'atteste pour {french.number(yes)} sur {french.number(studied)}{names}"
    told += f" et dit le contraire pour {french.number(no)}" if no else ""
    return Bounds(low / per, high / per, f"{told} ; il ne le dit pas des autres.")


def statements(study: Study) -> Recomputed:
    """Number (or share, when the claim is a share) of those of whom each statement is attested."""
    table = Cells("coding/attested", study).table
    claims = register(study)
    found: dict[str, float | Bounds] = {}
    for claim_id, rows in table.groupby("claim_id", sort=False):
        claim = claims.loc[str(claim_id)]
        told = rows.drop_duplicates("respondent", keep="last")
        yes = told.loc[told["state"] == YES, "respondent"]
        found[str(claim_id)] = bounds(
            len(yes),
            int((told["state"] == NO).sum()),
            Cells(STUDIED[str(claim["document"])], study).count(),
            share=claim["unit"] == "part",
            names=f" ({french.listing(yes)})" if 0 < len(yes) <= 6 else "",
        )
    return found


TOPICS: dict[str, Callable[[Study], Recomputed]] = {"statements": statements}
