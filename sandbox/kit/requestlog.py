"""The last calls received and callbacks made, for the log page; secrets are scrubbed on entry."""

import itertools
import json
import re
import threading
from collections import deque
from typing import Any
from urllib.parse import parse_qsl, urlencode

KEPT = 500
_BODY_SHOWN = 600
# Names whose values never reach the log: secrets, tokens, codes that stand for a person, personal data.
SECRET_NAMES = frozenset(
    "secret corpsecret access_token refresh_token js_code code phone phoneNumber purePhoneNumber session_key signature "
    "msg_signature echostr ticket openid touser unionid external_userid external_user_id welcome_code member_code "
    "card_no plate plate_number prepay_id ciphertext Encrypt payer params".split()
)
_MASK = "***"


def scrub_query(query: str) -> str:
    """A query string with the values of secret names masked."""
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode([(k, _MASK if k in SECRET_NAMES else v) for k, v in pairs], safe=_MASK)


def scrub_value(value: Any) -> Any:
    """JSON data with the values of secret names masked, at any depth."""
    if isinstance(value, dict):
        return {k: _MASK if k in SECRET_NAMES else scrub_value(v) for k, v in value.items()}
    if isinstance(value, list):
        return [scrub_value(v) for v in value]
    return value


def scrub_body(body: bytes) -> str:
    """A short text of a JSON body without secrets; anything else only by its size."""
    if not body:
        return ""
    try:
        data = json.loads(body)
    except ValueError:
        return f"({len(body)} bytes)"
    text = json.dumps(scrub_value(data), ensure_ascii=False)
    return re.sub(r"1\d{10}", _MASK, text)[:_BODY_SHOWN]


class RequestLog:
    """A ring of the last entries, newest first when read."""

    def __init__(self) -> None:
        self._entries: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def add(self, **facts: Any) -> None:
        """Keep one entry; the caller has scrubbed it."""
        with self._lock:
            self._entries.appendleft({"number": next(self._numbers), **facts})

    def listed(self, limit: int = KEPT) -> list[dict[str, Any]]:
        """The newest entries first."""
        with self._lock:
            return list(itertools.islice(self._entries, limit))

    def clear(self) -> None:
        """Forget all entries."""
        with self._lock:
            self._entries.clear()
