"""Stock of a campaign: filled, taken, counted. Campaigns without buckets are unlimited."""

from collections.abc import Sequence

from sqlalchemy import func, insert, select, update

from app.benefits.stock.errors import CampaignOutOfStock
from app.benefits.stock.models import StockBucket
from app.kernel import money
from app.kernel.db import db

BUCKETS = 8


def fill(campaign_id: int, stock: int) -> None:
    """Spread the stock over buckets; small stocks get fewer, so that none is empty from the start."""
    buckets = max(1, min(BUCKETS, stock))
    parts = money.split(stock, [1] * buckets)
    db.session.execute(
        insert(StockBucket),
        [{"campaign_id": campaign_id, "bucket": bucket, "remaining": part} for bucket, part in enumerate(parts)],
    )


def list_limited(campaign_ids: Sequence[int]) -> set[int]:
    """Those of the campaigns that have a stock to take from."""
    query = select(StockBucket.campaign_id).where(StockBucket.campaign_id.in_(campaign_ids)).distinct()
    return set(db.session.scalars(query))


def left(campaign_id: int) -> int | None:
    """How many are left; None = unlimited."""
    left = db.session.scalar(select(func.sum(StockBucket.remaining)).where(StockBucket.campaign_id == campaign_id))
    return None if left is None else int(left)


def take(campaign_id: int, *, start_at: int) -> None:
    """Take one from a bucket, falling through to the others; campaigns without buckets are unlimited."""
    buckets = db.session.scalars(
        select(StockBucket.bucket).where(StockBucket.campaign_id == campaign_id).order_by(StockBucket.bucket)
    ).all()
    for offset in range(len(buckets)):
        taken = db.session.execute(
            update(StockBucket)
            .where(
                StockBucket.campaign_id == campaign_id,
                StockBucket.bucket == buckets[(start_at + offset) % len(buckets)],
                StockBucket.remaining > 0,
            )
            .values(remaining=StockBucket.remaining - 1)
            .returning(StockBucket.bucket)
        ).first()
        if taken is not None:
            return
    if buckets:
        raise CampaignOutOfStock
