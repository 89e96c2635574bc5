"""A coupon as a till shows it: large face, conditions in words, the member masked, what the store is paid."""

from datetime import timedelta
from typing import Any

from app.benefits.coupons.rules import CouponFacts
from app.flows.redemptions import LookedUp
from app.identity import queries as members
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.security import codes, crypto
from app.kernel.spelling import names
from app.web import errors, terms


def face_text(facts: CouponFacts) -> str:
    """What the coupon gives, in few characters."""
    return terms.face(
        facts.kind,
        face_fen=facts.face_fen,
        parking_minutes=facts.parking_minutes,
        discount_bps=facts.discount_bps,
    )


def conditions(facts: CouponFacts) -> list[str]:
    """What must hold for the coupon to be used, in words."""
    return terms.amounts(facts.kind, face_fen=facts.face_fen, min_spend_fen=facts.min_spend_fen)


def member_view(member_id: int) -> dict[str, Any]:
    """Who the member is, masked."""
    member = members.get_member(member_id)
    sealed = member.name_sealed
    name = names.mask_name(crypto.unseal(sealed, purpose=members.NAME_PURPOSE)) if sealed else ""
    return {"name": name, "phone": member.phone_masked or "", "card_no_end": (member.card_no or "")[-4:]}


def coupon_view(seen: LookedUp) -> dict[str, Any]:
    """The coupon with its refusal, if there is one. Amounts in fen before any till amount is known."""
    facts = seen.facts
    return {
        "code": facts.code,
        "code_grouped": codes.grouped(facts.code),
        "title": facts.campaign_title,
        "summary": facts.campaign_summary,
        "kind": facts.kind.value,
        "face_text": face_text(facts),
        "conditions": conditions(facts),
        "valid_until": terms.last_day(facts.valid_until),
        "days_left": max((clock.business_date(facts.valid_until - timedelta(seconds=1)) - _today()).days, 0),
        "needs_spend": seen.needs_spend,
        "min_spend_fen": facts.min_spend_fen,
        "face_fen": facts.face_fen,
        "discount_bps": facts.discount_bps,
        "discount_fen": seen.discount_fen,
        "mall_fen": seen.mall_fen,
        "mall_share_bps": facts.mall_share_bps,
        "refusal": refusal_view(seen.refusal) if seen.refusal is not None else None,
    }


def _today() -> Any:
    return clock.business_date(clock.now())


def refusal_view(error: DomainError) -> dict[str, Any]:
    """A refusal that is part of an answer, in the shape errors have."""
    facts = errors.told_facts(error)
    return {"code": error.code, "message": errors.message_of(error.code, facts), "fields": facts}
