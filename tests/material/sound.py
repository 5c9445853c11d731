"""Material from a few columns: what a test does not say is missing, as in the tables of a package."""

from __future__ import annotations

import pandas as pd

from helpers.material import Material

COLUMNS = {
    "codes": ["code", "parent", "label_fr"],
    "sources": ["source", "rank", "length"],
    "attributes": ["source", "attribute", "value"],
    "segments": ["segment", "source", "code", "coder", "start", "end", "valence", "text"],
}


def held(segments, codes=None, sources=None, attributes=None):
    """Material of these tables; the codes and the sources of the segments, in order of appearance, when not given."""
    if codes is None:
        codes = pd.DataFrame({"code": segments["code"].drop_duplicates()})
    if sources is None:
        sources = pd.DataFrame({"source": segments["source"].drop_duplicates()})
    if "label_fr" not in codes:
        codes = codes.assign(label_fr=codes["code"].str.capitalize())
    given = {"codes": codes, "sources": sources, "attributes": attributes, "segments": segments}
    return Material(**{name: _shaped(table, COLUMNS[name]) for name, table in given.items()})


def _shaped(table, columns):
    table = pd.DataFrame(columns=columns) if table is None else table.reindex(columns=columns)
    table = table.reset_index(drop=True)
    return table.astype(
        {column: "Int64" for column in ("rank", "length", "start", "end") if column in table}
    ).astype({column: "string" for column in columns if column not in ("rank", "length", "start", "end")})
