"""What a campaign gives, in words: label by label, and what an edit changed."""

from collections.abc import Sequence
from typing import assert_never

from app.benefits.campaigns.models import CampaignKind, CampaignVersion, Terms
from app.benefits.coupons.models import Coupon
from app.kernel import money
from app.web import filters

EVERY_STORE = "全部门店"


def rows(kind: str, terms: Terms, stores: Sequence[str] | None) -> list[tuple[str, str]]:
    """Labels and values of a campaign's terms; `stores` None = every store."""
    return [
        ("名称", terms.title),
        ("说明", terms.summary),
        *_gives(CampaignKind(kind), terms),
        ("最低消费", filters.short_yuan(terms.min_spend_fen) if terms.min_spend_fen else "无门槛"),
        ("有效期", f"领取后 {terms.valid_days} 天" if terms.valid_days else f"至 {terms.valid_until}"),
        ("发放时间", issue_days(terms)),
        ("每人限领", f"{terms.per_member_limit} 张"),
        ("商场承担", f"{terms.mall_share_bps / 100:g}%"),
        ("适用门店", EVERY_STORE if stores is None else "、".join(stores)),
    ]


def of_coupon(kind: str, coupon: Coupon) -> list[tuple[str, str]]:
    """Labels and values of what was frozen on a coupon when it was issued."""
    return [
        *_gives(CampaignKind(kind), coupon),
        ("最低消费", filters.short_yuan(coupon.min_spend_fen) if coupon.min_spend_fen else "无门槛"),
        ("商场承担", f"{coupon.mall_share_bps / 100:g}%"),
        ("商户自担", f"{coupon.merchant_share_bps / 100:g}%（仅列示，不结算）"),
    ]


def issue_days(terms: Terms) -> str:
    """On which days coupons are given."""
    match terms.issue_from, terms.issue_until:
        case None, None:
            return "长期"
        case first, None:
            return f"{first} 起"
        case None, last:
            return f"至 {last}"
        case first, last:
            return f"{first} 至 {last}"


def _gives(kind: CampaignKind, terms: Terms | Coupon) -> list[tuple[str, str]]:
    face = filters.short_yuan(terms.face_fen)
    match kind:
        case CampaignKind.CASH | CampaignKind.GIFT:
            return [("面额", face)]
        case CampaignKind.DISCOUNT:
            return [("折扣", f"{(money.BPS - terms.discount_bps) / 1000:g} 折"), ("最高优惠", face)]
        case CampaignKind.PARKING:
            return [("抵扣时长", filters.minutes_text(terms.parking_minutes)), ("面额", face)]
        case never:
            assert_never(never)


def changes(kind: str, versions: Sequence[CampaignVersion], names: dict[int, str]) -> list[list[tuple[str, str, str]]]:
    """For each version, the latest first: label, old and new value of what it changed; nothing for the first."""
    said = [dict(rows(kind, one, _names(one, names))) for one in versions]
    older = [*said[1:], said[-1]] if said else []
    return [
        [(label, before[label], value) for label, value in after.items() if before[label] != value]
        for after, before in zip(said, older, strict=True)
    ]


def _names(version: CampaignVersion, names: dict[int, str]) -> list[str] | None:
    return None if version.store_ids is None else [names.get(store_id, "—") for store_id in version.store_ids]
