"""How long photographs of receipts are kept: as each mall has decided; what was decided by them stays."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, ColumnElement, Integer, delete, insert, select

from app.kernel.db import db
from app.kernel.fastpath import arrays
from app.purchases.photos import prints
from app.purchases.photos.models import ReceiptPhoto, ReceiptPhotoKey, ReceiptPhotoPrint
from app.purchases.settings import settings

BATCH = 2_000


def list_over(*, now: datetime) -> list[ReceiptPhoto]:
    """Photographs that are older than their mall keeps them."""
    decided = settings.photo_days_by_mall()
    over = [*_list_over(ReceiptPhoto.mall_id.notin_(list(decided)), settings.USUAL.photo_days, now=now)]
    for mall_id, days in decided.items():
        over += _list_over(ReceiptPhoto.mall_id == mall_id, days, now=now)
    return over


def sweep_prints(*, now: datetime) -> int:
    """Let prints go of photographs whose time is over, and that are too old to be claimed again; returns how many."""
    decided = settings.print_days_by_mall()
    gone = _sweep_prints(ReceiptPhotoPrint.mall_id.notin_(list(decided)), settings.USUAL.print_days, now=now)
    return gone + sum(_sweep_prints(ReceiptPhotoPrint.mall_id == one, decided[one], now=now) for one in decided)


def _sweep_prints(whose: ColumnElement[bool], days: int, *, now: datetime) -> int:
    over = select(ReceiptPhotoPrint.public_id).where(ReceiptPhotoPrint.sent_at < now - timedelta(days=days), whose)
    ids = db.session.scalars(over.order_by(ReceiptPhotoPrint.sent_at).limit(BATCH)).all()
    return drop_prints(ReceiptPhotoPrint.public_id.in_(ids))


def keep_print(kept: ReceiptPhotoPrint) -> None:
    """Keep how a photograph looks, and the keys by which it is found."""
    db.session.add(kept)
    db.session.flush()
    rows = [{"mall_id": kept.mall_id, "key": key, "number": kept.number} for key in _keys_of(kept)]
    db.session.execute(insert(ReceiptPhotoKey), rows)


def drop_prints(whose: ColumnElement[bool]) -> int:
    """Let prints go, and the keys by which they are found; returns how many."""
    gone = db.session.scalars(delete(ReceiptPhotoPrint).where(whose).returning(ReceiptPhotoPrint)).all()
    kinds = {"mall_id": Integer(), "key": Integer(), "number": BigInteger()}
    rows = [(one.mall_id, key, one.number) for one in gone for key in _keys_of(one)]
    theirs, key = arrays.given_rows("theirs", kinds, rows), ReceiptPhotoKey
    own = (key.mall_id == theirs.c.mall_id) & (key.key == theirs.c.key) & (key.number == theirs.c.number)
    db.session.execute(delete(key).where(own))
    return len(gone)


def _keys_of(kept: ReceiptPhotoPrint) -> list[int]:
    return prints.keys_of(kept.inner_print, kept.strips, kept.digest)


def _list_over(whose: ColumnElement[bool], days: int, *, now: datetime) -> Sequence[ReceiptPhoto]:
    before = ReceiptPhoto.created_at < now - timedelta(days=days)
    query = select(ReceiptPhoto).where(ReceiptPhoto.image_gone_at.is_(None), before, whose)
    return db.session.scalars(query.order_by(ReceiptPhoto.created_at).limit(BATCH)).all()
