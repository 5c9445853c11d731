"""What the CPTS say that slows or carries them: brakes and levers, coded in the whole text by the observatory."""

from __future__ import annotations

import pandas as pd

from helpers import french
from helpers.catalog import Study, once_per_study
from helpers.practices import DOCUMENT, cited, interviewed

SIDES = {"frein": ("frein", "frein_reseau"), "levier": ("levier",)}
HEADS_FR = {
    "label": "Ce qui est dit",
    "group": "Code réuni",
    "count": "CPTS qui le disent",
    "cpts": "CPTS",
}


@once_per_study
def by_label(study: Study, side: str) -> pd.DataFrame:
    """Brakes ("frein") or levers ("levier"), one row per label, the most widespread first: columns of HEADS_FR."""
    rows = [
        {
            "label": label,
            "group": found["group"].iloc[0],
            "count": found["cpts"].nunique(),
            "cpts": cited(zip(found["cpts"], found["line"], strict=True), with_line=False),
        }
        for label, found in _said(study, side).groupby("label", sort=False)
    ]
    return pd.DataFrame(rows).sort_values("count", ascending=False, kind="stable", ignore_index=True)


def sentence(study: Study) -> str:
    """The most shared brakes and levers, and how many of the labels come from one CPTS only."""
    parts, alone = [], []
    for side in SIDES:
        table = by_label(study, side)
        top = table[table["count"] == table["count"].max()]
        names = french.listing(f"« {name} »" for name in top["label"])
        parts.append(f"des {side}s, {names} ({top['count'].iloc[0]} CPTS sur {len(interviewed(study))})")
        alone.append(f"{int((table['count'] == 1).sum())} {side}s sur {len(table)}")
    return (
        f"Les plus partagés : {' ; '.join(parts)}. Ne viennent que d'une CPTS : {french.listing(alone)}. Un nombre dit "
        "combien en parlent, non ce qui pèse le plus."
    )


def _said(study: Study, side: str) -> pd.DataFrame:
    table = study.table(f"{DOCUMENT}/coded_statements")
    table = table[table["domain"].isin(SIDES[side])]
    book = study.table(f"{DOCUMENT}/codebook").rename(columns={"label_fr": "label"})
    groups = study.table(f"{DOCUMENT}/categories").set_index("category")["label_fr"]
    said = table.merge(book, on=["domain", "code"], how="left", validate="many_to_one")
    return said.assign(group=said["category"].map(groups))
