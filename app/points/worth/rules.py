"""What points are worth, and how many points a sum takes. Pure; factors in bps of a fen a point.

A payment is rounded once, half a fen up, over all of its points: `worth_fen`. `points_for` is its inverse, so that
nobody spends a point that takes nothing off.
"""

from app.kernel import money

ANCHOR_BPS = money.BPS  # 1 point = 0.01 yuan
LEAST_BPS, MOST_BPS = 1_000, 50_000


def worth_fen(points: int, factor_bps: int) -> int:
    """What points (>= 0) buy together, in fen."""
    return money.share_of(points, factor_bps)


def points_for(amount_fen: int, factor_bps: int) -> int:
    """The fewest points that are worth at least so many fen (>= 0)."""
    halves = (2 * amount_fen - 1) * money.BPS
    return max(0, -(-halves // (2 * factor_bps)))


def cover(amount_fen: int, points: int, factor_bps: int) -> tuple[int, int]:
    """How many of at most so many points are taken for a sum, and how many fen they cover; none that cover nothing."""
    covered_fen = min(amount_fen, worth_fen(points, factor_bps))
    return points_for(covered_fen, factor_bps), covered_fen
