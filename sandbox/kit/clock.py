"""The sandbox's clock: unix seconds, shifted by the same offset as the product's, so both live in one time."""

import datetime as dt
import time

SHANGHAI = dt.timezone(dt.timedelta(hours=8))


class Clock:
    """Tells the time in unix seconds; `offset_s` moves it (a demonstration at night, a test of an expiry)."""

    def __init__(self, offset_s: float = 0) -> None:
        self.offset_s = offset_s

    def now(self) -> float:
        """Unix seconds, shifted."""
        return time.time() + self.offset_s

    def is_fresh(self, timestamp: float, tolerance_s: float = 300) -> bool:
        """Whether a signed timestamp is current, on the shifted clock or on the machine's.

        Client libraries sign with the machine's clock whatever the product's own offset is, so both are right.
        """
        return min(abs(timestamp - self.now()), abs(timestamp - time.time())) <= tolerance_s


def rfc3339(unix_s: float) -> str:
    """A unix time as RFC 3339 with the platform's own offset, +08:00."""
    return dt.datetime.fromtimestamp(unix_s, SHANGHAI).isoformat(timespec="seconds")
