"""What a benefit asks for, in words, wherever it is offered or held: from which sum on, in which stores, until when."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import assert_never

from app.benefits.campaigns.models import Campaign, CampaignKind
from app.benefits.coupons import rules
from app.benefits.coupons.models import Coupon
from app.kernel import money
from app.malls.models import Store
from app.web import filters

Benefit = Campaign | Coupon
_NAMED = 2  # so many stores are named; of more, the first and how many there are


def lines(benefit: Benefit, campaign: Campaign, stores: Sequence[Store], *, until: str) -> list[str]:
    """Every condition, one each; `stores` are those the campaign is limited to, `until` how long it lasts."""
    if _kind(campaign) is CampaignKind.PARKING:
        return ["停车缴费时抵扣", until, "每次停车可叠加使用"]
    *sums, places = _deciding(benefit, campaign, stores)
    return ["，".join(sums), f"{places}可用", until, "每张仅可使用一次"]


def brief(benefit: Benefit, campaign: Campaign, stores: Sequence[Store]) -> str:
    """What decides whether it is worth going there, in one line: `满 30 元可用 · 晨光咖啡等 4 家门店`."""
    return " · ".join(_deciding(benefit, campaign, stores))


def until_of_offer(campaign: Campaign, *, now: datetime) -> str:
    """How long a coupon that is taken now lasts: its last day, and how many days that is."""
    valid_from, valid_until = rules.validity(campaign, now=now)
    if campaign.valid_days == 1:
        return "领取当天有效"
    if campaign.valid_days is not None:
        return f"有效期至 {last_day(valid_until)}（{campaign.valid_days} 天）"
    start = f"{filters.local_time(valid_from, '%Y-%m-%d')} 起可用，" if valid_from > now else ""
    return f"{start}有效期至 {last_day(valid_until)}"


def in_print(campaign: Campaign, stores: Sequence[Store]) -> list[str]:
    """The conditions in short lines, for a poster that hangs on a wall for weeks."""
    until = lasting(campaign.valid_days, campaign.valid_until, campaign.valid_from)
    return [*_deciding(campaign, campaign, stores), until]


def until_of_coupon(coupon: Coupon) -> str:
    """How long a coupon that somebody holds lasts."""
    return f"有效期至 {last_day(coupon.valid_until)}"


def last_day(valid_until: datetime) -> str:
    """The last day before a moment at which something ends."""
    return filters.local_time(valid_until - timedelta(seconds=1), "%Y-%m-%d")


def contradiction(words: str, *, min_spend_fen: int, all_stores: bool) -> str | None:
    """What a text promises although the terms say otherwise; None for one that may stand."""
    limits = []
    if min_spend_fen:
        limits += ["都能用", "无门槛", "零门槛", "不限金额", "随便用", "任意消费"]
    if not all_stores:
        limits += ["全场", "全部门店", "所有门店", "都能用", "通用"]
    return next((promise for promise in limits if promise in words), None)


def _deciding(benefit: Benefit, campaign: Campaign, stores: Sequence[Store]) -> list[str]:
    if _kind(campaign) is CampaignKind.PARKING:
        return ["停车缴费时抵扣"]
    sums = amounts(_kind(campaign), face_fen=benefit.face_fen, min_spend_fen=benefit.min_spend_fen)
    return [*sums, where(None if campaign.all_stores else [store.name for store in stores])]


def _kind(campaign: Campaign) -> CampaignKind:
    return CampaignKind(campaign.kind)


def face(kind: CampaignKind, *, face_fen: int, parking_minutes: int, discount_bps: int) -> str:
    """What a coupon gives, in few characters: `2 小时`, `¥20`, `8.5折`, `礼品`."""
    match kind:
        case CampaignKind.PARKING:
            return filters.minutes_text(parking_minutes)
        case CampaignKind.DISCOUNT:
            return f"{(money.BPS - discount_bps) / 1000:g}折"
        case CampaignKind.CASH:
            return filters.short_yuan(face_fen)
        case CampaignKind.GIFT:
            return "礼品"
        case never:
            assert_never(never)


def amounts(kind: CampaignKind, *, face_fen: int, min_spend_fen: int) -> list[str]:
    """From which sum on, and how much at most."""
    threshold = f"满 {filters.yuan_words(min_spend_fen)}可用" if min_spend_fen else "无消费门槛"
    return [threshold, f"最高减 {filters.yuan_words(face_fen)}"] if kind is CampaignKind.DISCOUNT else [threshold]


def lasting(valid_days: int | None, valid_until: date | None, valid_from: date | None = None) -> str:
    """How long a coupon lasts, whenever it is taken."""
    if valid_days is not None:
        return "领取当天有效" if valid_days == 1 else f"领取后 {valid_days} 天内有效"
    start = f"{valid_from} 起可用，" if valid_from else ""
    return f"{start}至 {valid_until}" if start else f"有效期至 {valid_until}"


def issue_days(first: date | None, last: date | None) -> str:
    """On which days coupons are given."""
    match first, last:
        case None, None:
            return "长期"
        case _, None:
            return f"{first} 起"
        case None, _:
            return f"至 {last}"
        case _:
            return f"{first} 至 {last}"


def where(names: Sequence[str] | None) -> str:
    """In which stores, by their names; None = in every one."""
    if names is None:
        return "全部门店"
    if len(names) > _NAMED:
        return f"{names[0]}等 {len(names)} 家门店"
    return "、".join(names) or "指定门店"
