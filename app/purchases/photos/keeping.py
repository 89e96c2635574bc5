"""How long photographs of receipts are kept: as each mall has decided; what was decided by them stays."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select

from app.access import audit
from app.kernel.db import db
from app.purchases.photos import photos
from app.purchases.photos.models import OPEN, ReceiptPhoto
from app.purchases.settings import settings

BATCH = 2_000


def sweep(*, now: datetime) -> int:
    """Let photographs go that are older than their mall keeps them; returns how many.

    One that nobody has decided on by then is rejected, and its member reads that.
    """
    decided = settings.photo_days_by_mall()
    over = [*_list_over(ReceiptPhoto.mall_id.notin_(list(decided)), settings.USUAL.photo_days, now=now)]
    for mall_id, days in decided.items():
        over += _list_over(ReceiptPhoto.mall_id == mall_id, days, now=now)
    for photo in over:
        if photo.state in OPEN:
            photos.reject(photo, "expired", audit.SYSTEM, now=now)
        photos.drop_image(photo, now=now)
    return len(over)


def _list_over(whose: ColumnElement[bool], days: int, *, now: datetime) -> Sequence[ReceiptPhoto]:
    before = ReceiptPhoto.created_at < now - timedelta(days=days)
    query = select(ReceiptPhoto).where(ReceiptPhoto.image_gone_at.is_(None), before, whose)
    return db.session.scalars(query.order_by(ReceiptPhoto.created_at).limit(BATCH)).all()
