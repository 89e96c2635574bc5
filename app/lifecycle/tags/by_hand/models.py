"""The words of a mall, and who bears them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model, identity_column
from app.kernel.distribution import placement


class ManualTag(Model):
    """A word that staff of a mall put to members, who answers for it, and what it means."""

    __tablename__ = "manual_tags"
    __placement__ = placement.reference()

    id: Mapped[int] = identity_column()
    mall_id: Mapped[int] = mapped_column(ForeignKey("malls.id"))
    name: Mapped[str]
    note: Mapped[str]
    owner_id: Mapped[int]
    owner_name: Mapped[str]
    created_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("mall_id", "name"),
        CheckConstraint("length(name) BETWEEN 1 AND 12", name="name"),
    )


class MemberManualTag(Model):
    """That a member bears a word: who put it to them, when, and why."""

    __tablename__ = "member_manual_tags"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, autoincrement=False)
    tag_id: Mapped[int] = mapped_column(ForeignKey("manual_tags.id"), primary_key=True, autoincrement=False)
    note: Mapped[str]
    given_by: Mapped[int]
    given_by_name: Mapped[str]
    given_at: Mapped[datetime]

    __table_args__ = (Index("ix_member_manual_tags_tag_id", "tag_id", "member_id"),)
