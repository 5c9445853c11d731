"""National envelope of the ACI: number of CPTS times ceilings, as a range wherever the sizes are not published."""

from __future__ import annotations

import math

import pandas as pd

from helpers import french
from helpers.aci.sizes import SIZES, bounds, size_classes
from helpers.aci.thresholds import scale_with_ceiling
from helpers.catalog import Study

ENVELOPE_FR = {
    "set": "Ensemble",
    "cpts": "CPTS",
    "lower": "Au moins (M€ par an)",
    "upper": "Au plus (M€ par an)",
    "printed": "Imprimé (M€)",
    "sizes": "Ce que l'on sait des tailles",
    "source": "Source",
}
_UNKNOWN = "non publiées : de la plus petite à la plus grande"


def region_by_size(study: Study) -> pd.Series[int]:
    """Number of CPTS of Auvergne-Rhône-Alpes in each size class, from the 71 populations of the regional map."""
    populations = study.table("aura2022/cpts_region")["value"]
    counts = size_classes(populations, bounds(study)).value_counts()
    return counts.reindex(SIZES, fill_value=0).astype(int).rename_axis("size")


def envelope(document: str, study: Study) -> pd.DataFrame:
    """What a set of CPTS would cost a year if each reached its ceiling, in millions of euros.

    Returns one row per set: `set`, `cpts`, `lower`, `upper`, `printed` (the amount that a document gives, else missing),
    `sizes` (what is known of the size of its CPTS), `source`. Where sizes are not published, the range goes from all in size 1
    to all in size 4: no distribution is invented. Raises NotComputable when the scale has no ceiling.
    """
    ceilings = scale_with_ceiling(document, study)
    low, high = float(ceilings.min()), float(ceilings.max())
    miller = study.table("miller2022/deployment").set_index("figure_id")
    aura = study.table("aura2022/deployment").set_index("figure_id")
    stated = study.table("miller2022/stated_counts").set_index("figure_id").loc["enveloppe_nationale"]
    rows = []
    for title, counts, figure, source, printed in (
        ("Objectif national", miller, "objectif", "Miller 2022", float(stated["value"])),
        ("Toutes étapes, juillet 2022", miller, "fcpts_total", "Miller 2022", math.nan),
        ("ACI signés, juillet 2022", miller, "fcpts_aci_signes", "Miller 2022", math.nan),
        ("ACI signés, juillet 2022 (autre compte)", aura, "texte_aci_signe", "Thèse AURA 2022", math.nan),
    ):
        number = float(counts.loc[figure, "value"])
        where = f"{source}, l. {counts.loc[figure, 'line']}"
        rows.append(_row(title, number, number * low, number * high, printed, _UNKNOWN, where))
    rows += [_sample(ceilings, study), _region(ceilings, study)]
    return pd.DataFrame(rows, columns=list(ENVELOPE_FR))


def _row(
    title: str, number: float, lower: float, upper: float, printed: float, sizes: str, source: str
) -> dict[str, object]:
    return {
        "set": title, "cpts": int(number), "lower": lower / 1e6, "upper": upper / 1e6, "printed": printed / 1e6, "sizes": sizes,
        "source": source,
    }  # fmt: skip


def _sample(ceilings: pd.Series[float], study: Study) -> dict[str, object]:
    """Sample of Lainé 2021: the share of sizes 2 and 3 together is all that is printed."""
    figures = study.table("laine2021/figures").set_index("figure_id")
    number = float(figures.loc["echantillon_tailles", "value"])
    middle = number * float(figures.loc["part_tailles_2_3", "value"]) / 100
    lower = middle * ceilings.loc[2] + (number - middle) * ceilings.loc[1]
    upper = middle * ceilings.loc[3] + (number - middle) * ceilings.loc[4]
    share = french.percent(figures.loc["part_tailles_2_3", "value"], 0)
    source = f"Lainé 2021, l. {figures.loc['part_tailles_2_3', 'line']} et {figures.loc['echantillon_tailles', 'line']}"
    return _row(
        "Échantillon dont la part des tailles est dite",
        number,
        lower,
        upper,
        math.nan,
        f"{share} en taille 2 ou 3, sans autre détail",
        source,
    )


def _region(ceilings: pd.Series[float], study: Study) -> dict[str, object]:
    counts = region_by_size(study)
    amount = float((counts * ceilings).sum())
    said = french.listing(f"{count} en taille {size}" for size, count in counts.items())
    lines = study.table("aura2022/cpts_region")["line"]
    source = f"Thèse AURA 2022, l. {lines.min()} à {lines.max()}"
    return _row(
        "Auvergne-Rhône-Alpes, toutes étapes", int(counts.sum()), amount, amount, math.nan, said, source
    )


def envelope_sentence(table: pd.DataFrame) -> str:
    """How the printed national amount stands against the range of the same row of `envelope`."""
    row = table.dropna(subset=["printed"]).iloc[0]
    inside = row["lower"] <= row["printed"] <= row["upper"]
    mean = 1e6 * row["printed"] / row["cpts"]
    return (
        f"Pour {french.number(row['cpts'])} CPTS, les plafonds donnent de {french.number(row['lower'], 1)} à "
        f"{french.number(row['upper'], 1)} M€ par an selon leur taille, qu'aucun document ne publie ; le montant imprimé, "
        f"{french.number(row['printed'], 0)} M€, est {'dans' if inside else 'hors de'} cet intervalle et suppose "
        f"{french.number(mean, 0)} € par CPTS."
    )
