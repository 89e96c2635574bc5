"""A mall's one entrance of invitations, which all personal codes of its members count for."""

from datetime import datetime

from sqlalchemy import select

from app.entrances import entrances
from app.entrances.models import Entrance
from app.kernel.db import db
from app.malls.models import Mall

KIND = "invitation"
_NAME = "会员邀请"
_HEADLINE = "加入{mall}会员，领取入会礼"
_BY = "system"


def find(mall_id: int) -> Entrance | None:
    """The mall's entrance of invitations, once somebody has asked for a code."""
    return db.session.scalar(select(Entrance).where(Entrance.mall_id == mall_id, Entrance.kind == KIND))


def ensure(mall: Mall, *, now: datetime) -> None:
    """Make it where it is missing; operations may reword and stop it as any other."""
    if find(mall.id) is None:
        entrances.create_once(
            mall_id=mall.id, kind=KIND, name=_NAME, headline=_HEADLINE.format(mall=mall.name), created_by=_BY, now=now
        )
