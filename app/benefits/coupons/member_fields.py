"""What members can be asked for: the coupons they hold, were given and used.

What somebody holds is plain; what they made of it is not.
"""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, Text, cast, func, select, true

from app.benefits.campaigns.models import Campaign
from app.benefits.coupons.models import Coupon, CouponStatus, Redemption
from app.identity.asking.fields import Asking, Field, Kind, Rows, Unit, by_code
from app.kernel.db import db, table_of

_COUPONS, _REDEMPTIONS = table_of(Coupon), table_of(Redemption)
_GIVEN = Rows(name="coupons_given", table=_COUPONS, member_id=_COUPONS.c.member_id, at=_COUPONS.c.issued_at)
_USED = Rows(name="coupons_used", table=_REDEMPTIONS, member_id=_REDEMPTIONS.c.member_id, at=_REDEMPTIONS.c.redeemed_at)
_STANDS = _REDEMPTIONS.c.reversed_at.is_(None)


def _usable(asking: Asking) -> tuple[ColumnElement[bool], ...]:
    held = [CouponStatus.ISSUED.value, CouponStatus.RESERVED.value]
    return (_COUPONS.c.status.in_(held), _COUPONS.c.valid_until > asking.now)


def _of_campaigns(asking: Asking) -> ColumnElement[bool]:
    return _COUPONS.c.campaign_id.in_([int(code) for code in asking.codes])


def _used_of_campaigns(asking: Asking) -> ColumnElement[bool]:
    campaign_ids = [int(code) for code in asking.codes]
    return asking.over(_USED, func.bool_or(true()), _STANDS, _REDEMPTIONS.c.campaign_id.in_(campaign_ids))


def _campaign_codes(mall_id: int | None) -> Mapping[str, str]:
    own = () if mall_id is None else (Campaign.mall_id == mall_id,)
    found = select(cast(Campaign.id, Text), Campaign.title).where(*own).order_by(Campaign.id.desc())
    return dict(db.session.execute(found).tuples().all())


FIELDS = by_code(
    Field(
        code="coupons_held",
        kind=Kind.NUMBER,
        unit=Unit.TIMES,
        subject="benefits",
        value=lambda asking: asking.over(_GIVEN, func.count(), *_usable(asking)),
        is_plain=True,
    ),
    Field(
        code="campaigns_held",
        kind=Kind.SET,
        subject="benefits",
        value=lambda asking: asking.over(_GIVEN, func.bool_or(true()), *_usable(asking), _of_campaigns(asking)),
        codes=_campaign_codes,
        is_plain=True,
    ),
    Field(
        code="coupons_given",
        kind=Kind.NUMBER,
        unit=Unit.TIMES,
        subject="benefits",
        value=lambda asking: asking.over(_GIVEN, func.count()),
        has_window=True,
    ),
    Field(
        code="coupons_used",
        kind=Kind.NUMBER,
        unit=Unit.TIMES,
        subject="benefits",
        value=lambda asking: asking.over(_USED, func.count(), _STANDS),
        has_window=True,
    ),
    Field(
        code="campaigns_used",
        kind=Kind.SET,
        subject="benefits",
        value=_used_of_campaigns,
        codes=_campaign_codes,
        has_window=True,
    ),
)
