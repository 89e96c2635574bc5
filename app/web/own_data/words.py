"""What the parts and columns of a person's own data are called, and what their codes mean."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from app.behaviour.wording import BEHAVIOUR
from app.benefits.campaigns.wording import KINDS as CAMPAIGN_KINDS
from app.care.wording import WHY
from app.identity.preferences import CATEGORIES as PREFERENCES
from app.identity.profiles.wording import BANDS, FIELDS, NEARBY
from app.identity.wording import IDENTITIES
from app.lifecycle.causes.wording import SLEEP_CAUSES
from app.lifecycle.predictions.wording import WHY as PREDICTION_WHY
from app.lifecycle.stages.wording import ACTIVITIES, REASONS_IN_SHORT, STAGES
from app.malls.wording import CATEGORIES
from app.outreach.messages.wording import MESSAGE_KINDS, MESSAGE_REASONS, MESSAGE_STATUSES
from app.parking.invoices.wording import REFUSALS, STATUSES, TITLE_KINDS
from app.timeline.wording import EVENTS
from app.web import filters

SECTIONS = {
    "identities": "身份与车牌",
    "consents": "协议同意记录",
    "preferences": "喜好",
    "about_me": "我的资料",
    "household": "家庭",
    "sign_ins": "登录记录",
    "entrances": "扫码进入",
    "advisers": "企业微信顾问",
    "coupons": "优惠券",
    "redemptions": "核销记录",
    "notes": "服务备注",
    "care": "服务记录",
    "message_consents": "消息订阅",
    "messages": "消息",
    "parking_quotes": "停车费查询",
    "parking_payments": "停车缴费",
    "parking_waivers": "停车抵扣",
    "parking_invoices": "停车发票",
    "parking_stays": "停车记录",
    "payments": "微信支付订单",
    "refunds": "退款",
    "points": "积分明细",
    "points_expiry": "积分到期",
    "purchases": "消费小票",
    "purchase_lines": "小票品类",
    "tasks": "新人任务",
    "growth": "成长值明细",
    "stages": "会员阶段",
    "timeline": "时间线",
    "behaviour": "小程序使用记录",
    "predictions": "光顾预测",
    "segments": "所在人群",
    "values": "每日贡献与成本",
    "sleep_causes": "未到店原因分析",
    "sleep_cause_corrections": "未到店原因更正",
}

PROFILE = {
    "phone": "手机号",
    "name": "姓名",
    "card_no": "会员卡号",
    "mall": "所属商场",
    "status": "状态",
    "first_seen_at": "首次到访",
    "joined_at": "入会时间",
    "tier": "等级",
    "growth": "成长值",
    "points": "可用积分",
    "points_owed": "待扣积分",
}

# A column by its section's name and its own, or by its own where it is the same everywhere.
COLUMNS = {
    "kind": "类型",
    "value": "内容",
    "bound_at": "绑定时间",
    "version": "版本",
    "title": "名称",
    "channel": "渠道",
    "given_at": "同意时间",
    "withdrawn_at": "撤回时间",
    "category": "喜好",
    "chosen_at": "选择时间",
    "birthday": "生日",
    "birthday_first_on": "首次填写生日",
    "birthday_changed_on": "最近修改生日",
    "nearby": "住处与公司",
    "skipped": "不再询问",
    "profiling_off_at": "关闭个性化分析",
    "changed_at": "更新时间",
    **{band: f"孩子（{words}）" for band, words in BANDS.items()},
    "told_at": "填写时间",
    "as_of": "截至",
    "alive_percent": "仍会光顾的概率（%）",
    "return_percent": "90 天内消费的概率（%）",
    "purchases_expected": "90 天内预计消费天数",
    "expected_fen": "90 天内预计消费金额",
    "predictions.why": "依据",
    "commission_fen": "消费佣金",
    "benefits_fen": "商场承担的权益",
    "message_cost_fen": "消息成本",
    "margin_fen": "商场毛利",
    "stay_minutes": "停车分钟",
    "silent_since": "最近到店日",
    "cause": "原因",
    "confidence_percent": "把握（%）",
    "judged_on": "分析日期",
    "corrected_cause": "更正为",
    "corrected_at": "更正时间",
    "purchase_days": "有消费的天数",
    "first_on": "首次消费日",
    "last_on": "最近消费日",
    "created_at": "时间",
    "expires_at": "有效期至",
    "revoked_at": "退出时间",
    "entrance": "入口",
    "scanned_at": "扫码时间",
    "joined_at": "入会时间",
    "adviser": "顾问",
    "added_at": "添加时间",
    "removed_at": "删除时间",
    "code": "券码",
    "coupon": "券码",
    "mall": "商场",
    "store": "门店",
    "status": "状态",
    "plate": "车牌",
    "issued_at": "发放时间",
    "valid_from": "生效时间",
    "valid_until": "失效时间",
    "redeemed_at": "核销时间",
    "reversed_at": "撤销时间",
    "spend_fen": "消费金额",
    "discount_fen": "优惠金额",
    "text": "备注",
    "written_at": "时间",
    "points": "积分",
    "reason": "原因",
    "note": "说明",
    "done_at": "完成时间",
    "template": "消息类型",
    "change": "变动",
    "quantity": "次数",
    "occurred_at": "时间",
    "marketing": "营销消息",
    "planned_at": "计划时间",
    "due_at": "预定时间",
    "sent_at": "发送时间",
    "content": "内容",
    "quoted_at": "查询时间",
    "fee_fen": "停车费",
    "due_fen": "应付",
    "id": "编号",
    "waived_fen": "抵扣",
    "cash_fen": "实付",
    "paid_at": "支付时间",
    "released_at": "取消时间",
    "payment": "缴费编号",
    "minutes": "时长（分钟）",
    "covers_fen": "抵扣金额",
    "title_kind": "抬头类型",
    "parking_invoices.title": "发票抬头",
    "tax_no": "税号",
    "email": "收票邮箱",
    "refusal": "未开具的原因",
    "asked_at": "申请时间",
    "answered_at": "办结时间",
    "car_park": "停车场",
    "entered_at": "入场时间",
    "entered_on": "进入日期",
    "exited_at": "离场时间",
    "settled_fen": "已缴",
    "out_trade_no": "商户订单号",
    "transaction_id": "微信支付单号",
    "description": "商品",
    "amount_fen": "金额",
    "refunded_at": "退款时间",
    "balance": "余额",
    "remaining_points": "剩余积分",
    "expires_on": "到期日",
    "source": "来源",
    "receipt_no": "小票号",
    "recorded_at": "记录时间",
    "is_first": "首次消费",
    "line_no": "行号",
    "category_code": "品类",
    "completed_at": "完成时间",
    "points_awarded": "奖励积分",
    "growth": "成长值",
    "growth_after": "变动后",
    "points_expiry.points": "获得积分",
    "page": "页面",
    "subject": "内容",
    "words": "搜索词",
    "seconds": "停留（秒）",
    "scene": "入口码",
    "day": "日期",
    "stage": "阶段",
    "activity": "活跃度",
    "why": "原因",
    "last_purchase_on": "最近消费",
    "purchases": "消费次数",
    "monetary_fen": "消费金额",
}

# What the data file has and nobody can read: facts for programs, repeated in words elsewhere.
LEFT_OUT = {"messages.facts", "tasks.answers", "points.kind", "timeline.source"}

_CHANNELS = {
    "mini_program": "小程序",
    "official_account": "公众号",
    "sms": "短信验证码",
    "subscribe": "小程序订阅消息",
    "official": "公众号",
    "wecom": "企业微信",
    "import": "数据导入",
}
_PAYMENTS = {
    "created": "待支付",
    "prepaid": "待支付",
    "awaiting_cash": "待支付",
    "paid": "已支付",
    "closed": "已关闭",
    "late": "待退款",
    "refunded": "已退款",
    "released": "已取消",
    "due": "退款中",
    "done": "已退款",
}
# The codes of columns, as the columns above are found.
VALUES: dict[str, Mapping[str, str]] = {
    "identities.kind": IDENTITIES,
    "consents.kind": {"membership": "会员协议", "household": "家庭信息单独同意书"},
    "preferences.category": PREFERENCES,
    "about_me.nearby": NEARBY,
    "predictions.why": PREDICTION_WHY,
    "cause": SLEEP_CAUSES,
    "corrected_cause": SLEEP_CAUSES,
    "about_me.skipped": FIELDS,
    "channel": _CHANNELS,
    "kind": CAMPAIGN_KINDS,
    "status": _PAYMENTS,
    "coupons.status": {"issued": "未使用", "reserved": "付款中", "redeemed": "已核销", "void": "已作废"},
    "care.kind": {"coupon": "赠送优惠券", "points": "调整积分"},
    "care.reason": WHY,
    "message_consents.template": {"activity": "活动提醒", "benefit": "权益提醒", "member_day": "会员日提醒"},
    "message_consents.change": {
        "accepted": "同意",
        "rejected": "拒绝",
        "reserved": "发送占用",
        "released": "未发送退回",
        "cleared": "平台清零",
        "withdrawn": "退订",
    },
    "messages.kind": MESSAGE_KINDS,
    "messages.status": {code: words for code, (words, _) in MESSAGE_STATUSES.items()},
    "messages.reason": {code: words for code, (words, _) in MESSAGE_REASONS.items()},
    "parking_waivers.kind": {"coupon": "停车券", "points": "积分"},
    "parking_invoices.status": STATUSES,
    "parking_invoices.refusal": REFUSALS,
    "parking_invoices.title_kind": TITLE_KINDS,
    "source": {"pos": "收银系统", "import": "数据导入"},
    "category_code": CATEGORIES,
    "stages.stage": STAGES,
    "stages.activity": ACTIVITIES,
    "stages.why": REASONS_IN_SHORT,
    "timeline.kind": EVENTS,
    "behaviour.kind": BEHAVIOUR,
    "profile.status": {"visitor": "访客", "member": "会员"},
}


def column_of(section: str, name: str) -> str:
    """What a column is called; its own name for one that nobody has worded yet."""
    return COLUMNS.get(f"{section}.{name}") or COLUMNS.get(name, name)


def value_of(section: str, name: str, value: Any) -> str:
    """A value as a person reads it: moments on the mall's clock, sums in yuan, codes in words."""
    match value:
        case None | "":
            return "—"
        case bool():
            return "是" if value else "否"
        case datetime():
            return filters.local_time(value)
        case date():
            return value.isoformat()
        case int():
            return filters.yuan(value) if name.endswith("_fen") else filters.points(value)
        case dict():
            return "；".join(value_of(section, name, one) for one in value.values())
        case list():
            return "、".join(value_of(section, name, one) for one in value)
    codes = VALUES.get(f"{section}.{name}") or VALUES.get(name, {})
    return codes.get(str(value), str(value))
