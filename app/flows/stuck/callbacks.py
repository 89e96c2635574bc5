"""What a platform told us and nobody understood: kept word by word, and asked about once a day and platform."""

import hashlib
from datetime import datetime, timedelta

from app.access.models import Role
from app.cases import cases
from app.cases.kinds import CaseKind
from app.kernel import clock
from app.kernel.spelling import texts
from app.malls import queries as malls
from app.wechat.callbacks import inbox

UNREAD = "unread"
CALLBACK_UNREAD = CaseKind(
    code="callback_unread",
    role=Role.OPERATIONS,
    within=timedelta(days=1),
    outcomes={"looked_at": None},
)


def keep(platform: str, text: str, *, now: datetime) -> bool:
    """Keep what a platform signed and we cannot read; False for what came before. A platform tells of all malls."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    known_by = f"{UNREAD}|{digest}"
    is_new = inbox.store(
        platform,
        fact=known_by,
        kind=UNREAD,
        payload={"text": texts.readable(text)},
        occurred_at=now,
        now=now,
        due_at=None,
    )
    if is_new:
        day = clock.business_date(now)
        cases.raise_case(
            CALLBACK_UNREAD,
            f"callbacks:{platform}:{day}",
            mall_id=malls.list_malls()[0].id,
            reason=platform,
            facts={"day": str(day)},
            now=now,
        )
    return is_new
