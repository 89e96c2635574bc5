"""Pure rules of earning points."""

from app.kernel import money


def points_for(amount_fen: int, rate_bps: int) -> int:
    """Whole points earned for fen spent at a store's rate (10000 bps = 1 point per yuan), floored."""
    return amount_fen * rate_bps // (100 * money.BPS)
