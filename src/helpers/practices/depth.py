"""What sixteen CPTS allow to compute, and what they do not: associations, multiple correspondences, delays, with their limits."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from helpers import french
from helpers.catalog import Study, once_per_study
from helpers.documents import delays
from helpers.methods.results import Floats
from helpers.practices import DOCUMENT, interviewed, number, pharmacist
from helpers.practices import missions as tables

# An attribute that fewer CPTS (or all but fewer) have says who that CPTS is, not how CPTS differ.
FEWEST = 3
STABLE = 0.8
# From this correlation on, an axis would order the CPTS by how much they said.
TALKATIVE = 0.4
ASSOCIATION_HEADS_FR = {
    "first": "Attribut",
    "second": "Croisé avec",
    "both": "Les deux",
    "only_first": "Le premier seul",
    "only_second": "Le second seul",
    "neither": "Aucun",
    "p_value": "p (Fisher exact)",
    "adjusted": "p corrigé (Holm)",
}
STABILITY_HEADS_FR = {"what": "Ce qui est mesuré", "axis_1": "Axe 1", "axis_2": "Axe 2"}
SMALL, SEATED = "Taille 1 (déclarée)", "Pharmacien au bureau ou au conseil"
DELAY_HEADS_FR = {
    "cpts": "CPTS",
    "created": "Création (année)",
    "signed": "Accord",
    "months": "De la création à l'accord (mois)",
    "lines": "Lignes",
}


@once_per_study
def attributes(study: Study) -> pd.DataFrame:
    """Coarse yes/no attributes of each CPTS, one row per CPTS, one column per attribute that 3 to 13 of the sixteen have.

    A practice in place, a shortage, a founder, a brake or a lever is an attribute when enough CPTS share it; size 1, seat of a
    pharmacist and coordinated exercise are added. "no" also means "not said".
    """
    base = interviewed(study)
    told = tables.statements(study)
    told = told[~told["domain"].isin(("outils", "indemnisation"))]
    told = told[told["status"].isin((*tables.DONE, "oui", "favorable", "defavorable", "mitige"))]
    names = study.table(f"{DOCUMENT}/coding_domains").set_index("domain")["label_fr"]
    found = {
        f"{names[domain]} : {practice[0].lower()}{practice[1:]}": [cpts in having for cpts in base]
        for (domain, practice), having in told.groupby(["domain", "practice"], sort=False)["cpts"]
        .agg(set)
        .items()
    }
    size = study.table(f"{DOCUMENT}/interviewed_cpts").set_index("cpts")["size"]
    places = pharmacist.places(study)
    found |= {
        SMALL: [int(size[cpts]) == 1 for cpts in base],
        SEATED: (places["seat"] != pharmacist.STATES[1]).tolist(),
        "Exercice coordonné avec l'officine": (places["exercise"] != pharmacist.STATES[1]).tolist(),
    }
    table = pd.DataFrame(found, index=pd.Index(base, name="cpts"))
    shared = table.sum()
    kept = shared[(shared >= FEWEST) & (shared <= len(base) - FEWEST)].index
    # The coordinated exercise is also a coded statement: once is enough.
    return table[[name for name in kept if not name.startswith("Exercice coordonné : ")]]


@once_per_study
def associations(study: Study) -> pd.DataFrame:
    """Size 1 and seat of a pharmacist against every other attribute: 2 x 2 counts, exact test of Fisher, Holm's correction.

    Smallest probability first. The sixteen chose themselves: a probability says what shuffling their answers would do.
    """
    table = attributes(study)
    rows = []
    for first in (SMALL, SEATED):
        for second in table.columns.drop(first):
            if second == SMALL:
                continue
            one, other = table[first], table[second]
            counts = [
                int((one & other).sum()),
                int((one & ~other).sum()),
                int((~one & other).sum()),
                int((~one & ~other).sum()),
            ]
            p_value = float(stats.fisher_exact([counts[:2], counts[2:]]).pvalue)
            names = ("both", "only_first", "only_second", "neither")
            rows.append(
                {
                    "first": first,
                    "second": second,
                    **dict(zip(names, counts, strict=True)),
                    "p_value": p_value,
                }
            )
    found = pd.DataFrame(rows).sort_values("p_value", kind="stable", ignore_index=True)
    left = np.arange(len(found), 0, -1)
    found["adjusted"] = np.minimum(np.maximum.accumulate(found["p_value"].to_numpy() * left), 1.0)
    return found


def associations_sentence(study: Study) -> str:
    """How many tables, how many would stand out before and after correction."""
    table = associations(study)
    before, after = int((table["p_value"] < 0.05).sum()), int((table["adjusted"] < 0.05).sum())
    verb = "passe" if before < 2 else "passent"
    passing = (
        f"{before} {verb} sous 0,05 avant correction, {after or 'aucun'} après"
        if before
        else "aucun ne passe sous 0,05, même avant correction"
    )
    end = "" if after else " : seize CPTS qui se sont choisies ne montrent aucune association sûre"
    return f"Sur {len(table)} croisements, {passing}{end}."


def stability(study: Study, *, draws: int = 500, seed: int = 2022) -> pd.DataFrame:
    """Multiple correspondence analysis of the attributes, and whether resampling the CPTS gives its first two axes again.

    Rows: part of the inertia (Benzécri 1979 correction), correlation of the axis with the number of coded statements of a CPTS
    (Spearman), median likeness (absolute cosine of the attributes on the axis) over `draws` bootstrap samples, and the part of
    samples with a likeness of at least 0.8. Likeness takes, for each axis, the nearest of the two axes of the sample.
    """
    table = attributes(study).to_numpy(dtype=bool)
    generator = np.random.default_rng(seed)
    parts, axes, scores = _correspondences(table)
    said = study.table(f"{DOCUMENT}/coded_statements")["cpts"].value_counts()
    talk = [int(said.get(cpts, 0)) for cpts in interviewed(study)]
    alike = np.array(list(_likenesses(table, axes, generator, draws)))
    rows = {
        "Part de l'inertie, corrigée (%)": 100 * parts[:2],
        "Corrélation avec le nombre d'énoncés codés (rho)": np.array(
            [abs(float(stats.spearmanr(scores[:, axis], talk).statistic)) for axis in (0, 1)]
        ),
        "Ressemblance médiane de l'axe rééchantillonné (0 à 1)": np.median(alike, axis=0),
        "Tirages où l'axe se retrouve (ressemblance d'au moins 0,8), en %": 100
        * (alike >= STABLE).mean(axis=0),
    }
    return pd.DataFrame(
        [{"what": what, "axis_1": float(one[0]), "axis_2": float(one[1])} for what, one in rows.items()]
    )


def stability_sentence(study: Study, table: pd.DataFrame) -> str:
    """Whether the analysis is kept or refused, from the table of `stability`, with its reason."""
    found, talk = float(table.iloc[-1]["axis_1"]), float(table.iloc[1]["axis_1"])
    count, seen = attributes(study).shape[1], french.percent(float(table.iloc[-1]["axis_1"]), 0)
    if found >= 100 * STABLE:
        return f"Sur {count} attributs, le premier axe se retrouve dans {seen} des tirages de seize CPTS : il est lisible."
    said = (
        f"Analyse des correspondances multiples refusée : sur {count} attributs, le premier axe ne se retrouve que dans {seen} "
        "des tirages de seize CPTS ; une typologie changerait avec les CPTS tirées."
    )
    if talk < TALKATIVE:
        return said
    return f"{said} Il suit aussi le nombre d'énoncés codés (rho {french.number(talk, 2)}) : qui parle plus, non qui fait plus."


def delay_table(study: Study) -> pd.DataFrame:
    """Time from creation to contract as bounds, one row per CPTS, dated ones first."""
    table = delays.to_contract(study)
    order = {delays.DATED: 0, delays.UNDATED: 1, delays.UNSIGNED: 2}
    table = table.assign(rank=table["known"].map(order)).sort_values(["rank", "high"], kind="stable")
    return pd.DataFrame(
        {
            "cpts": table["cpts"].map(number),
            "created": table["created"].astype(str),
            "signed": [_signed(row) for row in table.to_dict("records")],
            "months": [_months(row) for row in table.to_dict("records")],
            "lines": table["lines"],
        }
    ).reset_index(drop=True)


def delay_sentence(study: Study) -> str:
    """Number of dated ends and why no survival curve is drawn."""
    table = delays.to_contract(study)
    dated, unsigned = (
        int((table["known"] == delays.DATED).sum()),
        int((table["known"] == delays.UNSIGNED).sum()),
    )
    unknown = len(table) - dated - unsigned
    return (
        f"Pas de courbe de Kaplan-Meier : aucune lettre d'intention n'est datée et la création ne l'est qu'à l'année ; "
        f"{dated} accords sur {dated + unknown} ont une date, {unknown} se placent entre le premier accord du pays et la fin de "
        f"l'enquête, {unsigned} ne sont pas signés. Une courbe dessinerait nos hypothèses ; les bornes disent ce que l'on sait."
    )


def _signed(row: dict[str, object]) -> str:
    if row["known"] == delays.UNSIGNED:
        return delays.UNSIGNED
    low, high = row["signed_low"], row["signed_high"]
    if low == high:
        return french.date(low)  # type: ignore[arg-type]
    return f"entre le {french.date(low)} et le {french.date(high)}"  # type: ignore[arg-type]


def _months(row: dict[str, object]) -> str:
    low, high = float(str(row["low"])), float(str(row["high"]))
    if high == float("inf"):
        return f"plus de {french.number(low, 0)}"
    return f"de {french.number(low, 0)} à {french.number(high, 0)}"


def _correspondences(table: NDArray[np.bool_]) -> tuple[Floats, Floats, Floats]:
    """Corrected parts of inertia, axes over the categories (columns) and scores of the rows, two axes at least."""
    both = np.concatenate([table, ~table], axis=1).astype(float)
    share = both / both.sum()
    rows, columns = share.sum(axis=1, keepdims=True), share.sum(axis=0, keepdims=True)
    # A category that a sample does not have weighs nothing.
    expected = rows @ columns
    residual = np.divide(share - expected, np.sqrt(expected), out=np.zeros_like(share), where=expected > 0)
    left, values, right = np.linalg.svd(residual, full_matrices=False)
    questions = table.shape[1]
    inertia = np.where(
        values**2 > 1 / questions, (questions / (questions - 1) * (values**2 - 1 / questions)) ** 2, 0.0
    )
    return inertia / inertia.sum(), right, left * values / np.sqrt(rows)


def _likenesses(
    table: NDArray[np.bool_], axes: Floats, generator: np.random.Generator, draws: int
) -> Iterator[tuple[float, float]]:
    for _ in range(draws):
        drawn = table[generator.integers(0, len(table), len(table))]
        other = _correspondences(drawn)[1][:2]
        cosines = np.abs(axes[:2] @ other.T)
        yield float(cosines[0].max()), float(cosines[1].max())
