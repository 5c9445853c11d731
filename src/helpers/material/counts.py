"""How often codes are used: by source, by attribute of the sources, together; a parent counts its children.

A segment is a pair (source, segment): coded twice under the same code, by two coders or by two children of one parent, it
counts once.
"""

from __future__ import annotations

from itertools import combinations

import pandas as pd

from helpers import french
from helpers.errors import DataError, NotComputable, UnknownName

SEGMENT = ["source", "segment"]


def parents(codes: pd.DataFrame) -> dict[str, str]:
    """Parent of every code that has one, from `material/codes`.

    Raises DataError for a parent that is not a code, or for a code that is its own ancestor.
    """
    known = set(codes["code"].astype(str))
    filled = codes.dropna(subset=["parent"])
    above = dict(zip(filled["code"].astype(str), filled["parent"].astype(str), strict=True))
    for code, parent in above.items():
        if parent not in known:
            raise DataError(
                f"Livre de codes : le parent de « {code} », « {parent} », n'est pas un code ; ajoutez-le ou videz la case."
            )
    for code in above:
        ancestors(code, above)
    return above


def ancestors(code: str, above: dict[str, str]) -> list[str]:
    """Codes above `code`, the nearest first. Raises DataError when the hierarchy turns round."""
    found: list[str] = []
    while code in above:
        code = above[code]
        if code in found:
            raise DataError(
                f"Livre de codes : « {code} » est son propre ancêtre ({' → '.join([code, *found])}) ; corrigez la colonne parent."
            )
        found.append(code)
    return found


def with_parents(segments: pd.DataFrame, codes: pd.DataFrame | None = None) -> pd.DataFrame:
    """Segments with one more row for every ancestor of their code, so that a parent counts its children.

    Takes `segments` (at least `source`, `segment`, `code`) and the codebook (`code`, `parent`); without it, the segments as
    they are. Raises UnknownName for a code that the codebook does not have, DataError for a faulty hierarchy.
    """
    if codes is None or codes.empty:
        return segments
    above = parents(codes)
    known = set(codes["code"].astype(str))
    used = segments["code"].astype(str).drop_duplicates()
    for code in used:
        if code not in known:
            raise UnknownName("Code", code, known)
    line = pd.DataFrame(
        [(code, upper) for code in used for upper in [code, *ancestors(code, above)]],
        columns=["code", "counted"],
    )
    counted = segments.assign(code=segments["code"].astype(str)).merge(line, on="code", how="left")
    return counted.drop(columns="code").rename(columns={"counted": "code"})


def of_coder(segments: pd.DataFrame, coder: str | None) -> pd.DataFrame:
    """Segments of one coder, or all of them when none is named. Raises UnknownName for a coder without segment."""
    if coder is None:
        return segments
    own = segments[segments["coder"].astype(str) == str(coder)]
    if own.empty:
        raise UnknownName("Codeur", coder, segments["coder"].astype(str).unique())
    return own


def code_counts(
    segments: pd.DataFrame, codes: pd.DataFrame | None = None, *, coder: str | None = None
) -> pd.DataFrame:
    """Segments, and sources with at least one, under each code: `code`, `segments`, `sources`, `n_sources` (all sources).

    Codes of the codebook that nobody used count zero: they were looked for. Raises NotComputable without any segment.
    """
    own = _some(of_coder(segments, coder))
    counted = with_parents(own, codes)
    groups = counted.drop_duplicates([*SEGMENT, "code"]).groupby("code", sort=False)
    table = pd.DataFrame({"segments": groups.size(), "sources": groups["source"].nunique()})
    order = list(counted["code"].drop_duplicates() if codes is None or codes.empty else codes["code"])
    table = table.reindex(order, fill_value=0)
    return table.assign(n_sources=own["source"].nunique()).rename_axis("code").reset_index()


def code_by_source(
    segments: pd.DataFrame, codes: pd.DataFrame | None = None, *, coder: str | None = None
) -> pd.DataFrame:
    """Number of segments of each source under each code: long table `code`, `source`, `segments`, zeros included.

    Every source of `segments` and every code (of the codebook when given) has its row. Raises NotComputable without segment.
    """
    own = _some(of_coder(segments, coder))
    counted = with_parents(own, codes).drop_duplicates([*SEGMENT, "code"])
    order = list(counted["code"].drop_duplicates() if codes is None or codes.empty else codes["code"])
    sources = list(own["source"].drop_duplicates())
    pairs = pd.MultiIndex.from_product([order, sources], names=["code", "source"])
    found = counted.groupby(["code", "source"]).size().reindex(pairs, fill_value=0)
    return found.rename("segments").reset_index()


def code_by_attribute(
    segments: pd.DataFrame,
    attributes: pd.DataFrame,
    *,
    attribute: str,
    codes: pd.DataFrame | None = None,
    coder: str | None = None,
) -> pd.DataFrame:
    """Codes by an attribute of the sources: `code`, `value`, `segments`, `sources` with at least one, `n_sources` of the value.

    Takes `attributes` as `material/attributes` (`source`, `attribute`, `value`). A source without the attribute is counted
    under "non renseigné". Raises UnknownName for an attribute that no source has.
    """
    own = attributes[attributes["attribute"] == attribute]
    if own.empty:
        raise UnknownName("Attribut", attribute, attributes["attribute"].unique())
    value = dict(zip(own["source"].astype(str), own["value"].astype(str), strict=True))
    table = code_by_source(segments, codes, coder=coder)
    table["value"] = table["source"].astype(str).map(value).fillna("non renseigné")
    grouped = table.groupby(["code", "value"], sort=False)
    counts = pd.DataFrame(
        {
            "segments": grouped["segments"].sum(),
            "sources": grouped["segments"].agg(lambda cells: int((cells > 0).sum())),
            "n_sources": grouped.size(),
        }
    )
    return counts.reset_index()


def cooccurrence(
    segments: pd.DataFrame,
    codes: pd.DataFrame | None = None,
    *,
    unit: str = "segment",
    coder: str | None = None,
) -> pd.DataFrame:
    """Codes used together in the same units: `first`, `second`, `both`, `either`, `jaccard` (both / either), most frequent first.

    `unit` is "segment" (one passage that bears both codes) or "source". Jaccard (1912). A code and its ancestor are left out:
    they go together by construction. Pairs that never meet are left out. Raises NotComputable for another unit.
    """
    if unit not in ("segment", "source"):
        raise NotComputable(f"Cooccurrence : l'unité est « segment » ou « source », pas « {unit} ».")
    counted = with_parents(_some(of_coder(segments, coder)), codes)
    key = SEGMENT if unit == "segment" else ["source"]
    groups = counted.drop_duplicates([*key, "code"]).groupby("code", sort=False)
    where = {str(code): set(rows[key].itertuples(index=False, name=None)) for code, rows in groups}
    above = {} if codes is None or codes.empty else parents(codes)
    found = []
    for first, second in combinations(where, 2):
        if first in ancestors(second, above) or second in ancestors(first, above):
            continue
        both, either = len(where[first] & where[second]), len(where[first] | where[second])
        if both:
            found.append((first, second, both, either, both / either))
    table = pd.DataFrame(found, columns=["first", "second", "both", "either", "jaccard"])
    return table.sort_values(["both", "jaccard"], ascending=False, kind="stable").reset_index(drop=True)


def sentence(counts: pd.DataFrame) -> str:
    """One French sentence on a table of `code_counts`: codes used, segments of the most frequent, codes never used."""
    used = counts[counts["segments"] > 0]
    most = used.loc[used["sources"].idxmax()]
    unused = len(counts) - len(used)
    text = (
        f"{french.plural(len(used), 'code employé', 'codes employés')} ; le plus partagé, « {most['code']} », se trouve dans "
        f"{int(most['sources'])} sources sur {int(most['n_sources'])}."
    )
    return text + (f" {french.plural(unused, 'code')} sans segment." if unused else "")


def _some(segments: pd.DataFrame) -> pd.DataFrame:
    if segments.empty:
        raise NotComputable(
            "Aucun segment codé : remplissez material/segments ou importez un projet de codage."
        )
    return segments
