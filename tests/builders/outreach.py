"""Members with an address and coupons that will expire, as far as messages need them."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from app.benefits import coupons
from app.benefits.models import Campaign, Coupon
from app.identity import members
from app.identity.models import IdentityKind, Member, MemberStatus
from app.kernel import clock, codes
from app.kernel.db import db
from app.malls.models import Mall
from app.outreach import broker, consents
from app.outreach.broker import Content
from app.outreach.kinds import KINDS
from app.outreach.models import OutreachMessage
from app.outreach.templates import Template

_number = count(1)
CONTENT = Content(
    data={"thing1": "春日市集", "time2": "2026年3月13日 10:00", "thing3": "等你来"}, page="pages/me/index"
)


def make_mall() -> Mall:
    number = next(_number)
    mall = Mall(code=f"mall{number}", name=f"商场{number}", city="上海", accent="#aa3322", created_at=clock.now())
    return _added(mall)


def make_member(mall: Mall | None = None, *, openid: str | None = "new") -> Member:
    """Somebody who has joined; with an openid of their own unless told otherwise."""
    now = clock.now()
    mall = mall or make_mall()
    if openid is None:
        member = members.new_visitor(home_mall_id=mall.id, now=now)
    else:
        address = f"openid-{codes.new_public_id()}" if openid == "new" else openid
        member = members.recognise({IdentityKind.MINI_OPENID: address}, home_mall_id=mall.id, now=now)
    member.status = MemberStatus.MEMBER.value
    member.joined_at = now
    db.session.flush()
    return member


def make_campaign(mall_id: int, **facts: Any) -> Campaign:
    """A cash coupon of 20 yuan, valid for three days, enough for everybody."""
    number = next(_number)
    values: dict[str, Any] = {
        "public_id": codes.new_public_id(), "mall_id": mall_id, "code": f"campaign{number}", "title": "餐饮代金券",
        "summary": "", "kind": "cash", "face_fen": 2000, "parking_minutes": 0, "discount_bps": 0, "min_spend_fen": 0,
        "valid_days": 3, "per_member_limit": 10, "all_stores": True, "mall_share_bps": 5000,
        "merchant_share_bps": 5000, "active": True, "created_at": clock.now(),
    }  # fmt: skip
    return _added(Campaign(**values | facts))


def make_coupon(member: Member, *, now: datetime | None = None, **campaign: Any) -> Coupon:
    """A coupon issued now; by default its last day is the day after tomorrow."""
    return coupons.issue(
        member.id,
        make_campaign(member.home_mall_id, **campaign),
        grant_key=f"test:{next(_number)}",
        trigger="test",
        entrance_id=None,
        now=now or clock.now(),
    )


def allow(member: Member, times: int = 1, template: Template = Template.BENEFIT) -> None:
    """The member accepts the dialog so often."""
    for _ in range(times):
        consents.refill(member.id, template=template, fact=f"dialog:{next(_number)}", now=clock.now())


def plan(member: Member, kind: str = "win_back", **facts: Any) -> OutreachMessage:
    """A message of the kind, due now, good for thirty days."""
    now = clock.now()
    key = f"test:{next(_number)}"
    values = {"send_until": now + timedelta(days=30), "content": CONTENT, "mall_id": member.home_mall_id} | facts
    assert broker.plan(member.id, kind=KINDS[kind], dedupe_key=key, facts={}, now=now, **values)
    return find_message(member, key)


def find_message(member: Member, dedupe_key: str) -> OutreachMessage:
    return db.session.query(OutreachMessage).filter_by(member_id=member.id, dedupe_key=dedupe_key).one()


def _added(row: Any) -> Any:
    db.session.add(row)
    db.session.flush()
    return row
