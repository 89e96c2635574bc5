"""Coupons about to expire, consents, and messages."""

from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy import select

from app.benefits.coupons.models import Coupon
from app.identity.models import Member
from app.kernel import clock
from app.kernel.db import db
from app.malls import queries as malls
from app.outreach.consents import consents
from app.outreach.consents.templates import Template
from app.outreach.messages import broker
from app.outreach.messages.broker import Content
from app.outreach.messages.known_kinds import KINDS
from app.outreach.messages.models import OutreachMessage
from tests.builders import benefits

_numbers = count(1)
CONTENT = Content(
    data={"thing1": "春日市集", "time2": "2026年3月13日 10:00", "thing3": "等你来"}, page="pages/me/index"
)


def make_expiring_coupon(member: Member, **terms: Any) -> Coupon:
    """A coupon issued now, whose last day is the day after tomorrow unless the terms say otherwise."""
    campaign = benefits.make_campaign(malls.get_mall(member.home_mall_id), **{"valid_days": 3} | terms)
    return benefits.make_coupon(member, campaign)


def allow(member: Member, times: int = 1, template: Template = Template.BENEFIT) -> None:
    """The member accepts the dialog so often."""
    for _ in range(times):
        consents.refill(member.id, template=template, fact=f"dialog:{next(_numbers)}", now=clock.now())


def plan(member: Member, kind: str = "win_back", **facts: Any) -> OutreachMessage:
    """A message of the kind, due now, good for thirty days."""
    now, key = clock.now(), f"test:{next(_numbers)}"
    values = {"send_until": now + timedelta(days=30), "content": CONTENT, "mall_id": member.home_mall_id} | facts
    broker.plan(member.id, kind=KINDS[kind], dedupe_key=key, facts={}, now=now, **values)
    return db.session.scalars(
        select(OutreachMessage).where(OutreachMessage.member_id == member.id, OutreachMessage.dedupe_key == key)
    ).one()
