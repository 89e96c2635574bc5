"""What members say they like."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from app.identity.models import MemberPreference
from app.kernel.db import db

CATEGORIES = {
    "kids": "亲子",
    "dining": "美食",
    "fashion": "服饰",
    "beauty": "美妆",
    "sports": "运动",
    "cinema": "影音",
    "digital": "数码",
    "home": "家居",
}


def choose(member_id: int, *, categories: Sequence[str], now: datetime) -> None:
    """Replace the member's preferences; the categories are known ones."""
    db.session.execute(delete(MemberPreference).where(MemberPreference.member_id == member_id))
    db.session.execute(
        insert(MemberPreference),
        [{"member_id": member_id, "category": category, "chosen_at": now} for category in dict.fromkeys(categories)],
    )
