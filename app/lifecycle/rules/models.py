"""Versions of the rules of the lifecycle."""

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.kernel.db import Model
from app.kernel.distribution import placement
from app.kernel.versions import FromDay, Published


class LifecycleRules(FromDay, Published, Model):
    """What the stages of a day mean, from that day on; rows are added, never changed. See `rule_sets.Rules`."""

    __tablename__ = "lifecycle_rules"
    __placement__ = placement.reference()

    active_days: Mapped[int]
    silent_days: Mapped[int]
    warning_days: Mapped[int]
    sleeping_days: Mapped[int]
    lost_days: Mapped[int]
    recent_days: Mapped[int]
    repeat_purchases: Mapped[int]
    high_purchases: Mapped[int]
    spend_days: Mapped[int]
    high_spend_top_bps: Mapped[int]
    high_margin_fen: Mapped[int | None]
    high_friends: Mapped[int | None]

    __table_args__ = (
        UniqueConstraint("effective_from"),
        CheckConstraint("active_days >= 0 AND silent_days > active_days", name="activity"),
        CheckConstraint("warning_days > 0 AND sleeping_days > 0 AND lost_days > sleeping_days", name="at_risk"),
        CheckConstraint("recent_days > 0 AND spend_days >= recent_days", name="windows"),
        CheckConstraint("repeat_purchases > 1 AND high_purchases > repeat_purchases", name="purchases"),
        CheckConstraint("high_spend_top_bps BETWEEN 1 AND 9999", name="high_spend_top"),
        CheckConstraint("high_margin_fen > 0", name="high_margin"),
        CheckConstraint("high_friends > 0", name="high_friends"),
    )
