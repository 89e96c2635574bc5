"""A coupon of somebody who was merged into another member after using it: undone, it is the other's, once."""

import pytest
from sqlalchemy import func, select

from app.access.models import AuditEntry
from app.benefits.coupons import queries as coupon_queries
from app.benefits.coupons.models import Coupon, Redemption
from app.flows import redemptions
from app.identity.models import Member
from app.kernel.db import db
from app.malls.models import Mall, Store
from app.settlement.ledger.models import Posting
from app.timeline.models import EventKind, TimelineEvent
from tests.builders import cases
from tests.builders.benefits import make_campaign, make_coupon, make_till
from tests.builders.identity import make_member
from tests.merchant_portal.conftest import Portal
from tests.support.clock import StillClock


@pytest.fixture
def older(mall: Mall, clock: StillClock) -> Member:
    """Who joined a day before everybody else, and also has a coupon of the first grant."""
    older = make_member(mall)
    clock.advance(days=1)
    return older


@pytest.fixture
def younger(mall: Mall, older: Member) -> Member:
    return make_member(mall)


@pytest.fixture
def used(younger: Member, mall: Mall, store: Store) -> Coupon:
    return make_coupon(younger, make_campaign(mall, stores=[store]))


def undo(clerk: Portal, redemption_id: str) -> tuple[int, str | None]:
    answer = clerk.post(f"/redemptions/{redemption_id}/undo", {})
    return answer.status_code, (answer.json or {}).get("error", {}).get("code")


def usable_ids(member: Member, clock: StillClock) -> list[int]:
    return [
        coupon.id for coupon, _ in coupon_queries.list_coupons(member.id, [member.id], status="usable", now=clock.now)
    ]


def redeem(clerk: Portal, store: Store, coupon: Coupon, way: str, clock: StillClock) -> str:
    """Over HTTP it is tried as one statement."""
    if way == "hot":
        return str(clerk.redeem(coupon).json["id"])
    return redemptions.redeem_coupon(coupon.code, make_till(store), spend_fen=None, now=clock.now).redemption_id


@pytest.mark.parametrize("way", ["hot", "plain"])
def test_what_is_undone_after_a_merge_is_the_other_members_coupon(
    older: Member, younger: Member, used: Coupon, clerk: Portal, store: Store, clock: StillClock, way: str
) -> None:
    redemption_id = redeem(clerk, store, used, way, clock)
    clock.advance(minutes=5)
    cases.merge(older, younger)
    assert undo(clerk, redemption_id) == (200, None)
    (now_theirs,) = usable_ids(older, clock)
    assert usable_ids(younger, clock) == []
    assert coupon_queries.count_usable(younger.id, now=clock.now) == 0
    handed = coupon_queries.get_by_code(used.code, store_id=store.id)
    assert (handed.member_id, handed.coupon_id, handed.status) == (older.id, now_theirs, "issued")
    assert (handed.face_fen, handed.mall_share_bps, handed.valid_until) == (1_000, 6_000, used.valid_until)
    event = db.session.scalars(
        select(TimelineEvent).where(TimelineEvent.kind == EventKind.REDEMPTION_REVERSED.value)
    ).one()
    assert event.member_id == older.id
    posted = dict(
        db.session.execute(select(Posting.kind, func.sum(Posting.amount_fen)).group_by(Posting.kind)).tuples().all()
    )
    assert posted == {"coupon_mall_share": 0, "coupon_merchant_share": 0}
    undone = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "redemption.undo")).one()
    assert (undone.subject, undone.facts) == (f"redemption:{redemption_id}", {"discount_fen": 1_000})


def test_it_can_be_used_and_undone_as_any_other_and_only_once(
    older: Member, younger: Member, used: Coupon, clerk: Portal, clock: StillClock
) -> None:
    first = clerk.redeem(used).json["id"]
    cases.merge(older, younger)
    assert undo(clerk, first) == (200, None)
    assert undo(clerk, first) == (409, "redemption_already_reversed")
    again = clerk.redeem(used)
    assert again.status_code == 201
    assert clerk.redeem(used).json["error"]["code"] == "coupon_already_redeemed"
    assert undo(clerk, again.json["id"]) == (200, None)
    assert len(usable_ids(older, clock)) == 1
    assert db.session.scalar(select(func.count()).select_from(Redemption)) == 2


def test_it_is_nobodys_when_the_other_member_has_left(
    older: Member, younger: Member, used: Coupon, clerk: Portal, clock: StillClock
) -> None:
    redemption_id = clerk.redeem(used).json["id"]
    cases.merge(older, younger)
    older.status, older.closed_at = "closed", clock.now
    db.session.flush()
    assert undo(clerk, redemption_id) == (200, None)
    assert list(db.session.scalars(select(Coupon.status))) == ["void"]
