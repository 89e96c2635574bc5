"""What the demo malls' coupons give, where they count, and when a member gets them: plain data."""

from dataclasses import dataclass

from app.benefits.campaigns.campaigns import Offer
from app.benefits.campaigns.models import CampaignKind
from app.benefits.grants import grants
from app.benefits.tier_benefits.rules import Allowance, Priority, Rhythm, StoreDiscount, TierGives


@dataclass(frozen=True, slots=True)
class DemoCampaign:
    """A coupon campaign of a mall, granted by a trigger, or to be had for points alone, and good in its stores."""

    mall: str
    code: str
    granted_on: str | None
    offer: Offer
    stores: tuple[str, ...]


_PARKING = Offer(
    title="2 小时停车券",
    summary="入会即享，绑定车牌后缴费时自动抵扣",
    kind=CampaignKind.PARKING,
    parking_minutes=120,
    face_fen=1_200,
    valid_days=7,
)
_DINING = Offer(
    title="餐饮立减 10 元",
    summary="咖啡正餐，结账时先减再付",
    kind=CampaignKind.CASH,
    face_fen=1_000,
    min_spend_fen=3_000,
    valid_days=7,
    mall_share_bps=6_000,
)
_FASHION = Offer(
    title="服饰首单 8.5 折",
    summary="最高立减 80 元",
    kind=CampaignKind.DISCOUNT,
    face_fen=8_000,
    discount_bps=1_500,
    min_spend_fen=20_000,
    valid_days=14,
    mall_share_bps=5_000,
    stock=2_000,
)
_KIDS = Offer(
    title="亲子乐园体验一次",
    summary="凭券入场畅玩 1 小时",
    kind=CampaignKind.GIFT,
    face_fen=6_800,
    valid_days=14,
    mall_share_bps=3_000,
    stock=500,
)
_HOTPOT = Offer(
    title="火锅首单减 50 元",
    summary="满 200 元可用",
    kind=CampaignKind.CASH,
    face_fen=5_000,
    min_spend_fen=20_000,
    valid_days=14,
    mall_share_bps=4_000,
    stock=1_000,
)
_BOOKS = Offer(
    title="书房首单减 15 元",
    summary="满 60 元可用",
    kind=CampaignKind.CASH,
    face_fen=1_500,
    min_spend_fen=6_000,
    valid_days=14,
    mall_share_bps=5_000,
)
_PARKING_FOR_POINTS = Offer(
    title="1 小时停车券",
    summary="积分兑换，绑定车牌后缴费时自动抵扣",
    kind=CampaignKind.PARKING,
    parking_minutes=60,
    face_fen=600,
    valid_days=30,
    per_member_limit=10,
    exchange_points=500,
)
_COFFEE = Offer(
    title="手冲咖啡一杯",
    summary="任选一款单品豆",
    kind=CampaignKind.GIFT,
    face_fen=3_200,
    valid_days=30,
    per_member_limit=5,
    stock=300,
    exchange_points=800,
    exchange_fen=990,
)
_DINING_FOR_POINTS = Offer(
    title="餐饮代金券 20 元",
    summary="正餐火锅，结账时抵用",
    kind=CampaignKind.CASH,
    face_fen=2_000,
    min_spend_fen=10_000,
    valid_days=30,
    per_member_limit=3,
    mall_share_bps=5_000,
    stock=1_000,
    exchange_points=1_500,
)
_PLAYGROUND = Offer(
    title="亲子乐园双人票",
    summary="一大一小，畅玩 2 小时",
    kind=CampaignKind.GIFT,
    face_fen=12_800,
    valid_days=60,
    stock=50,
    exchange_points=9_800,
    tier_codes=["gold", "platinum", "diamond"],
)

# Those of one mall and trigger are granted in this order.
CAMPAIGNS = [
    DemoCampaign("YH", "join-parking", grants.JOIN, _PARKING, ("YH-B1-P",)),
    DemoCampaign("YH", "join-dining", grants.JOIN, _DINING, ("YH-1F-01", "YH-2F-03", "YH-4F-02", "YH-4F-08")),
    DemoCampaign("YH", "first-fashion", grants.FIRST_ORDER_TASK, _FASHION, ("YH-2F-12", "YH-3F-05")),
    DemoCampaign("YH", "first-kids", grants.FIRST_ORDER_TASK, _KIDS, ("YH-3F-16",)),
    DemoCampaign("YH", "first-hotpot", grants.FIRST_ORDER_TASK, _HOTPOT, ("YH-4F-08",)),
    DemoCampaign("YH", "points-parking", None, _PARKING_FOR_POINTS, ("YH-B1-P",)),
    DemoCampaign("YH", "points-coffee", None, _COFFEE, ("YH-1F-01",)),
    DemoCampaign("YH", "points-dining", None, _DINING_FOR_POINTS, ("YH-4F-02", "YH-4F-08")),
    DemoCampaign("YH", "points-playground", None, _PLAYGROUND, ("YH-3F-16",)),
    DemoCampaign("YT", "join-dining", grants.JOIN, _DINING, ("YT-1F-02", "YT-3F-01")),
    DemoCampaign("YT", "first-books", grants.FIRST_ORDER_TASK, _BOOKS, ("YT-2F-06",)),
]

_PARK, _DINE = "join-parking", "join-dining"
# What the tiers give in each mall by the product itself, with campaigns by their codes.
BENEFITS: dict[str, dict[str, TierGives]] = {
    "YH": {
        "silver": TierGives(allowances=(Allowance(_PARK, Rhythm.MONTH), Allowance(_DINE, Rhythm.BIRTHDAY))),
        "gold": TierGives(
            parking_minutes=30,
            allowances=(Allowance(_PARK, Rhythm.WEEK), Allowance(_DINE, Rhythm.BIRTHDAY)),
            priorities=(Priority.ACTIVITIES,),
        ),
        "platinum": TierGives(
            parking_minutes=60,
            allowances=(Allowance(_PARK, Rhythm.WEEK, 2), Allowance(_DINE, Rhythm.BIRTHDAY, 2)),
            discounts=(StoreDiscount("YH-1F-01", 9_000),),
            priorities=(Priority.ACTIVITIES, Priority.QUEUE),
        ),
        "diamond": TierGives(
            parking_minutes=120,
            allowances=(
                Allowance(_PARK, Rhythm.WEEK, 3),
                Allowance(_DINE, Rhythm.MONTH),
                Allowance(_DINE, Rhythm.BIRTHDAY, 3),
            ),
            discounts=(StoreDiscount("YH-1F-01", 8_500),),
            priorities=tuple(Priority),
        ),
    },
}

# What the tiers give in each mall, by the tier's code.
PERKS: dict[str, dict[str, str]] = {
    "YH": {
        "silver": "消费 1 元得 1 积分，停车 100 积分抵 1 元",
        "platinum": "贵宾厅休息与茶饮\n新店试营业优先体验",
        "diamond": "专属顾问，电话预约\n合作品牌生日礼",
    },
}
