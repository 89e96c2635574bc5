"""Stock of a campaign: filled, taken, counted. Campaigns without buckets are unlimited."""

from collections.abc import Sequence

from sqlalchemy import ARRAY, BigInteger, any_, bindparam, func, insert, select, update

from app.benefits.stock.errors import CampaignOutOfStock
from app.benefits.stock.models import StockBucket
from app.kernel import money
from app.kernel.db import db
from app.kernel.fastpath.prepared import Prepared

BUCKETS = 8


def fill(campaign_id: int, stock: int) -> None:
    """Spread the stock over buckets; small stocks get fewer, so that none is empty from the start."""
    buckets = max(1, min(BUCKETS, stock))
    parts = money.split(stock, [1] * buckets)
    db.session.execute(
        insert(StockBucket),
        [{"campaign_id": campaign_id, "bucket": bucket, "remaining": part} for bucket, part in enumerate(parts)],
    )


def add(campaign_id: int, count: int) -> None:
    """Add to a locked campaign's stock, evenly over its buckets; without a limit so far, it has `count` from now on."""
    own = StockBucket.campaign_id == campaign_id
    buckets = db.session.scalars(select(StockBucket.bucket).where(own).order_by(StockBucket.bucket)).all()
    if not buckets:
        fill(campaign_id, count)
        return
    for bucket, part in zip(buckets, money.split(count, [1] * len(buckets)), strict=True):
        more = {"remaining": StockBucket.remaining + part}
        db.session.execute(update(StockBucket).where(own, StockBucket.bucket == bucket).values(more))


_LIMITED = Prepared(
    select(StockBucket.campaign_id)
    .where(StockBucket.campaign_id == any_(bindparam("campaign_ids", type_=ARRAY(BigInteger))))
    .distinct()
)


def list_limited(campaign_ids: Sequence[int]) -> set[int]:
    """Those of the campaigns that have a stock to take from."""
    return {row.campaign_id for row in _LIMITED.all(campaign_ids=list(campaign_ids))}


_SOLD_OUT = Prepared(
    select(StockBucket.campaign_id)
    .where(StockBucket.campaign_id == any_(bindparam("campaign_ids", type_=ARRAY(BigInteger))))
    .group_by(StockBucket.campaign_id)
    .having(func.sum(StockBucket.remaining) == 0)
)


def list_sold_out(campaign_ids: Sequence[int]) -> set[int]:
    """Those of the campaigns that have none left."""
    return {row.campaign_id for row in _SOLD_OUT.all(campaign_ids=list(campaign_ids))} if campaign_ids else set()


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


def put_back(campaign_id: int, *, start_at: int) -> None:
    """Give one back that was taken and is not issued after all; campaigns without buckets are unlimited."""
    buckets = db.session.scalars(
        select(StockBucket.bucket).where(StockBucket.campaign_id == campaign_id).order_by(StockBucket.bucket)
    ).all()
    if buckets:
        own = (StockBucket.campaign_id == campaign_id, StockBucket.bucket == buckets[start_at % len(buckets)])
        db.session.execute(update(StockBucket).where(*own).values(remaining=StockBucket.remaining + 1))


def take_many(campaign_id: int, count: int) -> None:
    """Take so many at once, from whichever buckets have them; raises CampaignOutOfStock when all have less."""
    buckets = db.session.execute(
        select(StockBucket.bucket, StockBucket.remaining)
        .where(StockBucket.campaign_id == campaign_id)
        .order_by(StockBucket.bucket)
        .with_for_update()
    ).all()
    if buckets and sum(bucket.remaining for bucket in buckets) < count:
        raise CampaignOutOfStock
    for bucket in buckets:
        part = min(count, bucket.remaining)
        db.session.execute(
            update(StockBucket)
            .where(StockBucket.campaign_id == campaign_id, StockBucket.bucket == bucket.bucket)
            .values(remaining=StockBucket.remaining - part)
        )
        count -= part
