"""Words for computed tags: what they are called, and the evidence as a sentence; edges alone use them."""

from collections.abc import Mapping
from typing import Any

from app.lifecycle.tags.computed.rules import (
    CHILDREN,
    DRIVES,
    FREQUENT,
    SHARES,
    Browsing,
    Hours,
    Price,
    Stay,
    TagKind,
    Week,
    tag_code,
)
from app.malls.wording import CATEGORIES

ERRORS = {
    "tags_worked_out_later": "{day} 的标签已经算好，不能再按更早的日期计算",
    "tag_rules_not_sensible": "标签阈值的数值互相矛盾",
    "tag_rules_too_early": "标签阈值最早从明天起生效",
    "tag_rules_conflict": "这一天已有另一套标签阈值：先撤回它，或选择别的日期",
    "tag_rules_in_force": "这套标签阈值已经生效，或已被撤回",
}

ACTIONS = {"tag_rules.publish": "发布标签阈值", "tag_rules.withdraw": "撤回标签阈值"}

SUBJECTS = {"tag_rules.": "标签阈值"}

NOUNS = {"tag_rules": "标签阈值"}

FACTS = {
    "tag_rules.window_days": "统计天数",
    "tag_rules.half_life_days": "衰减半衰期",
    "tag_rules.least_weight_bps": "最低权重",
    "tag_rules.least_purchases": "最少消费次数",
    "tag_rules.least_visits": "最少到店天数",
    "tag_rules.category_bps": "偏好业态",
    "tag_rules.brand_bps": "偏好品牌",
    "tag_rules.zone_bps": "常逛楼层",
    "tag_rules.family_purchases": "亲子家庭",
    "tag_rules.price_sensitive_bps": "看重优惠",
    "tag_rules.price_full_bps": "不等优惠",
    "tag_rules.frequent_visits": "常来",
    "tag_rules.week_bps": "工作日来、周末来",
    "tag_rules.hours_bps": "到店时段",
    "tag_rules.parking_bps": "开车来",
    "tag_rules.long_stay_minutes": "停留久",
    "tag_rules.short_stay_minutes": "快进快出",
    "tag_rules.browsed_days": "常看小程序",
    "tag_rules.browsed_pages": "浏览深入",
    "tag_rules.least_shares": "爱分享",
}

TAG_KINDS: Mapping[str, str] = {
    TagKind.CATEGORY: "偏好业态",
    TagKind.BRAND: "偏好品牌",
    TagKind.PRICE: "价格敏感度",
    TagKind.FREQUENCY: "到店频次",
    TagKind.WEEK: "到店日",
    TagKind.HOURS: "到店时段",
    TagKind.STAY: "停留时长",
    TagKind.PARKING: "出行方式",
    TagKind.ZONE: "常逛楼层",
    TagKind.FAMILY: "家庭特征",
    TagKind.BROWSING: "小程序浏览",
    TagKind.SHARING: "分享",
}

HABITS: Mapping[str, str] = {
    tag_code(TagKind.PRICE, Price.SENSITIVE): "看重优惠",
    tag_code(TagKind.PRICE, Price.FULL): "不等优惠",
    tag_code(TagKind.FREQUENCY, FREQUENT): "常来",
    tag_code(TagKind.WEEK, Week.WORKDAY): "工作日来",
    tag_code(TagKind.WEEK, Week.WEEKEND): "周末来",
    tag_code(TagKind.HOURS, Hours.MORNING): "上午来",
    tag_code(TagKind.HOURS, Hours.NOON): "午间来",
    tag_code(TagKind.HOURS, Hours.AFTERNOON): "下午来",
    tag_code(TagKind.HOURS, Hours.EVENING): "傍晚来",
    tag_code(TagKind.HOURS, Hours.NIGHT): "深夜来",
    tag_code(TagKind.STAY, Stay.LONG): "停留久",
    tag_code(TagKind.STAY, Stay.SHORT): "快进快出",
    tag_code(TagKind.PARKING, DRIVES): "开车来",
    tag_code(TagKind.FAMILY, CHILDREN): "亲子家庭",
    tag_code(TagKind.BROWSING, Browsing.OFTEN): "常看小程序",
    tag_code(TagKind.BROWSING, Browsing.DEEP): "浏览深入",
    tag_code(TagKind.SHARING, SHARES): "爱分享",
}

# What was counted, in the last {days} days; {what} is the tag's own name.
EVIDENCE: Mapping[str, str] = {
    TagKind.CATEGORY: "近 {days} 天 {of} 次消费中 {times} 次在{what}",
    TagKind.BRAND: "近 {days} 天 {of} 次消费中 {times} 次在「{what}」",
    TagKind.ZONE: "近 {days} 天 {of} 次消费中 {times} 次在{what}",
    TagKind.FAMILY: "近 {days} 天 {of} 次消费中 {times} 次在亲子业态",
    TagKind.PRICE: "近 {days} 天 {of} 次消费用券 {times} 次，优惠 {spared} 元，占原价 {share}",
    TagKind.FREQUENCY: "近 {days} 天有 {times} 天到店",
    TagKind.WEEK: "近 {days} 天到店 {of} 天，其中 {times} 天是{part}",
    TagKind.HOURS: "近 {days} 天到店 {of} 天，其中 {times} 天在{part}到店",
    TagKind.PARKING: "近 {days} 天到店 {of} 天，其中 {times} 天停车",
    TagKind.STAY: "近 {days} 天停车 {times} 次，平均停留 {hours}",
    TagKind.SHARING: "近 {days} 天在小程序分享 {times} 次",
}
_BROWSING: Mapping[str, str] = {
    Browsing.OFTEN: "近 {days} 天有 {times} 天打开小程序",
    Browsing.DEEP: "近 {days} 天有 {times} 天浏览小程序，共看 {pages} 页",
}

_PARTS: Mapping[str, str] = {
    Week.WORKDAY: "工作日",
    Week.WEEKEND: "周末",
    Hours.MORNING: "上午（11 点前）",
    Hours.NOON: "午间（11–14 点）",
    Hours.AFTERNOON: "下午（14–17 点）",
    Hours.EVENING: "傍晚（17–21 点）",
    Hours.NIGHT: "深夜（21 点后）",
}


def name_tag(kind: str, value: str, names: Mapping[str, str]) -> str:
    """A tag in words; `names` has those of brands and floors, which may be gone by now."""
    if kind == TagKind.CATEGORY:
        return CATEGORIES.get(value, value)
    return HABITS.get(tag_code(kind, value)) or names.get(value, value)


def tell_evidence(kind: str, value: str, evidence: Mapping[str, Any], *, what: str, days: int) -> str:
    """The evidence of a tag as it is kept, in a sentence."""
    told = dict(evidence)
    if kind == TagKind.PRICE:
        full = told["spared_fen"] + told["paid_fen"]
        told |= {"spared": f"{told['spared_fen'] / 100:,.2f}", "share": _percent(told["spared_fen"], full)}
    if kind == TagKind.STAY:
        told["hours"] = _duration(told["minutes"])
    sentence = _BROWSING[value] if kind == TagKind.BROWSING else EVIDENCE[kind]
    return sentence.format(**told, days=days, what=what, part=_PARTS.get(value, ""))


def _percent(part: int, of: int) -> str:
    return "不到 1%" if 0 < part * 100 < of else f"{part * 100 / of:.0f}%" if of else "0%"


def _duration(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return (f"{hours} 小时 {rest} 分" if rest else f"{hours} 小时") if hours else f"{rest} 分钟"


MEMBER_FIELDS = {
    "tag_categories": "偏好业态标签",
    "tag_brands": "偏好品牌标签",
    "tag_zones": "常逛楼层标签",
    "tag_habits": "习惯标签",
}

MEMBER_FIELD_CODES = {"tag_categories": CATEGORIES, "tag_habits": HABITS}

MEMBER_SUBJECTS = {"tags": "标签"}
