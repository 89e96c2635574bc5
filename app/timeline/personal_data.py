"""Personal data: the timeline."""

from typing import Any

from sqlalchemy import Select, case, select

from app.kernel.lists.days import day_of
from app.kernel.personal_data import Ids, Sections
from app.malls.models import Mall, Store
from app.timeline import untimed
from app.timeline.models import TimelineEvent


def _timeline(ids: Ids) -> Select[Any]:
    one = TimelineEvent
    return (
        select(
            one.kind,
            Mall.name.label("mall"),
            Store.name.label("store"),
            one.source,
            day_of(one.occurred_at).label("day"),
            case((~untimed.is_untimed(), one.occurred_at)).label("occurred_at"),
        )
        .outerjoin(Mall, Mall.id == one.mall_id)
        .outerjoin(Store, Store.id == one.store_id)
        .where(one.member_id.in_(ids))
        .order_by(one.occurred_at, one.id)
    )


SECTIONS: Sections = {
    "timeline": _timeline,
}
