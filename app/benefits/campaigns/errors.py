"""Refusals about campaigns."""

from app.kernel.errors import DomainError


class CampaignNotAvailable(DomainError):
    """The campaign is not running, or not offered here."""

    kind = "not_found"
    code = "campaign_not_available"


class CampaignLimitReached(DomainError):
    """The member already has as many as the campaign allows."""

    kind = "conflict"
    code = "campaign_limit_reached"


class CampaignInvalid(DomainError):
    """The campaign's terms make no sense together. Fact: field."""

    code = "campaign_invalid"


class CampaignCodeTaken(DomainError):
    """The mall has a campaign with this code."""

    kind = "conflict"
    code = "campaign_code_taken"


class CampaignChanged(DomainError):
    """Somebody else edited the campaign after its terms had been read."""

    kind = "conflict"
    code = "campaign_changed"


class CampaignForOtherTiers(CampaignNotAvailable):
    """The member stands on none of the tiers that the campaign is for. Fact: tiers, as `audience.named` says them."""

    code = "campaign_for_other_tiers"


class CampaignStoreRemoved(DomainError):
    """An edit would take stores away in which coupons that members hold can be used."""

    kind = "conflict"
    code = "campaign_store_removed"


class CampaignPlanned(DomainError):
    """A change of the campaign waits for its moment."""

    kind = "conflict"
    code = "campaign_planned"


class CampaignRevisionBegun(DomainError):
    """The moment from which a change holds is past, or the change was withdrawn."""

    kind = "conflict"
    code = "campaign_revision_begun"
