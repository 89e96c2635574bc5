"""A coupon at a till: looked up, redeemed exactly once, undone within a quarter of an hour.

Redeeming over HTTP is tried as one statement first (`app.flows.hot.redemption`); this is the plain way, which also says
why not. The coupon's conditional update is the only judge: whoever changes the row has redeemed it. Everything said
before it is courtesy; everything written after it rolls back with it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.access import audit, scopes
from app.benefits.campaigns import queries as campaign_queries
from app.benefits.coupons import coupons, queries, rules, till_queries
from app.benefits.coupons import facts as coupon_facts
from app.benefits.coupons.errors import CouponAlreadyRedeemed, CouponCodeGarbled, CouponNotForStore, CouponNotFound
from app.benefits.coupons.models import Redemption
from app.benefits.coupons.rules import CouponFacts
from app.flows.consequences.uses import redemption as consequences
from app.identity import queries as identity_queries
from app.identity.codes import member_codes, spoken_codes
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.facts import Fact
from app.kernel.security import codes
from app.kernel.spelling.codes import COUPON_LENGTH, spell_code
from app.malls.store_refs import StoreRef
from app.settlement.ledger import postings
from app.timeline import events
from app.timeline.models import EventKind


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


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedUp:
    """A coupon as the till sees it: the refusal if there is one, and what the store would be paid (no amount yet)."""

    facts: CouponFacts
    refusal: DomainError | None
    discount_fen: int
    mall_fen: int
    needs_spend: bool


def look_up_coupon(code: str, till: Till, *, now: datetime) -> LookedUp:
    """The coupon behind a typed or scanned code, with the reason if it cannot be used here and now.

    Raises CouponNotFound for an unknown or mistyped code.
    """
    return _seen_from(_get_by_code(code, till), till, now=now)


def look_up_member(member_code: str, till: Till, *, now: datetime) -> tuple[int, list[LookedUp]]:
    """Take a member's rolling code and list their coupons that this store accepts; returns (member_id, coupons).

    Raises MemberCodeInvalid, MemberCodeExpired, MemberCodeUsed.
    """
    return _with_coupons(member_codes.use(member_code, used_by=f"store:{till.store_id}", now=now), till, now=now)


def look_up_spoken(tail: str, digits: str, till: Till, *, now: datetime) -> tuple[int, list[LookedUp]]:
    """As `look_up_member`, by the end of the phone and the digits beside the code, as the member says them.

    Raises SpokenCodeUnknown, SpokenCodeUnclear, MemberCodeUsed.
    """
    return _with_coupons(spoken_codes.use(tail, digits, used_by=f"store:{till.store_id}", now=now), till, now=now)


def _with_coupons(member_id: int, till: Till, *, now: datetime) -> tuple[int, list[LookedUp]]:
    usable = queries.list_usable_in_store(member_id, store_id=till.store_id, now=now)
    return member_id, [_seen_from(facts, till, now=now) for facts in usable]


def _get_by_code(code: str, till: Till) -> CouponFacts:
    clean = spell_code(code)
    if not clean.isascii():
        raise CouponCodeGarbled
    if not codes.is_well_formed(clean, COUPON_LENGTH):
        raise CouponNotFound
    return queries.get_by_code(clean, store_id=till.store_id)


def _seen_from(facts: CouponFacts, till: Till, *, now: datetime) -> LookedUp:
    refusal: DomainError | None = None
    try:
        _ensure_redeemable(facts, till, now=now)
    except DomainError as error:
        refusal = error
    discount = rules.discount_fen(facts, None)
    mall_fen, _ = rules.shares_fen(facts, discount)
    return LookedUp(
        facts=facts, refusal=refusal, discount_fen=discount, mall_fen=mall_fen, needs_spend=rules.needs_spend(facts)
    )


def _ensure_redeemable(facts: CouponFacts, till: Till, *, now: datetime) -> None:
    """The rules' refusals, with the facts that only a look around can add."""
    try:
        rules.ensure_for_till(facts, now=now)
    except CouponAlreadyRedeemed:
        raise _already_redeemed(facts, till, now=now) from None
    except CouponNotForStore:
        raise _where_it_is_valid(facts, till) from None


def _already_redeemed(facts: CouponFacts, till: Till, *, now: datetime) -> CouponAlreadyRedeemed:
    found = till_queries.find_live_redemption(facts.member_id, facts.coupon_id)
    if found is None:
        return CouponAlreadyRedeemed(redeemed_at=None, is_today=False, store="", is_here=False)
    redemption, store = found
    return CouponAlreadyRedeemed(
        redeemed_at=redemption.redeemed_at,
        is_today=clock.business_date(redemption.redeemed_at) == clock.business_date(now),
        store=store.name,
        is_here=store.id == till.store_id,
    )


def _where_it_is_valid(facts: CouponFacts, till: Till) -> CouponNotForStore:
    """With how many shops take the coupon and the nearest of them: in this mall first, then the fewest floors away."""
    stores = campaign_queries.list_stores([facts.campaign_id]).get(facts.campaign_id, [])
    if not stores:
        return CouponNotForStore(store_count=0)
    own_floor = _level(till.floor)
    nearest = min(stores, key=lambda s: (s.mall_id != till.mall_id, abs(_level(s.floor) - own_floor), s.name))
    return CouponNotForStore(store_count=len(stores), floor=nearest.floor, store=nearest.name)


def _level(floor: str) -> int:
    """`3F`, `L3` → 3; `B1` → -1; anything else counts as the ground floor."""
    digits = "".join(letter for letter in floor if letter.isdigit())
    level = int(digits) if digits else 1
    return -level if floor.upper().startswith("B") else level


def redeem_coupon(code: str, till: Till, *, spend_fen: int | None, now: datetime) -> Redeemed:
    """Use the coupon in this store: redemption, timeline, postings and audit, or one refusal with its reason.

    Raises the errors of benefits, each with the next step as facts.
    """
    facts = _get_by_code(code, till)
    _ensure_redeemable(facts, till, now=now)
    rules.ensure_spend(facts, spend_fen)
    use = use_of(facts, till, spend_fen)
    redemption_id = coupons.redeem(facts, use, now=now)
    if redemption_id is None:
        _ensure_redeemable(_get_by_code(code, till), till, now=now)  # says what became of it meanwhile
        raise _already_redeemed(facts, till, now=now)
    found = consequences.describe(redemption_id, facts, use, till, now=now)
    audit.write(audit_entry(facts, use, till, fact=found.fact, now=now))
    consequences.apply(found)
    return redeemed(redemption_id, facts, use, now=now)


def use_of(coupon: CouponFacts, till: Till, spend_fen: int | None) -> coupons.RedemptionInput:
    """What using the coupon here is worth, and who bears it."""
    return consequences.use_at_till(coupon, till, spend_fen, staff_id=till.staff_id)


def audit_entry(
    coupon: CouponFacts, use: coupons.RedemptionInput, till: Till, *, fact: Fact, now: datetime
) -> dict[str, Any]:
    """The values of the audit log's entry."""
    return audit.row(
        till.actor,
        action="redemption.create",
        subject=fact,
        now=now,
        place=scopes.place_of(till),
        facts={"coupon": codes.grouped(coupon.code)[-4:], "discount_fen": use.discount_fen},
    )


def redeemed(redemption_id: str, coupon: CouponFacts, use: coupons.RedemptionInput, *, now: datetime) -> Redeemed:
    """What was done, for the answer."""
    return Redeemed(
        redemption_id=redemption_id,
        facts=coupon,
        redeemed_at=now,
        discount_fen=use.discount_fen,
        mall_fen=use.mall_fen,
        merchant_fen=use.merchant_fen,
    )


def reverse_redemption(redemption_id: str, till: Till, *, now: datetime) -> Redemption:
    """Undo a redemption of this store: the coupon is free again, postings and timeline say so.

    Whoever was merged since has the coupon as whom they were merged into. Raises RedemptionNotFound, ReversalTooLate,
    RedemptionAlreadyReversed.
    """
    redemption = coupons.reverse(redemption_id, store_id=till.store_id, staff_id=till.staff_id, now=now)
    fact, undone = coupon_facts.reversal(redemption_id), coupon_facts.redemption(redemption_id)
    events.record(
        identity_queries.get_member(redemption.member_id).id,
        kind=EventKind.REDEMPTION_REVERSED,
        fact=fact,
        occurred_at=now,
        mall_id=till.mall_id,
        store_id=till.store_id,
        source="clerk",
    )
    audit.record(
        till.actor,
        action="redemption.undo",
        subject=undone,
        now=now,
        place=scopes.place_of(till),
        facts={"discount_fen": redemption.discount_fen},
    )
    postings.reverse(fact=undone, reversal_fact=fact, occurred_at=now)
    return redemption
