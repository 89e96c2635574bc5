"""Whoever brought a receipt is told what became of it: once a decision, not at night, and where they allowed it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.access.audit import Actor
from app.flows import purchases
from app.flows.claims import claiming, photographing, reviewing
from app.flows.purchases import Buyer
from app.identity.models import Member
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.outreach.consents.templates import Template
from app.outreach.messages.models import OutreachMessage
from app.purchases.claims.claims import Wish
from app.purchases.claims.errors import ClaimDecided
from app.purchases.claims.models import ReceiptClaim
from app.purchases.photos.photos import Seen
from app.purchases.rules import Receipt
from app.purchases.settings.settings import USUAL
from app.workers import receipts
from tests.builders.identity import make_member
from tests.builders.outreach import allow
from tests.builders.photos import send_photo
from tests.builders.settlement import Contract
from tests.builders.staff import make_staff
from tests.outreach.conftest import Phone
from tests.support.clock import StillClock


def operator(name: str = "张岚") -> Actor:
    return Actor("staff", make_staff(name=name).id, name)


def claim(contract: Contract, member: Member, clock: StillClock, number: str = "R1", fen: int = 12_345) -> ReceiptClaim:
    day = app_clock.business_date(clock.now)
    wish = Wish(store=contract.store, receipt_no=number, amount_fen=fen, day=day)
    return claiming.claim_receipt(member.id, wish, now=clock.now)


def ring_up(contract: Contract, clock: StillClock) -> None:
    at = clock.now - timedelta(hours=2)
    receipt = Receipt(source="pos", receipt_no="R1", store_code=contract.store.code, occurred_at=at, amount_fen=12_345)
    purchases.record_purchase(receipt, contract.store, Buyer(), now=clock.now)


def seen(contract: Contract, clock: StillClock) -> Seen:
    day = app_clock.business_date(clock.now)
    return Seen(store=contract.store, receipt_no="R1", amount_fen=12_345, business_day=day)


def told() -> list[tuple[str, str]]:
    """Result and note of every message that was planned."""
    messages = db.session.scalars(select(OutreachMessage).order_by(OutreachMessage.id))
    contents: list[dict[str, Any]] = [dict(one.content or {}) for one in messages]
    return [(one["data"]["phrase2"], one["data"]["thing3"]) for one in contents]


def test_people_decide_on_a_claim_and_its_member_is_told_once(
    contract: Contract, member: Member, clock: StillClock
) -> None:
    first, second = claim(contract, member, clock), claim(contract, member, clock, "R2")
    assert told() == []
    claiming.approve(member.id, first.id, operator(), now=clock.now)
    claiming.reject(member.id, second.id, "not_found", operator(), note=None, now=clock.now)
    with pytest.raises(ClaimDecided):
        claiming.approve(member.id, first.id, operator(), now=clock.now)
    assert told() == [("已通过", "123 积分已到账"), ("未通过", "门店没有这张小票的记录")]


def test_what_waits_for_a_second_person_is_told_when_that_one_agrees(
    contract: Contract, member: Member, clock: StillClock
) -> None:
    large = claim(contract, member, clock, fen=USUAL.photo_second_fen)
    claiming.approve(member.id, large.id, operator("张岚"), now=clock.now)
    assert told() == []
    claiming.approve(member.id, large.id, operator("李平"), now=clock.now)
    assert told() == [("已通过", "1000 积分已到账")]


def test_who_is_answered_at_once_gets_no_message_and_who_waited_for_the_till_does(
    contract: Contract, member: Member, clock: StillClock
) -> None:
    claim(contract, member, clock)
    ring_up(contract, clock)
    assert (receipts.match_claims(limit=9), told()) == (1, [("已通过", "123 积分已到账")])
    other = claim(contract, make_member(contract.mall), clock)
    assert (other.state, len(told())) == ("rejected", 1)


def test_a_photograph_and_the_claim_that_it_proves_are_one_decision(
    contract: Contract, member: Member, clock: StillClock
) -> None:
    claimed = claim(contract, member, clock)
    photo = send_photo(member, claim=claimed.public_id)
    reviewing.reject(member.id, photo.id, "mismatch", operator(), note="金额看不清", now=clock.now)
    assert told() == [("未通过", "金额看不清")]


def test_a_photograph_that_nobody_read_in_time_or_was_taken_back(
    contract: Contract, member: Member, clock: StillClock
) -> None:
    send_photo(member, number=1, now=clock.now)
    taken_back = send_photo(member, number=2, now=clock.now)
    photographing.drop_photo(member.id, taken_back.public_id, now=clock.now)
    clock.advance(days=USUAL.photo_days, minutes=1)
    assert reviewing.sweep(now=clock.now) == 1
    assert told() == [("未通过", "超过保存期限，未能审核")]


def test_at_night_it_waits_for_the_morning(contract: Contract, member: Member, clock: StillClock) -> None:
    clock.advance(hours=13 - (app_clock.local(clock.now).hour - 10) % 24)
    photo = send_photo(member, now=clock.now)
    reviewing.approve(member.id, photo.id, seen(contract, clock), operator(), now=clock.now)
    message = db.session.scalars(select(OutreachMessage)).one()
    assert (message.marketing, message.reason, message.mall_id) == (False, "quiet_hours", contract.mall.id)
    assert app_clock.local(message.due_at).hour == 9


@pytest.mark.requirement("S3.24")
def test_the_result_arrives_on_the_phone(contract: Contract, clock: StillClock, phone: Phone) -> None:
    member = make_member(contract.mall, openid=phone.openid)
    phone.allow("receipt")
    allow(member, template=Template.RECEIPT)
    photo = send_photo(member, now=clock.now)
    reviewing.approve(member.id, photo.id, seen(contract, clock), operator(), now=clock.now)
    phone.send_due()
    [shown] = phone.messages()
    assert (shown["title"], shown["page"]) == ("审核结果通知", "pages/photos/index")
    values = [line["value"] for line in shown["lines"]]
    assert values[:3] == [f"{contract.store.name}小票积分", "已通过", "123 积分已到账"]
