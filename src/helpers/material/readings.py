"""The user's own coded material (`material/*` of a package): code × source, saturation, agreement when several coders."""

from __future__ import annotations

import pandas as pd

from helpers import french
from helpers.errors import NotComputable
from helpers.material.agreement import by_code
from helpers.material.coefficients import PREVALENCE
from helpers.material.counts import SEGMENT, code_by_source, of_coder, with_parents
from helpers.material.ratings import PRESENT, coders, segment_ratings
from helpers.material.saturation import presence

NO_MATERIAL = (
    "Le paquet de données ne contient pas de matériau codé (material/segments) : cette partie est vide."
)
NO_CURVE = "Moins de deux sources codées : pas de courbe de saturation."
ONE_CODER = "Aucune source de ce matériau n'a été codée par deux codeurs : aucun accord à mesurer."


def labels(codes: pd.DataFrame) -> dict[str, str]:
    """French label of each code of the codebook."""
    return dict(zip(codes["code"].astype(str), codes["label_fr"].astype(str), strict=True))


def reading_order(segments: pd.DataFrame, sources: pd.DataFrame) -> list[str]:
    """Sources in the order of their `rank`; those without a rank follow, in the order of the segments."""
    ranked = sources.dropna(subset=["rank"]).sort_values("rank", kind="stable")["source"].astype(str)
    found = [*ranked, *sources["source"].astype(str), *segments["source"].astype(str)]
    return list(dict.fromkeys(found))


def code_source_table(
    segments: pd.DataFrame, codes: pd.DataFrame, sources: pd.DataFrame, *, coder: str | None = None
) -> pd.DataFrame:
    """Segments by code and source: one row per used code (label), one column per source in reading order."""
    long = code_by_source(segments, codes, coder=coder)
    wide = long.pivot(index="code", columns="source", values="segments")
    order = [source for source in reading_order(segments, sources) if source in wide]
    wide = wide.reindex(index=long["code"].drop_duplicates(), columns=order)
    wide = wide[wide.sum(axis=1) > 0]
    return wide.rename(index=labels(codes)).rename_axis(index="Code", columns=None).reset_index()


def grid(
    segments: pd.DataFrame, codes: pd.DataFrame, sources: pd.DataFrame, *, coder: str | None = None
) -> pd.DataFrame:
    """Codes × sources in reading order, for saturation. Raises NotComputable without any segment."""
    own = with_parents(of_coder(segments, coder), codes)
    return presence(own, sources=reading_order(segments, sources))


def comparable(segments: pd.DataFrame) -> bool:
    """Whether two coders or more have coded a same source."""
    return bool((segments.groupby("source")["coder"].nunique() >= 2).any())


def agreement(segments: pd.DataFrame, codes: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """Agreement of all coders, code by code: long results of `agreement.by_code`, on segments or, failing that, on sources.

    Coders who cut the text themselves share no segment: their codes are then compared source by source, and `unit_compared`
    says so. Raises NotComputable when no source was coded by two coders.
    """
    if not comparable(segments):
        raise NotComputable(ONE_CODER)
    used = list(with_parents(segments, codes)["code"].drop_duplicates())
    by_segment = segments.groupby(["source", "segment"])["coder"].nunique()
    unit = "segment" if (by_segment >= 2).any() else "source"
    found = []
    for code in used:
        table = segment_ratings(segments, code, codes, unit=unit).reset_index(drop=True)
        found.append(
            by_code(table, codes=[PRESENT], confidence=confidence).assign(
                indicator=code, note=lambda rows: rows["note"].where(rows["statistic"] != PREVALENCE, "")
            )
        )
    return pd.concat(found, ignore_index=True).assign(unit_compared=unit)


def sentence(segments: pd.DataFrame, codes: pd.DataFrame) -> str:
    """One French sentence: segments, sources, codes used out of the codebook, coders."""
    used = segments["code"].astype(str).nunique()
    return (
        f"{french.plural(len(segments.drop_duplicates(SEGMENT)), 'segment')} dans"
        f" {french.plural(segments['source'].nunique(), 'source')},"
        f" {french.plural(used, 'code employé', 'codes employés')} sur {len(codes)} du livre de codes,"
        f" {french.plural(len(coders(segments)), 'codeur')}."
    )
