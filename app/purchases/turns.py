"""Receipts of a merchant are taken one after the other, whoever tells of them."""

from collections.abc import Collection

from sqlalchemy import ARRAY, BigInteger, Integer, bindparam, cast, func, literal, select

from app.kernel.fastpath.prepared import Prepared

# Of the lock's two numbers the first says what is locked; the second is the merchant's.
_RECEIPTS = 7_203_115
_MERCHANTS = func.unnest(bindparam("merchants", type_=ARRAY(BigInteger))).column_valued("merchant")
_LOCK = func.pg_advisory_xact_lock(literal(_RECEIPTS, Integer), cast(_MERCHANTS, Integer))
_WAIT = Prepared(select(_LOCK.label("waited")))


def wait_for(merchant_ids: Collection[int]) -> None:
    """Be the only one that takes receipts of these merchants until the transaction ends; before any member is locked.

    It is asked for with the next statement, which waits behind it and then reads what the others have written.
    Whether a payment was told of before, and whether a refund's purchase is here, are questions about rows that are
    not there yet: no row could be locked for them.
    """
    _WAIT.later({"merchants": sorted(set(merchant_ids))})
