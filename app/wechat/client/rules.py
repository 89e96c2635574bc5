"""Pure rules of the gateway: which error means what, and how long a token may be used."""

from datetime import datetime, timedelta
from enum import StrEnum

# The token is not the present one or is over; a new token mends it (wechat-api 0.4).
STALE_TOKEN = frozenset({40001, 40014, 42001})
# The platform itself asks to try again in a moment: busy, too many calls at once, another app is just sending.
TRY_AGAIN = frozenset({-1, 45033, 41096})
# A one-time code (login, phone, OAuth) that cannot be redeemed any more.
REJECTED_CODE = frozenset({40029, 40163, 42003, 42022, 41008})
# The quota of a minute or a day is used up.
OVER_QUOTA = frozenset({45009, 45011})

_MARGIN = timedelta(seconds=200)


class Outcome(StrEnum):
    """What became of a message."""

    SENT = "sent"  # the platform took it
    REFUSED = "refused"  # the person gave no consent, used it up, or does not follow
    INVALID = "invalid"  # the message itself is wrong: template, page, data or openid
    RETRY = "retry"  # certainly not sent; may be tried later
    UNKNOWN = "unknown"  # went out without an answer: must not be sent again


# 43101 no subscription left, 43004 not a follower, 43117 too often to this person.
_NO_CONSENT = frozenset({43101, 43004, 43117})
_NOT_SENDABLE = frozenset({40003, 40037, 41030, 47001, 47003, 48001, 43104})


def outcome_of(platform_code: int | str) -> Outcome:
    """What a refused send means; codes nobody knows count as a wrong message, so that they are not sent for ever."""
    if platform_code in _NO_CONSENT:
        return Outcome.REFUSED
    if platform_code in TRY_AGAIN | OVER_QUOTA | STALE_TOKEN:
        return Outcome.RETRY
    return Outcome.INVALID


def renew_at(*, fetched_at: datetime, expires_at: datetime) -> datetime:
    """When a token should be replaced: shortly before its end, when the platform already has the next one.

    A token met late in its life (the platform gives out what it has) is used for nine tenths of what is left, so that
    its last minutes do not turn into a fetch per call.
    """
    life = expires_at - fetched_at
    return fetched_at + max(life - _MARGIN, life * 0.9)
