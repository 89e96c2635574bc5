"""The member's timeline."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement


class EventKind(StrEnum):
    """Behaviours; written by the verb that makes the fact."""

    SCANNED = "scanned"
    JOINED = "joined"
    TASK_DONE = "task_done"
    COUPON_CLAIMED = "coupon_claimed"
    COUPON_GIVEN = "coupon_given"
    COUPON_REDEEMED = "coupon_redeemed"
    REDEMPTION_REVERSED = "redemption_reversed"
    PURCHASED = "purchased"
    REFUNDED = "refunded"
    VISITED = "visited"
    PARKING_PAID = "parking_paid"
    WECOM_ADDED = "wecom_added"
    GROUP_JOINED = "group_joined"  # came into a chat of our staff with customers
    GROUP_LEFT = "group_left"  # left it, was taken out of it, or it was dissolved
    BROWSED = "browsed"  # used the mini-program, a row a day
    MESSAGE_SENT = "message_sent"
    FRIEND_JOINED = "friend_joined"  # somebody joined by their invitation
    LEFT = "left"


# They were in the mall: what counts as a visit.
PRESENCE = frozenset(
    {EventKind.VISITED, EventKind.PURCHASED, EventKind.COUPON_REDEEMED, EventKind.PARKING_PAID},
)
# They did it themselves, wherever they were. Joining shows a person at the entrance; lifecycle counts from it anyway.
DONE_BY_MEMBER = PRESENCE | {
    EventKind.SCANNED,
    EventKind.JOINED,
    EventKind.TASK_DONE,
    EventKind.COUPON_CLAIMED,
    EventKind.REFUNDED,
    EventKind.WECOM_ADDED,
    EventKind.GROUP_JOINED,
    EventKind.BROWSED,
}
# The mall or a friend did it: given, sent, joined, or undone at the till. Says nothing of how active a member is.
DONE_TO_MEMBER = frozenset(
    {
        EventKind.COUPON_GIVEN,
        EventKind.REDEMPTION_REVERSED,
        EventKind.GROUP_LEFT,
        EventKind.MESSAGE_SENT,
        EventKind.FRIEND_JOINED,
        EventKind.LEFT,
    },
)


class TimelineEvent(Model):
    """That a member did something once: `fact` names the row that proves it, `source` the entrance or feed.

    `late_on` is the mall's day on which it was recorded, if the day it is about was over by then.
    """

    __tablename__ = "timeline_events"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    kind: Mapped[str]
    fact: Mapped[str]
    occurred_at: Mapped[datetime]
    mall_id: Mapped[int | None]
    store_id: Mapped[int | None]
    source: Mapped[str]
    late_on: Mapped[date | None]

    __table_args__ = (
        UniqueConstraint("member_id", "kind", "fact"),
        # A night that counts everybody reads this alone, member by member.
        Index("ix_timeline_events_member_id_occurred_at", "member_id", "occurred_at", postgresql_include=["kind"]),
        Index("ix_timeline_events_occurred_at", "occurred_at"),
        Index("ix_timeline_events_late_on", "late_on", "member_id", postgresql_where="late_on IS NOT NULL"),
    )
