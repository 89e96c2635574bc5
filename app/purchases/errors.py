"""Refusals of the package purchases."""

from app.kernel.errors import DomainError


class ReceiptConflict(DomainError):
    """The source has sent another receipt under this number before. Facts: source, receipt_no."""

    kind = "conflict"
    code = "receipt_conflict"


class ReceiptOfAnother(DomainError):
    """The receipt is known, and somebody else's."""

    kind = "conflict"
    code = "receipt_of_another"


class ReceiptInvalid(DomainError):
    """The receipt contradicts itself.

    Fact: reason (source, own_source, negative_purchase, positive_refund, too_large, lines_sum, line_numbers,
    payments_sum, payment_twice, commission_base).
    """

    code = "receipt_invalid"


class RefundedReceiptNotFound(DomainError):
    """The receipt to be refunded is not known for this source and merchant. Fact: refund_of."""

    kind = "not_found"
    code = "refunded_receipt_not_found"


class RefundExceedsPurchase(DomainError):
    """The refunds would be more than the purchase. Fact: left_fen, what can still be refunded."""

    kind = "conflict"
    code = "refund_exceeds_purchase"


class StoreUnknown(DomainError):
    """No store bears that code within what the till may speak for. Fact: store_code."""

    kind = "not_found"
    code = "store_not_found"


class ReceiptSetAside(DomainError):
    """People have set the receipt aside: it is nobody's until that is taken back. Fact: by, who did."""

    kind = "conflict"
    code = "receipt_set_aside"


class ReceiptNotSetAside(DomainError):
    """The receipt is not set aside, or not any more."""

    kind = "conflict"
    code = "receipt_not_set_aside"
