"""Which schemes (CLS, CLSM, ASV, CPTS) exist where, and how they compare attribute by attribute."""

from __future__ import annotations

import pandas as pd

from helpers.catalog import labels

SCHEMES = ("asv", "cls", "clsm", "cpts")


def devices() -> dict[str, str]:
    """French name of each scheme that the five CPTS were asked about, by code."""
    return labels.codes("miller2022/dts_presence", "device")


def answers() -> dict[str, str]:
    """French name of each answer on the presence of a scheme, by code, from present to not published."""
    return labels.codes("miller2022/dts_presence", "status")


def attributes(scheme_attributes: pd.DataFrame, label: str = "label_fr") -> pd.DataFrame:
    """Attributes of the schemes side by side: one row per attribute, one column per scheme, in the order of the table.

    Takes the long table `scheme`, `attribute`, `label`. Several values of one attribute are joined; a missing pair is NA.
    """
    joined = scheme_attributes.groupby(["attribute", "scheme"], sort=False)[label].agg(" ; ".join)
    wide = joined.unstack("scheme").reindex(scheme_attributes["attribute"].drop_duplicates())
    return wide[[scheme for scheme in SCHEMES if scheme in wide]].rename_axis(columns=None).reset_index()


def presence(table: pd.DataFrame, *, unit: str, scheme: str, present: str) -> pd.DataFrame:
    """Which schemes exist where: one row per unit, one column per scheme, 1 or 0, missing when the document does not say."""
    wide = table.pivot(index=unit, columns=scheme, values=present).astype("float64")
    return wide.rename_axis(columns=None).reset_index()
