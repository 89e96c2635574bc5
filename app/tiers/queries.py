"""Reading growth."""

from collections.abc import Collection

from sqlalchemy import select

from app.kernel.db import db
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.kernel.lists.labels import labels_of
from app.tiers.models import GrowthAccount, GrowthEntry, Tier

ORDER = Order(GrowthEntry.id.desc())


def list_entries(member_id: int, asked: Asked = FIRST) -> Page[GrowthEntry]:
    """A page of the member's growth entries, the newest first."""
    return keyset.scalars(select(GrowthEntry).where(GrowthEntry.member_id == member_id), ORDER, asked)


def tiers_of(member_ids: Collection[int]) -> dict[int, str]:
    """The name of each member's tier; who has no growth yet stands on the lowest."""
    ladder = db.session.execute(select(Tier.threshold, Tier.name).order_by(Tier.threshold)).tuples().all()
    growth = labels_of(GrowthAccount.member_id, GrowthAccount.growth, member_ids)
    return {
        member_id: [name for threshold, name in ladder if threshold <= growth.get(member_id, 0)][-1]
        for member_id in member_ids
    }
