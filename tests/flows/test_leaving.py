"""What each package does for a member who leaves, and who meets them too late."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.access.errors import SessionExpired
from app.benefits.coupons import voiding
from app.benefits.coupons.models import Coupon
from app.flows import parking, purchases
from app.flows.members import joining, leaving
from app.flows.members.leaving import Cost
from app.flows.parking import PaymentChoice
from app.flows.purchases import Buyer
from app.identity import bulk, consents, members, queries, sessions
from app.identity import leaving as identity_leaving
from app.identity.codes import member_codes
from app.identity.errors import MemberClosed
from app.identity.models import ConsentRecord, IdentityKind, Member, MemberMerge
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.kernel.errors import Busy
from app.kernel.reasons import note
from app.outreach.consents import consents as message_consents
from app.parking.payment import leavers
from app.parking.sessions.models import GateEvent, ParkingSession
from app.points.ledger import ledger
from app.points.ledger import queries as points_queries
from app.points.ledger.models import EntryKind, PointsEntry
from app.purchases.models import InboxReceipt
from app.purchases.rules import Receipt
from tests.builders import outreach
from tests.builders.benefits import make_campaign, make_coupon
from tests.builders.identity import make_consent_document, make_member, make_visitor
from tests.builders.malls import make_mall
from tests.builders.parking import PLATE, make_driver, make_ground
from tests.builders.settlement import make_contract
from tests.support.clock import StillClock

pytestmark = pytest.mark.usefixtures("clock")

PHONE = "13812345678"
EVERYTHING = Cost(points=10**9, coupons=10**9)


def leave(member: Member) -> Cost:
    return leaving.let_member_leave(member.id, told=EVERYTHING, now=app_clock.now()).cost


def earn(member: Member, points: int, fact: str = "test:earned") -> None:
    ledger.accrue(member.id, points=points, reason=note("测试"), fact=fact, now=app_clock.now())


def test_nobody_leaves_twice() -> None:
    member = make_member()
    leave(member)
    with pytest.raises(MemberClosed):
        leave(member)


def test_giving_up_points_takes_them_from_their_lots_once() -> None:
    member = make_member()
    earn(member, 70)
    earn(member, 30, "test:more")
    now = app_clock.now()
    assert ledger.forfeit(member.id, reason=note("测试"), fact="leaving", now=now) == 100
    assert ledger.forfeit(member.id, reason=note("测试"), fact="leaving", now=now) == 100
    assert points_queries.get_balance(member.id).available_points == 0
    assert points_queries.list_disagreements() == []


def test_who_has_no_points_gets_no_entry() -> None:
    member = make_member()
    assert leave(member).points == 0
    assert db.session.scalars(select(PointsEntry).where(PointsEntry.member_id == member.id)).all() == []


def test_points_that_ran_out_are_not_given_up_but_expired(clock: StillClock) -> None:
    member = make_member()
    earn(member, 70)
    clock.advance(days=800)
    assert leave(member).points == 0
    entries = select(PointsEntry.kind).where(PointsEntry.member_id == member.id).order_by(PointsEntry.id)
    kinds = db.session.scalars(entries).all()
    assert kinds == [EntryKind.ACCRUE.value, EntryKind.EXPIRE.value]


def test_only_coupons_that_could_be_used_count_but_all_unused_are_void(clock: StillClock) -> None:
    mall = make_mall()
    member = make_member(mall)
    make_coupon(member, make_campaign(mall, valid_days=1))
    make_coupon(member, make_campaign(mall, valid_days=30))
    clock.advance(days=2)
    assert voiding.give_up_all(member.id, now=app_clock.now()) == 1
    assert set(db.session.scalars(select(Coupon.status))) == {"void"}


def test_consents_keep_when_they_were_given_and_get_their_end() -> None:
    member = make_member()
    make_consent_document()
    consents.give(member.id, kind="membership", version="v1", channel="sms", now=app_clock.now())
    leave(member)
    (record,) = db.session.scalars(select(ConsentRecord))
    assert (record.version, record.withdrawn_at) == ("v1", app_clock.now())


def test_taking_reminders_back_is_explained_by_events_and_done_once() -> None:
    member = make_member()
    outreach.allow(member, 3)
    now = app_clock.now()
    assert message_consents.withdraw_all([member.id], fact="test", now=now) == 3
    assert message_consents.withdraw_all([member.id], fact="test", now=now) == 0
    assert set(message_consents.stock(member.id).values()) == {0}


def test_whoever_was_merged_into_them_is_forgotten_too() -> None:
    member = make_member(phone=PHONE)
    visitor = make_visitor(mini_openid="o-1", unionid="u-1")
    started = sessions.start(visitor.id, channel="mini_program", openid="o-1", now=app_clock.now())
    assert members.bind_phone(visitor, PHONE, now=app_clock.now()).id == member.id
    assert queries.list_person_ids(member.id) == sorted([member.id, visitor.id])
    leave(member)
    assert db.session.scalars(select(MemberMerge.moved)).one() == []
    assert queries.find_member_id(IdentityKind.UNIONID, "u-1") is None
    with pytest.raises(SessionExpired):
        sessions.resolve(visitor.id, started.secret, now=app_clock.now())
    assert sessions.was_ended_by_leaving(visitor.id, started.secret)
    assert not sessions.was_ended_by_leaving(visitor.id, "another")


def test_who_comes_back_is_somebody_new() -> None:
    member = make_member(phone=PHONE)
    openid = queries.find_identity(member.id, IdentityKind.MINI_OPENID)
    leave(member)
    again = members.recognise(
        {IdentityKind.MINI_OPENID: openid or ""}, home_mall_id=member.home_mall_id, now=app_clock.now()
    )
    assert again.id != member.id
    assert members.bind_phone(again, PHONE, now=app_clock.now()).id == again.id


def test_a_dead_number_neither_joins_nor_gets_a_phone() -> None:
    member = make_member()
    make_consent_document()
    leave(member)
    now = app_clock.now()
    with pytest.raises(MemberClosed):
        members.bind_phone(member, PHONE, now=now)
    with pytest.raises(MemberClosed):
        joining.join_member(member.id, consent_version="v1", phone=None, channel="sms", arrival=None, now=now)


def test_a_code_shown_before_leaving_is_refused_with_the_reason() -> None:
    member = make_member()
    code = member_codes.mint(member, now=app_clock.now()).text
    leave(member)
    with pytest.raises(MemberClosed):
        member_codes.use(code, used_by="store:1", now=app_clock.now())


def test_what_they_buy_afterwards_waits_in_the_inbox_and_a_refund_still_finds_its_purchase() -> None:
    contract = make_contract(since=app_clock.business_date(app_clock.now()) - timedelta(days=30))
    member = make_member(contract.mall, phone=PHONE)

    def bring(number: str, amount_fen: int, refund_of: str | None = None) -> purchases.Recorded:
        receipt = Receipt(
            source="pos",
            receipt_no=number,
            store_code=contract.store.code,
            occurred_at=app_clock.now(),
            amount_fen=amount_fen,
            refund_of=refund_of,
            lines=(),
        )
        return purchases.record_purchase(receipt, contract.store, Buyer(phone=PHONE), now=app_clock.now())

    assert bring("R1", 10_000).points == 100
    assert leave(member).points == 100
    assert bring("R2", 5_000).member is None
    assert db.session.scalars(select(InboxReceipt.receipt_no)).all() == ["R2"]
    assert bring("R3", -10_000, "R1").points == -100
    assert points_queries.get_balance(member.id).debt_points == 100
    assert points_queries.list_disagreements() == []


def test_a_plate_is_forgotten_when_its_car_is_out() -> None:
    ground = make_ground()
    member = make_driver(ground, coupons=(120,))
    session = ground.comes(minutes_ago=100).session
    offer = parking.quote_stay(member.id, session.public_id, now=app_clock.now())
    wish = PaymentChoice(offer.quote.public_id, [cover.coupon_id for cover in offer.proposal.coupons], 0)
    parking.begin_payment(member.id, session.public_id, wish, payer=None, now=app_clock.now())
    leave(member)
    db.session.refresh(session)
    assert (session.plate, session.member_id) == (PLATE, None)
    assert leavers.sweep(now=app_clock.now()) == 0  # the gate still needs it
    ground.leaves()
    assert leavers.sweep(now=app_clock.now()) == 1
    assert leavers.sweep(now=app_clock.now()) == 0
    assert set(db.session.scalars(select(ParkingSession.plate))) == {""}
    assert set(db.session.scalars(select(GateEvent.plate))) == {""}


def test_locking_a_person_locks_all_their_rows_and_tells_who_they_are() -> None:
    member = make_member(phone=PHONE)
    visitor = make_visitor()
    members.bind_phone(visitor, PHONE, now=app_clock.now())
    locked, person_ids = identity_leaving.lock_person(member.id)
    assert (locked.id, person_ids) == (member.id, sorted([member.id, visitor.id]))


def test_an_import_that_found_them_before_they_left_looks_again() -> None:
    staying, leaver = make_member(), make_member()
    bulk.ensure_joined({staying.id, leaver.id})
    leave(leaver)
    bulk.ensure_joined({staying.id})
    with pytest.raises(Busy):
        bulk.ensure_joined({staying.id, leaver.id})
