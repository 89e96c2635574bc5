"""Words for entrances; edges alone use them."""

from app.entrances.models import ENTRANCE_KINDS

KINDS = dict(
    zip(
        ENTRANCE_KINDS,
        ("电梯厅", "停车场", "停车缴费", "等位区", "服务台", "礼宾台", "活动", "亲子", "影院", "快闪", "市集", "导购",
         "主入口", "会员邀请"),
        strict=True,
    )
)  # fmt: skip

ERRORS = {
    "entrance_not_found": "商场还没有开放入会，请到服务台咨询",
    "entrance_cost_week_ahead": "这一周还没有开始，不能录入成本",
    "entrance_cost_week_too_early": "本商场的入口自 {first_day} 起才有，不能给更早的一周录入成本",
    "footfall_ahead": "{day} {hour} 时还没有到，不能填写客流",
}

ACTIONS = {
    "entrance.create": "新建入口码",
    "entrance.fetch_code": "获取小程序码",
    "entrance.make_contact_way": "生成企业微信联系码",
    "entrance.reword": "修改主标语",
    "entrance.switch_off": "停用入口码",
    "entrance.switch_on": "恢复入口码",
    "entrance.enter_cost": "录入入口成本",
    "footfall.correct": "更正客流",
    "footfall.record": "录入客流",
    "door.describe": "修改大门",
}

SUBJECTS = {
    "entrance.": "入口码",
    "footfall.": "客流",
    "door.": "大门",
}

NOUNS = {
    "entrance": "入口码",
    "door": "大门",
}

FACTS = {
    "headline": "主标语",
    "headline_before": "原主标语",
    "hour": "时段",
    "cost_week": "所属周",
    "cost_fen": "成本",
    "cost_fen_before": "原成本",
    "visitors": "人数",
    "visitors_before": "原人数",
    "footfall.door": "大门",
    "door.entrance": "所在入口",
}

VALUES = {"entrance.kind": KINDS}

MEMBER_FIELDS = {
    "entrance": "入会入口",
}

SOURCES = {"api": "客流系统", "file": "文件导入", "hand": "人工录入"}
