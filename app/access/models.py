"""Staff, their roles and sessions, machines that call us, and the audit log."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model, identity_column
from app.kernel.distribution import placement


class Role(StrEnum):
    """What a member of staff may do; where is the role's scope."""

    CLERK = "clerk"
    MERCHANT_MANAGER = "merchant_manager"
    OPERATIONS = "operations"
    FINANCE = "finance"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class Staff(Model):
    """Somebody who works here; signs in with phone and password (argon2).

    A temporary password was chosen by somebody else: it opens nothing but the page that replaces it.
    `member_index` is the phone's index among members; None until a job has worked it out for who was there before.
    """

    __tablename__ = "staff"
    __placement__ = placement.reference()

    id: Mapped[int] = identity_column()
    public_id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    phone_index: Mapped[str] = mapped_column(unique=True)
    member_index: Mapped[str | None]
    phone_sealed: Mapped[bytes]
    phone_masked: Mapped[str]
    password_hash: Mapped[str]
    password_temporary: Mapped[bool]
    active: Mapped[bool]
    created_at: Mapped[datetime]


class StaffRole(Model):
    """A role within a scope: the group (all null), a mall, a merchant (within a mall or everywhere), or a store.

    `scope` spells the three numbers out so that one unique key covers them.
    """

    __tablename__ = "staff_roles"
    __placement__ = placement.reference()

    id: Mapped[int] = identity_column()
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    role: Mapped[str]
    scope: Mapped[str]
    mall_id: Mapped[int | None] = mapped_column(ForeignKey("malls.id"))
    merchant_id: Mapped[int | None] = mapped_column(ForeignKey("merchants.id"))
    store_id: Mapped[int | None] = mapped_column(ForeignKey("stores.id"))

    __table_args__ = (
        CheckConstraint(
            "role IN ('clerk', 'merchant_manager', 'operations', 'finance', 'administrator', 'auditor')", name="role"
        ),
        CheckConstraint("role <> 'clerk' OR store_id IS NOT NULL", name="clerk_has_store"),
        CheckConstraint("role <> 'merchant_manager' OR merchant_id IS NOT NULL", name="manager_has_merchant"),
        UniqueConstraint("staff_id", "role", "scope"),
    )


class StaffSession(Model):
    """A signed-in browser of a member of staff, on the portal (with the store they stand in) or the console."""

    __tablename__ = "staff_sessions"
    __placement__ = placement.coordinator()

    id: Mapped[int] = identity_column()
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    portal: Mapped[str] = mapped_column("face")
    token_digest: Mapped[str] = mapped_column(unique=True)
    store_id: Mapped[int | None] = mapped_column(ForeignKey("stores.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class AuditEntry(Model):
    """What a person or machine changed: who, what, where, with which facts. Only grows; holds no personal data."""

    __tablename__ = "audit_entries"
    __placement__ = placement.coordinator()

    id: Mapped[int] = identity_column()
    at: Mapped[datetime]
    actor_kind: Mapped[str]
    actor_id: Mapped[int | None]
    actor_name: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    mall_id: Mapped[int | None]
    merchant_id: Mapped[int | None]
    store_id: Mapped[int | None]
    facts: Mapped[dict[str, Any]]

    __table_args__ = (
        Index("ix_audit_entries_mall_id_id", "mall_id", "id"),
        Index("ix_audit_entries_at", "at"),
        Index("ix_audit_entries_action", "mall_id", "action", "id", postgresql_ops={"action": "text_pattern_ops"}),
    )
