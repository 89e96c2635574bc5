"""Receipts of a merchant are taken one after the other, whoever tells of them."""

from collections.abc import Collection

from sqlalchemy import text

from app.kernel.db import db

# Of the lock's two numbers the first says what is locked; the second is the merchant's.
_RECEIPTS = 7_203_115
_WAIT = text("SELECT pg_advisory_xact_lock(:what, merchant::int) FROM unnest(CAST(:merchants AS bigint[])) AS merchant")


def wait_for(merchant_ids: Collection[int]) -> None:
    """Be the only one that takes receipts of these merchants until the transaction ends; before any member is locked.

    Whether a payment was told of before, and whether a refund's purchase is here, are questions about rows that are
    not there yet: no row could be locked for them.
    """
    db.session.execute(_WAIT, {"what": _RECEIPTS, "merchants": sorted(set(merchant_ids))})
