"""Pure rules of the gateway: what became of a message, and how long a token may be used."""

from datetime import datetime, timedelta
from enum import StrEnum

from app.kernel.platforms.refusals import TEMPORARY, Meaning

_MARGIN = timedelta(seconds=200)


class Outcome(StrEnum):
    """What became of a message."""

    SENT = "sent"  # the platform took it
    REFUSED = "refused"  # the person gave no consent, used it up, or does not follow
    INVALID = "invalid"  # the message itself is wrong: template, page, data or openid
    RETRY = "retry"  # certainly not sent; may be tried later
    UNKNOWN = "unknown"  # went out without an answer: must not be sent again


def outcome_of(refused: Meaning) -> Outcome:
    """What a refusal means for the message that was to be sent."""
    if refused is Meaning.NO_CONSENT:
        return Outcome.REFUSED
    return Outcome.RETRY if refused in TEMPORARY else Outcome.INVALID


def renew_at(*, fetched_at: datetime, expires_at: datetime) -> datetime:
    """When a token should be replaced: shortly before its end, when the platform already has the next one.

    A token met late in its life (the platform gives out what it has) is used for nine tenths of what is left, so that
    its last minutes do not turn into a fetch per call.
    """
    life = expires_at - fetched_at
    return fetched_at + max(life - _MARGIN, life * 0.9)
