"""A dated intervention in a series, with what would have come without it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import statsmodels.api as sm
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from helpers import french
from helpers.errors import NotComputable, UnknownName
from helpers.methods import controlled, results
from helpers.methods.results import Floats, Rows
from helpers.methods.trends import dependence
from helpers.methods.trends.monotone import refuse_stock

FAMILIES = ("quasi-poisson", "gaussian")
EACH_SIDE = 4


def interrupted(
    series: pd.Series[float],
    intervention: float,
    *,
    family: str = "quasi-poisson",
    season: int | None = None,
    offset: ArrayLike | None = None,
    control: pd.Series[float] | None = None,
    control_offset: ArrayLike | None = None,
    slope_change: bool = True,
    nature: str = "flux",
    correction: str = "prudente",
    confidence: float = 0.95,
    indicator: str = "",
    territory: str = "",
) -> pd.DataFrame:
    """Interrupted series: segmented regression with counterfactual (Wagner et al. 2002; Lopez Bernal et al. 2017).

    Takes a *flow* (events or openings of each period, never a running stock: see `flow_of`) indexed by regular numeric
    periods, the first period after the intervention, `family` of FAMILIES, the number of periods in a year for a season (two
    harmonics), `offset` (populations, not logarithms; counts only). Limits by Student, on a dispersion of at least 1 for
    counts, widened for the autocorrelation that so short a series may hide (see `dependence`); `correction=""` leaves both
    out, to find the figures of others again. Returns long results: rows
    "pente avant", "saut de niveau", "changement de pente" (ratios per period for counts, differences for `gaussian`, whose p
    is in `p_value`), then for each period "ajusté" and from the intervention on "contrefactuel", in the unit of the series.
    With `control`, the same series where nothing was done (and its populations, `control_offset`), every effect is that of the
    series *relative* to it, whatever both undergo together: their difference for `gaussian`, their ratio for counts (binomial
    given the sum of the two: a Poisson model with one term per period). "pente avant" then checks that both moved alike until
    the intervention, and `verdict` (words of `controlled`) says on the other effects whether they differ from the control.
    Raises NotComputable for fewer than four points on a side, irregular periods, missing or negative counts, more parameters
    than points allow.
    """
    if family not in FAMILIES:
        raise UnknownName("Famille", family, FAMILIES)
    if correction not in ("prudente", ""):
        raise UnknownName("Correction", correction, ["prudente"])
    refuse_stock(nature, indicator)
    labels = [str(item) for item in series.index]
    rows = Rows(series, labels=labels, indicator=indicator)
    times = results.ordered_periods(np.asarray(series.index), rows)
    array = results.numbers(series, "la valeur", rows)
    counts = family != "gaussian"
    if counts:
        rows.refuse(
            array < 0,
            lambda row: f"un nombre d'événements ne peut pas être négatif ({french.number(array[row])}).",
        )
    exposure = _exposure(offset, counts, array, rows)
    beside = None if control is None else _control(control, control_offset, series, counts, rows)
    after = times >= intervention
    for side, points in (("avant", int((~after).sum())), ("après", int(after.sum()))):
        if points < EACH_SIDE:
            rows.fail(
                f"{french.plural(points, 'point')} {side} l'intervention, il en faut au moins {EACH_SIDE}."
            )
    steps = np.diff(times)
    irregular = np.append(False, ~np.isclose(steps, steps[0]))
    rows.refuse(irregular, lambda _: "l'écart avec la période précédente n'est pas celui des autres.")

    design, names = _design(times, after, season, intervention, slope_change)
    if len(array) <= design.shape[1] + 1:
        rows.fail(f"{len(array)} points ne suffisent pas à estimer {design.shape[1]} paramètres.")
    fit = _fit(array, design, exposure, counts, beside)
    level = float(results.levels_of(confidence)[0])
    link = np.exp if counts else np.asarray
    errors, rho = _errors(fit, design, counts, correction)
    quantile = stats.t.ppf(0.5 + level / 2, fit.df_resid)
    effect = slice(1, 1 + len(names))
    limits = fit.params[effect, None] + quantile * errors[effect, None] * np.array([-1, 1])
    common = {
        "indicator": indicator, "territory": territory, "confidence": level,
        "method": f"série interrompue{'' if beside is None else ' avec témoin'}, {family}, Student",
    }  # fmt: skip
    effects = results.long(
        **common, period=results.french_period(float(intervention)), statistic=names, value=link(fit.params[effect]),
        lower=link(limits[:, 0]), upper=link(limits[:, 1]), unit="ratio" if counts else "différence",
        note=(f"dispersion {french.number(fit.pearson_chi2 / fit.df_resid, 2)}, " if counts else "")
        + f"autocorrélation supposée {french.number(rho, 2)}",
        p_value=_p_values(fit.params[effect], errors[effect], fit.df_resid),
    )  # fmt: skip
    if beside is not None:
        effects["verdict"] = _verdicts(effects["p_value"].to_numpy(), 1 - level)
        # What the control makes expected of the series: its own counts at the other population, or its own values.
        exposure = beside[0] * exposure / beside[1] if counts else beside[0]
    without = design.copy()
    without[:, 2 : 1 + len(names)] = 0
    # The curves are widened as the least certain effect is.
    plain = np.sqrt(np.diag(fit.cov_params()))[effect]
    wider = float(np.max(np.divide(errors[effect], plain, out=np.ones_like(plain), where=plain > 0)))
    curves = [
        _curve(
            fit,
            matrix[kept],
            quantile * wider,
            kept,
            (times, array, exposure),
            {**common, "statistic": name},
            counts=counts,
            shift=beside is not None and not counts,
        )
        for matrix, kept, name in (
            (design, np.arange(len(times)), "ajusté"),
            (without, np.flatnonzero(after), "contrefactuel"),
        )
    ]
    return pd.concat([effects, *curves], ignore_index=True)


def _control(
    control: pd.Series[float], offset: ArrayLike | None, series: pd.Series[float], counts: bool, rows: Rows
) -> tuple[Floats, Floats]:
    """Values of the control and its populations, on the periods of the series."""
    if list(control.index) != list(series.index):
        rows.fail("le témoin n'a pas les mêmes périodes que la série.")
    values = results.numbers(control, "la valeur du témoin", rows)
    if counts:
        rows.refuse(
            values <= 0, lambda _: "le témoin n'a aucun événement : le rapport au témoin n'est pas défini."
        )
    return values, _exposure(offset, counts, values, rows)


def _fit(
    array: Floats, design: Floats, exposure: Floats, counts: bool, beside: tuple[Floats, Floats] | None
) -> Any:
    """Generalised linear model of the series, or of the series relative to its control."""
    if beside is None:
        law, outcome = (sm.families.Poisson() if counts else sm.families.Gaussian()), array
        logs = np.log(exposure) if counts else None
    elif counts:
        both = array + beside[0]
        logs = np.log(exposure / beside[1])
        law = sm.families.Binomial()
        return sm.GLM(array / both, design, family=law, offset=logs, var_weights=both).fit(scale="X2")
    else:
        law, outcome, logs = sm.families.Gaussian(), array - beside[0], None
    return sm.GLM(outcome, design, family=law, offset=logs).fit(scale="X2")


def _p_values(effects: Floats, errors: Floats, freedom: float) -> Floats:
    """Two-sided p of each effect; a model that leaves nothing over is sure: 1 for an effect of zero, 0 for another."""
    sure = np.where(np.isclose(effects, 0, atol=1e-9), 1.0, 0.0)
    ratio = np.divide(np.abs(effects), errors, out=np.zeros_like(errors), where=errors > 0)
    return np.where(errors > 0, 2 * stats.t.sf(ratio, freedom), sure)


def _verdicts(p_values: Floats, risk: float) -> list[str]:
    """Words for each effect relative to the control: the first row is the check of what came before."""
    if p_values[0] < risk:
        return [controlled.DIFFERENT_BEFORE] * len(p_values)
    return ["évolutions d'avant semblables"] + [
        controlled.EFFECT if value < risk else controlled.NO_EFFECT for value in p_values[1:]
    ]


def _exposure(offset: ArrayLike | None, counts: bool, array: Floats, rows: Rows) -> Floats:
    if offset is None:
        return np.ones(len(array))
    if not counts:
        rows.fail("une population (offset) ne va qu'avec des comptages.")
    exposure = results.numbers(offset, "la population", rows)
    results.same_length(rows, série=array, population=exposure)
    rows.refuse(exposure <= 0, lambda _: "la population doit être positive.")
    return exposure


def _design(
    times: Floats, after: np.ndarray, season: int | None, intervention: float, slope_change: bool
) -> tuple[Floats, list[str]]:
    """Columns: constant, time, level, change of slope, two harmonics; and the names of the effects."""
    columns = [np.ones(len(times)), times - times[0], after.astype(float)]
    names = ["pente avant", "saut de niveau"]
    if slope_change:
        columns.append(np.where(after, times - intervention, 0))
        names.append("changement de pente")
    if season is not None:
        if season < 2:
            raise NotComputable("Une saison compte au moins deux périodes, par exemple 12 mois.")
        # Time counted in steps, so that twelve months written 2020,08 still make a year.
        angle = 2 * np.pi * np.arange(len(times)) / season
        for harmonic in (1, 2):
            if 2 * harmonic < season:
                columns += [np.sin(harmonic * angle), np.cos(harmonic * angle)]
            elif 2 * harmonic == season:
                columns.append(np.cos(harmonic * angle))
    return np.column_stack(columns), names


def _errors(fit: Any, design: Floats, counts: bool, correction: str) -> tuple[Floats, float]:
    """Standard errors of the coefficients, dispersion of at least 1 for counts, widened; and the autocorrelation supposed."""
    if not correction:
        return np.sqrt(np.diag(fit.cov_params())), 0.0
    weights = _weights(fit, len(design))
    widened, rho = dependence.widening(design * np.sqrt(weights)[:, None], np.asarray(fit.resid_pearson))
    least = np.sqrt(max(1.0, 1 / fit.scale)) if counts and fit.scale > 0 else 1.0
    return np.sqrt(np.diag(fit.cov_params())) * least * widened, rho


def _weights(fit: Any, points: int) -> Floats:
    """Weight of each point in the fit."""
    middle = np.asarray(fit.fittedvalues, dtype=float)
    if isinstance(fit.family, sm.families.Binomial):
        return np.asarray(fit.model.var_weights * middle * (1 - middle), dtype=float)
    return middle if isinstance(fit.family, sm.families.Poisson) else np.ones(points)


def _curve(
    fit: Any,
    matrix: Floats,
    reach: float,
    kept: NDArray[np.intp],
    observed: tuple[Floats, Floats, Floats],
    common: dict[str, Any],
    *,
    counts: bool,
    shift: bool,
) -> pd.DataFrame:
    """Mean of the model on the kept periods, `reach` standard errors around it, with what was observed: one row per period."""
    times, array, exposure = (item[kept] for item in observed)
    middle = matrix @ fit.params
    half = reach * np.sqrt(np.einsum("ij,jk,ik->i", matrix, fit.cov_params(), matrix))
    value, low, high = (
        exposure * np.exp(line) if counts else line + (exposure if shift else 0)
        for line in (middle, middle - half, middle + half)
    )
    return results.long(
        **common, period=[results.french_period(item) for item in times], value=value, lower=low, upper=high,
        numerator=array, denominator=exposure,
    )  # fmt: skip
