"""Benefits as the JSON that their versions keep, and back."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from app.benefits.tier_benefits.rules import Allowance, Benefits, Priority, Rhythm, StoreDiscount, TierGives


def to_document(benefits: Benefits) -> dict[str, Any]:
    """Benefits as JSON; tiers that give nothing are left out."""
    return {
        tier: {
            "allowances": [asdict(one) for one in gives.allowances],
            "discounts": [asdict(one) for one in gives.discounts],
            "priorities": [one.value for one in gives.priorities],
            "parking_minutes": gives.parking_minutes,
        }
        for tier, gives in benefits.by_tier.items()
        if gives != TierGives()
    }


def to_benefits(document: Mapping[str, Any]) -> Benefits:
    """The benefits that a document says."""
    return Benefits({tier: _gives(told) for tier, told in document.items()})


def _gives(told: Mapping[str, Any]) -> TierGives:
    return TierGives(
        allowances=tuple(
            Allowance(one["campaign"], Rhythm(one["rhythm"]), one["number"]) for one in told["allowances"]
        ),
        discounts=tuple(StoreDiscount(**one) for one in told["discounts"]),
        priorities=tuple(map(Priority, told["priorities"])),
        parking_minutes=told.get("parking_minutes", 0),  # versions from before there were any say nothing of it
    )
