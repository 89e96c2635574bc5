"""Payments with points in stores by the thousand: rows of those that were paid at the moment they were asked for."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from app.kernel.fastpath.copies import copy_in
from app.malls.store_refs import StoreRef
from app.points.till.models import PaymentStatus, PointsPayment
from app.points.till.payments import Sum
from app.points.till.rules import TillTerms


class Paid(NamedTuple):
    """A payment that a machine asked for, the member agreed to and the machine took, all at one moment."""

    member_id: int
    public_id: str
    store: StoreRef
    machine_id: int
    asked: Sum
    consent: str
    terms: TillTerms
    at: datetime

    @property
    def confirm_by(self) -> datetime:
        """Until when the member could have agreed."""
        return self.at + timedelta(minutes=self.terms.wait_minutes)


_COLUMNS = (
    "member_id",
    "public_id",
    "mall_id",
    "merchant_id",
    "store_id",
    "machine_id",
    "points",
    "worth_fen",
    "factor_bps",
    "status",
    "consent",
    "created_at",
    "confirm_by",
    "consented_at",
    "paid_at",
)


def write(payments: Sequence[Paid]) -> None:
    """Write them; raises IntegrityError when a code has paid already."""
    copy_in(PointsPayment, _COLUMNS, map(_row, payments))


def _row(one: Paid) -> tuple[object, ...]:
    store, asked = one.store, one.asked
    who = (one.member_id, one.public_id, store.mall_id, store.merchant_id, store.store_id, one.machine_id)
    what = (asked.points, asked.worth_fen, asked.factor_bps, PaymentStatus.PAID.value, one.consent)
    return *who, *what, one.at, one.confirm_by, one.at, one.at
