"""Postings by accounting day: what pages add up without reading every one."""

from sqlalchemy import and_

from app.kernel.day_sums.series import Series
from app.settlement.ledger.models import Book, Posting

# By merchant; amount: their sum in fen.
POSTED = Series(
    name="posted",
    # Book by book: the index has each one's days in a row, with their amounts.
    origin=Book.__table__.join(
        Posting.__table__, and_(Posting.mall_id == Book.mall_id, Posting.merchant_id == Book.merchant_id)
    ),
    mall=Book.mall_id,
    key=Book.merchant_id,
    day=Posting.accounting_day,
    amount=Posting.amount_fen,
)

SERIES = {POSTED.name: POSTED}
