"""Words for segments; edges alone use them."""

from app.identity.asking.fields import Operator, Unit
from app.lifecycle.segments.errors import Fault

ERRORS = {
    "segment_definition_wrong": "有条件没有填好，请看标出的地方",
    "segment_too_slow": "条件较复杂，人数一时算不出来，请稍后再试或减少条件",
    "segment_title_taken": "已有同名的人群，请换个名字",
    "segment_changed": "刚才有人改过这个人群，请核对最新条件后再改",
    "segment_archived": "这个人群已停用",
    "segment_used": "这个人群正被使用，不能停用或改为实时计算：{places}",
    "segment_circle": "人群不能引用自己，也不能互相引用",
}

# The places that a refusal names, as one text.
TOLD = {"segment_used": lambda facts: {"places": "、".join(facts["places"])}}

FAULTS = {
    Fault.EMPTY: "请至少添加一个条件，或删除这一组",
    Fault.TOO_DEEP: "条件组套得太深，请合并",
    Fault.TOO_LARGE: "条件太多，请精简到 30 个以内",
    Fault.UNREADABLE: "这个条件读不懂，请删除后重新添加",
    Fault.FIELD_UNKNOWN: "这个条件已不可用，请删除",
    Fault.OPERATOR_UNKNOWN: "请选择怎样比较",
    Fault.VALUE_MISSING: "请填写",
    Fault.VALUE_WRONG: "格式不对，请重新填写",
    Fault.VALUE_OUT_OF_RANGE: "超出可填范围，请检查大小和先后",
    Fault.CODE_UNKNOWN: "有选项已不可用，请重新选择",
    Fault.TOO_MANY_CODES: "最多选 50 项",
    Fault.DAYS_WRONG: "天数请填 1 到 3650",
}

OPERATORS = {
    Operator.ANY_OF: "是其中之一",
    Operator.ALL_OF: "全部都有",
    Operator.NONE_OF: "都不是",
    Operator.AT_LEAST: "不少于",
    Operator.AT_MOST: "不多于",
    Operator.BETWEEN: "介于",
    Operator.WITHIN: "近几天内",
    Operator.OVER: "已过去至少",
    Operator.SINCE: "从某日起",
    Operator.UNTIL: "到某日止",
    Operator.NEVER: "从来没有",
    Operator.COMING: "未来几天内",
    Operator.IN_MONTHS: "在这些月份",
    Operator.IS_KNOWN: "填写过",
    Operator.YES: "是",
    Operator.NO: "否",
}

UNITS = {
    Unit.TIMES: "次",
    Unit.FEN: "元",
    Unit.POINTS: "积分",
    Unit.BPS: "%",
    Unit.SCORE: "分",
}

ACTIONS = {
    "segment.create": "新建人群",
    "segment.change": "修改人群",
    "segment.archive": "停用人群",
}

SUBJECTS = {
    "segment.": "人群",
}

# What may stand on a segment, by the code of its kind (`SEGMENT_USES`).
SEGMENT_USE_KINDS = {
    "segment": "人群条件",
}

MEMBER_FIELDS = {
    "segment": "所在人群",
}

NOUNS = {
    "segment": "人群",
}

FACTS = {
    "segment.title": "名称",
    "segment.version": "版本",
    "segment.members": "人数",
}
