"""Reading growth."""

from sqlalchemy import select

from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.tiers.models import GrowthEntry

ORDER = Order(GrowthEntry.id.desc())


def list_entries(member_id: int, asked: Asked = FIRST) -> Page[GrowthEntry]:
    """A page of the member's growth entries, the newest first."""
    return keyset.scalars(select(GrowthEntry).where(GrowthEntry.member_id == member_id), ORDER, asked)
