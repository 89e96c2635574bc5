"""From groups of members to parameters and forecasts: days and whole numbers outside, weeks and arrays inside."""

from collections.abc import Sequence
from dataclasses import astuple

import numpy as np

from app.lifecycle.predictions import rules
from app.lifecycle.predictions.rules import Amounts, Buying, Fitted, Forecast, Group, Obstacle, Spending
from app.lifecycle.predictions.statistics import bgnbd, gamma_gamma

_WEEK = 7.0


def fit_buying(groups: Sequence[Group]) -> Fitted[Buying]:
    """How the members buy; without enough of them, or without a maximum, says so.

    Whether who bought once may be gone is asked of them, too: what makes all that was seen more likely holds.
    """
    if not rules.are_enough(groups):
        return Fitted(None, None, Obstacle.TOO_FEW)
    seen = _seen(groups)
    found = [(bgnbd.fit(seen, from_first=from_first), from_first) for from_first in (False, True)]
    converged = [one for one in found if one[0].converged]
    if not converged:
        return Fitted(None, None, Obstacle.NO_MAXIMUM)
    best, from_first = max(converged, key=lambda one: one[0].log_likelihood)
    r, alpha, a, b = best.parameters
    return Fitted(Buying(r, alpha, a, b, from_first), best.log_likelihood, None)


def fit_amounts(spendings: Sequence[Spending]) -> Fitted[Amounts]:
    """What the members spend; without enough of them, or without a maximum, says so."""
    if sum(one.members for one in spendings) < rules.LEAST_BUYERS:
        return Fitted(None, None, Obstacle.TOO_FEW)
    days, mean, members = np.array(spendings, dtype=np.float64).T
    found = gamma_gamma.fit(gamma_gamma.Seen(days, mean, members))
    if not found.converged:
        return Fitted(None, None, Obstacle.NO_MAXIMUM)
    return Fitted(Amounts(*found.parameters), found.log_likelihood, None)


def forecast(groups: Sequence[Group], by: Buying, *, days: int) -> list[Forecast]:
    """What to expect of each member of each group within so many days."""
    if not groups:
        return []
    seen, parameters, weeks = _seen(groups), bgnbd.Parameters(*astuple(by)), days / _WEEK
    columns = (
        bgnbd.alive(seen, parameters),
        bgnbd.returning(seen, parameters, weeks=weeks),
        bgnbd.expected(seen, parameters, weeks=weeks),
    )
    return [Forecast(*row) for row in np.stack(columns, axis=1).tolist()]


def _seen(groups: Sequence[Group]) -> bgnbd.Seen:
    repeats, last, days, members = np.array(groups, dtype=np.float64).T
    return bgnbd.Seen(repeats, last / _WEEK, days / _WEEK, members)
