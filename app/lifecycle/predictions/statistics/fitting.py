"""Finding the parameters that make what was seen most likely."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Floats = NDArray[np.float64]
# Log likelihood per member and its slopes by each parameter.
Likelihood = Callable[[Floats], tuple[float, Floats]]

_MOST_STEPS = 500
_STEEP = 1e-4  # per member; flatter than this is a maximum


@dataclass(frozen=True, slots=True)
class Maximum:
    """Where the search ended, and whether that is a maximum."""

    parameters: tuple[float, ...]
    log_likelihood: float
    converged: bool


def maximise(likelihood: Likelihood, *, members: float, start: Sequence[float], least: float, most: float) -> Maximum:
    """The positive parameters with the highest likelihood, searched on their logarithms between two bounds.

    A parameter that ends on a bound is as good as any beyond it, and counts as found.
    """

    def loss(logs: Floats) -> tuple[float, Floats]:
        parameters = np.exp(logs)
        value, slopes = likelihood(parameters)
        return -value, -slopes * parameters

    bounds = [(np.log(least), np.log(most))] * len(start)
    with np.errstate(all="ignore"):
        found = minimize(
            loss,
            np.log(np.asarray(start, dtype=np.float64)),
            jac=True,
            method="L-BFGS-B",
            bounds=bounds,
            options={"maxiter": _MOST_STEPS, "ftol": 1e-13, "gtol": 1e-7},
        )
    slopes = _free(found.x, -found.jac, bounds)
    sound = bool(np.isfinite(found.fun) and np.all(np.isfinite(found.x)) and np.all(np.abs(slopes) < _STEEP))
    return Maximum(tuple(float(one) for one in np.exp(found.x)), float(-found.fun * members), sound)


def _free(logs: Floats, slopes: Floats, bounds: Sequence[tuple[float, float]]) -> Floats:
    """The slopes without those that only point out of bounds."""
    lower, upper = np.array(bounds).T
    outward = ((logs <= lower + 1e-9) & (slopes < 0)) | ((logs >= upper - 1e-9) & (slopes > 0))
    return np.where(outward, 0.0, slopes)
