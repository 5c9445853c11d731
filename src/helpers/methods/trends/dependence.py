"""How much wider an interval must be when neighbouring points resemble each other.

A short series cannot show its own autocorrelation: the variance of Newey and West (1987) then makes intervals *narrower*
than those of independent points. Here the first autocorrelation of the residuals, freed from the bias that fitting gives it,
is taken at its upper plausible value, and the standard error of the coefficient is that of a first-order process with it.
`benchmarks/bench_false_alarms.py` prints what remains of false alarms.
"""

from __future__ import annotations

import numpy as np

from helpers.methods.results import Floats

# In standard errors (1 / sqrt n) above the estimate: about the least that keeps false alarms under 1.3 times 5 % in the
# benchmark. Residuals around bends placed where they fit best hide more.
CAUTION, CAUTION_PLACED = 1.5, 2.5
_MOST = 0.95


def plausible_autocorrelation(design: Floats, residuals: Floats, caution: float = CAUTION) -> float:
    """First autocorrelation of the errors (0 to 0.95), at its upper plausible value.

    Takes the design (n, p) and the residuals (n) of a least-squares fit, weighted ones multiplied by the root of their
    weights. Bias of the residuals under independence: trace of their covariance one step apart (Durbin and Watson 1950).
    """
    n = len(residuals)
    total = float(residuals @ residuals)
    if total <= 0:
        return 0.0
    seen = float(residuals[1:] @ residuals[:-1]) / total
    covariance = _residual_maker(design)
    bias = float(np.diag(covariance, 1).sum() / np.trace(covariance))
    return float(np.clip(seen - bias + caution / np.sqrt(n), 0, _MOST))


def widening(design: Floats, residuals: Floats) -> tuple[Floats, float]:
    """Factor of the standard error of each coefficient (p), at least 1, and the autocorrelation that it supposes.

    The factor compares the variance under a first-order process with the variance that independence would give, residual
    variance included. Takes what `plausible_autocorrelation` takes.
    """
    rho = plausible_autocorrelation(design, residuals)
    n, parameters = design.shape
    steps = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    process = rho**steps if rho else np.eye(n)
    inverse = np.linalg.pinv(design.T @ design)
    sandwich = inverse @ design.T @ process @ design @ inverse
    # What the residual variance shows of the variance of the errors.
    shown = float(np.trace(_residual_maker(design) @ process)) / (n - parameters)
    ratio = np.diag(sandwich) / np.diag(inverse) / shown
    return np.sqrt(np.maximum(ratio, 1.0)), rho


def _residual_maker(design: Floats) -> Floats:
    hat = design @ np.linalg.pinv(design.T @ design) @ design.T
    return np.asarray(np.eye(len(design)) - hat, dtype=float)
