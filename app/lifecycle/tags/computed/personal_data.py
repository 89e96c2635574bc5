"""Personal data: the tags that follow from what a member did."""

from typing import Any

from sqlalchemy import BigInteger, Select, Text, case, cast, func, select

from app.kernel.personal_data import Ids, Sections
from app.lifecycle.tags.computed.models import MemberTag
from app.lifecycle.tags.computed.rules import TagKind
from app.malls.models import Mall, Merchant


def _tags(ids: Ids) -> Select[Any]:
    one = MemberTag
    mall, floor = func.split_part(one.value, ":", 1), func.split_part(one.value, ":", 2)
    is_brand, is_zone = one.kind == TagKind.BRAND.value, one.kind == TagKind.ZONE.value
    tag = case(
        (is_brand, func.coalesce(Merchant.name, one.value)),
        (is_zone, func.concat(Mall.name, " ", floor)),
        (one.kind == TagKind.CATEGORY.value, one.value),
        else_=func.concat(one.kind, ":", one.value),
    )
    return (
        select(
            one.kind,
            tag.label("tag"),
            (one.weight_bps // 100).label("weight_percent"),
            cast(one.evidence["times"].astext, BigInteger).label("times"),
            cast(one.evidence["of"].astext, BigInteger).label("of"),
            one.evidence,
            one.since,
            one.worked_out_on,
        )
        .outerjoin(Merchant, is_brand & (cast(Merchant.id, Text) == one.value))
        .outerjoin(Mall, is_zone & (cast(Mall.id, Text) == mall))
        .where(one.member_id.in_(ids))
        .order_by(one.kind, one.value)
    )


SECTIONS: Sections = {"tags": _tags}
