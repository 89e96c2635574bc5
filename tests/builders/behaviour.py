"""Events of the mini-program, as a client tells them."""

import itertools
from datetime import datetime, timedelta
from typing import Any

from app.kernel import clock

_numbers = itertools.count(1)


def tell(kind: str = "page", *, ago: timedelta = timedelta(0), **facts: Any) -> dict[str, Any]:
    """One event by a clock that is right; a page view has its page, a search its words."""
    usual: dict[str, dict[str, Any]] = {
        "page": {"page": "stores"},
        "search": {"words": "火锅"},
        "favourite": {"subject": "store:GM-01"},
        "route": {"subject": "store:GM-01"},
        "dwell": {"page": "stores", "seconds": 12},
    }
    at = written(clock.now() - ago)
    return {"id": f"event-{next(_numbers):08d}", "kind": kind, "at": at} | usual.get(kind, {}) | facts


def written(moment: datetime) -> str:
    """As a telephone writes a moment."""
    return moment.isoformat(timespec="milliseconds")
