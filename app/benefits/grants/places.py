"""Which of the benefits that a mall still gives hold in which of its stores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.benefits.campaigns import queries as campaign_queries
from app.benefits.campaigns.models import Campaign, CampaignKind
from app.benefits.grants import grants, offering
from app.malls.models import Store

TRIGGERS = (grants.JOIN, grants.FIRST_ORDER_TASK)


@dataclass(frozen=True, slots=True)
class Holding:
    """A benefit that holds in a store, what gives it, and the stores it is limited to."""

    campaign: Campaign
    trigger: str
    stores: Sequence[Store]


def list_holding(mall_id: int, stores: Sequence[Store], *, now: datetime) -> Mapping[int, Sequence[Holding]]:
    """By store id, what somebody who becomes a member can use there, each benefit once."""
    offered: dict[int, tuple[Campaign, str]] = {}
    for trigger in TRIGGERS:
        for campaign in offering.list_available(mall_id, trigger=trigger, now=now):
            if campaign.kind != CampaignKind.PARKING.value:
                offered.setdefault(campaign.id, (campaign, trigger))
    limited = campaign_queries.list_stores([one.id for one, _ in offered.values() if not one.all_stores])
    holding: dict[int, list[Holding]] = {store.id: [] for store in stores}
    for campaign, trigger in offered.values():
        taking = limited.get(campaign.id, [])
        for store_id in holding if campaign.all_stores else [store.id for store in taking]:
            if store_id in holding:
                holding[store_id].append(Holding(campaign, trigger, taking))
    return holding
