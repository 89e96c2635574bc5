"""What looks like dealing with oneself, as far as a rule can see it: nothing is refused, people are asked.

A clerk who redeems a coupon or takes points of their own, and a till that takes back what a sibling store of its
merchant sold.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select

from app.access import staff, staff_queries
from app.access.models import Role
from app.benefits.coupons.models import Redemption
from app.cases import cases
from app.cases import queries as case_queries
from app.cases.kinds import CaseKind
from app.identity import queries as members
from app.kernel.db import db
from app.malls import queries as malls
from app.malls.models import Store
from app.points.till import facts as points_facts
from app.points.till.models import PaymentStatus, PointsPayment
from app.purchases import queries as purchase_queries
from app.purchases.models import Purchase
from app.verification import phones

_ANSWERS = {"explained": None, "warned": None, "taken_back": None}
OWN_POINTS = CaseKind(code="own_points", role=Role.OPERATIONS, within=timedelta(days=3), outcomes=_ANSWERS)
OWN_COUPON = CaseKind(code="own_coupon", role=Role.OPERATIONS, within=timedelta(days=3), outcomes=_ANSWERS)
SIBLING_REFUND = CaseKind(code="sibling_refund", role=Role.OPERATIONS, within=timedelta(days=3), outcomes=_ANSWERS)
# Older ones are history.
LOOK_BACK = timedelta(days=2)


def raise_cases(*, now: datetime, limit: int) -> int:
    """Ask about every coupon that its own owner redeemed, and points they took of themselves; how many were new."""
    mine, since = _list_staff_members(), now - LOOK_BACK
    coupons = {f"redemption:{row.public_id}": row for row in _list_own(mine, since=since)}
    points = {str(points_facts.payment(row.public_id)): row for row in _list_own_points(mine, since=since)}
    return _ask_new(OWN_COUPON, coupons, limit, now=now) + _ask_new(OWN_POINTS, points, limit, now=now)


def _ask_new(kind: CaseKind, found: Mapping[str, Row[Any]], limit: int, *, now: datetime) -> int:
    new = case_queries.list_new(kind, found.keys(), limit=limit)
    return sum(_ask(kind, subject, found[subject], now=now) for subject in new)


def _list_staff_members() -> set[tuple[int, int]]:
    """Members and the members of staff whose phone is theirs."""
    for staff_id, phone in staff_queries.list_without_member_index():
        staff.keep_member_index(staff_id, phones.phone_index(phone))
    indexes = staff_queries.list_member_indexes()
    owners = members.find_by_phones(indexes)
    return {(member_id, indexes[index]) for index, member_id in owners.items()}


def _list_own(mine: Collection[tuple[int, int]], *, since: datetime) -> Sequence[Row[Any]]:
    """Redemptions that stand, by members of staff whose phone is the member's."""
    rows = db.session.execute(
        select(
            Redemption.public_id,
            Redemption.member_id,
            Redemption.staff_id,
            Redemption.store_id,
            Redemption.mall_id,
            Redemption.discount_fen.label("worth_fen"),
        ).where(
            Redemption.member_id.in_([member_id for member_id, _ in mine]),
            Redemption.redeemed_at >= since,
            Redemption.reversed_at.is_(None),
        )
    )
    return [row for row in rows if (row.member_id, row.staff_id) in mine]


def _list_own_points(mine: Collection[tuple[int, int]], *, since: datetime) -> Sequence[Row[Any]]:
    """Payments with points that stand, taken by members of staff whose phone is the member's."""
    one = PointsPayment
    rows = db.session.execute(
        select(one.public_id, one.member_id, one.staff_id, one.store_id, one.mall_id, one.worth_fen).where(
            one.member_id.in_([member_id for member_id, _ in mine]),
            one.created_at >= since,
            one.status == PaymentStatus.PAID.value,
        )
    )
    return [row for row in rows if (row.member_id, row.staff_id) in mine]


def _ask(kind: CaseKind, subject: str, row: Row[Any], *, now: datetime) -> bool:
    return cases.raise_case(
        kind,
        subject,
        mall_id=row.mall_id,
        reason="own",
        facts={"store": malls.get_store(row.store_id).name, "discount_fen": row.worth_fen},
        evidence=[f"member:{row.member_id}", f"store:{row.store_id}"],
        now=now,
    )


def ask_if_sibling(refund: Purchase, store: Store, *, now: datetime) -> None:
    """Ask about a refund that another store than the seller's has just taken."""
    if refund.refund_of_id is None:
        return
    sold = purchase_queries.get_purchase(refund.member_id, refund.refund_of_id)
    if sold.store_id == store.id:
        return
    cases.raise_case(
        SIBLING_REFUND,
        f"purchase:{refund.member_id}-{refund.id}",
        mall_id=store.mall_id,
        reason="sibling",
        facts={
            "store": store.name,
            "seller": malls.get_store(sold.store_id).name,
            "receipt_no": refund.receipt_no,
            "amount_fen": -refund.amount_fen,
        },
        evidence=[f"member:{refund.member_id}", f"store:{store.id}", f"store:{sold.store_id}"],
        now=now,
    )
