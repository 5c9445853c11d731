"""Small registers of perimeters for the tests, on real commune codes."""

from __future__ import annotations

import pandas as pd


def register(*rows: tuple[str, str, str, str, str]) -> pd.DataFrame:
    """Rows (scheme, kind, commune, valid_from, valid_to); an empty last day means still valid."""
    table = pd.DataFrame(rows, columns=["scheme", "kind", "commune", "valid_from", "valid_to"])
    return table.assign(
        name_fr=table["scheme"].str.upper(), status="valide", source="test",
        valid_from=pd.to_datetime(table["valid_from"]), valid_to=pd.to_datetime(table["valid_to"].replace("", None)),
    )  # fmt: skip
