"""What an event may say: values in, an event or the reason why it is none out. No session, no clock."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from app.behaviour.models import BehaviourKind
from app.kernel.spelling import names

OLDEST = timedelta(days=7)
# A telephone measures between two of its own moments, so nothing lies after its telling but for rounding.
AHEAD = timedelta(seconds=5)
_NOW = timedelta(0)
MOST_WORDS = 40
MOST_WRITTEN = 200
MOST_SECONDS = 3_600  # longer ago somebody put the telephone away
_DIGITS_OF_A_NUMBER = 7
_FIELDS = {"id", "kind", "at", "page", "subject", "words", "seconds", "scene"}
_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_PAGE = re.compile(r"[a-z0-9_/-]{1,64}")
_SUBJECT = re.compile(r"[A-Za-z0-9_:.-]{1,64}")
_SCENE = re.compile(r"[A-Za-z0-9_-]{1,32}")


class Reason(StrEnum):
    """Why an event is not kept."""

    MALFORMED = "malformed"  # no object, or one with names that nobody knows
    BAD_ID = "bad_id"
    UNKNOWN_KIND = "unknown_kind"
    BAD_TIME = "bad_time"
    IN_FUTURE = "in_future"  # after the batch was sent, by the client's own clock
    TOO_OLD = "too_old"  # more than seven days before it
    BAD_PAGE = "bad_page"
    BAD_SUBJECT = "bad_subject"
    BAD_WORDS = "bad_words"
    BAD_SECONDS = "bad_seconds"
    BAD_SCENE = "bad_scene"


# What an event of the kind cannot be without, and the reason for refusing it.
_NEEDED = {
    BehaviourKind.PAGE: ("page", Reason.BAD_PAGE),
    BehaviourKind.SEARCH: ("words", Reason.BAD_WORDS),
    BehaviourKind.FAVOURITE: ("subject", Reason.BAD_SUBJECT),
    BehaviourKind.ROUTE: ("subject", Reason.BAD_SUBJECT),
    BehaviourKind.DWELL: ("seconds", Reason.BAD_SECONDS),
}


class Refused(Exception):
    """The event is not kept; the reason says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class Event(NamedTuple):
    """What a client told of one act, its moment by our clock; by the names of its columns."""

    event_id: str
    kind: BehaviourKind
    occurred_at: datetime
    page: str | None
    subject: str | None
    words: str | None
    seconds: int | None
    scene: str


def read(told: Any, *, sent_at: datetime, now: datetime) -> Event:
    """The event that a client told in a batch it sent at `sent_at` of its own clock; raises Refused.

    However wrong its clock, it knows how long before sending something happened; that much before `now` it was.
    """
    if not isinstance(told, dict) or not told.keys() <= _FIELDS:
        raise Refused(Reason.MALFORMED)
    kind = _kind(told.get("kind"))
    needed, reason = _NEEDED.get(kind, (None, Reason.MALFORMED))
    if needed is not None and told.get(needed) is None:
        raise Refused(reason)
    event_id = _matching(_ID, told.get("id"), Reason.BAD_ID)
    if event_id is None:
        raise Refused(Reason.BAD_ID)
    return Event(
        event_id=event_id,
        kind=kind,
        occurred_at=_moment(told.get("at"), sent_at=sent_at, now=now),
        page=_matching(_PAGE, told.get("page"), Reason.BAD_PAGE),
        subject=_matching(_SUBJECT, told.get("subject"), Reason.BAD_SUBJECT),
        words=_words(told.get("words")),
        seconds=_seconds(told.get("seconds")),
        scene=_matching(_SCENE, told.get("scene") or None, Reason.BAD_SCENE) or "",
    )


_KINDS: Mapping[Any, BehaviourKind] = {kind.value: kind for kind in BehaviourKind}


def _kind(told: Any) -> BehaviourKind:
    kind = _KINDS.get(told) if isinstance(told, str) else None
    if kind is None:
        raise Refused(Reason.UNKNOWN_KIND)
    return kind


def _matching(pattern: re.Pattern[str], told: Any, reason: Reason) -> str | None:
    if told is None:
        return None
    if not isinstance(told, str) or pattern.fullmatch(told) is None:
        raise Refused(reason)
    return told


def _moment(told: Any, *, sent_at: datetime, now: datetime) -> datetime:
    try:
        written = datetime.fromisoformat(told)
    except (TypeError, ValueError):
        raise Refused(Reason.BAD_TIME) from None
    if written.tzinfo is None:
        raise Refused(Reason.BAD_TIME)
    ago = sent_at - written
    if ago > OLDEST:
        raise Refused(Reason.TOO_OLD)
    if ago < -AHEAD:
        raise Refused(Reason.IN_FUTURE)
    return now - ago if ago > _NOW else now


def _words(told: Any) -> str | None:
    """What is looked for, in one spelling and cut short; a long number may be somebody's and is not kept."""
    if told is None:
        return None
    if not isinstance(told, str) or len(told) > MOST_WRITTEN:
        raise Refused(Reason.BAD_WORDS)
    words = names.spell_words(told).lower()[:MOST_WORDS].strip()
    if not words:
        raise Refused(Reason.BAD_WORDS)
    return None if sum(map(_is_digit, words)) >= _DIGITS_OF_A_NUMBER else words


_is_digit: Callable[[str], bool] = str.isdigit


def _seconds(told: Any) -> int | None:
    if told is None:
        return None
    if not isinstance(told, int) or isinstance(told, bool) or told < 0:
        raise Refused(Reason.BAD_SECONDS)
    return min(told, MOST_SECONDS)
