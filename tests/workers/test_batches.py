"""Working off a batch: one row's trouble is no other's; failures are put off with a reason that holds no data."""

import logging
from collections.abc import Sequence
from datetime import datetime

import pytest

from app.kernel.db import atomic, is_atomic
from app.kernel.errors import DomainError, PlatformUnavailable
from app.providers.machines import MachineRefused
from app.wechat.errors import WeChatError
from app.workers import batches
from tests.support.clock import START, StillClock

TROUBLE: dict[int, Exception] = {
    2: PlatformUnavailable(platform="pay"),
    3: RuntimeError("the phone is 13800000000"),
    4: WeChatError(platform="pay", platform_code="FREQUENCY_LIMITED"),
}


class Rows:
    """Five due rows, and what was done with them."""

    def __init__(self) -> None:
        self.acted: list[int] = []
        self.put_off: dict[int, str] = {}

    def claim(self, *, now: datetime, limit: int) -> Sequence[int]:
        assert is_atomic() and now == START
        return [1, 2, 3, 4, 5][:limit]

    def act(self, row: int) -> None:
        assert not is_atomic(), "the outside is talked to without a transaction"
        if row in TROUBLE:
            raise TROUBLE[row]
        with atomic():
            self.acted.append(row)

    def postpone(self, row: int, *, error: str, now: datetime) -> None:
        assert is_atomic() and now == START
        self.put_off[row] = error


def test_one_rows_trouble_costs_the_others_nothing(clock: StillClock) -> None:
    rows = Rows()
    assert batches.work_off(rows.claim, rows.act, rows.postpone, limit=10) == 5
    assert rows.acted == [1, 5]
    assert rows.put_off == {2: "platform_unavailable", 3: "unexpected error", 4: "FREQUENCY_LIMITED"}


def test_the_batch_is_as_large_as_asked(clock: StillClock) -> None:
    rows = Rows()
    assert batches.work_off(rows.claim, rows.act, rows.postpone, limit=1) == 1
    assert rows.acted == [1]


def test_only_the_unexpected_is_logged_with_its_trace(clock: StillClock, caplog: pytest.LogCaptureFixture) -> None:
    rows = Rows()
    with caplog.at_level(logging.WARNING):
        batches.work_off(rows.claim, rows.act, rows.postpone, limit=10)
    assert [record.levelname for record in caplog.records] == ["WARNING", "ERROR", "WARNING"]
    assert [record.exc_info is not None for record in caplog.records] == [False, True, False]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (MachineRefused(platform="gate", reason="bad_signature"), "bad_signature"),
        (WeChatError(platform="wecom", platform_code=45009), "45009"),
        (DomainError(), "invalid_request"),
        (ZeroDivisionError("secret"), "unexpected error"),
    ],
)
def test_a_reason_is_the_other_sides_word_or_our_code(error: Exception, reason: str) -> None:
    assert batches.reason_of(error) == reason
