"""Personal data: what staff called a member, and why."""

from typing import Any

from sqlalchemy import Select, select

from app.kernel.personal_data import Ids, Sections
from app.lifecycle.tags.by_hand.models import ManualTag, MemberManualTag
from app.malls.models import Mall


def _words(ids: Ids) -> Select[Any]:
    one = MemberManualTag
    return (
        select(Mall.name.label("mall"), ManualTag.name.label("tag"), one.note, one.given_at)
        .join(ManualTag, ManualTag.id == one.tag_id)
        .join(Mall, Mall.id == ManualTag.mall_id)
        .where(one.member_id.in_(ids))
        .order_by(one.given_at, one.tag_id)
    )


SECTIONS: Sections = {"manual_tags": _words}
