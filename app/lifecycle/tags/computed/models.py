"""Tags of members, how many bear each, the nights that worked them out, and the versions of their thresholds."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement
from app.kernel.versions import FromDay, Published


class MemberTag(Model):
    """A tag that follows from what a member did; it goes when that no longer speaks for it.

    `weight_bps`: how strongly, to the twentieth. `evidence`: what was counted in the window of days, as numbers; no
    personal data. `since` is the day from which on the member bears it without a break, `worked_out_on` the day since
    which the row reads so.
    """

    __tablename__ = "member_tags"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    home_mall_id: Mapped[int]
    weight_bps: Mapped[int]
    evidence: Mapped[dict[str, Any]] = mapped_column(JSONB)
    since: Mapped[date]
    worked_out_on: Mapped[date]

    __table_args__ = (
        CheckConstraint("weight_bps BETWEEN 1 AND 10000", name="weight"),
        Index("ix_member_tags_home_mall_id", "home_mall_id", "kind", "value", "member_id"),
    )


class TagCount(Model):
    """How many members of a mall bore a tag when the last night had worked tags out."""

    __tablename__ = "tag_counts"
    __placement__ = placement.coordinator()

    home_mall_id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    members: Mapped[int]


class TagNight(Model):
    """That tags were worked out for a day: unique, so whoever comes second waits and finds it done.

    `written` rows are new or read otherwise than before, `removed` ones went. `rules_id`: the version of the
    thresholds, None for the code's own.
    """

    __tablename__ = "tag_nights"
    __placement__ = placement.coordinator()

    day: Mapped[date] = mapped_column(primary_key=True)
    rules_id: Mapped[int | None]
    tags: Mapped[int]
    written: Mapped[int]
    removed: Mapped[int]
    worked_at: Mapped[datetime]


class TagRules(FromDay, Published, Model):
    """The thresholds of tags from a day on; rows are added, never changed. See `rules.Thresholds`."""

    __tablename__ = "tag_rules"
    __placement__ = placement.reference()

    window_days: Mapped[int]
    half_life_days: Mapped[int]
    least_purchases: Mapped[int]
    least_visits: Mapped[int]
    least_weight_bps: Mapped[int]
    category_bps: Mapped[int]
    brand_bps: Mapped[int]
    zone_bps: Mapped[int]
    price_sensitive_bps: Mapped[int]
    price_full_bps: Mapped[int]
    frequent_visits: Mapped[int]
    week_bps: Mapped[int]
    hours_bps: Mapped[int]
    long_stay_minutes: Mapped[int]
    short_stay_minutes: Mapped[int]
    parking_bps: Mapped[int]
    family_purchases: Mapped[int]
    browsed_days: Mapped[int]
    browsed_pages: Mapped[int]
    least_shares: Mapped[int]

    __table_args__ = (
        UniqueConstraint("effective_from"),
        CheckConstraint("half_life_days BETWEEN 1 AND window_days", name="half_life"),
        CheckConstraint("least_purchases > 0 AND least_visits > 0", name="least"),
        CheckConstraint("price_full_bps < price_sensitive_bps", name="price"),
        CheckConstraint("short_stay_minutes < long_stay_minutes", name="stay"),
    )
