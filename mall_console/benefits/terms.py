"""What a campaign gives, in words: label by label, and what an edit changed."""

from collections.abc import Sequence
from typing import assert_never

from app.benefits.campaigns import audience
from app.benefits.campaigns.campaigns import Offer
from app.benefits.campaigns.models import CampaignKind, CampaignRevision, CampaignVersion, Terms
from app.benefits.campaigns.wording import audience as audience_words
from app.benefits.coupons.models import Coupon
from app.benefits.exchanges import wording as exchange_words
from app.web import filters
from app.web import terms as words
from mall_console.benefits import offers


def rows(kind: str, terms: Terms | Offer, stores: Sequence[str] | None) -> list[tuple[str, str]]:
    """Labels and values of a campaign's terms; `stores` None = every store."""
    return [
        ("名称", terms.title),
        ("说明", terms.summary),
        *_gives(CampaignKind(kind), terms),
        ("有效期", words.lasting(terms.valid_days, terms.valid_until, terms.valid_from)),
        ("发放时间", words.issue_days(terms.issue_from, terms.issue_until)),
        ("每人限领", f"{terms.per_member_limit} 张"),
        ("适用等级", tiers(terms.tier_codes)),
        ("积分兑换", _price(terms)),
        ("商场承担", f"{terms.mall_share_bps / 100:g}%"),
        ("适用门店", words.where(None) if stores is None else "、".join(stores)),
    ]


def tiers(codes: Sequence[str] | None) -> str:
    """Whom it is for."""
    return audience_words(audience.named(codes, offers.tier_names())) if codes else "全部会员"


def _price(terms: Terms | Offer) -> str:
    return exchange_words.price(terms.exchange_points, terms.exchange_fen) if terms.exchange_points else "不可兑换"


def of_coupon(kind: str, coupon: Coupon) -> list[tuple[str, str]]:
    """Labels and values of what was frozen on a coupon when it was issued."""
    return [
        *_gives(CampaignKind(kind), coupon),
        ("商场承担", f"{coupon.mall_share_bps / 100:g}%"),
        ("商户自担", f"{coupon.merchant_share_bps / 100:g}%（仅列示，不结算）"),
        *([("兑换所用积分", f"{coupon.paid_points:,}")] if coupon.paid_points else []),
    ]


def _gives(kind: CampaignKind, terms: Terms | Offer | Coupon) -> list[tuple[str, str]]:
    """What it gives, and from which sum on."""
    face, minutes, discount = terms.face_fen, terms.parking_minutes, terms.discount_bps
    sums = words.amounts(kind, face_fen=face, min_spend_fen=terms.min_spend_fen)
    gives = words.face(kind, face_fen=face, parking_minutes=minutes, discount_bps=discount)
    return [*_worth(kind, gives, filters.short_yuan(face)), ("使用条件", "，".join(sums))]


def _worth(kind: CampaignKind, gives: str, face: str) -> list[tuple[str, str]]:
    match kind:
        case CampaignKind.CASH | CampaignKind.GIFT:
            return [("面额", face)]
        case CampaignKind.DISCOUNT:
            return [("折扣", gives), ("最高优惠", face)]
        case CampaignKind.PARKING:
            return [("抵扣时长", gives), ("面额", face)]
        case never:
            assert_never(never)


Version = CampaignVersion | CampaignRevision


def changes(kind: str, versions: Sequence[Version], names: dict[int, str]) -> list[list[tuple[str, str, str]]]:
    """For each version, the latest first: label, old and new value of what it changed; nothing for the first."""
    said = [dict(rows(kind, one, _names(one, names))) for one in versions]
    older = [*said[1:], said[-1]] if said else []
    return [
        [(label, before[label], value) for label, value in after.items() if before[label] != value]
        for after, before in zip(said, older, strict=True)
    ]


def _names(version: Version, names: dict[int, str]) -> list[str] | None:
    return None if version.store_ids is None else [names.get(store_id, "—") for store_id in version.store_ids]
