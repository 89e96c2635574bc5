"""Invitations: personal codes, the friends who joined by them, and versions of what counts."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model
from app.kernel.distribution import placement
from app.kernel.versions import FromDay, Published


class Status(StrEnum):
    """How an invitation stands."""

    JOINED = "joined"  # the friend has joined; next: acted, or void
    ACTED = "acted"  # they came or bought, the waiting days run; next: paid, asked or void
    ASKED = "asked"  # people are asked whether it is real; next: paid or void
    PAID = "paid"  # the inviter has what it brings
    VOID = "void"  # it brings nothing, for the reason told


class Why(StrEnum):
    """Why an invitation brings nothing."""

    LAPSED = "lapsed"  # the friend never came
    REFUNDED = "refunded"  # what they had bought was brought back within the waiting days
    SAME_PERSON = "same_person"  # they and the inviter are one, or one was invited twice
    WAS_MEMBER = "was_member"  # they had been a member before
    LEFT = "left"  # one of the two has left
    OVER_CAP = "over_cap"  # the inviter has had as many as a month allows
    REFUSED = "refused"  # somebody looked and said no


class InvitationCode(Model):
    """Directory: a member's personal code of a mall, as it stands in their link and on their poster.

    `device` is a keyed digest of where they opened it first; None where that was not told.
    """

    __tablename__ = "invitation_codes"
    __placement__ = placement.directory("code", left_out={"fk_invitation_codes_member_id": placement.OTHER_KEY})

    code: Mapped[str] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    mall_id: Mapped[int] = mapped_column(ForeignKey("malls.id"))
    device: Mapped[str | None]
    made_at: Mapped[datetime]

    __table_args__ = (
        # Who makes one holds the member, so there is one; the keys of a directory hold what it is spread by.
        Index("ix_invitation_codes_member_id", "member_id", "mall_id"),
        CheckConstraint("length(code) BETWEEN 6 AND 20", name="code"),
    )


class InvitationPicture(Model):
    """The mini-program code of a personal code as the platform drew it; it never expires, so it is asked for once."""

    __tablename__ = "invitation_pictures"
    __placement__ = placement.directory("code", left_out={"fk_invitation_pictures_code": placement.OTHER_KEY})

    code: Mapped[str] = mapped_column(ForeignKey("invitation_codes.code"), primary_key=True)
    image: Mapped[bytes]
    fetched_at: Mapped[datetime]


class Invitation(Model):
    """A friend (`member_id`) joined by a member's code; everybody has one inviter at most, and only as they join.

    Both stand under the numbers that they had then. `look_at`: when a worker looks at it next, None when it is closed
    or people are asked. `acted_at` and `act` are the friend's first real visit or purchase in the mall, `points` and
    `growth` what the inviter was given. `device` is a keyed digest of where the friend joined.
    """

    __tablename__ = "invitations"
    __placement__ = placement.by_member(
        "inviter_id",
        left_out={
            "fk_invitations_member_id": placement.OTHER_KEY,
            "uq_invitations_member_id": "who joins is held meanwhile, and joins once",
        },
    )

    inviter_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    mall_id: Mapped[int]
    joined_at: Mapped[datetime]
    status: Mapped[str]
    look_at: Mapped[datetime | None]
    acted_at: Mapped[datetime | None]
    act: Mapped[str | None]
    closed_at: Mapped[datetime | None]
    why: Mapped[str | None]
    points: Mapped[int]
    growth: Mapped[int]
    device: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("member_id"),
        CheckConstraint("inviter_id <> member_id", name="two_people"),
        CheckConstraint("status IN ('joined', 'acted', 'asked', 'paid', 'void')", name="status"),
        CheckConstraint("(status IN ('joined', 'acted')) = (look_at IS NOT NULL)", name="look_at"),
        CheckConstraint("(status IN ('paid', 'void')) = (closed_at IS NOT NULL)", name="closed_at"),
        CheckConstraint("(status = 'void') = (why IS NOT NULL)", name="why"),
        CheckConstraint("status NOT IN ('acted', 'asked', 'paid') OR acted_at IS NOT NULL", name="acted_at"),
        CheckConstraint("(acted_at IS NULL) = (act IS NULL) AND act IN ('visit', 'purchase')", name="act"),
        CheckConstraint("points >= 0 AND growth >= 0", name="given"),
        Index("ix_invitations_look_at", "look_at", postgresql_where="look_at IS NOT NULL"),
        Index("ix_invitations_device", "joined_at", postgresql_where="device IS NOT NULL"),
        Index("ix_invitations_inviter_id_joined_at", "inviter_id", "joined_at", "member_id"),
        Index("ix_invitations_mall_id_joined_at", "mall_id", "joined_at", "inviter_id", "member_id"),
    )


class InvitationRules(FromDay, Published, Model):
    """What counts in a mall for friends who join from a day on; rows are added, never changed. See `rules.Rules`."""

    __tablename__ = "invitation_rules"
    __placement__ = placement.reference()

    mall_id: Mapped[int] = mapped_column(ForeignKey("malls.id"))
    counts_visits: Mapped[bool]
    least_fen: Mapped[int]
    within_days: Mapped[int]
    waiting_days: Mapped[int]
    most_a_month: Mapped[int]

    __table_args__ = (
        UniqueConstraint("mall_id", "effective_from"),
        CheckConstraint("least_fen >= 0", name="least_fen"),
        CheckConstraint("within_days > 0 AND waiting_days >= 0 AND most_a_month > 0", name="numbers"),
    )
