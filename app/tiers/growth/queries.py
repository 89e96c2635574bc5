"""Reading growth."""

from sqlalchemy import ColumnElement, select

from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.tiers.growth.models import GrowthEntry

ORDER = Order(GrowthEntry.id.desc())


def list_entries(*wanted: ColumnElement[bool], order: Order = ORDER, asked: Asked = FIRST) -> Page[GrowthEntry]:
    """A page of growth entries, the newest first if not asked otherwise."""
    return keyset.scalars(select(GrowthEntry).where(*wanted), order, asked)
