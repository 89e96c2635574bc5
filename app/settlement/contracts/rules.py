"""What contract terms may say. Pure."""

from app.kernel import money
from app.settlement.contracts.errors import TermsInvalid


def ensure_terms(*, commission_bps: int, issue_price_fen: int, redeem_price_fen: int) -> None:
    """Raises TermsInvalid for a commission outside 0-10000 bps or a negative price."""
    if not 0 <= commission_bps <= money.BPS:
        raise TermsInvalid(field="commission_bps")
    if issue_price_fen < 0:
        raise TermsInvalid(field="issue_price_fen")
    if redeem_price_fen < 0:
        raise TermsInvalid(field="redeem_price_fen")
