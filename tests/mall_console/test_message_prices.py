"""Prices of messages: set by whoever keeps all malls, from a coming day on, and taken back before it."""

from datetime import date

from app.outreach.prices import prices
from tests.builders.console import World
from tests.mall_console.conftest import Console, audited

FORM = {"effective_from": "2026-03-12", "subscribe": "0", "official": "0", "wecom": "0", "sms": "45.5"}


def test_prices_hold_from_their_day_and_can_be_taken_back_before_it(operations: Console, world: World) -> None:
    page = f"{world.base}/messages/prices"
    assert "现行" in operations.get(page).text.split("系统默认")[1]
    assert operations.post(page, **FORM).location == page
    assert (prices.in_force(date(2026, 3, 11)).sms_fen, prices.in_force(date(2026, 3, 12)).sms_fen) == (0, 4_550)
    assert audited("message.set_prices").facts["sms_fen"] == 4_550
    shown = operations.get(page).text
    assert "待生效" in shown and "45.50" in shown
    [version] = prices.list_versions()
    operations.post(f"{page}/{version.id}/withdraw")
    assert prices.list_versions() == [] and audited("message.withdraw_prices").facts["sms_fen"] == 4_550
