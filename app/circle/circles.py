"""Which mall is which circle."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from app.circle.errors import CircleTaken, CircleUnknown
from app.circle.models import Circle
from app.kernel.db import db

# Whose word receipts of the circle are; what it calls a store is an alias of this source.
SOURCE = "wechat_circle"


def find_of_mall(mall_id: int) -> Circle | None:
    """The mall's circle."""
    return db.session.get(Circle, mall_id)


def find(mchid: str) -> Circle | None:
    """The circle with this merchant number."""
    return db.session.scalar(select(Circle).where(Circle.mchid == mchid))


def get(mchid: str) -> Circle:
    """The same; raises CircleUnknown."""
    found = find(mchid)
    if found is None:
        raise CircleUnknown(mchid=mchid)
    return found


def set_up(mall_id: int, *, mchid: str, brand_id: int | None, by: str, now: datetime) -> None:
    """Let the mall be this circle from now on; raises CircleTaken."""
    other = db.session.scalar(select(Circle.mall_id).where(Circle.mchid == mchid, Circle.mall_id != mall_id))
    if other is not None:
        raise CircleTaken(mchid=mchid)
    said = {"mchid": mchid, "brand_id": brand_id, "changed_at": now, "changed_by": by}
    db.session.execute(
        insert(Circle)
        .values(mall_id=mall_id, **said)
        .on_conflict_do_update(index_elements=["mall_id"], set_=said)
        .execution_options(populate_existing=True)
    )
    db.session.expire_all()


def take_down(mall_id: int) -> None:
    """The mall is no circle any more; what was told stays."""
    db.session.execute(delete(Circle).where(Circle.mall_id == mall_id))
