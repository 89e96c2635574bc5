"""Members, the directory of their identities, merges, consents, preferences and sessions."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Text,
    UniqueConstraint,
    column,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model, identity_column
from app.kernel.distribution import placement


class MemberStatus(StrEnum):
    """Where a person stands with the group."""

    VISITOR = "visitor"  # known by some identity, has not joined (stage 1)
    MEMBER = "member"  # joined: consent given, phone bound
    MERGED = "merged"  # found to be another member; identities moved there
    CLOSED = "closed"  # left: identities unbound, personal data erased; the end


class IdentityKind(StrEnum):
    """What a member can be recognised by. Phones are stored as blind indexes, the rest as given."""

    MINI_OPENID = "mini_openid"
    OA_OPENID = "oa_openid"
    UNIONID = "unionid"
    WECOM_EXTERNAL = "wecom_external"
    PHONE = "phone"
    CARD_NO = "card_no"
    PLATE = "plate"


class Member(Model):
    """One person to the whole group. Phone and name are sealed (kernel.crypto); the mask is what pages show.

    `name_index` finds a name by the whole of it (`names.name_index`).
    """

    __tablename__ = "members"
    __placement__ = placement.by_member(
        "id",
        left_out={
            "fk_members_merged_into_id": "the two members may stand on different machines",
            "uq_members_card_no": "the directory of identities keeps card numbers unique",
            "uq_members_public_id": "it is random, so two are never equal",
        },
    )

    id: Mapped[int] = identity_column()
    public_id: Mapped[str] = mapped_column(unique=True)
    status: Mapped[str]
    home_mall_id: Mapped[int] = mapped_column(ForeignKey("malls.id"))
    phone_sealed: Mapped[bytes | None]
    phone_masked: Mapped[str | None]
    name_sealed: Mapped[bytes | None]
    name_index: Mapped[str | None]
    card_no: Mapped[str | None] = mapped_column(unique=True)
    joined_at: Mapped[datetime | None]
    join_entrance_id: Mapped[int | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("status IN ('visitor', 'member', 'merged', 'closed')", name="status"),
        CheckConstraint("(status = 'merged') = (merged_into_id IS NOT NULL)", name="merged_into"),
        CheckConstraint("status <> 'member' OR joined_at IS NOT NULL", name="joined_at"),
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed_at"),
        Index("ix_members_created_at", "created_at"),
        Index("ix_members_home_mall_id_joined_at", "home_mall_id", "joined_at", "id"),
        Index("ix_members_merged_into_id", "merged_into_id", postgresql_where="merged_into_id IS NOT NULL"),
        Index("ix_members_name_index", "name_index", postgresql_where="name_index IS NOT NULL"),
        Index("ix_members_name_unindexed", "id", postgresql_where="name_sealed IS NOT NULL AND name_index IS NULL"),
        Index("ix_members_phone_tail", func.right(column("phone_masked", Text), 4)),
    )


class MemberIdentity(Model):
    """Directory: which member an identity belongs to now."""

    __tablename__ = "member_identities"
    __placement__ = placement.directory("value", left_out={"fk_member_identities_member_id": placement.OTHER_KEY})

    kind: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    bound_at: Mapped[datetime]

    # By moment, for whoever has changed lately: rows are written in its order, so that a few pages are read.
    __table_args__ = (Index("ix_member_identities_bound_at", "bound_at", postgresql_using="brin"),)


class MergeWhy(StrEnum):
    """How a member was found to be another."""

    VISITOR = "visitor"  # somebody who had not joined was recognised
    PROOF = "proof"  # two who had joined share what only one person can have; a worker merged them
    CASE = "case"  # somebody of a mall said so


class MemberMerge(Model):
    """That one member was found to be another, with the identities that moved, so that it can be undone.

    `why` says how, the actor who decided it, `mall_id` in which mall it is listed: where the member stays who goes on;
    None for visitors, of whom no list is kept.

    `carried` is what else went along: which tasks, messages, parts of the profile and stays, how many points, points
    owed, growth, coupons and consents to messages, where they stood; `returned` the figures of an undoing, and where
    they stand since.
    """

    __tablename__ = "member_merges"
    __placement__ = placement.coordinator(
        left_out={
            "fk_member_merges_from_member_id": placement.FROM_COORDINATOR,
            "fk_member_merges_into_member_id": placement.FROM_COORDINATOR,
        }
    )

    id: Mapped[int] = identity_column()
    from_member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    into_member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    moved: Mapped[list[list[str]]] = mapped_column(JSONB)
    carried: Mapped[dict[str, Any]] = mapped_column(JSONB)
    why: Mapped[str]
    actor_kind: Mapped[str]
    actor_id: Mapped[int | None]
    actor_name: Mapped[str]
    mall_id: Mapped[int | None] = mapped_column(ForeignKey("malls.id"))
    merged_at: Mapped[datetime] = mapped_column(index=True)
    undone_at: Mapped[datetime | None]
    returned: Mapped[dict[str, Any] | None] = mapped_column(JSONB)

    __table_args__ = (
        CheckConstraint("(undone_at IS NULL) = (returned IS NULL)", name="returned"),
        CheckConstraint("why IN ('visitor', 'proof', 'case')", name="why"),
        CheckConstraint("(why = 'visitor') = (mall_id IS NULL)", name="listed"),
        Index(
            "ix_member_merges_mall_id_merged_at", "mall_id", "merged_at", "id", postgresql_where="mall_id IS NOT NULL"
        ),
        Index("uq_member_merges_standing", "from_member_id", unique=True, postgresql_where="undone_at IS NULL"),
    )


class ConsentDocument(Model):
    """The text a person agrees to, by version; the newest effective one is asked for."""

    __tablename__ = "consent_documents"
    __placement__ = placement.reference()

    kind: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    body: Mapped[str]
    effective_from: Mapped[datetime]


class ConsentRecord(Model):
    """That a member agreed to a version of a text, when and through which channel; withdrawal is a time on it."""

    __tablename__ = "consent_records"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    kind: Mapped[str]
    version: Mapped[str]
    channel: Mapped[str]
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "uq_consent_records_live",
            "member_id",
            "kind",
            "version",
            unique=True,
            postgresql_where="withdrawn_at IS NULL",
        ),
    )


class MemberPreference(Model):
    """A kind of thing the member said they like (newbie task 1)."""

    __tablename__ = "member_preferences"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    category: Mapped[str] = mapped_column(primary_key=True)
    chosen_at: Mapped[datetime]


class MemberSession(Model):
    """A signed-in device of a member; the token's digest only. Revoking ends it at once."""

    __tablename__ = "member_sessions"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    token_digest: Mapped[str]
    channel: Mapped[str]
    openid: Mapped[str | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("member_id", "token_digest"),)


class UsedMemberCode(Model):
    """A rolling member code that a till has taken; a code counts once."""

    __tablename__ = "used_member_codes"
    __placement__ = placement.by_member()

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    nonce: Mapped[str] = mapped_column(primary_key=True)
    used_at: Mapped[datetime] = mapped_column(index=True)
    used_by: Mapped[str]
