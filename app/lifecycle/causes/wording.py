"""Words for causes of silence; edges alone use them."""

from collections.abc import Mapping
from typing import Any

from app.lifecycle.causes.rules import Cause
from app.malls.wording import CATEGORIES

ACTIONS = {"lifecycle.correct_cause": "更正沉睡原因"}

SUBJECTS = {"lifecycle.": "会员分层"}

FACTS = {"cause": "沉睡原因"}

ERRORS = {"not_silent": "这位会员目前没有沉睡，无需更正原因"}

SLEEP_CAUSES: Mapping[str, str] = {
    Cause.PRICE: "价格",
    Cause.SCENE: "生活场景变化",
    Cause.EXPERIENCE: "体验受损",
    Cause.INTEREST: "兴趣转移",
    Cause.UNKNOWN: "原因不明",
}

VALUES = {"lifecycle.cause": SLEEP_CAUSES}

MEMBER_FIELDS = {"sleep_cause": "沉睡原因"}

MEMBER_FIELD_CODES = {"sleep_cause": SLEEP_CAUSES}

MEMBER_SUBJECTS = {"sleep": "沉睡"}

# What each sign says, with its facts in braces.
SIGNS: Mapping[str, str] = {
    "came_with_coupons": "沉睡前 {days} 个消费日中有 {with} 天用了券",
    "fewer_coupons": "收到的券变少：之前两个月 {before} 张，其后两个月 {since} 张",
    "refunded": "沉睡前后 30 天内 {purchases} 笔消费、{refunds} 笔退款",
    "coupon_undone": "沉睡前后 30 天内券被撤销核销 {times} 次",
    "complained": "沉睡前后有 {times} 次服务诉求或服务补偿",
    "other_hours": "到店时段从{from}变为{to}",
    "office_stopped": "以往多在工作日白天到店（近两个月 {visits} 次），之后突然不来",
    "new_plate": "绑定了新车牌",
    "parking_began": "以往不停车，沉睡前开始停车",
    "parking_ended": "以往停车，沉睡前不再停车",
    "other_mall": "沉睡前多去集团其他商场",
    "nothing_near": "资料中填写住处、公司都不在附近",
    "other_categories": "消费品类从{from}变为{to}",
    "less_often": "消费变少：之前四个月 {before} 天，最后两个月 {after} 天",
}

_SLOTS = {"office": "工作日白天", "evening": "工作日晚间", "weekend": "周末"}


def tell_sign(evidence: Mapping[str, Any]) -> str:
    """A piece of evidence, as it is kept, in words."""
    facts = {name: _SLOTS.get(value) or CATEGORIES.get(value, value) for name, value in evidence["facts"].items()}
    return SIGNS[evidence["code"]].format(**facts)
