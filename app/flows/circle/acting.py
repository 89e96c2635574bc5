"""What a kept notice of the business circle becomes: an authorisation, a receipt, a refund.

A payment is a receipt of the store that the circle calls so, under its transaction's number, which every other source
that tells of the payment shares. One of a shop that nobody has named waits for people, one of somebody who has not
joined in the inbox, a refund ahead of its payment for that: all as with receipts of tills.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.circle import authorisations, circles
from app.circle.models import Circle, State
from app.flows.consequences import self_dealing
from app.flows.consequences.circle import parking as circle_parking
from app.flows.consequences.purchases import receipts
from app.flows.consequences.purchases.buyers import Buyer
from app.flows.consequences.recorded import Recorded, as_it_stands
from app.identity import members
from app.identity import queries as people
from app.identity.models import IdentityKind
from app.malls import queries as malls
from app.malls.models import Store
from app.purchases import queries as purchases
from app.purchases import tellings
from app.purchases.aliases import aliases
from app.purchases.rules import Method, Payment, Receipt
from app.wechat.callbacks.inbox import TakenEvent

# What a shop is called that the platform gives neither number nor name.
NAMELESS = "-"


def recognise(event: TakenEvent, *, now: datetime) -> int:
    """Whose openid a notice names: a member, or somebody whom we see for the first time. Raises CircleUnknown."""
    circle = circles.get(event.payload["mchid"])
    known_by = {IdentityKind.MINI_OPENID: event.payload["openid"]}
    return members.recognise(known_by, home_mall_id=circle.mall_id, now=now).id


def take_authorisation(event: TakenEvent, member_id: int, *, now: datetime) -> None:
    """Remember that somebody opened the card, and whether their payments are told; an older word changes nothing.

    Cars that are inside are told of from then on. Raises CircleUnknown.
    """
    said, member = event.payload, people.lock_member(member_id)
    is_news = authorisations.note(
        people.list_person_ids(member.id),
        member.id,
        mchid=said["mchid"],
        openid=said["openid"],
        state=State.ON if said["is_full"] else State.CARD,
        at=event.occurred_at,
        card_code=said["card_code"],
    )
    if is_news and said["is_full"]:
        circle_parking.tell_inside(member.id, circles.get(said["mchid"]).mall_id, now=now)


def take_payment(event: TakenEvent, member_id: int, *, now: datetime) -> str:
    """Record the payment with all that follows, once; a note where the end is not plain. A member's stays as it is.

    Raises what `record_purchase` raises, and CircleUnknown.
    """
    said, circle = event.payload, circles.get(event.payload["mchid"])
    known = tellings.find_first(circles.SOURCE, said["transaction_id"])
    if known is not None and known.member_id is not None:
        return ""
    receipt = Receipt(
        source=circles.SOURCE,
        receipt_no=said["transaction_id"],
        store_code=_code_of(said),
        occurred_at=event.occurred_at,
        amount_fen=said["amount_fen"],
        payments=(_part(said["amount_fen"], said["transaction_id"]),),
    )
    store = find_store(circle.mall_id, said)
    return _note_of(_take(receipt, circle, store, Buyer(member_id=member_id), now=now))


def find_points(event: TakenEvent, member_id: int) -> int:
    """What the payment has earned its payer as it stands; nothing while it waits, is nobody's or is another's."""
    first = tellings.find_first(circles.SOURCE, event.payload["transaction_id"])
    if first is None or first.waiting_id is not None:
        return 0
    found = as_it_stands(first)
    is_theirs = found.member is not None and found.member.id == people.get_member(member_id).id
    return found.points if is_theirs else 0


def take_refund(event: TakenEvent, *, now: datetime) -> str:
    """Take back what the payment gave, in proportion, or wait for the payment; a note as above.

    Raises RefundExceedsPurchase, RefundedReceiptNotFound, ReceiptConflict, CircleUnknown.
    """
    said, circle = event.payload, circles.get(event.payload["mchid"])
    receipt = Receipt(
        source=circles.SOURCE,
        receipt_no=said["refund_id"],
        store_code=_code_of(said),
        occurred_at=event.occurred_at,
        amount_fen=-said["refund_fen"],
        refund_of=said["transaction_id"],
        payments=(_part(-said["refund_fen"], said["refund_id"]),),
    )
    store = _find_paid_store(said["transaction_id"]) or find_store(circle.mall_id, said)
    return _note_of(_take(receipt, circle, store, Buyer(), now=now))


def find_store(mall_id: int, said: Mapping[str, Any]) -> Store | None:
    """The store that a notice means: by the number that people gave it, its own code, the shop's name."""
    number, name = said["shop_number"], said["shop_name"]
    named = aliases.find_stores(mall_id, [(circles.SOURCE, code) for code in (number, name) if code])
    for code in (number, name):
        if (circles.SOURCE, code) in named:
            return named[circles.SOURCE, code]
    own = malls.find_store_by_code(number) if number else None
    if own is not None and own.mall_id == mall_id:
        return own
    called = [store for store in malls.list_open_stores(mall_id) if name and store.name == name]
    return called[0] if len(called) == 1 else None


def _find_paid_store(transaction_id: str) -> Store | None:
    """Where the payment was recorded: a shop may have been renamed since."""
    first = tellings.find_first(circles.SOURCE, transaction_id)
    if first is None:
        return None
    if first.purchase_id is not None and first.member_id is not None:
        return malls.get_store(purchases.get_purchase(first.member_id, first.purchase_id).store_id)
    unowned = None if first.inbox_id is None else purchases.find_inbox_receipt(first.inbox_id)
    return None if unowned is None else malls.get_store(unowned.store_id)


def _part(amount_fen: int, transaction_id: str) -> Payment:
    """The whole of a receipt, paid or given back under this number of the platform's."""
    return Payment(method=Method.WECHAT, amount_fen=amount_fen, transaction_id=transaction_id)


def _code_of(said: Mapping[str, Any]) -> str:
    """What the circle calls the shop; a name stands in where it has no number."""
    return str(said["shop_number"] or said["shop_name"] or NAMELESS)


def _take(receipt: Receipt, circle: Circle, store: Store | None, buyer: Buyer, *, now: datetime) -> Recorded:
    if store is None:
        return receipts.take_of_unknown_store(receipt, circle.mall_id, None, buyer, now=now)
    recorded = receipts.take(receipt, store, buyer, now=now)
    if recorded.is_new and recorded.purchase is not None:
        self_dealing.ask_if_sibling(recorded.purchase, store, now=now)
    return recorded


def _note_of(recorded: Recorded) -> str:
    """What is not plain about the end: it waits, or is nobody's yet."""
    if recorded.waits_for is not None:
        return f"waits for {recorded.waits_for.value}"
    return "" if recorded.member is not None or recorded.is_told_again else "nobody's yet"
