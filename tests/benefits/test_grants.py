"""Issuing: once per grant, within limit and stock, terms frozen."""

import pytest
from sqlalchemy import select

from app.benefits.campaigns import errors as campaign_errors
from app.benefits.campaigns.models import CampaignKind
from app.benefits.coupons import plates
from app.benefits.coupons.models import Coupon
from app.benefits.grants import grants
from app.benefits.stock import errors, stock
from app.kernel.db import db
from tests.builders.benefits import make_campaign, make_coupon
from tests.builders.identity import make_member
from tests.builders.malls import make_mall
from tests.support.clock import StillClock


def test_a_trigger_grants_each_campaign_once(clock: StillClock) -> None:
    mall = make_mall()
    member, campaign = make_member(mall), make_campaign(mall)
    grants.grant_on(mall.id, "join", campaign.id, position=1)
    first = grants.grant(member.id, trigger="join", mall_id=mall.id, entrance_id=None, now=clock.now)
    again = grants.grant(member.id, trigger="join", mall_id=mall.id, entrance_id=None, now=clock.now)
    assert [(coupon.campaign_id, granted) for coupon, granted in first] == [(campaign.id, campaign)]
    assert [coupon.id for coupon, _ in again] == [coupon.id for coupon, _ in first]


@pytest.mark.requirement("S0.54", "S3.12")
def test_what_has_run_out_is_left_out_and_leaves_nothing(clock: StillClock) -> None:
    mall = make_mall()
    gone, there = make_campaign(mall, stock=0), make_campaign(mall, stock=1)
    for position, campaign in enumerate([gone, there]):
        grants.grant_on(mall.id, "join", campaign.id, position=position)
    member = make_member(mall)
    granted = grants.grant(member.id, trigger="join", mall_id=mall.id, entrance_id=None, now=clock.now)
    assert [(coupon.campaign_id, campaign.id) for coupon, campaign in granted] == [(there.id, there.id)]
    assert db.session.scalars(select(Coupon.campaign_id)).all() == [there.id]
    assert stock.left(there.id) == 0


@pytest.mark.requirement("S3.12")
def test_stock_falls_through_its_buckets(clock: StillClock) -> None:
    mall = make_mall()
    campaign = make_campaign(mall, stock=20)
    for _ in range(20):
        make_coupon(make_member(mall), campaign)
    with pytest.raises(errors.CampaignOutOfStock):
        make_coupon(make_member(mall), campaign)
    assert stock.left(campaign.id) == 0


@pytest.mark.requirement("S1.30")
def test_the_limit_per_member_holds(clock: StillClock) -> None:
    mall = make_mall()
    member, campaign = make_member(mall), make_campaign(mall, per_member_limit=2)
    make_coupon(member, campaign)
    make_coupon(member, campaign)
    with pytest.raises(campaign_errors.CampaignLimitReached):
        make_coupon(member, campaign)


def test_a_later_change_of_the_campaign_does_not_touch_what_is_held(clock: StillClock) -> None:
    mall = make_mall()
    campaign = make_campaign(mall)
    coupon = make_coupon(make_member(mall), campaign)
    campaign.face_fen, campaign.mall_share_bps, campaign.merchant_share_bps = 1, 0, 10_000
    db.session.flush()
    db.session.refresh(coupon)
    assert (coupon.face_fen, coupon.mall_share_bps) == (1_000, 6_000)


@pytest.mark.requirement("S0.21")
def test_only_an_offered_campaign_can_be_claimed(clock: StillClock) -> None:
    mall = make_mall()
    member, offered, other = make_member(mall), make_campaign(mall), make_campaign(mall)
    grants.grant_on(mall.id, grants.FIRST_ORDER_TASK, offered.id, position=1)
    with pytest.raises(campaign_errors.CampaignNotAvailable):
        grants.claim(
            member.id,
            trigger=grants.FIRST_ORDER_TASK,
            mall_id=mall.id,
            campaign_public_id=other.public_id,
            now=clock.now,
        )


@pytest.mark.requirement("S0.11")
def test_a_plate_takes_the_unbound_parking_coupons(clock: StillClock) -> None:
    mall = make_mall()
    member = make_member(mall)
    parking = make_coupon(member, make_campaign(mall, kind=CampaignKind.PARKING, parking_minutes=120))
    cash = make_coupon(member, make_campaign(mall))
    assert plates.bind_plate(member.id, "沪A12345", now=clock.now) == 1
    db.session.refresh(parking)
    assert (parking.plate, cash.plate) == ("沪A12345", None)
    assert plates.bind_plate(member.id, "沪B12345", now=clock.now) == 0


@pytest.mark.parametrize(
    ("field", "terms"),
    [
        ("title", {"title": " "}),
        ("face_fen", {"face_fen": 0}),
        ("validity", {"valid_days": None}),
        ("mall_share_bps", {"mall_share_bps": 10_001}),
        ("parking_minutes", {"parking_minutes": 60}),
        ("discount_bps", {"discount_bps": 100}),
        ("stock", {"stock": -1}),
    ],
)
def test_senseless_terms_are_refused_by_name(clock: StillClock, field: str, terms: dict[str, object]) -> None:
    with pytest.raises(campaign_errors.CampaignInvalid) as refusal:
        make_campaign(make_mall(), **terms)
    assert refusal.value.facts == {"field": field}
