"""Words that somebody searched for, in an address: sealed, because addresses end in logs and in browsers' histories.

Codes, receipts, phones, plates and people's names are sent by POST and come back as `?q=<sealed>`, so that reload,
back, the next page and a file work as with any list. They can be read for as long as a session lasts.
"""

import base64
import re
from datetime import datetime, timedelta

from app.kernel.security import crypto
from app.kernel.security.crypto import SealBroken

KEPT_FOR = timedelta(hours=12)
_PURPOSE = "search"
_SEALED = re.compile(r"[A-Za-z0-9_-]{1,1000}")


def seal(words: str, *, now: datetime) -> str:
    """What an address says of the words; nothing of none."""
    if not words:
        return ""
    sealed = crypto.seal(f"{int(now.timestamp())}.{words}", purpose=_PURPOSE)
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def unseal(text: str, *, now: datetime) -> str | None:
    """The words of an address; None for words of yesterday, and for what was never sealed."""
    if not text:
        return ""
    try:
        if not _SEALED.fullmatch(text):
            return None
        sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        at, _, words = crypto.unseal(sealed, purpose=_PURPOSE).partition(".")
    except (ValueError, SealBroken):
        return None
    return words if timedelta() <= now - datetime.fromtimestamp(int(at), now.tzinfo) <= KEPT_FOR else None
