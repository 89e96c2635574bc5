"""Addresses of tiers in the console."""

from tests.builders.console import World
from tests.builders.restatements import LADDER


def pages(world: World) -> dict[str, str]:
    return {
        "/tiers": "tier.view",
        "/tiers/benefits": "tier.view",
        "/tiers/benefits/new": "tier.manage",
        "/tiers/growth": "tier.view",
        "/tiers/new": "tier.manage",
        f"/tiers/rehearsals/{LADDER}": "tier.manage",
        "/tiers/near/falling": "tier.view",
        "/tiers/near/rising": "tier.view",
    }


def forms(world: World) -> dict[str, str]:
    return {
        "/tiers": "tier.manage",
        "/tiers/example": "tier.manage",
        f"/tiers/rehearsals/{LADDER}": "tier.manage",
        "/tiers/1/withdraw": "tier.manage",
        "/tiers/benefits": "tier.manage",
        "/tiers/benefits/example": "tier.manage",
        "/tiers/benefits/1/withdraw": "tier.manage",
        "/tiers/growth": "tier.manage",
        "/tiers/growth/1/withdraw": "tier.manage",
    }
