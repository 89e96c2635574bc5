"""Refusals for want of stock."""

from app.kernel.errors import DomainError


class CampaignOutOfStock(DomainError):
    """Nothing is left of the campaign."""

    kind = "conflict"
    code = "campaign_out_of_stock"
