"""What lists of coupons and of their uses are narrowed by."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_

from app.benefits.campaigns import queries as campaign_queries
from app.benefits.coupons.models import Coupon, CouponStatus
from app.kernel import clock
from app.kernel.spelling.codes import spell_code
from mall_console.kit.listing import narrowing
from mall_console.kit.listing.narrowing import Choice, Conditions, Search
from mall_console.kit.workspace import Workspace

TAIL = 4


def _is_over() -> ColumnElement[bool]:
    return and_(Coupon.status == CouponStatus.ISSUED.value, Coupon.valid_until <= clock.now())


def _is_usable() -> ColumnElement[bool]:
    issued = and_(Coupon.status == CouponStatus.ISSUED.value, Coupon.valid_until > clock.now())
    return or_(issued, Coupon.status == CouponStatus.RESERVED.value)


# As `coupons.state_of` says of each.
STATE = narrowing.states(
    {
        "usable": ("未使用", _is_usable),
        "redeemed": ("已核销", lambda: Coupon.status == CouponStatus.REDEEMED.value),
        "over": ("已过期", _is_over),
        "void": ("已作废", lambda: Coupon.status == CouponStatus.VOID.value),
    }
)


def _with_code(workspace: Workspace, words: str) -> Conditions:
    code = spell_code(words)
    return [func.right(Coupon.code, TAIL) == code if len(code) == TAIL else Coupon.code == code]


CODE = Search("券码或后 4 位", _with_code)


def campaign(column: Any) -> Choice:
    """A campaign of the mall; `column` holds campaigns' ids."""

    def words(workspace: Workspace) -> Mapping[str, str]:
        return {one.public_id: one.title for one in campaign_queries.list_campaigns(workspace.mall.id)}

    return Choice("campaign", "活动", words, lambda chosen: column == campaign_queries.id_of(chosen), "全部活动")
