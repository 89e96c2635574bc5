"""Reading growth."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, select

from app.kernel.db import db
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.kernel.lists.labels import labels_of
from app.tiers.models import GrowthAccount, GrowthEntry, Tier

ORDER = Order(GrowthEntry.id.desc())


def list_entries(*wanted: ColumnElement[bool], order: Order = ORDER, asked: Asked = FIRST) -> Page[GrowthEntry]:
    """A page of growth entries, the newest first if not asked otherwise."""
    return keyset.scalars(select(GrowthEntry).where(*wanted), order, asked)


def tiers_of(member_ids: Collection[int]) -> dict[int, str]:
    """The name of each member's tier; who has no growth yet stands on the lowest."""
    ladder = db.session.execute(select(Tier.threshold, Tier.name).order_by(Tier.threshold)).tuples().all()
    growth = labels_of(GrowthAccount.member_id, GrowthAccount.growth, member_ids)
    return {
        member_id: [name for threshold, name in ladder if threshold <= growth.get(member_id, 0)][-1]
        for member_id in member_ids
    }


def list_names() -> dict[str, str]:
    """The names of the tiers by their codes, the lowest first."""
    return dict(db.session.execute(select(Tier.code, Tier.name).order_by(Tier.threshold)).tuples().all())
