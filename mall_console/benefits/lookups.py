"""Coupons by their whole code, typed or as a gun sends it."""

from collections.abc import Sequence

from app.benefits.coupons import queries
from app.identity import queries as identity
from app.kernel import clock
from app.kernel.spelling.codes import spell_code
from mall_console.benefits.held.coupons import PERMISSION, state_of
from mall_console.kit.lookups import Finder, Hit, Reach


def _find(reach: Reach, typed: str) -> Sequence[Hit]:
    bearer = queries.find_by_code(spell_code(typed))
    if bearer is None:
        return ()
    member_id, coupon_id = bearer
    [(coupon, campaign)] = queries.list_with_campaigns([member_id], [coupon_id])
    mall = reach.malls.get(coupon.mall_id)
    if mall is None:
        return ()
    state, _ = state_of(coupon, now=clock.now())
    path = f"/members/{identity.get_member(member_id).public_id}/coupons/{coupon_id}"
    told = f"券码尾号 {coupon.code[-4:]}，{state}"
    return [Hit(name=campaign.title, told=told, mall=mall, path=path, subject=f"member:{member_id}")]


LOOKUPS = (Finder(code="coupon", what="优惠券", by="完整券码", permission=PERMISSION, find=_find),)
