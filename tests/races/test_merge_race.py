"""Two members are found to be one while a till undoes, and a till buys, for one of them; and without the lock."""

import threading
from dataclasses import dataclass
from functools import partial

from flask import Flask
from sqlalchemy import func, select, update

from app.access.audit import Actor
from app.benefits.coupons import queries as coupon_queries
from app.benefits.coupons.models import Coupon, CouponStatus
from app.cases import cases
from app.flows import redemptions
from app.flows.members import merging
from app.flows.members.leaving import Cost, let_member_leave
from app.flows.redemptions import Till
from app.identity import merges, queries
from app.identity.errors import MergeNotUndoable
from app.kernel import clock
from app.kernel.db import atomic, db
from app.kernel.reasons import note
from app.points.ledger import ledger
from app.points.ledger import queries as points_queries
from tests.builders.benefits import make_campaign, make_coupon, make_till
from tests.builders.cases import make_duplicate_case
from tests.builders.identity import make_member
from tests.builders.malls import make_mall, make_store
from tests.builders.tasks import make_tiers
from tests.support.patience import PATIENCE_S
from tests.support.races import race

CALLERS = 4


@dataclass(frozen=True, slots=True)
class Scene:
    """Two members, the second with a coupon just redeemed at a till, and the question whether they are one."""

    older_id: int
    younger_id: int
    case_id: int
    actor: Actor
    till: Till
    redemption_id: str

    def merge(self) -> bool:
        with atomic():
            cases.answer(self.case_id, "same_person", self.actor, note="", now=clock.now())
        return True

    def undo(self) -> str:
        with atomic():
            return redemptions.reverse_redemption(self.redemption_id, self.till, now=clock.now()).public_id

    def earn(self, number: int) -> int:
        with atomic():
            member = queries.lock_member(self.younger_id)
            fact = f"test:{number}"
            return ledger.accrue(member.id, points=10, reason=note("测试"), fact=fact, now=clock.now()).member_id

    @property
    def usable(self) -> list[int]:
        return [coupon_queries.count_usable(one, now=clock.now()) for one in (self.older_id, self.younger_id)]


def make_scene() -> Scene:
    with atomic():
        make_tiers()
        mall = make_mall()
        store = make_store(mall)
        older, younger = make_member(mall), make_member(mall)
        coupon = make_coupon(younger, make_campaign(mall, stores=[store]))
        till = make_till(store)
        case_id, actor = make_duplicate_case(older, younger)
        redemption_id = redemptions.redeem_coupon(coupon.code, till, spend_fen=None, now=clock.now()).redemption_id
        return Scene(older.id, younger.id, case_id, actor, till, redemption_id)


def test_an_undone_coupon_is_usable_by_whoever_its_member_is_then(committed_app: Flask) -> None:
    """Undone first, it goes along; merged first, it is the other's: never with a number that nobody has."""
    scene = make_scene()
    merged, *undone = race(committed_app, [scene.merge, *[scene.undo] * CALLERS])
    assert [one for one in undone if isinstance(one, str)] == [scene.redemption_id]
    assert merged is True
    assert scene.usable == [1, 0]


def test_a_coupon_that_is_used_at_the_moment_of_a_merge_is_used_once_and_by_one(committed_app: Flask) -> None:
    scene = make_scene()
    with atomic():
        code = make_coupon(queries.get_member(scene.younger_id), make_campaign(make_mall())).code

    def use() -> bool:
        with atomic():
            held = coupon_queries.find_by_code(code)
            assert held is not None
            redeemed = update(Coupon).where(
                Coupon.member_id == held[0], Coupon.id == held[1], Coupon.status == CouponStatus.ISSUED.value
            )
            values = {"status": CouponStatus.REDEEMED.value, "redeemed_at": clock.now()}
            return db.session.execute(redeemed.values(**values).returning(Coupon.id)).first() is not None

    merged, *used = race(committed_app, [scene.merge, *[use] * CALLERS])
    assert merged is True
    assert sum(one is True for one in used) <= 1
    statuses = db.session.scalars(select(Coupon.status).where(Coupon.code == code))
    assert sorted(statuses) in (["redeemed"], ["issued", "void"], ["redeemed", "void"])


def test_who_leaves_at_the_moment_of_a_merge_leaves_as_who_they_are_then(committed_app: Flask) -> None:
    scene = make_scene()

    def leave() -> bool:
        with atomic():
            let_member_leave(scene.younger_id, told=Cost(points=10**6, coupons=10**6), now=clock.now())
        return True

    results = race(committed_app, [scene.merge, leave])
    assert [one for one in results if one is not True] == []
    assert queries.get_member(scene.younger_id).status == "closed"


def test_merging_and_undoing_at_once_leaves_two_or_one(committed_app: Flask) -> None:
    scene = make_scene()
    scene.merge()
    with atomic():
        ((merge, _),) = merges.list_of([scene.older_id])
        merge_id = merge.id

    def undo() -> int:
        with atomic():
            return merging.undo_merge(merge_id, actor=scene.actor, now=clock.now()).member_id

    results = race(committed_app, [undo] * CALLERS)
    assert [one for one in results if not isinstance(one, MergeNotUndoable)] == [scene.younger_id]


def test_what_is_earned_at_the_moment_of_a_merge_is_with_whom_they_are_then(committed_app: Flask) -> None:
    scene = make_scene()
    results = race(committed_app, [scene.merge, *[partial(scene.earn, number) for number in range(CALLERS)]])
    assert not [one for one in results if isinstance(one, Exception)], results
    assert queries.get_member(scene.younger_id).id == scene.older_id
    balances = [points_queries.get_balance(one).available_points for one in (scene.older_id, scene.younger_id)]
    assert balances == [10 * CALLERS, 0]
    assert points_queries.list_disagreements() == []


def test_without_following_the_merge_the_coupon_would_be_with_a_number_nobody_has(committed_app: Flask) -> None:
    """The control: the coupon is set free as whose it was when the till looked."""
    scene = make_scene()
    looked, merged = threading.Event(), threading.Event()

    def undo_unguarded() -> None:
        with atomic():
            member_id = db.session.scalars(select(Coupon.member_id)).one()
        looked.set()
        assert merged.wait(PATIENCE_S)
        with atomic():
            free = {"status": CouponStatus.ISSUED.value, "redeemed_at": None}
            db.session.execute(update(Coupon).where(Coupon.member_id == member_id).values(**free))

    def merge() -> None:
        assert looked.wait(PATIENCE_S)
        scene.merge()
        merged.set()

    race(committed_app, [undo_unguarded, merge])
    assert scene.usable == [0, 1]
    assert db.session.scalar(select(func.count()).where(Coupon.member_id == scene.older_id)) == 0
