"""A coupon at a till: what it gives, who pays, and why it is refused."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.benefits.campaigns.models import CampaignKind
from app.benefits.coupons import errors
from app.benefits.coupons.models import Coupon, Redemption
from app.flows import redemptions
from app.flows.redemptions import Till
from app.identity.codes import member_codes
from app.identity.models import Member
from app.kernel.db import db
from app.malls.models import Mall, Store
from app.settlement.ledger.models import Posting
from app.timeline.models import TimelineEvent
from app.web import errors as web_errors
from tests.builders.benefits import make_campaign, make_coupon, make_till
from tests.builders.identity import make_member
from tests.builders.malls import make_mall, make_store
from tests.support.clock import StillClock

Statements = Callable[[], AbstractContextManager[list[str]]]


@dataclass(frozen=True, slots=True)
class Scene:
    """A member in front of a till."""

    mall: Mall
    store: Store
    till: Till
    member: Member

    def coupon(self, *, stores: list[Store] | None = None, **terms: Any) -> Coupon:
        return make_coupon(self.member, make_campaign(self.mall, stores=stores or [self.store], **terms))


@pytest.fixture
def scene(clock: StillClock) -> Scene:
    mall = make_mall()
    store = make_store(mall)
    return Scene(mall, store, make_till(store), make_member(mall))


@pytest.mark.requirement("S2.4")
def test_a_redemption_is_explained_by_its_rows(scene: Scene, clock: StillClock) -> None:
    done = redemptions.redeem_coupon(scene.coupon().code, scene.till, spend_fen=None, now=clock.now)
    postings = db.session.scalars(select(Posting).where(Posting.fact == f"redemption:{done.redemption_id}"))
    assert {posting.kind: (posting.base_fen, posting.amount_fen) for posting in postings} == {
        "coupon_mall_share": (600, 600),
        "coupon_merchant_share": (400, 0),
    }
    redemption = db.session.scalars(select(Redemption)).one()
    assert (redemption.discount_fen, redemption.mall_fen, redemption.merchant_fen) == (1_000, 600, 400)
    kinds = db.session.scalars(select(TimelineEvent.kind).where(TimelineEvent.member_id == scene.member.id))
    assert "coupon_redeemed" in set(kinds)


def test_redeeming_is_five_statements(scene: Scene, clock: StillClock, count_statements: Statements) -> None:
    """With the session's select and the idempotency key a redemption over HTTP is seven."""
    code = scene.coupon().code
    db.session.flush()
    with count_statements() as seen:
        redemptions.redeem_coupon(code, scene.till, spend_fen=None, now=clock.now)
    assert len(seen) == 5, seen


def test_a_used_coupon_says_when_and_where(scene: Scene, clock: StillClock) -> None:
    code = scene.coupon().code
    redemptions.redeem_coupon(code, scene.till, spend_fen=None, now=clock.now)
    with pytest.raises(errors.CouponAlreadyRedeemed) as refusal:
        redemptions.redeem_coupon(code, scene.till, spend_fen=None, now=clock.advance(minutes=5))
    assert web_errors.told_facts(refusal.value) == {"redeemed_at": "10:00", "store": "本店"}


@pytest.mark.requirement("S0.12")
def test_another_store_is_told_where_the_nearest_valid_one_is(scene: Scene, clock: StillClock) -> None:
    near, far = make_store(scene.mall, floor="3F", name="近店"), make_store(scene.mall, floor="5F", name="远店")
    code = scene.coupon(stores=[near, far]).code
    with pytest.raises(errors.CouponNotForStore) as refusal:
        redemptions.redeem_coupon(code, scene.till, spend_fen=None, now=clock.now)
    assert refusal.value.facts == {"store_count": 2, "floor": "3F", "store": "近店"}
    assert web_errors.told_facts(refusal.value) == {"next_step": "可用门店 2 家，最近的是 3F 近店"}


def test_a_coupon_of_every_store_stays_in_its_mall(scene: Scene, clock: StillClock) -> None:
    coupon = make_coupon(scene.member, make_campaign(scene.mall, stores=None))
    elsewhere = make_till(make_store())
    with pytest.raises(errors.CouponNotForStore):
        redemptions.redeem_coupon(coupon.code, elsewhere, spend_fen=None, now=clock.now)
    assert redemptions.redeem_coupon(coupon.code, scene.till, spend_fen=None, now=clock.now).discount_fen == 1_000


def test_the_minimum_spend_is_asked_for_and_kept(scene: Scene, clock: StillClock) -> None:
    code = scene.coupon(min_spend_fen=5_000).code
    with pytest.raises(errors.SpendRequired):
        redemptions.redeem_coupon(code, scene.till, spend_fen=None, now=clock.now)
    with pytest.raises(errors.MinimumSpendNotMet) as refusal:
        redemptions.redeem_coupon(code, scene.till, spend_fen=4_999, now=clock.now)
    assert refusal.value.facts == {"minimum": "50.00", "missing": "0.01"}
    assert redemptions.redeem_coupon(code, scene.till, spend_fen=5_000, now=clock.now).discount_fen == 1_000


@pytest.mark.parametrize(("spend_fen", "discount_fen"), [(10_000, 1_500), (100_000, 8_000), (3_333, 500)])
def test_a_discount_is_a_share_of_the_purchase_up_to_its_face(
    scene: Scene, clock: StillClock, spend_fen: int, discount_fen: int
) -> None:
    code = scene.coupon(kind=CampaignKind.DISCOUNT, discount_bps=1_500, face_fen=8_000).code
    done = redemptions.redeem_coupon(code, scene.till, spend_fen=spend_fen, now=clock.now)
    assert done.discount_fen == discount_fen
    assert done.mall_fen + done.merchant_fen == discount_fen


def test_a_coupon_is_never_worth_more_than_the_purchase(scene: Scene, clock: StillClock) -> None:
    done = redemptions.redeem_coupon(scene.coupon().code, scene.till, spend_fen=700, now=clock.now)
    assert done.discount_fen == 700


def test_an_expired_coupon_says_when_it_ended(scene: Scene, clock: StillClock) -> None:
    code = scene.coupon(valid_days=7).code
    clock.set(clock.now.replace(day=18))
    with pytest.raises(errors.CouponExpired) as refusal:
        redemptions.redeem_coupon(code, scene.till, spend_fen=None, now=clock.now)
    assert refusal.value.facts == {"valid_until": "2026-03-17"}


def test_a_coupon_for_tomorrow_says_so(scene: Scene, clock: StillClock) -> None:
    tomorrow = clock.now.date() + timedelta(days=1)
    code = scene.coupon(valid_days=None, valid_from=tomorrow, valid_until=tomorrow).code
    with pytest.raises(errors.CouponNotYetValid) as refusal:
        redemptions.redeem_coupon(code, scene.till, spend_fen=None, now=clock.now)
    assert web_errors.told_facts(refusal.value) == {"valid_from": "3 月 12 日 00:00"}


def test_parking_coupons_do_not_go_through_tills(scene: Scene, clock: StillClock) -> None:
    code = scene.coupon(kind=CampaignKind.PARKING, parking_minutes=120).code
    with pytest.raises(errors.CouponForParking):
        redemptions.redeem_coupon(code, scene.till, spend_fen=None, now=clock.now)


@pytest.mark.parametrize("code", ["", "1234", "C3P7F9G9H7XK", "AAAAAAAAAAAA", "券码"])
def test_unknown_codes_are_unknown(scene: Scene, clock: StillClock, code: str) -> None:
    with pytest.raises(errors.CouponNotFound):
        redemptions.look_up_coupon(code, scene.till, now=clock.now)


def test_a_code_may_be_typed_in_groups(scene: Scene, clock: StillClock) -> None:
    code = scene.coupon().code
    typed = f" {code[:4].lower()}-{code[4:8]} {code[8:]} "
    assert redemptions.look_up_coupon(typed, scene.till, now=clock.now).facts.code == code


def test_undoing_frees_the_coupon_and_reverses_the_postings(scene: Scene, clock: StillClock) -> None:
    code = scene.coupon().code
    done = redemptions.redeem_coupon(code, scene.till, spend_fen=None, now=clock.now)
    redemptions.reverse_redemption(done.redemption_id, scene.till, now=clock.advance(minutes=15))
    assert sum(db.session.scalars(select(Posting.amount_fen))) == 0
    again = redemptions.redeem_coupon(code, scene.till, spend_fen=None, now=clock.advance(minutes=1))
    assert again.redemption_id != done.redemption_id


def test_undoing_has_its_time_its_store_and_its_once(scene: Scene, clock: StillClock) -> None:
    done = redemptions.redeem_coupon(scene.coupon().code, scene.till, spend_fen=None, now=clock.now)
    with pytest.raises(errors.RedemptionNotFound):
        redemptions.reverse_redemption(done.redemption_id, make_till(make_store(scene.mall)), now=clock.now)
    with pytest.raises(errors.ReversalTooLate):
        redemptions.reverse_redemption(done.redemption_id, scene.till, now=clock.now + timedelta(minutes=15, seconds=1))
    redemptions.reverse_redemption(done.redemption_id, scene.till, now=clock.now)
    with pytest.raises(errors.RedemptionAlreadyReversed):
        redemptions.reverse_redemption(done.redemption_id, scene.till, now=clock.now)


def test_a_member_code_shows_what_this_store_takes(scene: Scene, clock: StillClock) -> None:
    here, elsewhere = scene.coupon(), scene.coupon(stores=[make_store(scene.mall)])
    code = member_codes.mint(scene.member, now=clock.now)
    member_id, seen = redemptions.look_up_member(code.text, scene.till, now=clock.now)
    assert member_id == scene.member.id
    assert [each.facts.coupon_id for each in seen] == [here.id] != [elsewhere.id]
