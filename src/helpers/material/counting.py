"""How often codes are used: by source, by attribute of the sources, by valence, together. The only count of coded material.

A segment is a pair (source, segment). Two choices make every count, and the caption of each table says them: coders
"together" (a passage that two coders put under one code counts once) or "each" (once per coder); parents "with" (a parent has
the passages of its children, each once) or "without" their children.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import pandas as pd

from helpers import french
from helpers.errors import NotComputable, UnknownName
from helpers.material import codebook
from helpers.material.corpus import SEGMENT, VALENCES, Material

NO_VALENCE = "non codée"
SEGMENTS, SOURCES = "Segments", "Sources"
CODERS_FR = {"together": "codeurs réunis", "each": "chaque codeur compté"}
PARENTS_FR = {"with": "codes parents avec leurs enfants", "without": "codes parents sans leurs enfants"}
DIMENSIONS = ("code", "source", "coder", "valence", "attribute")
TOGETHER_HEADS_FR = {
    "first": "Premier code",
    "second": "Second code",
    "both": "Les deux",
    "either": "L'un ou l'autre",
    "jaccard": "Jaccard (0 à 1)",
}


def rule(title: str, *, coders: str = "together", parents: str = "with") -> str:
    """Title of a table with the rule of its counts: "… (codeurs réunis, codes parents avec leurs enfants)"."""
    return f"{title} ({_said(CODERS_FR, coders)}, {_said(PARENTS_FR, parents)})"


def counts(
    material: Material,
    *,
    by: Sequence[str] = ("code",),
    coders: str = "together",
    parents: str = "with",
    attribute: str = "",
    coder: str = "",
) -> pd.DataFrame:
    """Segments in each cell of `by`: its columns, then `segments`, `sources` (with at least one), `n_sources` (of the cell).

    `by` takes one or more of "code" (in the order of the codebook), "source" (in that of reading), "coder", "valence" and
    "attribute" (values of the `attribute` of the sources). Every cell has its row, zeros included. `coder` keeps the segments
    of one coder. Raises UnknownName for a dimension, a rule, a coder or an attribute that the material does not have.
    """
    _said(PARENTS_FR, parents)
    unit = [*SEGMENT, *(["coder"] if _said(CODERS_FR, coders) == CODERS_FR["each"] else [])]
    rows = material.of_coder(coder)
    rows = rows.assign(valence=rows["valence"].fillna(NO_VALENCE))
    every = pd.DataFrame({"source": material.reading_order})
    if "attribute" in by:
        values = material.attribute_values(attribute)
        rows, every = (table.assign(attribute=table["source"].map(values)) for table in (rows, every))
    if parents == "with" and "code" in by:
        rows = codebook.with_parents(rows, material.codes)
    cells = pd.MultiIndex.from_product([_categories(material, name, every) for name in by], names=list(by))
    groups = rows.drop_duplicates(list(dict.fromkeys([*by, *unit]))).groupby(list(by))["source"]
    table = pd.DataFrame({"segments": groups.size(), "sources": groups.nunique()})
    if len(by) == 1:
        cells = cells.get_level_values(0)
    table = table.reindex(cells, fill_value=0).reset_index()
    return table.assign(n_sources=_bases(table, every, [name for name in by if name in every]))


def wide(
    material: Material,
    rows: str,
    columns: str,
    *,
    coders: str = "together",
    parents: str = "with",
    attribute: str = "",
    coder: str = "",
    totals: bool = True,
    used: bool = False,
) -> pd.DataFrame:
    """`counts` in two ways: one line per category of `rows` (codes by their label), one column per category of `columns`.

    With `totals`, `Segments` (a segment of several columns once) and `Sources` end the line; with `used`, lines without any
    segment are left out. Raises as `counts` does.
    """
    options = {"coders": coders, "parents": parents, "attribute": attribute, "coder": coder}
    cells = (
        counts(material, by=(rows, columns), **options)
        .set_index([rows, columns])["segments"]
        .unstack(sort=False)
    )
    table = cells.rename_axis(columns=None)
    ends = counts(material, by=(rows,), **options).set_index(rows)
    if totals:
        table[[SEGMENTS, SOURCES]] = ends[["segments", "sources" if rows == "code" else "n_sources"]]
    if used:
        table = table[ends["segments"] > 0]
    return (table.rename(index=material.labels) if rows == "code" else table).reset_index()


def short(material: Material) -> pd.DataFrame:
    """Code (label), Segments and Sources of each code of the codebook: coders together, parents with their children."""
    table = counts(material).assign(code=lambda rows: rows["code"].map(material.labels))
    return table.drop(columns="n_sources").rename(columns={"segments": SEGMENTS, "sources": SOURCES})


def leading_sentence(material: Material, most: int = 3) -> str:
    """One French sentence: the codes in the most segments, codes above others left out, with their segments and sources."""
    above = set(codebook.parents(material.codes).values())
    table = counts(material)
    own = table[~table["code"].isin(above) & (table["segments"] > 0)]
    if own.empty:
        return ""
    top = own.sort_values("segments", ascending=False, kind="stable").head(most)
    told = [
        f"« {material.labels[row['code']]} » ({french.plural(int(row['segments']), 'segment')}, "
        f"{french.plural(int(row['sources']), 'source')})"
        for _, row in top.iterrows()
    ]
    verb = "Le code le plus présent est" if len(told) == 1 else "Les codes les plus présents sont"
    return f"{verb} {french.listing(told)}."


def cooccurrence(material: Material, *, unit: str = "segment", coder: str = "") -> pd.DataFrame:
    """Codes used together in the same units: `first`, `second`, `both`, `either`, `jaccard` (both / either), most frequent first.

    `unit` is "segment" (one passage that bears both codes) or "source"; coders together, parents with their children. Jaccard
    (1912). A code and its ancestor are left out: they go together by construction. Pairs that never meet are left out.
    Raises NotComputable for another unit, UnknownName for a coder.
    """
    if unit not in ("segment", "source"):
        raise NotComputable(f"Cooccurrence : l'unité est « segment » ou « source », pas « {unit} ».")
    counted = codebook.with_parents(material.of_coder(coder), material.codes)
    key = SEGMENT if unit == "segment" else ["source"]
    groups = counted.drop_duplicates([*key, "code"]).groupby("code")
    met = {str(code): set(rows[key].itertuples(index=False, name=None)) for code, rows in groups}
    where = {code: met[code] for code in material.codes["code"] if code in met}
    above = codebook.parents(material.codes)
    found = []
    for first, second in combinations(where, 2):
        if first in codebook.ancestors(second, above) or second in codebook.ancestors(first, above):
            continue
        both, either = len(where[first] & where[second]), len(where[first] | where[second])
        if both:
            found.append((first, second, both, either, both / either))
    table = pd.DataFrame(found, columns=["first", "second", "both", "either", "jaccard"])
    return table.sort_values(["both", "jaccard"], ascending=False, kind="stable").reset_index(drop=True)


def _categories(material: Material, name: str, every: pd.DataFrame) -> list[str]:
    if name not in DIMENSIONS:
        raise UnknownName("Dimension", name, DIMENSIONS)
    found: dict[str, list[str]] = {
        "code": material.codes["code"].tolist(),
        "source": material.reading_order,
        "coder": material.coders,
        "valence": [*VALENCES, NO_VALENCE],
        "attribute": sorted(every["attribute"].unique()) if "attribute" in every else [],
    }
    return found[name]


def _bases(table: pd.DataFrame, every: pd.DataFrame, shared: list[str]) -> pd.Series[int] | int:
    """Sources that a cell could have: those of its source or of its attribute, else all of them."""
    if not shared:
        return len(every)
    sizes = every.groupby(shared).size().rename("n_sources").reset_index()
    return table.merge(sizes, on=shared, how="left")["n_sources"]


def _said(known: dict[str, str], asked: str) -> str:
    if asked not in known:
        raise UnknownName("Règle de comptage", asked, known)
    return known[asked]
