"""What receipts are called in ledgers and on the timeline."""

from app.kernel.facts import Fact


def receipt(source: str, receipt_no: str) -> Fact:
    """A receipt of a source was taken; a refund is a receipt of its own. No source has a colon in its name."""
    return Fact("purchase", source, receipt_no)
