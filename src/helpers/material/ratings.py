"""What two or more coders said of the same units, side by side: one row per unit, one column per coder, missing where silent."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from helpers.errors import DataError, NotComputable, UnknownName
from helpers.material import codebook
from helpers.material.corpus import SEGMENT, Material

PRESENT, ABSENT = "présent", "absent"


def ratings(
    codings: pd.DataFrame, *, unit: str, coder: str, value: str, labels: Sequence[str] = ()
) -> pd.DataFrame:
    """Units × coders from a long table of one row per unit and coder; an empty cell stays missing.

    `labels` names the columns of the result. Raises DataError when a coder coded a unit twice, NotComputable with fewer
    than two coders.
    """
    if codings.duplicated([unit, coder]).any():
        twice = int(codings.duplicated([unit, coder]).sum())
        raise DataError(
            f"Un codeur a codé deux fois la même unité ({twice} ligne(s) de trop) : gardez une "
            "ligne par unité et codeur."
        )
    wide = codings.assign(_value=codings[value].astype("string")).pivot(
        index=unit, columns=coder, values="_value"
    )
    wide = wide.reindex(index=codings[unit].drop_duplicates()).rename_axis(index=unit, columns=None)
    if wide.shape[1] < 2:
        raise NotComputable("Accord non défini : un seul codeur ; il en faut au moins deux.")
    wide.columns = pd.Index(list(labels) or [str(item) for item in wide.columns])
    return wide


def binary(table: pd.DataFrame, code: str) -> pd.DataFrame:
    """The same units and coders, each cell "présent" when it holds `code`, "absent" when it holds another, missing if empty."""
    cells = table.to_numpy(dtype=object, na_value=None)
    said = np.where(cells == code, PRESENT, ABSENT).astype(object)
    said[table.isna().to_numpy()] = None
    return pd.DataFrame(said, index=table.index, columns=table.columns, dtype="string")


def segment_ratings(material: Material, code: str, *, unit: str = "segment") -> pd.DataFrame:
    """Whether each coder gave `code` (or a child of it) to each unit of the material.

    `unit` is "segment" (same identifier in the same source) or "source", for coders who cut the text differently. A coder who
    coded the unit without that code says "absent"; a coder who did not code the unit at all is missing. Raises NotComputable
    with fewer than two coders, or when no unit was coded by two of them.
    """
    key = ["source"] if unit == "source" else SEGMENT
    if len(material.coders) < 2:
        raise NotComputable("Accord non défini : un seul codeur ; il en faut au moins deux.")
    counted = codebook.with_parents(material.segments, material.codes)
    if code not in set(counted["code"]):
        raise UnknownName("Code", code, counted["code"].unique())
    read = material.segments.drop_duplicates([*key, "coder"]).assign(_said=ABSENT)
    given = counted[counted["code"] == code].drop_duplicates([*key, "coder"]).assign(_said=PRESENT)
    both = pd.concat([given, read]).drop_duplicates([*key, "coder"])
    wide = both.pivot(index=key, columns="coder", values="_said").rename_axis(columns=None).astype("string")
    wide.columns = pd.Index([str(item) for item in wide.columns])
    if not (wide.notna().sum(axis=1) >= 2).any():
        what = "segment" if unit == "segment" else "source"
        raise NotComputable(
            f"Accord non défini : aucun {what} n'a été codé par deux codeurs"
            + (" ; comparez par source." if unit == "segment" else ".")
        )
    return wide[material.coders]
