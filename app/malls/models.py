"""Malls, merchants, stores: reference data of the group."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model, identity_column
from app.kernel.distribution import placement


class Mall(Model):
    """One mall of the group; stores, tariffs, entrances, stock and postings belong to it.

    `accent` is its colour; bands run from it to `accent_far`, or to a shade of itself.
    """

    __tablename__ = "malls"
    __placement__ = placement.reference()

    id: Mapped[int] = identity_column()
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    city: Mapped[str]
    accent: Mapped[str]
    accent_far: Mapped[str | None]
    slogan: Mapped[str | None]
    created_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("accent ~ '^#[0-9a-f]{6}$'", name="accent"),
        CheckConstraint("accent_far ~ '^#[0-9a-f]{6}$'", name="accent_far"),
        CheckConstraint("length(slogan) BETWEEN 1 AND 24", name="slogan"),
        # It stands in addresses, and in statement numbers before a dash that must not be its own.
        CheckConstraint("code ~ '^[A-Z0-9]{1,16}$'", name="code"),
    )


class Merchant(Model):
    """A company that runs stores in one or more malls, and is settled with per mall.

    `added_in_mall_id` is where it was added in the console: until it has stores, that mall keeps it.
    """

    __tablename__ = "merchants"
    __placement__ = placement.reference()

    id: Mapped[int] = identity_column()
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    added_in_mall_id: Mapped[int | None] = mapped_column(ForeignKey("malls.id"))
    created_at: Mapped[datetime]


class Store(Model):
    """A merchant's shop in a mall.

    It is open from `opens_minute` to `closes_minute` of the mall's day, past midnight if that is earlier, all day if it
    is the same.
    """

    __tablename__ = "stores"
    __placement__ = placement.reference()

    id: Mapped[int] = identity_column()
    mall_id: Mapped[int] = mapped_column(ForeignKey("malls.id"), index=True)
    merchant_id: Mapped[int] = mapped_column(ForeignKey("merchants.id"), index=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    floor: Mapped[str]
    category_code: Mapped[str]
    opens_minute: Mapped[int | None]
    closes_minute: Mapped[int | None]
    phone: Mapped[str | None]
    about: Mapped[str | None]
    active: Mapped[bool]
    created_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(
            "num_nulls(opens_minute, closes_minute) IN (0, 2) "
            "AND opens_minute BETWEEN 0 AND 1439 AND closes_minute BETWEEN 0 AND 1439",
            name="hours",
        ),
        CheckConstraint("length(phone) BETWEEN 3 AND 24", name="phone"),
        CheckConstraint("length(about) BETWEEN 1 AND 120", name="about"),
    )
