"""Agreement of coders, told whole: every measure of a variable or code by code, what the disagreements are.

A coefficient never goes alone: raw agreement and prevalence stand beside it, because kappa falls when one answer is rare
(Feinstein and Cicchetti 1990). What is not defined keeps its row, without value, and says why.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from helpers.errors import NotComputable
from helpers.material import codebook
from helpers.material.coefficients import (
    AC1,
    ALPHA,
    ALPHA_ORDINAL,
    DRAWS,
    KAPPA,
    PREVALENCE,
    RAW,
    SEED,
    cohen_kappa,
    gwet_ac1,
    krippendorff_alpha,
    nobody,
    pairable,
    percent_agreement,
    two_coders,
)
from helpers.material.corpus import SEGMENT, Material
from helpers.material.ratings import PRESENT, binary, segment_ratings
from helpers.methods import results

ONE_CODER = "Aucune source de ce matériau n'a été codée par deux codeurs : aucun accord à mesurer."


def disagreements(table: pd.DataFrame) -> pd.DataFrame:
    """Units that two coders or more coded differently: the unit in the first columns, then what each coder said."""
    apart = table.nunique(axis=1) > 1
    return table[apart].reset_index()


def confusion(table: pd.DataFrame) -> pd.DataFrame:
    """What one coder says where the other says something else: `first`, `second`, `units`, most frequent first.

    Takes two coders. Agreements are in it (first = second). Raises NotComputable for another number of coders.
    """
    two_coders(table)
    paired = table.dropna().set_axis(["first", "second"], axis=1)
    counts = paired.groupby(["first", "second"]).size().rename("units").reset_index()
    return counts.sort_values("units", ascending=False, kind="stable").reset_index(drop=True)


def prevalence(table: pd.DataFrame, code: str) -> float:
    """Share of `code` (0 to 1) among what coders said of the units that two of them or more coded."""
    found, said = _votes(pairable(table), code)
    return found / said


def _votes(paired: pd.DataFrame, code: str) -> tuple[int, int]:
    """Cells that say `code`, and cells that say something."""
    cells = paired.to_numpy(dtype=object, na_value=None).ravel().tolist()
    return cells.count(str(code)), sum(cell is not None for cell in cells)


def measures(
    table: pd.DataFrame,
    *,
    indicator: str,
    order: Sequence[str] = (),
    confidence: float = 0.95,
    draws: int = DRAWS,
    seed: int = SEED,
) -> pd.DataFrame:
    """Every measure of one variable, a row each: raw, kappa, alpha (nominal, and ordinal when `order` is given), AC1, prevalence.

    A measure that is not defined keeps its row, without value, its `note` saying why. The last row is the prevalence of the
    most frequent code, named in `note`. Raises NotComputable when no unit was coded twice.
    """
    paired = pairable(table)
    if paired.empty:
        raise NotComputable(nobody())
    wanted: list[tuple[str, Callable[[], pd.DataFrame]]] = [
        (RAW, lambda: percent_agreement(table, confidence=confidence, draws=draws, seed=seed)),
        (KAPPA, lambda: cohen_kappa(table, confidence=confidence)),
        (ALPHA, lambda: krippendorff_alpha(table, confidence=confidence, draws=draws, seed=seed)),
    ]
    if order:
        wanted.append(
            (
                ALPHA_ORDINAL,
                lambda: krippendorff_alpha(table, order=order, confidence=confidence, draws=draws, seed=seed),
            )
        )
    wanted.append((AC1, lambda: gwet_ac1(table, confidence=confidence)))
    rows = [_or_undefined(name, measure, len(paired), confidence) for name, measure in wanted]
    values = pd.Series(paired.to_numpy().ravel()).dropna().value_counts(sort=True)
    most = str(values.index[0])
    rows.append(_prevalence_row(paired, most, confidence))
    return pd.concat(rows, ignore_index=True).assign(indicator=indicator)


def by_code(
    table: pd.DataFrame,
    *,
    codes: Sequence[str] = (),
    confidence: float = 0.95,
    draws: int = DRAWS,
    seed: int = SEED,
) -> pd.DataFrame:
    """Every measure code by code (this code or another): long results whose `indicator` is the code.

    Rows per code: raw agreement, kappa, nominal alpha, AC1, prevalence. `codes` gives the codes and their order (else those used,
    most frequent first). What is not defined says why in `note`.
    """
    paired = pairable(table)
    if paired.empty:
        raise NotComputable(nobody())
    used = pd.Series(paired.to_numpy().ravel()).dropna().value_counts(sort=True)
    chosen = [str(item) for item in (codes if len(codes) else used.index)]
    rows = []
    for code in chosen:
        own = binary(paired, code)
        found = [
            _or_undefined(name, measure, len(paired), confidence)
            for name, measure in (
                (RAW, lambda own=own: percent_agreement(own, confidence=confidence, draws=draws, seed=seed)),
                (KAPPA, lambda own=own: cohen_kappa(own, confidence=confidence)),
                (
                    ALPHA,
                    lambda own=own: krippendorff_alpha(own, confidence=confidence, draws=draws, seed=seed),
                ),
                (AC1, lambda own=own: gwet_ac1(own, confidence=confidence)),
            )
        ]
        rows.append(pd.concat([*found, _prevalence_row(paired, code, confidence)]).assign(indicator=code))
    return pd.concat(rows, ignore_index=True)


def comparable(material: Material) -> bool:
    """Whether two coders or more have coded a same source."""
    return bool((material.segments.groupby("source")["coder"].nunique() >= 2).any())


def between_coders(material: Material, *, confidence: float = 0.95) -> pd.DataFrame:
    """Agreement of all coders of a material, code by code: long results of `by_code`, on segments or, failing that, on sources.

    Coders who cut the text themselves share no segment: their codes are then compared source by source, and `unit_compared`
    says so. Raises NotComputable when no source was coded by two coders.
    """
    if not comparable(material):
        raise NotComputable(ONE_CODER)
    used = list(codebook.with_parents(material.segments, material.codes)["code"].drop_duplicates())
    by_segment = material.segments.groupby(SEGMENT)["coder"].nunique()
    unit = "segment" if (by_segment >= 2).any() else "source"
    found = []
    for code in used:
        table = segment_ratings(material, code, unit=unit).reset_index(drop=True)
        found.append(
            by_code(table, codes=[PRESENT], confidence=confidence).assign(
                indicator=code, note=lambda rows: rows["note"].where(rows["statistic"] != PREVALENCE, "")
            )
        )
    return pd.concat(found, ignore_index=True).assign(unit_compared=unit)


def _or_undefined(
    name: str, measure: Callable[[], pd.DataFrame], units: int, confidence: float
) -> pd.DataFrame:
    try:
        return measure()
    except NotComputable as refusal:
        return results.long(
            statistic=name, denominator=float(units), confidence=confidence, note=str(refusal)
        )


def _prevalence_row(paired: pd.DataFrame, code: str, confidence: float) -> pd.DataFrame:
    found, said = _votes(paired, code)
    return results.long(
        statistic=PREVALENCE, value=found / said, numerator=float(found), denominator=float(said),
        method="moyenne des codeurs", confidence=confidence, note=f"code « {code} »",
    )  # fmt: skip
