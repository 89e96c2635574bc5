"""Reading payments with points."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, case, func, select

from app.identity.models import Member
from app.kernel.db import db
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.malls.models import Store
from app.points.till.errors import PaymentNotFound
from app.points.till.models import PaymentStatus, PointsPayment

# What is added up of payments: the points that are paid, and what they are worth in fen.
AMOUNTS = [
    case((PointsPayment.status == PaymentStatus.PAID.value, amount), else_=0)
    for amount in (PointsPayment.points, PointsPayment.worth_fen)
]
ORDER = Order(PointsPayment.created_at.desc(), PointsPayment.member_id.desc(), PointsPayment.id.desc())


def list_payments(
    *wanted: ColumnElement[bool], order: Order = ORDER, asked: Asked = FIRST
) -> Page[tuple[PointsPayment, Member, Store]]:
    """A page of payments with whose they are and where, the latest first if not asked otherwise."""
    query = (
        select(PointsPayment, Member, Store)
        .join(Member, Member.id == PointsPayment.member_id)
        .join(Store, Store.id == PointsPayment.store_id)
        .where(*wanted)
    )
    return keyset.rows(query, order, asked)


def find_in_store(public_id: str, *, store_id: int) -> PointsPayment:
    """A store's payment; raises PaymentNotFound."""
    return _get(PointsPayment.public_id == public_id, PointsPayment.store_id == store_id)


def find_of_machine(public_id: str, *, machine_id: int) -> PointsPayment:
    """A payment that a machine has asked for; raises PaymentNotFound."""
    return _get(PointsPayment.public_id == public_id, PointsPayment.machine_id == machine_id)


def find_of_member(public_id: str, *, member_id: int) -> PointsPayment:
    """A member's payment; raises PaymentNotFound."""
    return _get(PointsPayment.public_id == public_id, PointsPayment.member_id == member_id)


def _get(*which: ColumnElement[bool]) -> PointsPayment:
    payment = db.session.scalar(select(PointsPayment).where(*which))
    if payment is None:
        raise PaymentNotFound
    return payment


def is_spent(member_id: int, consent: str) -> bool:
    """Whether a payment goes by this code of the member, or went by it."""
    own = PointsPayment
    found = select(own.id).where(
        own.member_id == member_id, own.consent == consent, own.status != PaymentStatus.RELEASED.value
    )
    return db.session.scalar(found) is not None


def lock_payment(seen: PointsPayment) -> PointsPayment:
    """The payment FOR UPDATE as it is now; its member is locked before."""
    return db.session.scalars(
        select(PointsPayment)
        .where(PointsPayment.member_id == seen.member_id, PointsPayment.id == seen.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def list_asking(member_id: int, *, now: datetime) -> Sequence[PointsPayment]:
    """What the member is asked to confirm now, the latest first."""
    found = select(PointsPayment).where(
        PointsPayment.member_id == member_id,
        PointsPayment.status == PaymentStatus.AWAITING.value,
        PointsPayment.consented_at.is_(None),
        PointsPayment.confirm_by > now,
    )
    return db.session.scalars(found.order_by(PointsPayment.id.desc())).all()


def list_open(member_ids: Collection[int]) -> Sequence[PointsPayment]:
    """The members' payments that nobody has ended."""
    is_open = PointsPayment.status == PaymentStatus.AWAITING.value
    return db.session.scalars(
        select(PointsPayment).where(PointsPayment.member_id.in_(member_ids), is_open).order_by(PointsPayment.id)
    ).all()


def list_overdue(*, now: datetime, limit: int) -> Sequence[PointsPayment]:
    """Payments that waited past their time and are to be written off."""
    return db.session.scalars(
        select(PointsPayment)
        .where(PointsPayment.status == PaymentStatus.AWAITING.value, PointsPayment.confirm_by <= now)
        .order_by(PointsPayment.confirm_by)
        .limit(limit)
    ).all()


class Taken(NamedTuple):
    """Payments that are paid: how many, their points, and what those are worth in fen."""

    payments: int
    points: int
    worth_fen: int


def sum_of_store(store_id: int, *, since: datetime) -> Taken:
    """What a store was paid of what it asked for since a moment."""
    paid = PointsPayment.status == PaymentStatus.PAID.value
    query = select(
        func.count(), *(func.coalesce(func.sum(one), 0) for one in (PointsPayment.points, PointsPayment.worth_fen))
    )
    row = db.session.execute(query.where(PointsPayment.store_id == store_id, PointsPayment.created_at >= since, paid))
    return Taken(*map(int, row.one()))


def list_of_store(store_id: int, *, since: datetime, limit: int) -> Sequence[PointsPayment]:
    """What a store asked for since a moment, the latest first."""
    return db.session.scalars(
        select(PointsPayment)
        .where(PointsPayment.store_id == store_id, PointsPayment.created_at >= since)
        .order_by(PointsPayment.created_at.desc(), PointsPayment.member_id.desc(), PointsPayment.id.desc())
        .limit(limit)
    ).all()
