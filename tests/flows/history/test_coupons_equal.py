"""Coupons of the past brought in by the batch leave the rows that claiming and redeeming one by one leave."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text

from app.benefits.campaigns.models import CampaignKind
from app.benefits.coupons import coupons
from app.benefits.coupons import facts as coupon_facts
from app.benefits.coupons.models import Coupon
from app.benefits.stock.errors import CampaignOutOfStock
from app.benefits.stock.models import StockBucket
from app.flows import redemptions
from app.flows.consequences.effects import Effects
from app.flows.history import coupons as history
from app.flows.history import outcomes
from app.flows.history.coupons import Incoming, Use
from app.flows.history.outcomes import Outcome
from app.identity import queries as identity_queries
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.timeline import events
from app.timeline.models import EventKind
from tests.builders import identity, malls
from tests.builders.benefits import make_campaign, make_till
from tests.flows.history.snapshots import snapshot
from tests.support.clock import StillClock

TRIGGER = "import"
COUPONS = """
    WITH named AS MATERIALIZED (SELECT code, member_id, coupon_id FROM coupon_codes)
    SELECT c.member_id, c.campaign_id, c.mall_id, c.status, c.trigger, c.grant_key, c.entrance_id, c.face_fen,
        c.parking_minutes, c.discount_bps, c.min_spend_fen, c.mall_share_bps, c.merchant_share_bps, c.plate,
        c.issued_at, c.valid_from, c.valid_until, c.redeemed_at, c.reserved_for, n.member_id, length(n.code)
    FROM coupons c JOIN named n ON n.code = c.code AND n.coupon_id = c.id"""
REDEMPTIONS = """
    SELECT r.member_id, c.grant_key, r.campaign_id, r.mall_id, r.merchant_id, r.store_id, r.channel, r.spend_fen,
        r.discount_fen, r.mall_fen, r.merchant_fen, r.redeemed_at, r.reversed_at, r.reversed_by
    FROM redemptions r JOIN coupons c ON c.member_id = r.member_id AND c.id = r.coupon_id"""
STOCK = "SELECT campaign_id, sum(remaining) FROM stock_buckets GROUP BY campaign_id"


@pytest.fixture
def told(clock: StillClock) -> list[Incoming]:
    """Claims with and without use, and every way in which one is refused or known."""
    mall = malls.make_mall()
    store = malls.make_store(mall, malls.make_merchant())
    elsewhere = malls.make_store(mall, malls.make_merchant())
    here, there = make_till(store), make_till(elsewhere)
    cash = make_campaign(mall, stock=20, per_member_limit=3)
    rebate = make_campaign(
        mall, stores=[store], kind=CampaignKind.DISCOUNT, discount_bps=1_333, min_spend_fen=5_000, per_member_limit=9
    )
    paused = make_campaign(mall)
    paused.active = False
    first, second = identity.make_member(mall), identity.make_member(mall)
    at = clock.now - timedelta(days=3)
    return [
        Incoming(first.id, cash, "a1", at, Use(here, 7_777, at + timedelta(hours=1))),
        Incoming(first.id, cash, "a2", at, None),
        Incoming(first.id, cash, "a1", at, None),  # known
        Incoming(second.id, cash, "a1", at + timedelta(minutes=1), Use(there, 333, at + timedelta(days=1))),
        Incoming(second.id, rebate, "b1", at, Use(here, 12_345, at + timedelta(hours=2))),
        Incoming(second.id, rebate, "b2", at, Use(here, 4_999, at + timedelta(hours=2))),  # too little
        Incoming(second.id, rebate, "b3", at, Use(there, 12_345, at + timedelta(hours=2))),  # not there
        Incoming(second.id, rebate, "b4", at, Use(here, 12_345, at + timedelta(days=30))),  # too late
        Incoming(second.id, rebate, "b5", at, Use(here, None, at + timedelta(hours=2))),  # of how much?
        Incoming(first.id, cash, "a3", at, None),
        Incoming(first.id, cash, "a4", at, None),  # beyond the limit
        Incoming(first.id, paused, "p1", at, None),
    ]


def one_by_one(items: Sequence[Incoming]) -> list[Outcome]:
    return [outcomes.one_by_one(lambda item=item: _claim_and_use(item)) for item in items]  # type: ignore[misc]


def _claim_and_use(item: Incoming) -> Outcome:
    member = identity_queries.lock_member(item.member_id)
    had = db.session.scalar(select(func.count()).where(Coupon.member_id == member.id))
    coupon = coupons.issue(
        member.id, item.campaign, grant_key=item.grant_key, trigger=TRIGGER, entrance_id=None, now=item.claimed_at
    )
    db.session.flush()
    if db.session.scalar(select(func.count()).where(Coupon.member_id == member.id)) == had:
        return outcomes.KNOWN
    events.record(
        member.id,
        kind=EventKind.COUPON_CLAIMED,
        fact=coupon_facts.issue(coupon.id),
        occurred_at=item.claimed_at,
        mall_id=coupon.mall_id,
        source=TRIGGER,
    )
    if item.use is not None:
        till = item.use.store
        assert isinstance(till, redemptions.Till)
        redemptions.redeem_coupon(coupon.code, till, spend_fen=item.use.spend_fen, now=item.use.at)
    return outcomes.NEW


def outcome_of(load: Callable[[Sequence[Incoming]], list[Outcome]], items: Sequence[Incoming]) -> tuple[Any, ...]:
    """What became of each and what the tables say, with everything undone after; names given by chance left out."""
    savepoint = db.session.begin_nested()
    fates = [(one.kind.value, one.error.code if one.error else None) for one in load(items)]
    tables = snapshot()
    tables["timeline"] = sorted((row[0], row[1], *row[3:]) for row in tables["timeline"])
    tables["postings"] = sorted((*row[:4], *row[5:]) for row in tables["postings"])
    rows = [sorted(map(tuple, db.session.execute(text(query))), key=repr) for query in (COUPONS, REDEMPTIONS, STOCK)]
    savepoint.rollback()
    return fates, tables, rows


@pytest.mark.parametrize("size", [12, 5, 1])
def test_a_batch_is_what_the_same_would_be_one_by_one(told: list[Incoming], size: int) -> None:
    def load(items: Sequence[Incoming]) -> list[Outcome]:
        parts = [items[start : start + size] for start in range(0, len(items), size)]
        return [one for part in parts for one in history.load(part, trigger=TRIGGER, effects=Effects.LEDGER)]

    expected = outcome_of(one_by_one, told)
    assert {kind for kind, _ in expected[0]} == {"new", "known", "refused"}
    assert len({code for _, code in expected[0]}) == 7
    assert outcome_of(load, told) == expected


def test_without_effects_nothing_is_posted(told: list[Incoming]) -> None:
    before = snapshot()["postings"]
    history.load(told, trigger=TRIGGER, effects=Effects.NONE)
    assert snapshot()["postings"] == before


def test_no_more_are_given_than_there_are(clock: StillClock) -> None:
    mall = malls.make_mall()
    campaign = make_campaign(mall, stock=2, per_member_limit=5)
    member = identity.make_member(mall)
    items = [Incoming(member.id, campaign, f"s{number}", app_clock.now(), None) for number in range(3)]
    savepoint = db.session.begin_nested()
    with pytest.raises(CampaignOutOfStock):
        history.load(items, trigger=TRIGGER, effects=Effects.NONE)
    savepoint.rollback()
    history.load(items[:2], trigger=TRIGGER, effects=Effects.NONE)
    left = select(func.sum(StockBucket.remaining)).where(StockBucket.campaign_id == campaign.id)
    assert db.session.scalar(left) == 0
