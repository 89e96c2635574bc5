"""Personal data: exchanges."""

from typing import Any

from sqlalchemy import Select, select

from app.benefits.campaigns.models import Campaign
from app.benefits.exchanges.models import CouponExchange
from app.kernel.personal_data import Ids, Sections


def _coupon_exchanges(ids: Ids) -> Select[Any]:
    one = CouponExchange
    return (
        select(
            one.public_id.label("id"),
            Campaign.title,
            one.points,
            one.cash_fen,
            one.status,
            one.created_at,
            one.released_at,
            one.refunded_at,
        )
        .join(Campaign, Campaign.id == one.campaign_id)
        .where(one.member_id.in_(ids))
        .order_by(one.id)
    )


SECTIONS: Sections = {"coupon_exchanges": _coupon_exchanges}
