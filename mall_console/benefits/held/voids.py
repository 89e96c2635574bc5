"""Why a coupon is void: it was given back, its member left, or a use was undone when it was nobody's any more."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from app.access import audit, staff_queries
from app.benefits.coupons import redemption_queries
from app.benefits.coupons.models import Coupon, CouponStatus, Redemption
from app.benefits.exchanges import queries as exchanges
from app.identity import queries as identity
from app.identity.models import Member


class Void(NamedTuple):
    """When a coupon became void, why, and who did it."""

    at: datetime
    why: str
    by: str


def of_coupons(member_id: int, coupons: Sequence[Coupon]) -> dict[int, Void]:
    """Of the member's coupons that are void, when and why, by their ids."""
    ids = [coupon.id for coupon in coupons if coupon.status == CouponStatus.VOID.value]
    if not ids:
        return {}
    person = identity.get_member(member_id)
    back = exchanges.given_back_at(member_id, ids)
    undone = redemption_queries.last_undone(member_id, ids)
    names = staff_queries.names_of({one.reversed_by for one in undone.values() if one.reversed_by is not None})
    left = _left(person)
    found = {
        coupon_id: _returned(back.get(coupon_id)) or _undone(undone.get(coupon_id), person, names) or left
        for coupon_id in ids
    }
    return {coupon_id: void for coupon_id, void in found.items() if void is not None}


def _returned(at: datetime | None) -> Void | None:
    return None if at is None else Void(at, "积分兑换已退回", "")


def _undone(use: Redemption | None, person: Member, names: dict[int, str]) -> Void | None:
    """A use that was undone gives the coupon back, but not to who has left or is known under another number."""
    if use is None or use.reversed_at is None or (person.closed_at and use.reversed_at < person.closed_at):
        return None
    why = "撤销核销时会员已注销" if person.closed_at else "撤销核销，券已转给合并后的会员"
    return Void(use.reversed_at, why, names.get(use.reversed_by or 0, ""))


def _left(person: Member) -> Void | None:
    if person.closed_at is None:
        return None
    by = audit.find_actor("member.left", f"member:{person.id}", near=person.closed_at)
    return Void(person.closed_at, "会员注销", by or "")
