"""Gamma-Gamma: what a member spends on a day they buy, drawn towards what all spend while little is known of them.

Amounts are gamma distributed (shape p) around a mean of the member's own, whose rate is gamma distributed, too (shape
q, rate gamma). Fader and Hardie, The Gamma-Gamma Model of Monetary Value (2013). Days on which nothing was paid say
nothing.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, gammaln

from app.lifecycle.predictions.statistics.fitting import Floats, Maximum, maximise

_START, _BOUNDS = (2.0, 3.0, 2.0), ((1e-3, 1e5),) * 3


@dataclass(frozen=True, slots=True)
class Parameters:
    """How amounts spread around a member's mean, and means among members; gamma in fen. Means exist while q > 1."""

    p: float
    q: float
    gamma: float


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of groups of members who are alike: on how many days they paid, how much on average, above 0."""

    days: Floats
    mean: Floats
    members: Floats


def fit(seen: Seen) -> Maximum:
    """The most likely p, q and gamma, in this order."""
    total = float(seen.members.sum())
    unit = float(np.average(seen.mean, weights=seen.members))
    mean, weights = seen.mean / unit, seen.members / total
    days, place = np.unique(seen.days, return_inverse=True)
    by_days = np.bincount(place, weights=weights)
    logs = weights @ np.log(mean)

    def likelihood(values: Floats) -> tuple[float, Floats]:
        p, q, gamma = (float(one) for one in values)
        sums = np.log(gamma + seen.days * mean)
        shape = p * seen.days + q
        value = (
            by_days @ (gammaln(p * days + q) - gammaln(p * days) + p * days * np.log(days))
            - gammaln(q)
            + q * np.log(gamma)
            + p * (weights * seen.days) @ np.log(mean)
            - logs
            - (weights * shape) @ sums
        )
        slopes = (
            by_days @ (days * (digamma(p * days + q) - digamma(p * days) + np.log(days)))
            + (weights * seen.days) @ (np.log(mean) - sums),
            by_days @ digamma(p * days + q) - digamma(q) + np.log(gamma) - weights @ sums,
            q / gamma - (weights * shape) @ (1 / (gamma + seen.days * mean)),
        )
        return float(value), np.array(slopes)

    found = maximise(likelihood, members=total, start=_START, bounds=_BOUNDS)
    p, q, gamma = found.parameters
    likely = found.log_likelihood - total * np.log(unit)
    return Maximum((p, q, gamma * unit), float(likely), found.converged and q > 1)
