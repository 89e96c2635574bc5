"""Whatever is taken back whole leaves nothing between mall and merchant: every kind of posting sums to nought."""

from collections import defaultdict

import pytest
from sqlalchemy import select

from app.flows import parking, purchases, redemptions
from app.flows.purchases import Buyer
from app.kernel.db import db
from app.points.ledger import queries as points
from app.purchases.rules import Receipt
from app.settlement.ledger.models import Posting, PostingKind
from app.workers import payments as payment_worker
from tests.builders.benefits import make_campaign, make_coupon, make_till
from tests.builders.identity import make_member
from tests.builders.malls import make_store
from tests.builders.parking import make_driver, make_ground, make_parking_coupon
from tests.builders.settlement import Contract, make_contract
from tests.builders.tasks import make_tiers
from tests.parking.driver import begin, coupons_of, money_for, quoted
from tests.support.clock import StillClock

SHARES = [0, 3_333, 6_000, 10_000]
Sums = dict[tuple[int, PostingKind], tuple[int, int, int]]


@pytest.fixture
def contract(clock: StillClock) -> Contract:
    make_tiers()
    return make_contract()


def sums() -> Sums:
    """Per merchant and kind: what the amounts, their bases and the points come to."""
    found: dict[tuple[int, PostingKind], list[Posting]] = defaultdict(list)
    for posting in db.session.scalars(select(Posting)):
        found[posting.merchant_id, PostingKind(posting.kind)].append(posting)
    return {
        key: (sum(p.amount_fen for p in rows), sum(p.base_fen for p in rows), sum(p.points for p in rows))
        for key, rows in found.items()
    }


def ensure_nothing_is_left(merchant_id: int, *kinds: PostingKind) -> None:
    assert sums() == {(merchant_id, kind): (0, 0, 0) for kind in kinds}
    reversals = list(db.session.scalars(select(Posting).where(Posting.reverses_id.is_not(None))))
    assert {PostingKind(one.kind) for one in reversals} == set(kinds)
    for one in reversals:
        original = db.session.get_one(Posting, one.reverses_id)
        assert (one.merchant_id, one.store_id, one.kind) == (original.merchant_id, original.store_id, original.kind)


@pytest.mark.parametrize("share", SHARES)
def test_a_redemption_undone(contract: Contract, clock: StillClock, share: int) -> None:
    campaign = make_campaign(contract.mall, stores=[contract.store], face_fen=999, mall_share_bps=share)
    coupon, till = make_coupon(make_member(contract.mall), campaign), make_till(contract.store)
    done = redemptions.redeem_coupon(coupon.code, till, spend_fen=None, now=clock.now)
    before = sums()
    both = (PostingKind.COUPON_MALL_SHARE, PostingKind.COUPON_MERCHANT_SHARE)
    assert sum(before[contract.merchant.id, kind][1] for kind in both) == 999
    redemptions.reverse_redemption(done.redemption_id, till, now=clock.advance(minutes=5))
    ensure_nothing_is_left(contract.merchant.id, *both)


@pytest.mark.parametrize("parts", [[12_345], [1, 12_344], [4_115, 4_115, 4_115], [33, 67, 12_245]])
def test_a_purchase_wholly_refunded(contract: Contract, clock: StillClock, parts: list[int]) -> None:
    member = make_member(contract.mall)

    def bring(number: int, amount_fen: int, refund_of: str | None) -> None:
        receipt = Receipt(
            source="pos",
            receipt_no=f"R{number}",
            store_code=contract.store.code,
            occurred_at=clock.now,
            amount_fen=amount_fen,
            refund_of=refund_of,
        )
        purchases.record_purchase(receipt, contract.store, Buyer(card_no=member.card_no), now=clock.now)

    bring(0, 12_345, None)
    assert {kind for _, kind in sums()} == {PostingKind.COMMISSION, PostingKind.POINTS_ISSUED}
    assert all(amount for amount, _, _ in sums().values())
    for number, part in enumerate(parts, start=1):
        clock.advance(hours=1)
        bring(number, -part, "R0")
    ensure_nothing_is_left(contract.merchant.id, PostingKind.COMMISSION, PostingKind.POINTS_ISSUED)
    assert points.get_balance(member.id).available_points == 0


@pytest.mark.parametrize("late", [False, True], ids=["given up", "paid too late"])
def test_parking_given_back_was_never_posted(clock: StillClock, late: bool) -> None:
    """Postings follow from a settled payment alone: what is given up, or paid too late, never reaches the operator."""
    make_tiers()
    ground = make_ground()
    member = make_driver(ground, points=100)
    make_parking_coupon(member, ground, 60)
    ground.comes(minutes_ago=170)
    payment = begin(member, quoted(member), coupons_of(member), points=100)
    money = money_for(payment)
    assert parking.give_up_payment(member.id, payment.public_id, now=clock.now)
    if late:
        payment_worker.take_money(money)
    assert sums() == {}
    assert points.get_balance(member.id).available_points == 100
    assert [coupon.status for coupon in coupons_of(member)] == ["issued"]


def test_only_what_was_taken_back_is_gone(contract: Contract, clock: StillClock) -> None:
    """Two merchants: the other's redemption stands."""
    other = make_contract(contract.mall)
    stores = [contract.store, other.store, make_store(contract.mall, contract.merchant)]
    campaign, member = make_campaign(contract.mall, stores=stores, per_member_limit=2), make_member(contract.mall)
    done = [
        redemptions.redeem_coupon(make_coupon(member, campaign).code, make_till(store), spend_fen=None, now=clock.now)
        for store in stores[:2]
    ]
    redemptions.reverse_redemption(done[0].redemption_id, make_till(stores[0]), now=clock.now)
    assert sums() == {
        (contract.merchant.id, PostingKind.COUPON_MALL_SHARE): (0, 0, 0),
        (contract.merchant.id, PostingKind.COUPON_MERCHANT_SHARE): (0, 0, 0),
        (other.merchant.id, PostingKind.COUPON_MALL_SHARE): (600, 600, 0),
        (other.merchant.id, PostingKind.COUPON_MERCHANT_SHARE): (0, 400, 0),
    }
