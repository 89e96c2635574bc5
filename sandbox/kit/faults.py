"""Trouble on demand: what a platform can do wrong, switched on by hand or by HTTP, counted down as it strikes."""

import threading
from dataclasses import asdict, dataclass

from sandbox.kit.errors import ApiError
from sandbox.kit.store import Store

PLATFORMS = ("mini", "official", "wecom", "pay", "gate", "sms")

# kind → (what it does, whether it needs a value)
KINDS = {
    "latency": ("answer late by `value` milliseconds", True),
    "http": ("answer HTTP status `value` (502 …) without doing anything", True),
    "errcode": ("answer errcode `value` (Pay: a code such as SYSTEM_ERROR) without doing anything", True),
    "reset": ("reset the connection before the call is carried out", False),
    "reset_after": ("carry the call out, then reset the connection instead of answering", False),
    "empty": ("carry the call out, answer HTTP 200 with an empty body", False),
    "reject_token": ("refuse every access token, also fresh ones", False),
    "signtest": ("sign the answer or notice of WeChat Pay wrongly, as its probe traffic does", False),
    "certificate": ("sign the answer or notice of WeChat Pay by the platform's certificate, not its public key", False),
    "welcome_busy": ("keep a welcome code in use for `value` milliseconds", True),
    "duplicate": ("send the callback twice", False),
    "out_of_order": ("hold the callback back until the next one has been sent", False),
    "unknown_fields": ("put fields into the notice that no document knows", False),
    "refund_fails": ("tell by the notice that the refund ended as `value` (ABNORMAL or CLOSED)", True),
}


@dataclass(frozen=True)
class Fault:
    """One switched-on fault; `remaining` None strikes until it is cleared."""

    id: int
    kind: str
    platform: str
    endpoint: str
    value: str
    remaining: int | None

    def as_dict(self) -> dict[str, object]:
        """For the panel and the API."""
        return asdict(self)


class Faults:
    """The faults of one sandbox. Kept in the store, mirrored in memory: nearly every request finds none."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.RLock()
        self._all: list[Fault] = []
        self._reload()

    def _reload(self) -> None:
        self._all = [Fault(**dict(row)) for row in self._store.all("SELECT * FROM faults ORDER BY id")]

    def listed(self) -> list[Fault]:
        """All faults that are on, oldest first."""
        return list(self._all)

    def add(
        self, kind: str, *, platform: str = "*", endpoint: str = "*", value: str = "", times: int | None = None
    ) -> Fault:
        """Switch a fault on for the next `times` calls (None: until cleared) of a platform and path prefix.

        Raises ApiError for an unknown kind or platform, a missing value, a count below one.
        """
        if kind not in KINDS:
            raise ApiError(422, "unknown_fault", f"kind must be one of {', '.join(KINDS)} or expire_token")
        if platform != "*" and platform not in PLATFORMS:
            raise ApiError(422, "unknown_platform", f"platform must be * or one of {', '.join(PLATFORMS)}")
        if KINDS[kind][1] and not value:
            raise ApiError(422, "value_missing", f"{kind} needs a value")
        if kind in ("latency", "http", "welcome_busy") and not value.isdigit():
            raise ApiError(422, "value_invalid", f"{kind} needs a number")
        if kind == "http" and not 400 <= int(value) <= 599:
            raise ApiError(422, "value_invalid", "http needs a status from 400 to 599")
        if kind == "refund_fails" and value not in ("ABNORMAL", "CLOSED"):
            raise ApiError(422, "value_invalid", "refund_fails needs ABNORMAL or CLOSED")
        if times is not None and times < 1:
            raise ApiError(422, "times_invalid", "times must be at least 1")
        with self._lock:
            columns = {"kind": kind, "platform": platform, "endpoint": endpoint, "value": value, "remaining": times}
            new = self._store.insert("faults", **columns)
            self._reload()
        return next(f for f in self._all if f.id == new)

    def clear(self, fault_id: int | None = None) -> None:
        """Switch one fault off, or all."""
        with self._lock:
            self._store.write("DELETE FROM faults WHERE ? IS NULL OR id = ?", fault_id, fault_id)
            self._reload()

    def strike(self, kind: str, platform: str, endpoint: str) -> Fault | None:
        """The fault of this kind that hits this call, counted down; None when there is none."""
        if not self._all:
            return None
        with self._lock:
            for fault in self._all:
                if fault.kind == kind and fault.platform in ("*", platform) and _covers(fault.endpoint, endpoint):
                    self._count_down(fault)
                    return fault
        return None

    def _count_down(self, fault: Fault) -> None:
        if fault.remaining is None:
            return
        if fault.remaining > 1:
            self._store.write("UPDATE faults SET remaining = remaining - 1 WHERE id = ?", fault.id)
        else:
            self._store.write("DELETE FROM faults WHERE id = ?", fault.id)
        self._reload()


def _covers(pattern: str, endpoint: str) -> bool:
    return pattern in ("", "*") or endpoint.startswith(pattern)
