"""What contract terms may say. Pure."""

from app.kernel import money
from app.settlement.contracts.errors import TermsInvalid

# Within how many days a statement is settled where nobody says otherwise, and the most that can be agreed.
DUE_DAYS, MOST_DUE_DAYS = 30, 365


def ensure_terms(*, commission_bps: int, issue_price_fen: int, redeem_price_fen: int, due_days: int) -> None:
    """Raises TermsInvalid for a commission outside 0-10000 bps, a negative price, or days beyond a year."""
    if not 0 <= commission_bps <= money.BPS:
        raise TermsInvalid(field="commission_bps")
    if issue_price_fen < 0:
        raise TermsInvalid(field="issue_price_fen")
    if redeem_price_fen < 0:
        raise TermsInvalid(field="redeem_price_fen")
    if not 0 <= due_days <= MOST_DUE_DAYS:
        raise TermsInvalid(field="due_days")
