"""A member at a till who pays with points."""

import itertools

from app.access.audit import Actor
from app.flows.points import till_points
from app.flows.points.till_points import Taker
from app.identity.codes import member_codes
from app.identity.models import Member
from app.kernel import clock
from app.kernel.reasons import note
from app.malls.models import Store
from app.points.ledger import ledger
from app.points.till.models import PointsPayment
from tests.builders.identity import make_member

_numbers = itertools.count(1)


def make_saver(points: int, **facts: object) -> Member:
    """A member with points."""
    member = make_member(**facts)  # type: ignore[arg-type]
    give_points(member, points)
    return member


def give_points(member: Member, points: int) -> None:
    """Let the member earn points."""
    ledger.accrue(member.id, points=points, reason=note("测试"), fact=f"test:saved:{next(_numbers)}", now=clock.now())


def make_taker(store: Store, *, staff_id: int = 1) -> Taker:
    """A clerk in the store."""
    return Taker(
        mall_id=store.mall_id,
        merchant_id=store.merchant_id,
        store_id=store.id,
        store_name=store.name,
        used_by=f"store:{store.id}",
        actor=Actor("staff", staff_id, "店员"),
        staff_id=staff_id,
    )


def show_code(member: Member, taker: Taker) -> None:
    """The taker scans a fresh code of the member."""
    now = clock.now()
    member_codes.use(member_codes.mint(member, now=now).text, used_by=taker.used_by, now=now)


def ask(member: Member, taker: Taker, points: int) -> PointsPayment:
    """The taker scans a code of the member and asks for points."""
    show_code(member, taker)
    return till_points.ask_for_points(member.id, points, taker, now=clock.now())
