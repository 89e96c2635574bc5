"""What a friend did first: a purchase that stands, or a visit, in the mall that they were invited to."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from app.benefits.coupons.models import Redemption
from app.invitations.models import Invitation
from app.invitations.rules import Rules
from app.kernel.db import db
from app.purchases.models import Purchase
from app.timeline.models import EventKind, TimelineEvent

VISIT, PURCHASE = "visit", "purchase"
# Who came by car, as a gate or a payment tells.
_BY_CAR = (EventKind.VISITED.value, EventKind.PARKING_PAID.value)


class Act(NamedTuple):
    """What was done first and counts."""

    at: datetime
    kind: str


def find_act(invitation: Invitation, numbers: Sequence[int], rules: Rules) -> Act | None:
    """The friend's first act that counts and stands by now, under any of their numbers."""
    return min(_list_acts(invitation, numbers, rules), default=None)


def _list_acts(invitation: Invitation, numbers: Sequence[int], rules: Rules) -> Iterator[Act]:
    ways: list[tuple[str, Select[tuple[datetime]]]] = [(PURCHASE, _bought(invitation, numbers, rules))]
    if rules.counts_visits:
        ways += [(VISIT, _redeemed(invitation, numbers, rules)), (VISIT, _came(invitation, numbers, rules))]
    for kind, first in ways:
        at = db.session.scalar(first)
        if at is not None:
            yield Act(at, kind)


def _bought(invitation: Invitation, numbers: Sequence[int], rules: Rules) -> Select[tuple[datetime]]:
    """What was brought back in part counts by what is left of it."""
    one, refund = Purchase, aliased(Purchase, name="refund")
    refunded = (
        select(func.coalesce(func.sum(refund.amount_fen), 0))
        .where(refund.member_id == one.member_id, refund.refund_of_id == one.id)
        .correlate(one)
        .scalar_subquery()
    )
    return select(func.min(one.occurred_at)).where(
        one.member_id.in_(numbers),
        one.mall_id == invitation.mall_id,
        one.refund_of_id.is_(None),
        one.occurred_at >= rules.since(invitation.joined_at),
        one.occurred_at < rules.until(invitation.joined_at),
        one.amount_fen + refunded >= max(rules.least_fen, 1),
    )


def _redeemed(invitation: Invitation, numbers: Sequence[int], rules: Rules) -> Select[tuple[datetime]]:
    one = Redemption
    return select(func.min(one.redeemed_at)).where(
        one.member_id.in_(numbers),
        one.mall_id == invitation.mall_id,
        one.reversed_at.is_(None),
        one.redeemed_at >= invitation.joined_at,
        one.redeemed_at < rules.until(invitation.joined_at),
    )


def _came(invitation: Invitation, numbers: Sequence[int], rules: Rules) -> Select[tuple[datetime]]:
    one = TimelineEvent
    return select(func.min(one.occurred_at)).where(
        one.member_id.in_(numbers),
        one.mall_id == invitation.mall_id,
        one.kind.in_(_BY_CAR),
        one.occurred_at >= rules.since(invitation.joined_at),
        one.occurred_at < rules.until(invitation.joined_at),
    )
