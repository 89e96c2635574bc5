"""How long photographs of receipts are kept: as each mall has decided; what was decided by them stays."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select

from app.kernel.db import db
from app.purchases.photos.models import ReceiptPhoto, ReceiptPhotoPrint
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
    gone = _drop_prints(ReceiptPhotoPrint.mall_id.notin_(list(decided)), settings.USUAL.print_days, now=now)
    return gone + sum(_drop_prints(ReceiptPhotoPrint.mall_id == one, decided[one], now=now) for one in decided)


def _drop_prints(whose: ColumnElement[bool], days: int, *, now: datetime) -> int:
    over = select(ReceiptPhotoPrint.public_id).where(ReceiptPhotoPrint.sent_at < now - timedelta(days=days), whose)
    ids = db.session.scalars(over.order_by(ReceiptPhotoPrint.sent_at).limit(BATCH)).all()
    db.session.execute(delete(ReceiptPhotoPrint).where(ReceiptPhotoPrint.public_id.in_(ids)))
    return len(ids)


def _list_over(whose: ColumnElement[bool], days: int, *, now: datetime) -> Sequence[ReceiptPhoto]:
    before = ReceiptPhoto.created_at < now - timedelta(days=days)
    query = select(ReceiptPhoto).where(ReceiptPhoto.image_gone_at.is_(None), before, whose)
    return db.session.scalars(query.order_by(ReceiptPhoto.created_at).limit(BATCH)).all()
