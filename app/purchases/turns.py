"""Receipts of a merchant are taken one after the other, whoever tells of them."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from sqlalchemy import ARRAY, BigInteger, Integer, bindparam, cast, func, literal, select

from app.kernel.fastpath.prepared import Prepared

# Of the lock's two numbers the first says what is locked; the second is the merchant's.
_RECEIPTS = 7_203_115
_MERCHANTS = func.unnest(bindparam("merchants", type_=ARRAY(BigInteger))).column_valued("merchant")
_LOCK = literal(_RECEIPTS, Integer), cast(_MERCHANTS, Integer)
_WAIT = Prepared(select(func.pg_advisory_xact_lock(*_LOCK).label("waited")))
_WAIT_SHARED = Prepared(select(func.pg_advisory_xact_lock_shared(*_LOCK).label("waited")))

_is_shared = ContextVar("turns are shared", default=False)


@contextmanager
def shared() -> Iterator[None]:
    """Turns that are waited for within it are had at once by all who share them, and by nobody else meanwhile.

    That is right for receipts that no two of them tell of, nor of the payments and refunds of one another's.
    """
    before = _is_shared.set(True)
    try:
        yield
    finally:
        _is_shared.reset(before)


def wait_for(merchant_ids: Collection[int]) -> None:
    """Be the only one that takes receipts of these merchants until the transaction ends; before any member is locked.

    It is asked for with the next statement, which waits behind it and then reads what the others have written.
    Whether a payment was told of before, and whether a refund's purchase is here, are questions about rows that are
    not there yet: no row could be locked for them.
    """
    wait = _WAIT_SHARED if _is_shared.get() else _WAIT
    wait.later({"merchants": sorted(set(merchant_ids))})
