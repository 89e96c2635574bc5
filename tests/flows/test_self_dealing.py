"""What a rule can see of self-dealing: a clerk's own coupon, a sibling's sale taken back, a card that many share."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.access import staff, staff_queries
from app.access.models import Role, Staff
from app.access.scopes import Place
from app.benefits.coupons.models import Coupon
from app.cases.models import Case
from app.flows import purchases, redemptions
from app.flows.consequences import self_dealing
from app.flows.purchases import Buyer
from app.flows.watching import shared_cards
from app.identity.models import Member
from app.kernel.db import db
from app.malls.models import Store
from app.purchases.rules import Receipt
from tests.builders.benefits import make_campaign, make_coupon, make_till
from tests.builders.identity import make_member
from tests.builders.malls import make_store
from tests.builders.settlement import Contract
from tests.support.clock import StillClock

PHONE = "13912345678"


@pytest.fixture
def member(contract: Contract) -> Member:
    return make_member(contract.mall, phone=PHONE)


@pytest.fixture
def clerk(contract: Contract, clock: StillClock) -> Staff:
    """With the member's phone."""
    person = staff.hire(name="店员", phone=PHONE, password="harbour-4417", now=clock.now)
    staff.grant_role(person.id, role=Role.CLERK, place=Place(store_id=contract.store.id))
    return person


def redeem(coupon: Coupon, store: Store, by: int, clock: StillClock) -> str:
    till = make_till(store, staff_id=by)
    return redemptions.redeem_coupon(coupon.code, till, spend_fen=None, now=clock.now).redemption_id


def raised(clock: StillClock) -> list[Case]:
    self_dealing.raise_cases(now=clock.now, limit=9)
    return list(db.session.scalars(select(Case).order_by(Case.id)))


def test_a_clerk_who_redeems_their_own_coupon_is_asked_about_once(
    contract: Contract, member: Member, clerk: Staff, clock: StillClock
) -> None:
    redeem(make_coupon(member, make_campaign(contract.mall)), contract.store, clerk.id, clock)
    [case] = raised(clock)
    assert (case.kind, case.reason, case.mall_id) == ("own_coupon", "own", contract.mall.id)
    assert case.facts == {"store": contract.store.name, "discount_fen": 1_000}
    assert len(raised(clock)) == 1


def test_a_clerk_from_before_the_index_was_kept_is_found_and_remembered(
    contract: Contract, member: Member, clerk: Staff, clock: StillClock
) -> None:
    kept = clerk.member_index
    clerk.member_index = None
    db.session.flush()
    redeem(make_coupon(member, make_campaign(contract.mall)), contract.store, clerk.id, clock)
    assert len(raised(clock)) == 1
    assert staff_queries.list_without_member_index() == []
    assert staff_queries.list_member_indexes() == {kept: clerk.id}


def test_nobody_asks_about_a_colleague_another_member_or_what_was_undone(
    contract: Contract, member: Member, clerk: Staff, clock: StillClock
) -> None:
    campaign = make_campaign(contract.mall)
    redeem(make_coupon(member, campaign), contract.store, clerk.id + 1, clock)
    redeem(make_coupon(make_member(contract.mall), campaign), contract.store, clerk.id, clock)
    undone = redeem(make_coupon(member, make_campaign(contract.mall)), contract.store, clerk.id, clock)
    redemptions.reverse_redemption(undone, make_till(contract.store, staff_id=clerk.id), now=clock.now)
    assert raised(clock) == []


def test_old_redemptions_are_history(contract: Contract, member: Member, clerk: Staff, clock: StillClock) -> None:
    redeem(make_coupon(member, make_campaign(contract.mall)), contract.store, clerk.id, clock)
    clock.advance(days=3)
    assert raised(clock) == []


def ring_up(store: Store, number: str, amount_fen: int, clock: StillClock, refund_of: str | None = None) -> None:
    receipt = Receipt(
        source="pos",
        receipt_no=number,
        store_code=store.code,
        occurred_at=clock.now - timedelta(minutes=1),
        amount_fen=amount_fen,
        refund_of=refund_of,
    )
    purchases.record_purchase(receipt, store, Buyer(phone=PHONE), now=clock.now)


def test_a_refund_of_a_siblings_sale_goes_through_and_is_asked_about(
    contract: Contract, member: Member, clock: StillClock
) -> None:
    sibling = make_store(contract.mall, contract.merchant)
    ring_up(contract.store, "R1", 10_000, clock)
    for _ in range(2):
        ring_up(sibling, "RF1", -4_000, clock, refund_of="R1")
    ring_up(contract.store, "RF2", -1_000, clock, refund_of="R1")
    [case] = raised(clock)
    assert (case.kind, case.facts["store"], case.facts["seller"]) == (
        "sibling_refund",
        sibling.name,
        contract.store.name,
    )
    assert (case.facts["amount_fen"], case.facts["receipt_no"]) == (4_000, "RF1")


def shared(clock: StillClock) -> list[Case]:
    shared_cards.raise_cases(now=clock.now, limit=9)
    return list(db.session.scalars(select(Case).order_by(Case.id)))


def test_a_card_with_many_purchases_in_a_store_on_a_day_is_asked_about_once(
    contract: Contract, member: Member, clock: StillClock
) -> None:
    for number in range(5):
        ring_up(contract.store, f"R{number}", 1_000, clock)
    ring_up(contract.store, "F1", -500, clock, refund_of="R1")
    clock.advance(days=-1)
    ring_up(contract.store, "R-YESTERDAY", 1_000, clock)
    clock.advance(days=1)
    assert shared(clock) == []
    ring_up(contract.store, "R5", 1_000, clock)
    [case] = shared(clock)
    assert (case.kind, case.reason, case.mall_id) == ("shared_card", "one_store", contract.mall.id)
    assert (case.facts["receipts"], case.facts["amount_fen"]) == (6, 6_000)
    assert case.evidence == [f"member:{member.id}", f"store:{contract.store.id}"]
    assert len(shared(clock)) == 1


def test_a_card_with_many_purchases_in_several_stores_is_asked_about(
    contract: Contract, member: Member, clock: StillClock
) -> None:
    stores = [contract.store, *(make_store(contract.mall, contract.merchant) for _ in range(3))]
    for number in range(11):
        ring_up(stores[number % 4], f"R{number}", 1_000, clock)
    assert shared(clock) == []
    ring_up(stores[3], "R11", 1_000, clock)
    [case] = shared(clock)
    assert (case.reason, case.facts["stores"], case.facts["receipts"]) == ("many_stores", 4, 12)
    assert len(case.evidence) == 4
