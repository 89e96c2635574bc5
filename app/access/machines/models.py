"""Machines, and the nonces they have used."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model, identity_column
from app.kernel.distribution import placement


class Machine(Model):
    """A till, a gate, a counter of people or a partner's server; signs its requests with a shared secret (sealed)."""

    __tablename__ = "machines"
    __placement__ = placement.reference()

    id: Mapped[int] = identity_column()
    client_id: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    name: Mapped[str]
    secret_sealed: Mapped[bytes]
    mall_id: Mapped[int] = mapped_column(ForeignKey("malls.id"))
    merchant_id: Mapped[int | None] = mapped_column(ForeignKey("merchants.id"))
    store_id: Mapped[int | None] = mapped_column(ForeignKey("stores.id"))
    active: Mapped[bool]
    created_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("kind IN ('pos', 'gate', 'counter')", name="kind"),)


class MachineNonce(Model):
    """A nonce a machine has used; kept as long as its timestamp would still be accepted."""

    __tablename__ = "machine_nonces"
    __placement__ = placement.directory("nonce")

    machine_id: Mapped[int] = mapped_column(ForeignKey("machines.id"), primary_key=True)
    nonce: Mapped[str] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(index=True)
