"""What the audit log calls exchanges."""

from collections.abc import Collection

from sqlalchemy import select, tuple_

from app.benefits.campaigns.models import Campaign
from app.benefits.exchanges.models import CouponExchange
from app.kernel.db import db


def _titles_of(subjects: Collection[str]) -> dict[str, str]:
    """Titles of the coupons by `<member>-<exchange>`."""
    keys = [tuple(map(int, subject.split("-"))) for subject in subjects]
    one = CouponExchange
    rows = db.session.execute(
        select(one.member_id, one.id, Campaign.title)
        .join(Campaign, Campaign.id == one.campaign_id)
        .where(tuple_(one.member_id, one.id).in_(keys))
    )
    return {f"{member_id}-{number}": title for member_id, number, title in rows}


NAMES = {"exchange": _titles_of}
