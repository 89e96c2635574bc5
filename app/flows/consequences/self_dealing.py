"""What looks like dealing with oneself, as far as a rule can see it: nothing is refused, people are asked.

A clerk who redeems a coupon of their own, and a till that takes back what a sibling store of its merchant sold.
"""

from collections.abc import Sequence
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
from app.purchases import queries as purchase_queries
from app.purchases.models import Purchase
from app.verification import phones

_ANSWERS = {"explained": None, "warned": None, "taken_back": None}
OWN_COUPON = CaseKind(code="own_coupon", role=Role.OPERATIONS, within=timedelta(days=3), outcomes=_ANSWERS)
SIBLING_REFUND = CaseKind(code="sibling_refund", role=Role.OPERATIONS, within=timedelta(days=3), outcomes=_ANSWERS)
# Older ones are history.
LOOK_BACK = timedelta(days=2)


def raise_cases(*, now: datetime, limit: int) -> int:
    """Ask about every coupon that was redeemed by its own owner; returns how many were new."""
    found = {f"redemption:{row.public_id}": row for row in _list_own(since=now - LOOK_BACK)}
    new = sorted(found.keys() - case_queries.list_known(OWN_COUPON.code, found.keys()))[:limit]
    return sum(_ask(subject, found[subject], now=now) for subject in new)


def _list_own(*, since: datetime) -> Sequence[Row[Any]]:
    """Redemptions that stand, by members of staff whose phone is the member's."""
    for staff_id, phone in staff_queries.list_without_member_index():
        staff.keep_member_index(staff_id, phones.phone_index(phone))
    indexes = staff_queries.list_member_indexes()
    owners = members.find_by_phones(indexes)
    mine = {(member_id, indexes[index]) for index, member_id in owners.items()}
    rows = db.session.execute(
        select(
            Redemption.public_id,
            Redemption.member_id,
            Redemption.staff_id,
            Redemption.store_id,
            Redemption.mall_id,
            Redemption.discount_fen,
        ).where(
            Redemption.member_id.in_([member_id for member_id, _ in mine]),
            Redemption.redeemed_at >= since,
            Redemption.reversed_at.is_(None),
        )
    )
    return [row for row in rows if (row.member_id, row.staff_id) in mine]


def _ask(subject: str, row: Row[Any], *, now: datetime) -> bool:
    return cases.raise_case(
        OWN_COUPON,
        subject,
        mall_id=row.mall_id,
        reason="own",
        facts={"store": malls.get_store(row.store_id).name, "discount_fen": row.discount_fen},
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
