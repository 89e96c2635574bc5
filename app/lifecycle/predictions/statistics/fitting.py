"""Finding the parameters that make what was seen most likely."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Floats = NDArray[np.float64]
# Log likelihood per member and its slopes by each parameter.
Likelihood = Callable[[Floats], tuple[float, Floats]]

# The least and the most that each parameter may be.
Bounds = Sequence[tuple[float, float]]

_MOST_STEPS = 500
_MOST_SEARCHES = 4  # each begins where the last one stopped, having forgotten how it came there
_STEEP = 1e-4  # per member; flatter than this is a maximum


@dataclass(frozen=True, slots=True)
class Maximum:
    """Where the search ended, and whether that is a maximum."""

    parameters: tuple[float, ...]
    log_likelihood: float
    converged: bool


def maximise(likelihood: Likelihood, *, members: float, start: Sequence[float], bounds: Bounds) -> Maximum:
    """The positive parameters with the highest likelihood, searched on their logarithms within bounds.

    A parameter that ends on a bound is as good as any beyond it, and counts as found.
    """
    logs, within = np.log(np.asarray(start, dtype=np.float64)), np.log(np.asarray(bounds, dtype=np.float64))
    for _ in range(_MOST_SEARCHES):
        logs, value, slopes = _search(likelihood, logs, within)
        is_finite = bool(np.isfinite(value) and np.all(np.isfinite(logs)))
        is_flat = bool(np.all(np.abs(_free(logs, slopes, within)) < _STEEP))
        if is_flat or not is_finite:
            break
    return Maximum(tuple(float(one) for one in np.exp(logs)), value * members, is_finite and is_flat)


def _search(likelihood: Likelihood, logs: Floats, within: Floats) -> tuple[Floats, float, Floats]:
    """Where one search leads from there, and the likelihood with its slopes by the logarithms."""

    def loss(logs: Floats) -> tuple[float, Floats]:
        parameters = np.exp(logs)
        value, slopes = likelihood(parameters)
        return -value, -slopes * parameters

    with np.errstate(all="ignore"):
        found = minimize(
            loss,
            logs,
            jac=True,
            method="L-BFGS-B",
            bounds=within,
            options={"maxiter": _MOST_STEPS, "ftol": 1e-13, "gtol": 1e-7},
        )
    return found.x, float(-found.fun), -found.jac


def _free(logs: Floats, slopes: Floats, within: Floats) -> Floats:
    """The slopes without those that only point out of bounds."""
    lower, upper = within.T
    outward = ((logs <= lower + 1e-9) & (slopes < 0)) | ((logs >= upper - 1e-9) & (slopes > 0))
    return np.where(outward, 0.0, slopes)
