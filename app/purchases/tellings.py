"""Numbers of receipts: each is taken once per source, and leads to what it told of, alone or after another source.

A number that told first has become a purchase, a receipt in the inbox, or one that waits. Another telling leads to the
first one's number, so whatever becomes of that holds for both.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ARRAY, ColumnElement, Text, bindparam, func, select, tuple_, update
from sqlalchemy.dialects import postgresql

from app.kernel.db import db, table_of
from app.kernel.fastpath.entities import PreparedEntities
from app.kernel.fastpath.prepared import Prepared
from app.purchases import rules
from app.purchases.errors import ReceiptConflict
from app.purchases.models import PaymentTransaction, ReceiptNumber
from app.purchases.rules import Receipt

Key = tuple[str, str]  # source, receipt number

_ROW = table_of(ReceiptNumber)
_IS = (_ROW.c.source == bindparam("of_source")) & (_ROW.c.receipt_no == bindparam("of_receipt_no"))
_BY_KEY = PreparedEntities(ReceiptNumber, select(_ROW).where(_IS), refresh=True)
_KEYS = (
    func.unnest(bindparam("sources", type_=ARRAY(Text)), bindparam("numbers", type_=ARRAY(Text)))
    .table_valued("source", "receipt_no", name="key")
    .render_derived()
)
_BY_KEYS = PreparedEntities(
    ReceiptNumber,
    select(_ROW).join_from(_KEYS, _ROW, (_ROW.c.source == _KEYS.c.source) & (_ROW.c.receipt_no == _KEYS.c.receipt_no)),
    refresh=True,
)
_TAKE = Prepared(
    postgresql.insert(_ROW)
    .values({name: bindparam(name) for name in ("source", "receipt_no", "fingerprint", "till")})
    .on_conflict_do_nothing()
)
_BECOMES = ("member_id", "purchase_id", "inbox_id", "waiting_id")
_POINT = Prepared(update(_ROW).where(_IS).values({name: bindparam(name) for name in _BECOMES}))


def find_number(source: str, receipt_no: str) -> ReceiptNumber | None:
    """The number as it stands now."""
    return _BY_KEY.first(of_source=source, of_receipt_no=receipt_no)


def find_known(receipt: Receipt) -> ReceiptNumber | None:
    """The receipt's number as it was taken before; raises ReceiptConflict when it was for another content."""
    known = find_number(receipt.source, receipt.receipt_no)
    if known is not None and known.fingerprint != rules.fingerprint(receipt):
        raise ReceiptConflict(source=receipt.source, receipt_no=receipt.receipt_no)
    return known


def list_numbers(keys: Collection[Key]) -> Sequence[ReceiptNumber]:
    """Those of the numbers that are taken."""
    wanted = sorted(set(keys))
    return _BY_KEYS.all(sources=[source for source, _ in wanted], numbers=[number for _, number in wanted])


def first_of(number: ReceiptNumber) -> ReceiptNumber:
    """The number that told first of the same payment; itself, if it was that one."""
    if number.same_source is None or number.same_receipt_no is None:
        return number
    first = find_number(number.same_source, number.same_receipt_no)
    if first is None:
        raise AssertionError("another telling leads to a number")
    return first


def find_first(source: str, receipt_no: str) -> ReceiptNumber | None:
    """The number that told first of what this one tells of; None when this one is not known."""
    number = find_number(source, receipt_no)
    return None if number is None else first_of(number)


def list_tellings(keys: Collection[Key]) -> Sequence[ReceiptNumber]:
    """The other tellings of what these numbers told first, in the order in which they came."""
    told = tuple_(ReceiptNumber.same_source, ReceiptNumber.same_receipt_no).in_(sorted(keys))
    return db.session.scalars(
        select(ReceiptNumber).where(told).order_by(ReceiptNumber.told_at, ReceiptNumber.source)
    ).all()


def take_number(receipt: Receipt) -> bool:
    """Take the receipt's number; False when somebody has it. Waits for a transaction that is taking the same."""
    digest = rules.fingerprint(receipt)
    key = {"source": receipt.source, "receipt_no": receipt.receipt_no}
    return _TAKE.run(**key, fingerprint=digest, till=receipt.till) > 0


def find_tills(source: str, numbers: Collection[str]) -> dict[str, str]:
    """The tills that wrote a source's receipts, by number; those of which it was not told are missing."""
    said = select(ReceiptNumber.receipt_no, ReceiptNumber.till).where(
        ReceiptNumber.source == source,
        ReceiptNumber.receipt_no == func.any(bindparam("numbers", list(numbers), type_=ARRAY(Text))),
        ReceiptNumber.till.is_not(None),
    )
    return {number: till for number, till in db.session.execute(said) if till is not None}


def point(
    key: Key,
    *,
    member_id: int | None = None,
    purchase_id: int | None = None,
    inbox_id: int | None = None,
    waiting_id: int | None = None,
) -> None:
    """Say what a taken number has become, with the next statement; whatever it was before it is no longer."""
    becomes = (member_id, purchase_id, inbox_id, waiting_id)
    _POINT.later({"of_source": key[0], "of_receipt_no": key[1], **dict(zip(_BECOMES, becomes, strict=True))})


def tell_again(key: Key, *, first: Key, now: datetime) -> None:
    """Let a taken number lead to the one that told first, and those that led to it as well."""
    one = {"same_source": first[0], "same_receipt_no": first[1]}
    gone = {"member_id": None, "purchase_id": None, "inbox_id": None, "waiting_id": None}
    followers = (ReceiptNumber.same_source == key[0]) & (ReceiptNumber.same_receipt_no == key[1])
    for which, values in ((_is(key), {**one, **gone, "told_at": now}), (followers, one)):
        db.session.execute(
            update(ReceiptNumber).where(which).values(**values).execution_options(synchronize_session=False)
        )


def note_transactions(receipt: Receipt, *, first: Key) -> None:
    """Remember of which payments the receipt told; who told of one before keeps it."""
    rows = [
        {
            "transaction_id": one.transaction_id,
            "method": one.method.value,
            "source": first[0],
            "receipt_no": first[1],
            "amount_fen": one.amount_fen,
        }
        for one in receipt.payments
        if one.transaction_id is not None
    ]
    if rows:
        rows.sort(key=lambda row: (str(row["transaction_id"]), str(row["method"])))
        db.session.execute(postgresql.insert(PaymentTransaction).values(rows).on_conflict_do_nothing())


def list_transactions(receipt: Receipt) -> Sequence[PaymentTransaction]:
    """Those of the receipt's payments that another source has told of."""
    told = [(one.transaction_id, one.method.value) for one in receipt.payments if one.transaction_id is not None]
    if not told:
        return ()
    wanted = tuple_(PaymentTransaction.transaction_id, PaymentTransaction.method).in_(told)
    return db.session.scalars(
        select(PaymentTransaction).where(wanted, PaymentTransaction.source != receipt.source)
    ).all()


def _is(key: Key) -> ColumnElement[bool]:
    return (ReceiptNumber.source == key[0]) & (ReceiptNumber.receipt_no == key[1])
