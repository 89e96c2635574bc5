"""Working out members' tags: lifecycle reads what lies below it, and is handed what coupons spared and cars stayed."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Select, case, cast, extract, func, select

from app.benefits.coupons.models import Redemption
from app.lifecycle.tags.computed import tags
from app.lifecycle.tags.computed.facts_sql import Sources
from app.lifecycle.tags.computed.tags import Done
from app.parking.sessions.models import ParkingSession, SessionNote

_PARKING_CHANNEL = "parking"
_UNKNOWN_ENDS = (SessionNote.EXIT_MISSED.value, SessionNote.ENTRY_MISSED.value)
_MINUTE_S = 60


def work_out_tags(as_of: date, *, anew: bool, now: datetime) -> Done | None:
    """Let every member bear the tags that follow from what they did up to the end of the day.

    A day that was worked out already is worked out `anew`, or left alone: None. Raises TagsWorkedOutLater.
    """
    return tags.work_out(as_of, Sources(_discounts(), _stays()), anew=anew, now=now)


def _discounts() -> Select[tuple[int, datetime, int]]:
    """What coupons spared at tills; what they spared in car parks is no part of a purchase."""
    one = Redemption
    return select(one.member_id, one.redeemed_at.label("at"), one.discount_fen.label("fen")).where(
        one.reversed_at.is_(None), one.channel != _PARKING_CHANNEL
    )


def _stays() -> Select[tuple[int | None, datetime, int]]:
    """Stays of members' cars; where a gate missed the entry or the exit, nobody knows how long."""
    one = ParkingSession
    is_known = one.exited_at.is_not(None) & func.coalesce(one.note.not_in(_UNKNOWN_ENDS), True)
    minutes = cast(extract("epoch", one.exited_at - one.entered_at) / _MINUTE_S, BigInteger)
    return select(one.member_id, one.entered_at.label("at"), case((is_known, minutes)).label("minutes")).where(
        one.member_id.is_not(None), one.note.is_distinct_from(SessionNote.PLATE_UNREAD.value)
    )
