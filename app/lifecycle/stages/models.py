"""Where members stand, what moved, and what each day's figures rest on."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Double, ForeignKey, Identity, Index, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model, identity_column
from app.kernel.distribution import placement


class Stage(StrEnum):
    """Where a member stands; the last three are one stage, at risk, in its three states."""

    VISITOR = "1"  # known by some identity, has not joined
    NEW = "2"  # joined, has not bought
    FIRST = "3"  # has bought
    REPEAT = "4"  # buys again
    HIGH = "5"  # spends much, buys often, or brings much or many
    WARNING = "6-warning"  # still does something, but buys nothing any more
    SLEEPING = "6-sleeping"  # does nothing any more
    LOST = "6-lost"  # has done nothing for very long


# The way up; who is at risk has left it, and comes back somewhere on it.
LADDER = (Stage.VISITOR, Stage.NEW, Stage.FIRST, Stage.REPEAT, Stage.HIGH)
AT_RISK = (Stage.WARNING, Stage.SLEEPING, Stage.LOST)


class Activity(StrEnum):
    """How long ago a member was last in the mall."""

    ACTIVE = "active"
    COOLING = "cooling"
    SILENT = "silent"


class Why(StrEnum):
    """Why a member stands in their stage; the words for it take the facts of the row."""

    SEEN = "seen"  # known, has not joined
    JOINED = "joined"  # has joined, bought nothing yet
    BOUGHT = "bought"  # bought within the time after which it is a warning
    BOUGHT_AGAIN = "bought_again"  # several purchases in the recent window
    SPENT_MUCH = "spent_much"  # among those who spent most
    BOUGHT_OFTEN = "bought_often"  # many purchases in the recent window
    EARNED_MUCH = "earned_much"  # what they brought the malls is over the rules' threshold
    BROUGHT_FRIENDS = "brought_friends"  # several friends whom they invited came
    BOUGHT_NOTHING = "bought_nothing"  # no purchase for long, but still does something
    DID_NOTHING = "did_nothing"  # nothing at all for long
    MERGED = "merged"  # turned out to be another member: stands nowhere any more


# In place of a stage where there is none: before a member was known, and after they were found to be another.
NOWHERE = ""
# In the sums by day also for who left: nothing else says any more that they had been there.
LEFT = "left"


class _Facts:
    """What stage and activity rest on, as it was when the day was over. Days are the mall's.

    A purchase counts unless it is refunded wholly; sums are net, a refund counting on its own day. Joining, or being
    seen for the first time (`known_on`), counts as presence and as behaviour. `margin_fen` is what the member brought
    the malls in the longer window (`MemberValue`), as it was known that night; `friends` how many of those they invited
    counted in it (`Invitation`). None where the rules do not ask for it.
    """

    joined_on: Mapped[date | None]
    known_on: Mapped[date]
    last_purchase_on: Mapped[date | None]
    last_presence_on: Mapped[date]
    last_behaviour_on: Mapped[date]
    recent_purchases: Mapped[int]
    year_purchases: Mapped[int]
    year_fen: Mapped[int]
    purchases: Mapped[int]
    monetary_fen: Mapped[int]
    margin_fen: Mapped[int | None]
    friends: Mapped[int | None]


# Those that purchases and the timeline tell; they are carried on from day to day.
FACTS = (
    "joined_on",
    "known_on",
    "last_purchase_on",
    "last_presence_on",
    "last_behaviour_on",
    "recent_purchases",
    "year_purchases",
    "year_fen",
    "purchases",
    "monetary_fen",
)
ALL_FACTS = (*FACTS, "margin_fen", "friends")


class MemberStage(_Facts, Model):
    """Where a member stands since which day; the facts are those of the last night that counted them.

    `recent_…` and `year_…` are of the rules' two windows, whatever their length. `is_plain`: all that counts stands
    under this very number, so that a night may add the day that came and take away those that left the windows; of
    others it counts all rows anew. Nothing that changes nightly is indexed but the stage, which
    few members change, and pages are left a quarter empty for the next versions of their rows.
    """

    __tablename__ = "member_stages"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    home_mall_id: Mapped[int]
    is_plain: Mapped[bool]
    stage: Mapped[str]
    activity: Mapped[str]
    since: Mapped[date]

    __table_args__ = (Index("ix_member_stages_home_mall_id_stage", "home_mall_id", "stage", "member_id"),)


class StageChange(_Facts, Model):
    """That a member's stage or activity became another on a day, why, and the facts behind it.

    `old_stage` is empty for whoever was not known before, `stage` for whoever was found to be another member. A night
    writes what became of the day it is about; without a night the act itself moved the member, the facts then being
    those of the last night and the day's act. `rules_id`: the version of the rules, None for the code's own.
    """

    __tablename__ = "stage_changes"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    home_mall_id: Mapped[int]
    day: Mapped[date]
    old_stage: Mapped[str]
    stage: Mapped[str]
    old_activity: Mapped[str]
    activity: Mapped[str]
    why: Mapped[str]
    rules_id: Mapped[int | None]
    night_id: Mapped[int | None]

    __table_args__ = (
        CheckConstraint("old_stage <> stage OR old_activity <> activity", name="changes"),
        Index("ix_stage_changes_day_member_id", "day", "member_id"),
    )


class StageFlow(Model):
    """How many members of a mall went from one stage to another on a day.

    Either is empty as in `StageChange`; `stage` is `LEFT` for those who left. Of days that no night has summed, only
    what those did is here who left since. `joined`: how many of them joined by it (`moved.joined_unseen`).
    """

    __tablename__ = "stage_flows"
    __placement__ = placement.coordinator()

    day: Mapped[date] = mapped_column(primary_key=True)
    home_mall_id: Mapped[int] = mapped_column(primary_key=True)
    old_stage: Mapped[str] = mapped_column(primary_key=True)
    stage: Mapped[str] = mapped_column(primary_key=True)
    members: Mapped[int]
    joined: Mapped[int] = mapped_column(server_default=text("0"))

    __table_args__ = (CheckConstraint("joined BETWEEN 0 AND members", name="joined"),)


class LifecycleCut(Model):
    """The cut points of a day, as facts of that day.

    `high_spend_fen`: who spent so much or more within the rules' window is among those who spent most; None when nobody
    bought. The others are the 20, 40, 60 and 80 % points over all who ever bought: days since the last purchase, number
    of purchases, net fen.
    """

    __tablename__ = "lifecycle_cuts"
    __placement__ = placement.coordinator()

    day: Mapped[date] = mapped_column(primary_key=True)
    high_spend_fen: Mapped[int | None]
    recency: Mapped[list[float] | None] = mapped_column(ARRAY(Double))
    frequency: Mapped[list[float] | None] = mapped_column(ARRAY(Double))
    monetary: Mapped[list[float] | None] = mapped_column(ARRAY(Double))


class LifecycleNight(Model):
    """That a day was worked out: unique, so whoever comes second waits and finds it done.

    `is_full`: every member was counted from all rows. `members`: how many stood somewhere when the day was over.
    `started_at` is the clock's when it began: rows that were recorded from its day on are looked at again by the next
    night.
    """

    __tablename__ = "lifecycle_nights"
    __placement__ = placement.coordinator()

    id: Mapped[int] = identity_column()
    day: Mapped[date] = mapped_column(unique=True)
    is_full: Mapped[bool]
    rules_id: Mapped[int | None]
    members: Mapped[int] = mapped_column(server_default=text("0"))
    changes: Mapped[int] = mapped_column(server_default=text("0"))
    started_at: Mapped[datetime]


class LifecycleShare(Model):
    """That a day is worked out in shares of the members, each in a transaction of its own; gone once the day is done.

    The first to begin the day writes them. `is_done` is committed with the share's work.
    """

    __tablename__ = "lifecycle_shares"
    __placement__ = placement.coordinator()

    day: Mapped[date] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    is_done: Mapped[bool] = mapped_column(server_default=text("false"))
