"""A redemption at a till, as both ways of redeeming put it (app.flows.redemptions, app.flows.hot.redemption)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.access import audit, scopes
from app.benefits.coupons import rules
from app.benefits.coupons.coupons import RedemptionInput
from app.benefits.coupons.rules import CouponFacts
from app.kernel.facts import Fact
from app.kernel.security import codes
from app.malls.store_refs import StoreRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Till(StoreRef):
    """The store in which the asking member of staff stands, and who they are."""

    store_name: str
    floor: str
    staff_id: int
    staff_name: str

    @property
    def actor(self) -> audit.Actor:
        return audit.Actor("staff", self.staff_id, self.staff_name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Redeemed:
    """What was just done."""

    redemption_id: str
    facts: CouponFacts
    redeemed_at: datetime
    discount_fen: int
    mall_fen: int
    merchant_fen: int


def use_of(coupon: CouponFacts, till: Till, spend_fen: int | None) -> RedemptionInput:
    """What using the coupon here is worth, and who bears it."""
    discount = rules.discount_fen(coupon, spend_fen)
    mall_fen, merchant_fen = rules.shares_fen(coupon, discount)
    return RedemptionInput(
        merchant_id=till.merchant_id,
        store_id=till.store_id,
        staff_id=till.staff_id,
        channel="clerk",
        spend_fen=spend_fen,
        discount_fen=discount,
        mall_fen=mall_fen,
        merchant_fen=merchant_fen,
    )


def audit_entry(coupon: CouponFacts, use: RedemptionInput, till: Till, *, fact: Fact, now: datetime) -> dict[str, Any]:
    """The values of the audit log's entry."""
    return audit.row(
        till.actor,
        action="redemption.create",
        subject=fact,
        now=now,
        place=scopes.place_of(till),
        facts={"coupon": codes.grouped(coupon.code)[-4:], "discount_fen": use.discount_fen},
    )


def redeemed(redemption_id: str, coupon: CouponFacts, use: RedemptionInput, *, now: datetime) -> Redeemed:
    """What was done, for the answer."""
    return Redeemed(
        redemption_id=redemption_id,
        facts=coupon,
        redeemed_at=now,
        discount_fen=use.discount_fen,
        mall_fen=use.mall_fen,
        merchant_fen=use.merchant_fen,
    )
