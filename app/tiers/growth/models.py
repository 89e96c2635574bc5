"""Growth accounts and their entries."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement
from app.kernel.runs.rounds import DayRound
from app.kernel.versions import FromDay, Published


class GrowthAccount(Model):
    """A member's growth value: the sum of the entries, never below zero."""

    __tablename__ = "growth_accounts"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    growth: Mapped[int]


class GrowthEntry(Model):
    """One signed change of growth and why; unique by fact.

    `counting` is how much of it counts for the period in which it is entered; None: all of it. What comes over from
    another member in a merge may have been earned long before.
    """

    __tablename__ = "growth_entries"
    __placement__ = placement.by_member(left_out={"append_only": placement.NO_TRIGGER})

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    growth: Mapped[int]
    growth_after: Mapped[int]
    counting: Mapped[int | None]
    reason_code: Mapped[str]
    reason_facts: Mapped[dict[str, str]] = mapped_column(JSONB)
    fact: Mapped[str]
    occurred_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("member_id", "fact"),)


class GrowthRules(FromDay, Published, Model):
    """What gives growth from a day on, for the whole group; rows are added, never changed. See `rule_sets.Rules`."""

    __tablename__ = "growth_rules"
    __placement__ = placement.reference()

    spend_bps: Mapped[int]
    join_growth: Mapped[int]
    task_growth: Mapped[int]
    visit_growth: Mapped[int]
    interaction_growth: Mapped[int]
    interactions_a_day: Mapped[int]
    review_growth: Mapped[int]
    reviews_a_day: Mapped[int]
    invitation_growth: Mapped[int]
    invitations_a_day: Mapped[int]

    __table_args__ = (
        UniqueConstraint("effective_from"),
        CheckConstraint(
            "spend_bps >= 0 AND join_growth >= 0 AND task_growth >= 0 AND visit_growth >= 0 AND interaction_growth >= 0"
            " AND review_growth >= 0 AND invitation_growth >= 0",
            name="growth",
        ),
        CheckConstraint("interactions_a_day > 0 AND reviews_a_day > 0 AND invitations_a_day > 0", name="a_day"),
    )


class GrowthDay(DayRound, Model):
    """How far the behaviour of a day was turned into growth."""

    __tablename__ = "growth_days"
    __placement__ = placement.coordinator()
