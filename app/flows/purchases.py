"""A till, or an import, brings a receipt."""

from datetime import datetime

from app.flows.consequences import self_dealing
from app.flows.consequences.effects import Effects
from app.flows.consequences.purchases import receipts
from app.flows.consequences.purchases.buyers import Buyer
from app.flows.consequences.recorded import Recorded
from app.malls.models import Store
from app.purchases.rules import Receipt

__all__ = ["Buyer", "Effects", "Recorded", "hold_purchase", "record_purchase"]


def record_purchase(
    receipt: Receipt, store: Store, buyer: Buyer, *, now: datetime, effects: Effects = Effects.LEDGER
) -> Recorded:
    """Take a receipt of a store once, with everything that follows from it; the same receipt again changes nothing.

    A purchase that waits in the inbox goes to the buyer who comes with it now. A payment that another source told of is
    counted once, and a refund may come before its purchase (`Recorded.waits_for`). Raises ReceiptInvalid,
    ReceiptConflict, ReceiptOfAnother, RefundedReceiptNotFound, RefundExceedsPurchase, the errors of member codes,
    NoContractTerms and BookNotOpen.
    """
    recorded = receipts.take(receipt, store, buyer, now=now, effects=effects)
    if recorded.is_new and recorded.purchase is not None:
        self_dealing.ask_if_sibling(recorded.purchase, store, now=now)
    return recorded


def hold_purchase(receipt: Receipt, mall_id: int, merchant_id: int | None, buyer: Buyer, *, now: datetime) -> Recorded:
    """Keep a receipt of a store that nobody has named yet; `merchant_id` is whose till it was, if it is one merchant's.

    Raises ReceiptInvalid, ReceiptConflict, ReceiptOfAnother and the errors of member codes.
    """
    return receipts.take_of_unknown_store(receipt, mall_id, merchant_id, buyer, now=now)
