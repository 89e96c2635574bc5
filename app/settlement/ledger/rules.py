"""What amounts are: pure functions of contract terms. Sign: positive = the mall owes the merchant."""

from app.kernel import money

POINTS_PER_PRICE = 100


def commission_fen(base_fen: int, rate_bps: int) -> int:
    """What a purchase of `base_fen` owes the mall: negative for a purchase, positive for a refund."""
    return -money.share_of(base_fen, rate_bps)


def points_fen(points: int, price_fen: int) -> int:
    """What points are worth at a price in fen per 100 points; the sign is that of the points."""
    return money.divide(points * price_fen, POINTS_PER_PRICE)
