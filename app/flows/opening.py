"""A group's first mall, and every further one: the rules everybody needs, the mall, its main entrance."""

from datetime import datetime

from app.entrances import entrances
from app.identity import consents
from app.identity.profiles import households
from app.kernel.db import db
from app.malls import queries
from app.malls.models import Mall
from app.tasks import newbie
from app.tiers.ladders import ladders

ACCENT = "#0f766e"


def ensure_reference_data(*, now: datetime) -> None:
    """The ladder of tiers, the three newbie tasks and the texts members agree to, where they are missing."""
    ladders.ensure_ladder(now=now)
    newbie.ensure_tasks()
    consents.ensure_text(consents.MEMBERSHIP_TEXT, now=now)
    households.ensure_document(now=now)


def open_mall(code: str, *, name: str, city: str, accent: str = ACCENT, created_by: str, now: datetime) -> Mall:
    """Open a mall with its default entrance; a known code is returned as it is."""
    ensure_reference_data(now=now)
    known = queries.find_mall_by_code(code)
    if known is not None:
        return known
    mall = Mall(code=code, name=name, city=city, accent=accent.lower(), created_at=now)
    db.session.add(mall)
    db.session.flush()
    entrances.create(
        mall_id=mall.id,
        kind="main",
        name="主入口",
        headline=f"加入{name}会员，领取入会礼",
        store_id=None,
        created_by=created_by,
        now=now,
        is_default=True,
    )
    return mall
