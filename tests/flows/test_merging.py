"""Two members become one with all that either has, and two again with what is left of it."""

from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from app.access import audit
from app.benefits.campaigns.errors import CampaignLimitReached
from app.benefits.coupons import coupons
from app.benefits.coupons import queries as coupon_queries
from app.benefits.coupons.models import Coupon, CouponStatus
from app.flows import redemptions
from app.flows.members import merging
from app.identity import members, queries
from app.identity.errors import MergeHeldUp, MergeNotUndoable
from app.identity.models import IdentityKind, Member
from app.kernel import clock
from app.kernel.db import db
from app.kernel.reasons import note
from app.points.ledger import ledger
from app.points.ledger import queries as points
from app.points.ledger.errors import InsufficientPoints
from app.points.ledger.models import PointsLot
from app.tiers import crediting
from app.tiers.growth import growth
from app.verification import phones
from tests.builders.benefits import make_campaign, make_coupon, make_till
from tests.builders.identity import make_member
from tests.builders.malls import make_mall, make_store
from tests.builders.tasks import make_tiers
from tests.support.clock import StillClock


@pytest.fixture
def pair(clock: StillClock) -> tuple[Member, Member]:
    make_tiers()
    mall = make_mall()
    older = make_member(mall, phone="13900000001")
    clock.advance(days=1)
    return older, make_member(mall, phone="13900000002", openid="theirs")


def merge(pair: tuple[Member, Member]) -> int:
    merge_id = merging.merge_members(pair[0].id, pair[1].id, now=clock.now())
    assert merge_id is not None
    return merge_id


def undo(merge_id: int) -> merging.Undone:
    return merging.undo_merge(merge_id, actor=audit.SYSTEM, now=clock.now())


def earn(member: Member, amount: int, fact: str = "test:earned") -> None:
    ledger.accrue(member.id, points=amount, reason=note("测试"), fact=fact, now=clock.now())


def available(pair: tuple[Member, Member]) -> list[int]:
    return [points.get_balance(one.id).available_points for one in pair]


def test_lots_keep_their_last_day_and_come_back(pair: tuple[Member, Member], clock: StillClock) -> None:
    earn(pair[1], 100)
    clock.advance(days=400)
    earn(pair[1], 50, "test:later")
    before = lots_of(pair[1])
    merge_id = merge(pair)
    assert (lots_of(pair[0]), lots_of(pair[1]), available(pair)) == (before, [], [150, 0])
    undone = undo(merge_id)
    assert (undone.points, undone.points_missing) == (150, 0)
    assert (lots_of(pair[0]), lots_of(pair[1]), available(pair)) == ([], before, [0, 150])
    assert points.list_disagreements() == []


def lots_of(member: Member) -> list[tuple[Any, int]]:
    open_lots = select(PointsLot.expires_on, PointsLot.remaining_points).where(
        PointsLot.member_id == member.id, PointsLot.remaining_points > 0
    )
    return [(row.expires_on, row.remaining_points) for row in db.session.execute(open_lots.order_by(PointsLot.id))]


def test_what_was_spent_since_is_said_and_not_given_back(pair: tuple[Member, Member]) -> None:
    earn(pair[1], 100)
    merge_id = merge(pair)
    ledger.redeem(pair[0].id, points=70, reason=note("用"), fact="test:spent", now=clock.now())
    undone = undo(merge_id)
    assert (undone.points, undone.points_missing, available(pair)) == (30, 70, [0, 30])


def test_what_is_owed_goes_along_is_paid_and_comes_back(pair: tuple[Member, Member]) -> None:
    earn(pair[0], 100)
    ledger.owe(pair[1].id, points=130, reason=note("欠"), fact="test:owed", now=clock.now())
    merge_id = merge(pair)
    balances = [points.get_balance(one.id) for one in pair]
    assert [(one.available_points, one.debt_points) for one in balances] == [(0, 30), (0, 0)]
    undo(merge_id)
    balances = [points.get_balance(one.id) for one in pair]
    assert [(one.available_points, one.debt_points) for one in balances] == [(100, 0), (0, 130)]
    assert points.list_disagreements() == []


def test_a_coupon_goes_along_with_its_terms_code_and_key_and_comes_back(pair: tuple[Member, Member]) -> None:
    coupon = make_coupon(pair[1], make_campaign(make_mall()))
    merge_id = merge(pair)
    code, key, face = coupon.code, coupon.grant_key, coupon.face_fen
    holder = coupon_queries.find_by_code(code)
    assert holder is not None and holder[0] == pair[0].id
    held = coupon_queries.get_coupon(*holder)
    assert (held.grant_key, held.face_fen, held.status, coupon.status) == (key, face, "issued", "void")
    assert undo(merge_id).coupons == 1
    assert coupon_queries.find_by_code(code) == (pair[1].id, coupon.id)
    assert (held.status, coupon.status) == ("void", "issued")


def test_a_used_coupon_stays_used_and_counts_for_both(pair: tuple[Member, Member]) -> None:
    mall = make_mall()
    store = make_store(mall)
    campaign = make_campaign(mall, stores=[store], per_member_limit=1)
    first = make_coupon(pair[1], campaign)
    redemptions.redeem_coupon(first.code, make_till(store), spend_fen=None, now=clock.now())
    merge(pair)
    with pytest.raises(CampaignLimitReached):
        make_coupon(pair[0], campaign)


def test_a_gift_of_the_same_occasion_is_not_given_again(pair: tuple[Member, Member]) -> None:
    mall = make_mall()
    store = make_store(mall)
    campaign = make_campaign(mall, stores=[store], per_member_limit=5)
    terms = {"grant_key": "join:1", "trigger": "join", "entrance_id": None, "now": clock.now()}
    first = coupons.issue(pair[1].id, campaign, **terms)
    redemptions.redeem_coupon(first.code, make_till(store), spend_fen=None, now=clock.now())
    merge(pair)
    with pytest.raises(CampaignLimitReached):
        coupons.issue(pair[0].id, campaign, **terms)


def test_a_reserved_coupon_holds_the_merge_and_the_undoing_up(pair: tuple[Member, Member]) -> None:
    coupon = make_coupon(pair[1], make_campaign(make_mall()))
    coupons.reserve(pair[1].id, [coupon.id], purpose="test", now=clock.now())
    with pytest.raises(MergeHeldUp):
        merge(pair)
    coupons.release(pair[1].id, purpose="test")
    merge_id = merge(pair)
    held = coupon_queries.find_by_code(coupon.code)
    assert held is not None
    coupons.reserve(pair[0].id, [held[1]], purpose="test", now=clock.now())
    with pytest.raises(MergeHeldUp):
        undo(merge_id)


@pytest.mark.requirement("S2.1")
def test_every_identity_leads_to_the_one_and_back_to_each(pair: tuple[Member, Member]) -> None:
    older, younger = pair
    known = {
        IdentityKind.MINI_OPENID: "theirs",
        IdentityKind.PHONE: phones.phone_index("13900000002"),
        IdentityKind.CARD_NO: younger.card_no or "",
    }
    for kind in (IdentityKind.UNIONID, IdentityKind.WECOM_EXTERNAL, IdentityKind.PLATE):
        known[kind] = f"{kind.value}-of-younger"
        assert members.bind(younger, kind, known[kind], now=clock.now())
    merge_id = merge(pair)
    for kind, value in known.items():
        found = members.recognise({kind: value}, home_mall_id=older.home_mall_id, now=clock.now())
        assert found.id == older.id, kind
    assert members.bind_phone(queries.get_member(younger.id), "13900000002", now=clock.now()).id == older.id
    undo(merge_id)
    for kind, value in known.items():
        found = members.recognise({kind: value}, home_mall_id=older.home_mall_id, now=clock.now())
        assert found.id == younger.id, kind
    with pytest.raises(MergeNotUndoable):
        undo(merge_id)
    assert merge(pair) != merge_id


class Merging(RuleBasedStateMachine):
    """Two members who earn, spend, owe and are merged and undone in any order; nothing appears and nothing is lost."""

    @initialize()
    def meet(self) -> None:
        db.session.begin_nested()
        mall = make_mall()
        self.pair = (make_member(mall), make_member(mall))
        self.campaign = make_campaign(mall, per_member_limit=99)
        self.merge_id: int | None = None
        self.facts = self.points = self.growth = self.coupons = 0

    def _fact(self) -> str:
        self.facts += 1
        return f"test:{self.facts}"

    def _one(self, which: int) -> Member:
        return queries.get_member(self.pair[which].id)

    @rule(which=st.sampled_from([0, 1]), amount=st.integers(1, 300))
    def earn(self, which: int, amount: int) -> None:
        earn(self._one(which), amount, self._fact())
        crediting.credit(self._one(which).id, growth=amount, reason=note("得"), fact=self._fact(), now=clock.now())
        self.points += amount
        self.growth += amount

    @rule(which=st.sampled_from([0, 1]), amount=st.integers(1, 300))
    def spend(self, which: int, amount: int) -> None:
        try:
            ledger.redeem(self._one(which).id, points=amount, reason=note("用"), fact=self._fact(), now=clock.now())
        except InsufficientPoints:
            return
        self.points -= amount

    @rule(which=st.sampled_from([0, 1]), amount=st.integers(1, 300))
    def owe(self, which: int, amount: int) -> None:
        ledger.owe(self._one(which).id, points=amount, reason=note("欠"), fact=self._fact(), now=clock.now())
        self.points -= amount

    @rule(which=st.sampled_from([0, 1]))
    def be_given(self, which: int) -> None:
        make_coupon(self._one(which), self.campaign)
        self.coupons += 1

    @rule()
    def merge(self) -> None:
        merged = merging.merge_members(self.pair[0].id, self.pair[1].id, now=clock.now())
        assert (merged is None) == (self.merge_id is not None)
        self.merge_id = self.merge_id or merged

    @rule()
    def undo(self) -> None:
        if self.merge_id is not None:
            undo(self.merge_id)
            self.merge_id = None

    @invariant()
    def nothing_appears_and_nothing_is_lost(self) -> None:
        balances = [points.get_balance(one.id) for one in self.pair]
        assert sum(one.available_points - one.debt_points for one in balances) == self.points
        assert not any(one.available_points and one.debt_points for one in balances)
        assert sum(growth.value_of(one.id) for one in self.pair) == self.growth
        usable = select(Coupon.code).where(
            Coupon.member_id.in_([one.id for one in self.pair]), Coupon.status == CouponStatus.ISSUED.value
        )
        codes = list(db.session.scalars(usable))
        assert len(codes) == len(set(codes)) == self.coupons
        assert points.list_disagreements() == []

    def teardown(self) -> None:
        db.session.rollback()


def test_any_order_of_merging_and_undoing_keeps_the_sums(app: Flask) -> None:
    checks = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    quick = settings(max_examples=12, stateful_step_count=14, deadline=None, suppress_health_check=checks)
    run_state_machine_as_test(Merging, settings=quick)
