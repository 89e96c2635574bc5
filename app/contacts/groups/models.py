"""Groups and their people."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model, identity_column
from app.kernel.distribution import placement


class WecomGroup(Model):
    """A chat of our staff with customers. `read_at` is when WeCom was last asked who is in it."""

    __tablename__ = "wecom_groups"
    __placement__ = placement.coordinator()

    id: Mapped[int] = identity_column()
    chat_id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    owner_user_id: Mapped[str]
    read_at: Mapped[datetime]
    dissolved_at: Mapped[datetime | None]


class WecomGroupPerson(Model):
    """That a person is, or was, in a group, as it was last read.

    Who the person is stands in the directory of identities under `wecom_external`, so that merging moves it along. Of
    who has left the product a digest stands in place of the id.
    """

    __tablename__ = "wecom_group_people"
    __placement__ = placement.coordinator()

    group_id: Mapped[int] = mapped_column(ForeignKey("wecom_groups.id"), primary_key=True, autoincrement=False)
    external_user_id: Mapped[str] = mapped_column(primary_key=True)
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("left_at >= joined_at", name="left_at"),
        Index("ix_wecom_group_people_external_user_id", "external_user_id"),
    )
