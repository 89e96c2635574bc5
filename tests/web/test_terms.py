"""Conditions in words: one source for join page, poster, joined page and list."""

from datetime import UTC, date, datetime

import pytest

from app.benefits.campaigns.models import Campaign, CampaignKind
from app.malls.models import Store
from app.web import terms

NOW = datetime(2026, 11, 28, 4, tzinfo=UTC)


def _campaign(**facts: object) -> Campaign:
    usual = {"kind": "cash", "face_fen": 1_000, "min_spend_fen": 0, "valid_days": 7, "all_stores": False}
    return Campaign(**usual | {"valid_from": None, "valid_until": None} | facts)


def _stores(*names: str) -> list[Store]:
    return [Store(name=name) for name in names]


@pytest.mark.parametrize(
    ("facts", "stores", "said"),
    [
        ({"min_spend_fen": 3_000}, ("晨光咖啡",), "满 30 元可用 · 晨光咖啡"),
        ({}, ("甲", "乙"), "无消费门槛 · 甲、乙"),
        ({"min_spend_fen": 3_050}, ("甲", "乙", "丙"), "满 30.50 元可用 · 甲等 3 家门店"),
        ({"kind": CampaignKind.DISCOUNT, "face_fen": 8_000}, ("甲",), "无消费门槛 · 最高减 80 元 · 甲"),
        ({"kind": CampaignKind.GIFT, "all_stores": True}, (), "无消费门槛 · 全部门店"),
        ({"kind": CampaignKind.PARKING}, ("停车场",), "停车缴费时抵扣"),
    ],
)
def test_the_deciding_conditions_in_one_line(facts: dict[str, object], stores: tuple[str, ...], said: str) -> None:
    assert terms.brief(_campaign(**facts), _campaign(**facts), _stores(*stores)) == said


@pytest.mark.parametrize(
    ("facts", "now_said", "printed"),
    [
        ({}, "有效期至 2026-12-04（7 天）", "领取后 7 天内有效"),
        ({"valid_days": 1}, "领取当天有效", "领取当天有效"),
        ({"valid_days": None, "valid_until": date(2026, 12, 31)}, "有效期至 2026-12-31", "有效期至 2026-12-31"),
        (
            {"valid_days": None, "valid_from": date(2026, 12, 24), "valid_until": date(2026, 12, 31)},
            "2026-12-24 起可用，有效期至 2026-12-31",
            "2026-12-24 起可用",
        ),
    ],
)
def test_how_long_it_lasts(facts: dict[str, object], now_said: str, printed: str) -> None:
    campaign = _campaign(**facts)
    assert terms.until_of_offer(campaign, now=NOW) == now_said
    assert terms.in_print(campaign, _stores("甲"))[-1].startswith(printed)


def test_a_text_may_not_promise_what_the_terms_refuse() -> None:
    assert terms.contradiction("咖啡正餐都能用", min_spend_fen=3_000, all_stores=True) == "都能用"
    assert terms.contradiction("全场可用", min_spend_fen=0, all_stores=False) == "全场"
    assert terms.contradiction("咖啡正餐都能用", min_spend_fen=0, all_stores=True) is None
