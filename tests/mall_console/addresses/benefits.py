"""Addresses of benefits in the console."""

from tests.builders.console import World


def pages(world: World) -> dict[str, str]:
    return {
        "/campaigns": "campaign.view",
        "/campaigns/grants": "campaign.view",
        "/campaigns/new": "campaign.manage",
        f"/campaigns/{world.campaign.public_id}/edit": "campaign.manage",
        f"/campaigns/{world.campaign.public_id}": "campaign.view",
        "/redemptions": "redemption.list",
        f"/members/{world.member.public_id}/coupons/{world.coupon.id}": "redemption.list",
    }


def forms(world: World) -> dict[str, str]:
    campaign = f"/campaigns/{world.campaign.public_id}"
    return {
        "/campaigns": "campaign.manage",
        "/campaigns/grants": "campaign.manage",
        "/campaigns/preview": "campaign.manage",
        campaign: "campaign.manage",
        f"{campaign}/stock": "campaign.manage",
        f"{campaign}/revisions/1/withdraw": "campaign.manage",
        "/campaigns/pause": "campaign.manage",
        "/campaigns/resume": "campaign.manage",
        f"{campaign}/pause": "campaign.manage",
        f"{campaign}/resume": "campaign.manage",
        f"/members/{world.member.public_id}/coupons/{world.coupon.id}/give-back": "exchange.give_back",
    }
