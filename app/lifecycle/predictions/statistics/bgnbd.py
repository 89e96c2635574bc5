"""BG/NBD: members buy at a rate of their own until, after some purchase, they stop for good without saying so.

Rates are gamma distributed (shape r, rate alpha), the chance to stop after a purchase is beta distributed (a, b).
Fader, Hardie and Lee, "Counting Your Customers" the Easy Way, Marketing Science 24 (2005), whose letters are kept:
x repeat purchases, the last of them at t_x, seen for T, all counted from the first purchase.

There nobody stops before a repeat purchase. Batislam, Denizel and Filiztekin, Empirical validation and comparison of
models for customer base analysis, International Journal of Research in Marketing 24 (2007), let the first purchase be
the last as well (MBG/NBD): one more chance to stop, and all else as it was.
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace

import numpy as np
from scipy.special import betaln, digamma, gammaln, hyp2f1

from app.lifecycle.predictions.statistics.fitting import Floats, Maximum, maximise

# What is searched: the shape of the rates, the usual gap alpha / r in weeks, how alike the chances to stop are (a + b),
# and the odds of stopping a / b. Where members are alike in their rates or in their chances, the letters' likelihood is
# a ridge, along which two of them rise together for ever; here it is one alone, which ends at its bound. No gap is
# shorter than a day.
_START = (0.5, 10.0, 3.3, 0.32)
_BOUNDS = ((1e-3, 1e3), (0.05, 1e4), (1e-3, 1e3), (1e-4, 1e3))
_APART = 1e-5  # how near the closed form may come to the places where it is 0 / 0


@dataclass(frozen=True, slots=True)
class Parameters:
    """How the members' rates and chances to stop are spread; `from_first`: the first purchase is such a chance, too."""

    r: float
    alpha: float
    a: float
    b: float
    from_first: bool = False

    @classmethod
    def of(cls, searched: Sequence[float] | Floats, *, from_first: bool) -> "Parameters":
        """From what is searched."""
        r, gap, alike, odds = (float(one) for one in searched)
        return cls(r, r * gap, alike * odds / (1 + odds), alike / (1 + odds), from_first)

    def chances(self, x: Floats) -> Floats:
        """How often who came again so often might have stopped."""
        return x + 1 if self.from_first else x


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of groups of members who are alike: arrays of one length, times in weeks."""

    x: Floats
    t_x: Floats
    T: Floats
    members: Floats


def fit(seen: Seen, *, from_first: bool = False) -> Maximum:
    """The most likely r, alpha, a and b, in this order."""
    total = float(seen.members.sum())
    purchases, place = np.unique(seen.x, return_inverse=True)
    weights = np.bincount(place, weights=seen.members) / total

    def likelihood(values: Floats) -> tuple[float, Floats]:
        by = Parameters.of(values, from_first=from_first)
        r, alpha, a, b, _ = astuple(by)
        chances, of_each = by.chances(purchases), by.chances(seen.x)
        by_x = gammaln(r + purchases) - gammaln(r) + r * np.log(alpha) + betaln(a, b + chances) - betaln(a, b)
        going_on, stopped = _branches(seen, by)
        either = np.logaddexp(going_on, stopped)
        on, off = np.exp(going_on - either) * seen.members / total, np.exp(stopped - either) * seen.members / total
        rest = np.log(alpha + seen.T), np.log(alpha + seen.t_x)
        both, beta = digamma(a + b) - digamma(a + b + chances), digamma(b + chances) - digamma(b)
        slopes = (
            weights @ (digamma(r + purchases) - digamma(r)) + np.log(alpha) - on @ rest[0] - off @ rest[1],
            r / alpha - on @ ((r + seen.x) / (alpha + seen.T)) - off @ ((r + seen.x) / (alpha + seen.t_x)),
            weights @ both + off.sum() / a,
            weights @ (both + beta) - off[of_each > 0] @ (1 / (b + of_each[of_each > 0] - 1)),
        )
        return float(weights @ by_x + either @ seen.members / total), _of_searched(slopes, values)

    found = maximise(likelihood, members=total, start=_START, bounds=_BOUNDS)
    return replace(found, parameters=astuple(Parameters.of(found.parameters, from_first=from_first))[:-1])


def _of_searched(slopes: Sequence[float], searched: Floats) -> Floats:
    """The slopes by what is searched, from those by r, alpha, a and b."""
    by_r, by_alpha, by_a, by_b = slopes
    r, gap, alike, odds = searched
    stopping = odds / (1 + odds)
    return np.array(
        [
            by_r + by_alpha * gap,
            by_alpha * r,
            by_a * stopping + by_b * (1 - stopping),
            (by_a - by_b) * alike * (1 - stopping) ** 2,
        ]
    )


def _branches(seen: Seen, by: Parameters) -> tuple[Floats, Floats]:
    """Logarithms of the two ways to what was seen: still buying, or stopped at the last purchase (none: impossible)."""
    shape, chances = by.r + seen.x, by.chances(seen.x)
    going_on = -shape * np.log(by.alpha + seen.T)
    after = np.log(by.a) - np.log(by.b + np.maximum(chances, 1) - 1)
    return going_on, np.where(chances > 0, after - shape * np.log(by.alpha + seen.t_x), -np.inf)


def alive(seen: Seen, by: Parameters) -> Floats:
    """The probability that a member has not stopped; 1 of who bought once, where stopping follows repeat purchases."""
    going_on, stopped = _branches(seen, by)
    return np.asarray(1 / (1 + np.exp(np.minimum(stopped - going_on, 700))), dtype=np.float64)


def returning(seen: Seen, by: Parameters, *, weeks: float) -> Floats:
    """The probability of at least one purchase in the weeks to come."""
    end = by.alpha + seen.T
    none = np.exp((by.r + seen.x) * (np.log(end) - np.log(end + weeks)))
    return np.asarray(alive(seen, by) * (1 - none), dtype=np.float64)


def expected(seen: Seen, by: Parameters, *, weeks: float) -> Floats:
    """How many purchases to expect in the weeks to come: the first paper's equation 10, whose x is the chances to stop.

    Its power times its series can be written in two ways (Euler's transformation); the one with the smaller exponent is
    taken, because large ones make the power vanish and the series burst.
    """
    a, b = _apart(by)
    end, chances = by.alpha + seen.T, by.chances(seen.x)
    bottom = a + b + chances - 1
    z = weeks / (end + weeks)
    shape = by.r + seen.x
    small = a - 1 <= shape
    exponent = np.where(small, a - 1, shape)
    series = hyp2f1(np.where(small, bottom - shape, shape), np.where(small, a - 1, b + chances), bottom, z)
    if_alive = bottom / (a - 1) * (1 - np.power(1 - z, exponent) * series)
    return np.asarray(np.maximum(if_alive, 0) * alive(seen, by), dtype=np.float64)


def _apart(by: Parameters) -> tuple[float, float]:
    """a and b, moved where a = 1 or a + b = 1 would divide nothing by nothing."""
    a = 1 + _APART if abs(by.a - 1) <= _APART else by.a
    return (a, 1 - a + _APART) if abs(a + by.b - 1) <= _APART else (a, by.b)
