"""Words for what members tell of themselves; edges alone use them."""

from app.identity.profiles.models import Nearby
from app.identity.profiles.rules import Field

ERRORS = {
    "birthday_impossible": "没有这一天，请检查生日",
    "guardian_required": "未满 14 周岁的资料需由监护人管理，请让家长用自己的会员登记",
    "birthday_changed_lately": "生日一年只能修改一次，{allowed_on} 起可再次修改",
    "household_unlikely": "每个年龄段最多填写 {most} 个孩子",
}

FIELDS = {
    Field.PREFERENCES.value: "喜好",
    Field.BIRTHDAY.value: "生日",
    Field.NEARBY.value: "住处与公司",
    Field.HOUSEHOLD.value: "家庭",
}

NEARBY = {
    Nearby.HOME.value: "住在附近",
    Nearby.OFFICE.value: "在附近上班",
    Nearby.BOTH.value: "住和上班都在附近",
    Nearby.NEITHER.value: "都不在附近",
}

BANDS = {
    "age_0_2": "0–2 岁",
    "age_3_6": "3–6 岁",
    "age_7_12": "7–12 岁",
    "age_13_17": "13–17 岁",
}

ACTIONS = {
    "member.profiling_off": "关闭个性化分析",
    "member.profiling_on": "打开个性化分析",
}

MEMBER_FIELDS = {
    "birthday": "生日",
    "nearby": "住处与公司",
    "children": "家有孩子",
    "completeness": "资料完整度",
}

MEMBER_FIELD_CODES = {"nearby": NEARBY, "children": BANDS}
