"""Events of the mini-program, one month of them in each partition."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement


class BehaviourKind(StrEnum):
    """What somebody does with the mini-program."""

    OPEN = "open"
    PAGE = "page"
    SEARCH = "search"
    SHARE = "share"
    FAVOURITE = "favourite"
    ROUTE = "route"  # read the way to a place
    DWELL = "dwell"  # how long a page was looked at, told when it is left


class BehaviourEvent(Model):
    """One event. `occurred_at` is by our clock, `month` is the first day of the mall's month of `received_at`.

    `page` is where it happened and `subject` what it was about, both in the client's words; `scene` is the entrance
    that the mini-program was opened through, empty without one; `seconds` is how long somebody stayed. `words` is what
    was searched for: it goes after a month (`words.forget`), the event after as many months as a setting says, its
    partition with all others of the month.

    `event_id` is made by the client and makes the event once within a month. No foreign key leads to the member: making
    and dropping a month would lock the table of all members.
    """

    __tablename__ = "behaviour_events"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    month: Mapped[date] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime]
    page: Mapped[str | None]
    subject: Mapped[str | None]
    words: Mapped[str | None]
    seconds: Mapped[int | None]
    scene: Mapped[str]

    __table_args__ = (
        CheckConstraint("extract(day FROM month) = 1", name="month"),
        CheckConstraint(
            f"kind IN ({', '.join(repr(kind.value) for kind in BehaviourKind)})",
            name="kind",
        ),
        CheckConstraint("seconds >= 0", name="seconds"),
        CheckConstraint("length(words) BETWEEN 1 AND 40", name="words"),
        Index("ix_behaviour_events_words", "received_at", postgresql_where="words IS NOT NULL"),
        {"postgresql_partition_by": "RANGE (month)"},
    )
