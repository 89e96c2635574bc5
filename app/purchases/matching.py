"""Which receipt that is here tells of the same payment as one that another source brings.

The same transaction id says it for certain, and so does the number that a till printed and a member brings (`claim`,
`photo`), with its store, sum and day. Without either it is the same store, the same sum, at most ten minutes apart,
from another source, both naming the same member or only one of them anybody; and nothing else that fits as well. Two
receipts of nobody stay two: two strangers buy the same coffee every minute. What a member brought has no certain time:
where only the day fits, or the number without the sum, people decide. The caller has the merchant's turn.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, bindparam, cast, literal_column, not_, null, select, union_all

from app.identity import queries as identity
from app.kernel import clock
from app.kernel.db import Moment, db
from app.kernel.fastpath.prepared import Prepared
from app.malls.models import Store
from app.purchases import tellings
from app.purchases.models import InboxReceipt, PaymentTransaction, Purchase, ReceiptNumber
from app.purchases.rules import MEMBER_SOURCES, Receipt, member_number
from app.purchases.tellings import Key

WITHIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Told:
    """A receipt that is here; nobody's when `member_id` is None. Amounts as on receipts."""

    source: str
    receipt_no: str
    member_id: int | None
    merchant_id: int
    amount_fen: int
    occurred_at: datetime

    @property
    def key(self) -> Key:
        return self.source, self.receipt_no


@dataclass(frozen=True, slots=True)
class Match:
    """The receipt that told of the payment first, None for a payment of its own; or several that may be it."""

    same: Told | None = None
    doubtful: Sequence[Told] = ()


NONE = Match()


def find_payment(receipt: Receipt, store: Store, *, member_id: int | None) -> Match:
    """What told of the purchase before; `member_id` is who bought, merges followed, None for nobody we know."""
    by_number = tellings.list_transactions(receipt)
    if by_number:
        return _by_number(receipt, store, by_number)
    printed = _list_printed_that_day(receipt, store)
    if printed:
        same = _with_sum_of(receipt, printed)
        return Match(doubtful=printed) if same is None else Match(same=same)
    around = _list_around(receipt, store)
    fitting = [one for one in around if _is_near(one, receipt) and _may_be_of(one, member_id)]
    if member_id is None and not any(one.member_id for one in fitting):
        return NONE
    if fitting:
        return Match(same=fitting[0]) if len(fitting) == 1 else Match(doubtful=fitting)
    is_brought = receipt.source in MEMBER_SOURCES
    return NONE if is_brought else Match(doubtful=[one for one in around if _may_be_of(one, member_id)])


def find_printed(receipt: Receipt, store: Store) -> Told | None:
    """The purchase that a member brought by the number a till printed, or the till's that a member brings now.

    It is the same store, number, sum and business day; the time of what members bring is not known.
    """
    return _with_sum_of(receipt, _list_printed_that_day(receipt, store))


def _list_printed_that_day(receipt: Receipt, store: Store) -> list[Told]:
    if receipt.source not in MEMBER_SOURCES:
        numbers = [(source, member_number(store.code, receipt.receipt_no)) for source in MEMBER_SOURCES]
        rows = tellings.list_numbers(numbers)
        found = [one for row in rows if (one := find_told((row.source, row.receipt_no))) is not None]
    else:
        found = _list_printed(receipt, store)
    day = clock.business_date(receipt.occurred_at)
    return [one for one in found if clock.business_date(one.occurred_at) == day]


def _with_sum_of(receipt: Receipt, found: Sequence[Told]) -> Told | None:
    return next((one for one in found if one.amount_fen == receipt.amount_fen), None)


def _list_printed(receipt: Receipt, store: Store) -> list[Told]:
    printed_no = receipt.receipt_no.removeprefix(member_number(store.code, ""))
    query = select(*_columns(Purchase)).where(
        Purchase.mall_id == store.mall_id,
        Purchase.receipt_no.in_([printed_no, receipt.receipt_no]),
        Purchase.store_id == store.id,
        Purchase.source != receipt.source,
        Purchase.refund_of_id.is_(None),
    )
    return [Told(*row) for row in db.session.execute(query)]


def list_near(receipt: Receipt, store: Store) -> Sequence[Told]:
    """What other sources told of the same sum in the store at that time, and the receipt's own has not told of yet."""
    return [one for one in _list_around(receipt, store) if _is_near(one, receipt)]


def _list_around(receipt: Receipt, store: Store) -> list[Told]:
    """As `list_near`, with what members brought of that day, whose time nobody knows."""
    day = clock.business_date(receipt.occurred_at)
    rows = _AROUND.all(
        of_store=store.id,
        since=receipt.occurred_at - WITHIN,
        until=receipt.occurred_at + WITHIN,
        day_begins=clock.start_of_day(day),
        day_ends=clock.end_of_day(day),
        sum_fen=receipt.amount_fen,
        of_source=receipt.source,
    )
    return _not_told_by(receipt.source, [Told(*row) for row in rows])


def _is_near(told: Told, receipt: Receipt) -> bool:
    return abs(told.occurred_at - receipt.occurred_at) <= WITHIN


def _may_be_of(told: Told, member_id: int | None) -> bool:
    return member_id is None or told.member_id is None or _is_owner(told, member_id)


def find_repayment(receipt: Receipt, of: ReceiptNumber, *, left_fen: int) -> Told | None:
    """The refund of the same purchase (by its first number) that another source told of before.

    Which of several equal ones is meant changes nothing, so it is the nearest. One that is further off in time is it
    when there is not so much left (`left_fen`) that the money could have been given back twice.
    """
    numbers = {(one.source, one.receipt_no) for one in tellings.list_transactions(receipt)}
    found = _not_told_by(receipt.source, _list_equal_refunds(receipt, of))
    if not numbers:
        is_twice = left_fen + receipt.amount_fen < 0
        found = [one for one in found if is_twice or abs(one.occurred_at - receipt.occurred_at) <= WITHIN]
    else:
        found = [one for one in found if one.key in numbers]
    return min(found, key=lambda one: (abs(one.occurred_at - receipt.occurred_at), one.key), default=None)


def _by_number(receipt: Receipt, store: Store, by_number: Sequence[PaymentTransaction]) -> Match:
    """Doubtful when the sums do not fit, it is another merchant's, or the source has told of it under another number.

    A source that knows of a part only (of a receipt that was paid in two ways) tells the part's sum.
    """
    firsts = {(one.source, one.receipt_no) for one in by_number}
    told = [one for key in sorted(firsts) if (one := find_told(key)) is not None]
    if len(told) != 1:
        return Match(doubtful=told)
    (first,) = told
    said = {(one.method.value, one.transaction_id): one.amount_fen for one in receipt.payments}
    fits = all(said[one.method, one.transaction_id] == one.amount_fen for one in by_number)
    is_same = first.merchant_id == store.merchant_id and fits and receipt.amount_fen <= first.amount_fen
    return Match(same=first) if is_same and _not_told_by(receipt.source, told) else Match(doubtful=told)


def find_told(key: Key) -> Told | None:
    """What a number that told first has become; None while it waits."""
    number = tellings.find_first(*key)
    if number is None or number.waiting_id is not None:
        return None
    if number.purchase_id is not None:
        bought = Purchase
        which = (bought.member_id == number.member_id) & (bought.id == number.purchase_id)
        return Told(*db.session.execute(select(*_columns(bought)).where(which)).one())
    return Told(*db.session.execute(select(*_columns(InboxReceipt)).where(InboxReceipt.id == number.inbox_id)).one())


def _near(model: type[Purchase] | type[InboxReceipt]) -> Select[Any]:
    refund = Purchase.refund_of_id if model is Purchase else InboxReceipt.refund_of
    return select(*_columns(model)).where(
        model.store_id == bindparam("of_store"),
        model.occurred_at.between(bindparam("since", type_=Moment), bindparam("until", type_=Moment)),
        model.amount_fen == bindparam("sum_fen"),
        model.source != bindparam("of_source"),
        refund.is_(None),
    )


def _brought() -> Select[Any]:
    near = Purchase.occurred_at.between(bindparam("since", type_=Moment), bindparam("until", type_=Moment))
    return select(*_columns(Purchase)).where(
        is_brought(),
        Purchase.store_id == bindparam("of_store"),
        Purchase.occurred_at >= bindparam("day_begins", type_=Moment),
        Purchase.occurred_at < bindparam("day_ends", type_=Moment),
        Purchase.amount_fen == bindparam("sum_fen"),
        Purchase.source != bindparam("of_source"),
        Purchase.refund_of_id.is_(None),
        not_(near),
    )


def is_brought() -> ColumnElement[bool]:
    """Of a purchase: a member brought it. In these words, because an index holds such purchases alone."""
    return Purchase.source.in_([literal_column(f"'{source}'") for source in MEMBER_SOURCES])


def _columns(model: type[Purchase] | type[InboxReceipt]) -> tuple[Any, ...]:
    owner = Purchase.member_id if model is Purchase else cast(null(), BigInteger).label("member_id")
    return model.source, model.receipt_no, owner, model.merchant_id, model.amount_fen, model.occurred_at


_REFUNDS = Prepared(
    select(*_columns(Purchase)).where(
        Purchase.member_id == bindparam("of_member"), Purchase.refund_of_id == bindparam("of_purchase")
    )
)
_INBOX_REFUNDS = Prepared(
    select(*_columns(InboxReceipt)).where(
        InboxReceipt.refund_source == bindparam("of_source"), InboxReceipt.refund_of == bindparam("of_number")
    )
)
_AROUND = Prepared(union_all(_near(Purchase), _near(InboxReceipt), _brought()))


def _list_equal_refunds(receipt: Receipt, of: ReceiptNumber) -> list[Told]:
    if of.purchase_id is not None:
        rows = _REFUNDS.all(of_member=of.member_id, of_purchase=of.purchase_id)
    else:
        rows = _INBOX_REFUNDS.all(of_source=of.source, of_number=of.receipt_no)
    found = [Told(*row) for row in rows]
    return [one for one in found if one.amount_fen == receipt.amount_fen and one.source != receipt.source]


def _not_told_by(source: str, found: Sequence[Told]) -> list[Told]:
    """Those of which the source has not told under another number."""
    if not found:
        return []
    others = tellings.list_tellings({one.key for one in found})
    told = {(one.same_source, one.same_receipt_no) for one in others if one.source == source}
    return [one for one in found if one.source != source and one.key not in told]


def _is_owner(told: Told, member_id: int) -> bool:
    return told.member_id is not None and identity.get_member(told.member_id).id == member_id
