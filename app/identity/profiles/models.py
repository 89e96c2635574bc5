"""What a member told of themselves, and what they decided about its use."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement


class Nearby(StrEnum):
    """What a member has near the mall."""

    HOME = "home"
    OFFICE = "office"
    BOTH = "both"
    NEITHER = "neither"


class MemberProfile(Model):
    """What one member told, and decided; no row: nothing yet.

    Days are the mall's. `birthday_first_on` is when a birthday was told for the first time and stays when it is taken
    back, `birthday_changed_on` when it was last changed after that. `skipped` are fields that are not asked for again.
    `profiling_off_at` is set while the member is left out of what is concluded about members.
    """

    __tablename__ = "member_profiles"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, autoincrement=False)
    birth_month: Mapped[int | None]
    birth_day: Mapped[int | None]
    birth_year: Mapped[int | None]
    birthday_first_on: Mapped[date | None]
    birthday_changed_on: Mapped[date | None]
    nearby: Mapped[str | None]
    skipped: Mapped[list[str]] = mapped_column(ARRAY(Text))
    profiling_off_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("(birth_month IS NULL) = (birth_day IS NULL)", name="birthday"),
        CheckConstraint("birth_year IS NULL OR birth_month IS NOT NULL", name="birth_year"),
        CheckConstraint("birth_month IS NULL OR birthday_first_on IS NOT NULL", name="birthday_first_on"),
        CheckConstraint(
            "birth_month BETWEEN 1 AND 12 AND birth_day BETWEEN 1 AND "
            "CASE birth_month WHEN 2 THEN 29 WHEN 4 THEN 30 WHEN 6 THEN 30 WHEN 9 THEN 30 WHEN 11 THEN 30 ELSE 31 END",
            name="birth_day",
        ),
        CheckConstraint("nearby IN ('home', 'office', 'both', 'neither')", name="nearby"),
        Index(
            "ix_member_profiles_birthday",
            "birth_month",
            "birth_day",
            postgresql_where="birth_month IS NOT NULL",
        ),
        Index("ix_member_profiles_changed_at", "changed_at", postgresql_using="brin"),
    )


class MemberHousehold(Model):
    """How many children of which age a member said they have, under a consent of kind `household`; all 0: none.

    Neither names nor birthdays. Taking the consent back deletes the row.
    """

    __tablename__ = "member_households"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, autoincrement=False)
    age_0_2: Mapped[int]
    age_3_6: Mapped[int]
    age_7_12: Mapped[int]
    age_13_17: Mapped[int]
    told_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(
            "age_0_2 BETWEEN 0 AND 5 AND age_3_6 BETWEEN 0 AND 5 AND age_7_12 BETWEEN 0 AND 5 "
            "AND age_13_17 BETWEEN 0 AND 5",
            name="children",
        ),
    )
