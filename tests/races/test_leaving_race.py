"""Leaving at the same moment as everything else; and what would happen without the member's lock."""

import threading
from dataclasses import dataclass
from functools import partial

from flask import Flask
from sqlalchemy import func, select, update

from app.benefits.coupons import coupons
from app.benefits.coupons.errors import CouponVoid
from app.benefits.coupons.models import Coupon, CouponStatus, Redemption
from app.flows import redemptions
from app.flows.members import joining, leaving
from app.flows.members.leaving import Cost, Left
from app.flows.redemptions import Till
from app.identity import leaving as identity_leaving
from app.identity import members, queries
from app.identity.errors import MemberClosed
from app.identity.models import IdentityKind, Member, MemberIdentity, MemberStatus
from app.kernel import clock
from app.kernel.db import atomic, db
from app.kernel.reasons import note
from app.points.ledger import ledger
from app.points.ledger import queries as points_queries
from app.points.ledger.errors import InsufficientPoints
from app.points.ledger.models import EntryKind, PointsAccount, PointsEntry
from app.timeline.models import EventKind, TimelineEvent
from tests.builders.benefits import make_campaign, make_coupon, make_till
from tests.builders.identity import make_consent_document, make_visitor
from tests.builders.malls import make_mall, make_store
from tests.builders.points import take_unguarded
from tests.builders.tasks import make_newbie_tasks, make_tiers
from tests.support.member_api import Device, sign_in
from tests.support.patience import PATIENCE_S
from tests.support.races import race, winners

CALLERS = 6
POINTS = 100
PHONE = "13912345678"
OPENID = "o-leaver"
TOLD = Cost(points=POINTS, coupons=1)


@dataclass(frozen=True, slots=True)
class Scene:
    """A member with a hundred points and one coupon, and a till that takes it."""

    member_id: int
    code: str
    till: Till

    def leave(self) -> Left:
        with atomic():
            return leaving.let_member_leave(self.member_id, told=TOLD, now=clock.now())

    def redeem(self) -> str:
        with atomic():
            return redemptions.redeem_coupon(self.code, self.till, spend_fen=None, now=clock.now()).redemption_id

    def spend(self) -> int:
        with atomic():
            return ledger.redeem(self.member_id, points=60, reason=note("测试"), fact="spend:1", now=clock.now()).points

    def sign_in_again(self) -> int:
        with atomic():
            identities = {IdentityKind.MINI_OPENID: OPENID}
            home = db.session.get_one(Member, self.member_id).home_mall_id
            member = joining.recognise_member(identities, arrival=None, home_mall_id=home, now=clock.now())
            return joining.verify_phone(member, PHONE, now=clock.now()).id


def make_scene() -> Scene:
    with atomic():
        make_tiers()
        make_newbie_tasks()
        make_consent_document()
        mall = make_mall()
        store = make_store(mall)
        member = members.bind_phone(make_visitor(mall, mini_openid=OPENID), PHONE, now=clock.now())
        members.join(member, entrance_id=None, now=clock.now())
        ledger.accrue(member.id, points=POINTS, reason=note("测试"), fact="test:earned", now=clock.now())
        coupon = make_coupon(member, make_campaign(mall, stores=[store]))
        return Scene(member.id, coupon.code, make_till(store))


def count(kind: EntryKind) -> int:
    wanted = select(func.count()).select_from(PointsEntry).where(PointsEntry.kind == kind.value)
    return db.session.scalar(wanted) or 0


def member_of(scene: Scene) -> Member:
    return db.session.get_one(Member, scene.member_id, populate_existing=True)


def test_of_many_leavings_one_succeeds(committed_app: Flask) -> None:
    scene = make_scene()
    results = race(committed_app, [scene.leave] * CALLERS)
    assert [left.cost for left in winners(results)] == [TOLD]
    assert all(isinstance(one, MemberClosed) for one in results if isinstance(one, Exception)), results
    assert count(EntryKind.FORFEIT) == 1
    wanted = select(func.count()).where(TimelineEvent.kind == EventKind.LEFT.value)
    assert db.session.scalar(wanted) == 1


def test_one_request_sent_many_times_has_one_answer(committed_app: Flask) -> None:
    scene = make_scene()
    with atomic():
        token = sign_in(committed_app.test_client(), queries.get_member(scene.member_id)).token

    def press() -> tuple[int, object]:
        told = {"points": TOLD.points, "coupons": TOLD.coupons}
        answer = Device(committed_app.test_client(), token).post("/members/me/leaving", told, key="one-key-for-all")
        return answer.status_code, answer.json

    results = race(committed_app, [press] * CALLERS)
    assert [status for status, _ in results] == [200] * CALLERS, results
    assert all(answer == results[0][1] for _, answer in results)
    assert count(EntryKind.FORFEIT) == 1


def test_a_coupon_is_either_redeemed_or_given_up(committed_app: Flask) -> None:
    scene = make_scene()
    results = race(committed_app, [scene.leave, scene.redeem, scene.redeem])
    left = next(one for one in results if isinstance(one, Left))
    redeemed = [one for one in results if isinstance(one, str)]
    assert len(redeemed) == 1 - left.cost.coupons
    status = db.session.scalars(select(Coupon.status)).one()
    assert status == (CouponStatus.REDEEMED.value if redeemed else CouponStatus.VOID.value)
    assert db.session.scalar(select(func.count()).select_from(Redemption)) == len(redeemed)
    if not redeemed:
        assert all(isinstance(one, CouponVoid) for one in results if isinstance(one, Exception)), results


def test_a_coupon_being_undone_does_not_come_back_to_who_left(committed_app: Flask) -> None:
    scene = make_scene()
    redemption_id = scene.redeem()

    def undo() -> None:
        with atomic():
            redemptions.reverse_redemption(redemption_id, scene.till, now=clock.now())

    results = race(committed_app, [scene.leave, undo])
    assert not [one for one in results if isinstance(one, Exception)], results
    assert db.session.scalars(select(Coupon.status)).one() == CouponStatus.VOID.value


def test_points_are_either_spent_or_given_up(committed_app: Flask) -> None:
    scene = make_scene()
    results = race(committed_app, [scene.leave, scene.spend])
    left = next(one for one in results if isinstance(one, Left))
    spent = [one for one in results if isinstance(one, int)]
    assert left.cost.points == (40 if spent else POINTS)
    assert all(isinstance(one, InsufficientPoints) for one in results if isinstance(one, Exception)), results
    assert points_queries.get_balance(scene.member_id).available_points == 0
    assert points_queries.list_disagreements() == []


def test_who_signs_in_while_leaving_is_the_member_or_somebody_new(committed_app: Flask) -> None:
    """Never a dead number that has their phone again."""
    scene = make_scene()
    results = race(committed_app, [scene.leave, *[scene.sign_in_again] * 3])
    assert not [one for one in results if isinstance(one, Exception)], results
    assert member_of(scene).status == MemberStatus.CLOSED.value
    assert (member_of(scene).phone_sealed, member_of(scene).phone_masked) == (None, None)
    owned = db.session.scalar(select(func.count()).where(MemberIdentity.member_id == scene.member_id))
    assert owned == 0
    assert scene.sign_in_again() != scene.member_id


def _leave_unguarded(scene: Scene, checked: threading.Barrier) -> None:
    """Look, then write without locks or asking again, as code without our guards would."""
    with atomic():
        member = db.session.get_one(Member, scene.member_id)
        account = db.session.get_one(PointsAccount, scene.member_id)
        assert not queries.has_left(member)
        checked.wait(PATIENCE_S)  # everybody has looked before anybody writes
        fact = f"leave:{threading.get_ident()}"
        take_unguarded(account, account.available_points, kind=EntryKind.FORFEIT, fact=fact)
        identity_leaving.close(member, [member.id], now=clock.now())


def test_without_the_lock_points_would_be_taken_twice(committed_app: Flask) -> None:
    """The control: no member's lock, no account's lock, a fact of its own for each."""
    scene = make_scene()
    checked = threading.Barrier(2)
    results = race(committed_app, [partial(_leave_unguarded, scene, checked)] * 2)
    assert len(winners(results)) == 2, results
    assert count(EntryKind.FORFEIT) == 2
    assert [found.member_id for found in points_queries.list_disagreements()] == [scene.member_id]


def _undo_unguarded(scene: Scene, left: threading.Event) -> None:
    """Give the coupon back as if nobody could leave."""
    assert left.wait(PATIENCE_S)
    with atomic():
        db.session.execute(update(Coupon).values(status=CouponStatus.ISSUED.value, redeemed_at=None))


def test_without_asking_who_left_an_undone_coupon_would_be_usable_again(committed_app: Flask) -> None:
    """The second control: the coupon of somebody who is gone could be redeemed by whoever kept its code."""
    scene = make_scene()
    scene.redeem()
    left = threading.Event()

    def leave() -> None:
        scene.leave()
        left.set()

    race(committed_app, [leave, partial(_undo_unguarded, scene, left)])
    assert coupons.queries.count_usable(scene.member_id, now=clock.now()) == 1
