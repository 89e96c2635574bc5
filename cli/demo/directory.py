"""Who and what the demo malls are: plain data."""

from dataclasses import dataclass

PASSWORD = "Huitou2026"  # noqa: S105  the demo's own, printed at every start, refused in production

BANK, COMPANY = "沙盒银行", "{}有限公司"  # of accounts


@dataclass(frozen=True, slots=True)
class DemoMall:
    """A mall: code, name, city, accent colour."""

    code: str
    name: str
    city: str
    accent: str


@dataclass(frozen=True, slots=True)
class DemoStore:
    """A store, its merchant, and the merchant's terms (commission bps, fen per 100 points issued and spent)."""

    mall: str
    code: str
    name: str
    merchant: str
    floor: str
    category: str
    commission_bps: int = 600
    issue_price_fen: int = 80
    redeem_price_fen: int = 90
    ticket_fen: int = 12_000
    hours: tuple[int, int] | None = (600, 1_320)  # minutes of the day
    phone: str | None = None
    about: str | None = None


@dataclass(frozen=True, slots=True)
class DemoEntrance:
    """A code on a wall."""

    mall: str
    kind: str
    name: str
    headline: str
    store: str | None = None


@dataclass(frozen=True, slots=True)
class DemoStaff:
    """Somebody of the staff; the place is a mall's or store's code, or None for the group."""

    name: str
    phone: str
    role: str
    portal: str
    mall: str | None = None
    store: str | None = None
    listed: bool = True


def _clerk(name: str, phone: str, store: str) -> DemoStaff:
    """Whoever stands at a till nobody needs to sign in at."""
    return DemoStaff(name, phone, "clerk", "portal", store=store, listed=False)


MALLS = [
    DemoMall("YH", "悦汇城", "上海", "#0f766e"),
    DemoMall("YT", "云庭里", "杭州", "#9a3412"),
]

STORES = [
    DemoStore(
        "YH",
        "YH-B1-P",
        "悦汇城停车场",
        "悦停停车",
        "B1",
        "parking",
        0,
        0,
        100,
        0,
        hours=None,
        about="地下一层，600 个车位，会员停车可用积分抵扣",
    ),
    DemoStore(
        "YH",
        "YH-1F-01",
        "晨光咖啡",
        "晨光餐饮",
        "1F",
        "dining",
        700,
        ticket_fen=3_800,
        hours=(480, 1_320),
        phone="021-5555 0101",
        about="现磨咖啡与当日烘焙，早八点开门",
    ),
    DemoStore(
        "YH",
        "YH-1F-08",
        "素颜集美妆",
        "素颜集",
        "1F",
        "beauty",
        900,
        ticket_fen=26_800,
        phone="021-5555 0108",
        about="护肤与香氛，可预约试妆",
    ),
    DemoStore(
        "YH",
        "YH-2F-03",
        "拾光咖啡",
        "晨光餐饮",
        "2F",
        "dining",
        700,
        ticket_fen=4_200,
        phone="021-5555 0203",
        about="手冲单品，靠窗座位看中庭",
    ),
    DemoStore(
        "YH",
        "YH-2F-12",
        "青禾服饰",
        "青禾服饰",
        "2F",
        "fashion",
        1_000,
        ticket_fen=39_900,
        phone="021-5555 0212",
        about="棉麻日常，支持当天改裤长",
    ),
    DemoStore(
        "YH",
        "YH-3F-05",
        "山野户外",
        "山野户外",
        "3F",
        "sports",
        900,
        ticket_fen=52_000,
        phone="021-5555 0305",
        about="徒步、露营装备，可租借帐篷",
    ),
    DemoStore(
        "YH",
        "YH-3F-16",
        "小鹿亲子乐园",
        "小鹿乐园",
        "3F",
        "kids",
        800,
        ticket_fen=16_800,
        phone="021-5555 0316",
        about="滑梯、蹦床和绘本角，1 至 10 岁",
    ),
    DemoStore(
        "YH",
        "YH-4F-02",
        "江南小馆",
        "江南小馆",
        "4F",
        "dining",
        650,
        ticket_fen=21_600,
        hours=(660, 1_290),
        phone="021-5555 0402",
        about="江浙家常菜，招牌腌笃鲜",
    ),
    DemoStore(
        "YH",
        "YH-4F-08",
        "沸腾火锅",
        "沸腾餐饮",
        "4F",
        "dining",
        650,
        ticket_fen=28_800,
        hours=(660, 90),
        phone="021-5555 0408",
        about="牛油鸳鸯锅，营业到凌晨",
    ),
    DemoStore(
        "YH",
        "YH-5F-01",
        "星幕影城",
        "星幕影业",
        "5F",
        "cinema",
        500,
        ticket_fen=9_900,
        hours=(570, 90),
        phone="021-5555 0501",
        about="八个厅，一个巨幕厅",
    ),
    DemoStore(
        "YT",
        "YT-1F-02",
        "晨光咖啡云庭店",
        "晨光餐饮",
        "1F",
        "dining",
        700,
        ticket_fen=3_600,
        hours=(480, 1_320),
        phone="0571-5555 0102",
        about="院子里的咖啡，带伴侣犬可坐外摆",
    ),
    DemoStore(
        "YT",
        "YT-2F-06",
        "半亩书房",
        "半亩文化",
        "2F",
        "home",
        800,
        ticket_fen=12_800,
        phone="0571-5555 0206",
        about="人文书店，二楼有自习座",
    ),
    DemoStore(
        "YT",
        "YT-3F-01",
        "龙井人家",
        "龙井餐饮",
        "3F",
        "dining",
        650,
        ticket_fen=18_800,
        hours=(660, 1_260),
        phone="0571-5555 0301",
        about="龙井虾仁与杭帮小炒",
    ),
]

ENTRANCES = [
    DemoEntrance("YH", "main", "一层主入口", "加入会员，停车免 2 小时，餐饮满 30 减 10"),
    DemoEntrance("YH", "lift", "3 号电梯屏", "电梯到之前，先领 2 小时停车券"),
    DemoEntrance("YH", "car_park", "B1 停车场立柱", "扫码入会，本次停车先免 2 小时"),
    DemoEntrance("YH", "queue", "沸腾火锅等位区", "等位时入会，餐饮满 30 减 10", store="YH-4F-08"),
    DemoEntrance("YH", "guide", "青禾服饰导购码", "加入会员，首单专享券等你领", store="YH-2F-12"),
    DemoEntrance("YT", "main", "一层主入口", "加入云庭里会员，餐饮满 30 减 10"),
]

STAFF = [
    DemoStaff("周宁", "13900000001", "administrator", "console"),
    DemoStaff("陈岚", "13900000002", "operations", "console", mall="YH"),
    DemoStaff("郑远", "13900000003", "finance", "console", mall="YH"),
    DemoStaff("顾清", "13900000004", "auditor", "console"),
    DemoStaff("王海", "13900000011", "merchant_manager", "portal", mall="YH", store="YH-4F-08"),
    DemoStaff("李芳", "13900000012", "clerk", "portal", store="YH-4F-08"),
    DemoStaff("何苗", "13900000013", "clerk", "portal", store="YH-1F-01"),
    DemoStaff("许诺", "13900000021", "operations", "console", mall="YT"),
    _clerk("苏蔓", "13900000031", "YH-1F-08"),
    _clerk("罗一鸣", "13900000032", "YH-2F-03"),
    _clerk("方晴", "13900000033", "YH-2F-12"),
    _clerk("秦川", "13900000034", "YH-3F-05"),
    _clerk("唐果", "13900000035", "YH-3F-16"),
    _clerk("吴越", "13900000036", "YH-4F-02"),
    _clerk("叶星", "13900000037", "YH-5F-01"),
    _clerk("沈溪", "13900000041", "YT-1F-02"),
    _clerk("白棠", "13900000042", "YT-2F-06"),
    _clerk("韩茗", "13900000043", "YT-3F-01"),
]


def place_of(person: DemoStaff) -> str:
    """Where somebody works, in words: a store or merchant, a mall, or every mall."""
    stores = {store.code: store for store in STORES}
    malls = {mall.code: mall.name for mall in MALLS}
    if person.store:
        store = stores[person.store]
        return f"{malls[store.mall]} {store.merchant if person.mall else store.name}"
    return malls[person.mall] if person.mall else "all malls"


def sign_ins() -> list[dict[str, str]]:
    """Whom to sign in as, and where."""
    return [
        {
            "portal": person.portal,
            "role": person.role,
            "of": place_of(person),
            "name": person.name,
            "phone": person.phone,
            "password": PASSWORD,
        }
        for person in STAFF
        if person.listed
    ]
