"""The member code that can be said aloud: six digits of the minute, which count only with the end of the phone number.

They are worked out from who and when, so showing them writes nothing. A till accepts them for as long as the picture
beside them, and takes them once.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select

from app.identity.codes import member_codes
from app.identity.errors import SpokenCodeUnclear, SpokenCodeUnknown
from app.identity.models import Member, MemberStatus
from app.kernel.db import db
from app.kernel.security import crypto

_WINDOW_S = int(member_codes.LIFETIME.total_seconds())
_PURPOSE = "member.spoken_code"


def digits_of(public_id: str, *, now: datetime) -> str:
    """What the member's phone shows in this minute."""
    return _digits(public_id, _window(now))


def use(tail: str, digits: str, *, used_by: str, now: datetime) -> int:
    """Take the digits with the last four of the phone, once; returns the member's id.

    The same taker may say them again within their life. Raises SpokenCodeUnknown, SpokenCodeUnclear when two members
    would answer to them, MemberCodeUsed.
    """
    oldest = _window(now - member_codes.LIFETIME - member_codes.GRACE)
    windows = range(oldest, _window(now) + 1)
    member_id, window = the_one(
        {
            member_id: window
            for member_id, public_id in _candidates(tail)
            for window in windows
            if _digits(public_id, window) == digits
        }
    )
    member_codes.take_once(member_id, f"spoken:{window}", used_by=used_by, now=now)
    return member_id


def the_one(found: Mapping[int, int]) -> tuple[int, int]:
    """The only member among those who answer to what was said; raises SpokenCodeUnknown, SpokenCodeUnclear."""
    if not found:
        raise SpokenCodeUnknown
    if len(found) > 1:
        raise SpokenCodeUnclear
    [pair] = found.items()
    return pair


def _candidates(tail: str) -> Sequence[tuple[int, str]]:
    """Everybody whose phone ends so: one in ten thousand."""
    rows = db.session.execute(
        select(Member.id, Member.public_id).where(
            func.right(Member.phone_masked, 4) == tail, Member.status == MemberStatus.MEMBER.value
        )
    )
    return [(row.id, row.public_id) for row in rows]


def _window(moment: datetime) -> int:
    return int(moment.timestamp()) // _WINDOW_S


def _digits(public_id: str, window: int) -> str:
    keyed = crypto.blind_index(f"{public_id}:{window}", purpose=_PURPOSE)
    return f"{int(keyed[:15], 16) % 1_000_000:06}"
