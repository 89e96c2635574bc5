"""Reading campaigns for the console: how many coupons went out and came back, and what triggers grant."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, select

from app.benefits.campaigns.models import Campaign, CampaignStore, CampaignVersion
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.lists.labels import labels_of
from app.malls.models import Store


def get_campaign(public_id: str, *, visible: ColumnElement[bool]) -> Campaign:
    """The campaign if it is visible; raises NotFound."""
    campaign = db.session.scalar(select(Campaign).where(Campaign.public_id == public_id, visible))
    if campaign is None:
        raise NotFound(campaign=public_id)
    return campaign


def list_campaigns(mall_id: int) -> Sequence[Campaign]:
    """Every campaign of a mall, the newest first, for choosing among them."""
    return db.session.scalars(select(Campaign).where(Campaign.mall_id == mall_id).order_by(Campaign.id.desc())).all()


def list_versions(campaign_id: int) -> Sequence[CampaignVersion]:
    """Every version of a campaign's terms, the latest first."""
    own = select(CampaignVersion).where(CampaignVersion.campaign_id == campaign_id)
    return db.session.scalars(own.order_by(CampaignVersion.version.desc())).all()


def titles_of(campaign_ids: Collection[int]) -> dict[int, str]:
    """Titles by id."""
    return labels_of(Campaign.id, Campaign.title, campaign_ids)


def id_of(public_id: str) -> int:
    """The id of the campaign with the public id; 0 when there is none."""
    return db.session.scalar(select(Campaign.id).where(Campaign.public_id == public_id)) or 0


def list_stores(campaign_ids: Sequence[int]) -> dict[int, list[Store]]:
    """For each campaign limited to stores, those stores by floor."""
    rows = db.session.execute(
        select(CampaignStore.campaign_id, Store)
        .join(Store, Store.id == CampaignStore.store_id)
        .where(CampaignStore.campaign_id.in_(campaign_ids))
        .order_by(Store.floor, Store.name)
    )
    stores: dict[int, list[Store]] = {}
    for campaign_id, store in rows:
        stores.setdefault(campaign_id, []).append(store)
    return stores
