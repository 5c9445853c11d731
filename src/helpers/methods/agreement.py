"""Agreement between two who answer on an ordered scale, and whether several questions measure one thing.

Two roles of one CPTS, two readers, two dates: kappa weighted by the distance of the answers, or the intraclass correlation where
the answers are numbers. Several questions added up: alpha and omega, refused where they would mean nothing. The intervals
describe the units as a sample.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats

from helpers import french
from helpers.errors import NotComputable, UnknownName
from helpers.methods import results
from helpers.methods.results import Floats

WEIGHTS = {"linéaires": "linear", "quadratiques": "quadratic"}
# Under ten respondents the correlations of three questions are noise (Charter 2003 asks for far more).
FEWEST_UNITS, FEWEST_RESPONDENTS = 5, 10
SEED, DRAWS = 20261129, 500


def weighted_kappa(
    first: Sequence[object],
    second: Sequence[object],
    *,
    order: Sequence[object],
    weights: str = "quadratiques",
    confidence: float = 0.95,
    indicator: str = "",
) -> pd.DataFrame:
    """Cohen's weighted kappa (1968) of two answers per unit on the scale `order`, from low to high.

    Takes two aligned sequences, missing cells allowed (their unit is left out and counted in `note`), `weights` of WEIGHTS.
    Standard error of Fleiss, Cohen and Everitt (1969), by statsmodels. Returns one row of long results; numerator the units in
    exact agreement, denominator the units answered twice. Raises NotComputable for fewer than five such units, an answer that
    `order` does not list, or one answer only on both sides; UnknownName for weights.
    """
    if weights not in WEIGHTS:
        raise UnknownName("Poids", weights, WEIGHTS)
    named = f"{indicator} : " if indicator else ""
    if len(first) != len(second):
        raise NotComputable(f"{named}les deux séries de réponses n'ont pas la même longueur.")
    pairs = pd.DataFrame({"first": list(first), "second": list(second)})
    whole = pairs.dropna()
    if len(whole) < FEWEST_UNITS:
        raise NotComputable(
            f"{named}{french.plural(len(whole), 'unité répondue deux fois', 'unités répondues deux fois')}, "
            f"il en faut au moins {FEWEST_UNITS} pour un kappa."
        )
    places = {answer: place for place, answer in enumerate(order)}
    strange = [answer for answer in whole.to_numpy().ravel() if answer not in places]
    if strange:
        raise NotComputable(f"{named}la réponse « {strange[0]} » n'est pas dans l'échelle.")
    codes = whole.map(places.__getitem__).to_numpy(dtype=int)
    if len(np.unique(codes)) < 2:
        raise NotComputable(
            f"{named}une seule réponse est employée des deux côtés : l'accord dû au hasard est total."
        )
    square = np.zeros((len(places), len(places)))
    np.add.at(square, (codes[:, 0], codes[:, 1]), 1)
    # Half a second at import, for this measure only.
    from statsmodels.stats.inter_rater import cohens_kappa

    with np.errstate(invalid="ignore", divide="ignore"):  # its test against zero, which is not used
        found = cohens_kappa(square, wt=WEIGHTS[weights])
    level = float(results.levels_of(confidence)[0])
    half = float(stats.norm.ppf(0.5 + level / 2) * np.sqrt(max(float(found.var_kappa), 0.0)))
    known = half > 1e-12
    missing = len(pairs) - len(whole)
    notes = [
        french.plural(missing, "unité incomplète écartée", "unités incomplètes écartées") if missing else "",
        "" if known else "intervalle non défini : aucun désaccord observé",
    ]
    value = float(found.kappa)
    return results.long(
        indicator=indicator, statistic="kappa pondéré", value=value, lower=max(value - half, -1.0) if known else float("nan"),
        upper=min(value + half, 1.0) if known else float("nan"), numerator=float(np.trace(square)),
        denominator=float(len(whole)), method=f"Cohen (1968), poids {weights}", confidence=level,
        note=" ; ".join(filter(None, notes)),
    )  # fmt: skip


def intraclass_correlation(
    table: pd.DataFrame | ArrayLike, *, confidence: float = 0.95, indicator: str = ""
) -> pd.DataFrame:
    """Intraclass correlation of numbers, two-way random effects, absolute agreement, one rater: ICC(A,1).

    Takes units × raters without missing cell. Interval of McGraw and Wong (1996, table 7). Returns one row of long results,
    denominator the units. Raises NotComputable for fewer than five units or two raters, a missing cell, or no variation.
    """
    array = _whole(table, indicator, FEWEST_UNITS, "unité", "une corrélation intraclasse")
    n, k = array.shape
    centre = array.mean()
    rows, columns = array.mean(axis=1), array.mean(axis=0)
    between = k * ((rows - centre) ** 2).sum() / (n - 1)
    raters = n * ((columns - centre) ** 2).sum() / (k - 1)
    error = ((array - rows[:, None] - columns[None, :] + centre) ** 2).sum() / ((n - 1) * (k - 1))
    value = (between - error) / (between + (k - 1) * error + k * (raters - error) / n)
    level = float(results.levels_of(confidence)[0])
    low = high = float("nan")
    note = "intervalle non défini : aucun désaccord observé"
    if error > 0:
        a, b = k * value / (n * (1 - value)), 1 + k * value * (n - 1) / (n * (1 - value))
        freedom = (a * raters + b * error) ** 2 / (
            (a * raters) ** 2 / (k - 1) + (b * error) ** 2 / ((n - 1) * (k - 1))
        )
        above = stats.f.ppf(0.5 + level / 2, n - 1, freedom)
        below = stats.f.ppf(0.5 + level / 2, freedom, n - 1)
        spread = k * raters + (k * n - k - n) * error
        low = n * (between - above * error) / (above * spread + n * between)
        high = n * (below * between - error) / (spread + n * below * between)
        note = ""
    return results.long(
        indicator=indicator, statistic="corrélation intraclasse", value=float(value), lower=float(low), upper=float(high),
        denominator=float(n), method="ICC(A,1), McGraw et Wong (1996)", confidence=level, note=note,
    )  # fmt: skip


def cronbach_alpha(
    answers: pd.DataFrame | ArrayLike, *, confidence: float = 0.95, indicator: str = ""
) -> pd.DataFrame:
    """Cronbach's alpha (1951) of questions that are added up, interval of Feldt (1965).

    Takes respondents × questions in one direction, without missing cell. It supposes that every question weighs the same on
    one thing; where they are a list of different things (done or not done), it says nothing and should not be given. Returns
    one row of long results, numerator the questions, denominator the respondents. Raises NotComputable for fewer than ten
    respondents or two questions, a question to which all gave one answer, or questions that oppose one another.
    """
    array = _questions(answers, indicator, 2, "un alpha")
    n, k = array.shape
    covariance = np.cov(array, rowvar=False)
    value = k / (k - 1) * (1 - np.trace(covariance) / covariance.sum())
    if value < 0:
        _refuse(
            indicator, "les questions s'opposent (alpha négatif) : mettez-les dans le même sens, ou n'en faites pas une somme."
        )  # fmt: skip
    level = float(results.levels_of(confidence)[0])
    first, second = n - 1, (n - 1) * (k - 1)
    return results.long(
        indicator=indicator, statistic="alpha de Cronbach", value=float(value),
        lower=float(1 - (1 - value) * stats.f.ppf(0.5 + level / 2, first, second)),
        upper=float(1 - (1 - value) * stats.f.ppf(0.5 - level / 2, first, second)),
        numerator=float(k), denominator=float(n), method="Cronbach (1951), intervalle de Feldt (1965)", confidence=level,
    )  # fmt: skip


def omega(
    answers: pd.DataFrame | ArrayLike,
    *,
    confidence: float = 0.95,
    draws: int = DRAWS,
    seed: int = SEED,
    indicator: str = "",
) -> pd.DataFrame:
    """McDonald's omega (1999) of one factor by maximum likelihood: alpha freed from equal weights.

    Takes what `cronbach_alpha` takes, three questions at least. Interval: percentile bootstrap over respondents, draws where
    the factor is not defined left out and counted in `note`. Returns one row of long results. Raises NotComputable as
    `cronbach_alpha` does, and when one question takes the whole factor (its own variance vanishes: Heywood case).
    """
    array = _questions(answers, indicator, 3, "un oméga")
    loadings, own = _one_factor(np.cov(array, rowvar=False))
    if (own < 1e-3).any():
        _refuse(
            indicator,
            "une question porte seule le facteur commun : un seul facteur ne décrit pas ces réponses.",
        )
    value = _omega(loadings, own, array)
    generator = np.random.default_rng(seed)
    drawn = []
    for _ in range(draws):
        sample = array[generator.integers(0, len(array), len(array))]
        if (np.ptp(sample, axis=0) == 0).any():
            continue
        again = _one_factor(np.cov(sample, rowvar=False))
        drawn.append(_omega(*again, sample))
    kept = np.array(drawn)[np.isfinite(drawn)]
    level = float(results.levels_of(confidence)[0])
    enough = len(kept) >= draws * 0.9
    low, high = (
        np.quantile(kept, [(1 - level) / 2, (1 + level) / 2]) if enough and draws else (np.nan, np.nan)
    )
    lost = draws - len(kept)
    note = french.plural(lost, "tirage non défini", "tirages non définis") if lost else ""
    return results.long(
        indicator=indicator, statistic="oméga de McDonald", value=value, lower=float(low), upper=float(high),
        numerator=float(array.shape[1]), denominator=float(len(array)),
        method=f"McDonald (1999), un facteur, bootstrap ({draws} tirages, graine {seed})", confidence=level, note=note,
    )  # fmt: skip


def _omega(loadings: Floats, own: Floats, array: Floats) -> float:
    spread = array.std(axis=0, ddof=1)
    common = float((loadings * spread).sum() ** 2)
    return common / (common + float((own * spread**2).sum()))


def _one_factor(covariance: Floats) -> tuple[Floats, Floats]:
    """Loadings and own variances of one factor, on the scale of correlations, by maximum likelihood (Jöreskog 1967)."""
    spread = np.sqrt(np.diag(covariance))
    correlation = covariance / np.outer(spread, spread)

    def parts(own: Floats) -> tuple[Floats, Floats]:
        root = np.sqrt(own)
        values, vectors = np.linalg.eigh(correlation / np.outer(root, root))
        return values, vectors

    def misfit(logs: Floats) -> tuple[float, Floats]:
        own = np.exp(logs)
        values, _ = parts(own)
        rest = np.maximum(values[:-1], 1e-12)
        loadings = common(own)
        # Derivative of the concentrated likelihood (Lawley and Maxwell 1971, section 4.3), in logarithms.
        implied = np.outer(loadings, loadings)
        slope = (np.diag(implied) + own - 1) / own
        return float((rest - np.log(rest) - 1).sum()), np.asarray(slope, dtype=float)

    def common(own: Floats) -> Floats:
        values, vectors = parts(own)
        loadings = np.sqrt(own) * vectors[:, -1] * np.sqrt(max(values[-1] - 1, 0))
        return np.asarray(loadings * np.sign(loadings.sum() or 1), dtype=float)

    from scipy.optimize import minimize

    # Start of Jöreskog: half of what the other questions do not explain.
    start = np.clip(0.5 / np.diag(np.linalg.pinv(correlation)), 5e-3, 1)
    bounds = [(np.log(1e-3 / 2), 0.0)] * len(start)
    found = minimize(
        misfit,
        np.log(start),
        jac=True,
        method="L-BFGS-B",
        bounds=bounds,
        options={"ftol": 1e-15, "gtol": 1e-10},
    )
    own = np.exp(found.x)
    return common(own), own


def _questions(answers: pd.DataFrame | ArrayLike, indicator: str, fewest: int, what: str) -> Floats:
    array = _whole(answers, indicator, FEWEST_RESPONDENTS, "personne", what, fewest)
    if (np.ptp(array, axis=0) == 0).any():
        _refuse(
            indicator, "une question a reçu de tous la même réponse : elle ne mesure rien ici, retirez-la."
        )
    return array


def _whole(
    table: pd.DataFrame | ArrayLike, indicator: str, fewest: int, unit: str, what: str, columns: int = 2
) -> Floats:
    """Table of numbers without a missing cell and of enough rows and columns, or a refusal in words."""
    array = np.asarray(table, dtype=float)
    if array.ndim != 2 or array.shape[1] < columns:
        _refuse(indicator, f"il faut au moins {columns} colonnes pour {what}.")
    if np.isnan(array).any():
        _refuse(indicator, "il manque des réponses : gardez les lignes complètes, et dites combien.")
    if len(array) < fewest:
        _refuse(indicator, f"{french.plural(len(array), unit)}, il en faut au moins {fewest} pour {what}.")
    if np.ptp(array) == 0:
        _refuse(indicator, "toutes les réponses sont égales : rien ne varie.")
    return array


def _refuse(indicator: str, what: str) -> None:
    raise NotComputable(f"{indicator} : {what}" if indicator else what[0].upper() + what[1:])
