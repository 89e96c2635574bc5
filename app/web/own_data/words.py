"""What the parts and columns of a person's own data are called, and what their codes mean."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from app.behaviour.wording import BEHAVIOUR, PAGES
from app.benefits.campaigns.wording import KINDS as CAMPAIGN_KINDS
from app.benefits.exchanges.wording import STATUSES as EXCHANGE_STATUSES
from app.care.wording import REQUEST_STATUSES, WHY
from app.circle.wording import AUTHORISATIONS
from app.identity.preferences import CATEGORIES as PREFERENCES
from app.identity.profiles.wording import FIELDS, NEARBY
from app.identity.wording import CONSENT_TEXTS, IDENTITIES
from app.invitations.wording import STATUSES as INVITATION_STATUSES
from app.invitations.wording import WHYS as INVITATION_WHYS
from app.kernel import discovery
from app.lifecycle.causes.wording import SLEEP_CAUSES
from app.lifecycle.predictions.wording import WHY as PREDICTION_WHY
from app.lifecycle.stages.wording import ACTIVITIES, REASONS_IN_SHORT, STAGES
from app.lifecycle.tags.computed.wording import HABITS, TAG_KINDS
from app.malls.wording import CATEGORIES
from app.outreach.messages.wording import MESSAGE_REASONS, MESSAGE_STATUSES
from app.parking.invoices.wording import REFUSALS, STATUSES, TITLE_KINDS
from app.points.ledger.wording import HOLD_STATUSES
from app.points.till.wording import STATUSES as POINTS_STATUSES
from app.purchases.claims.wording import CLAIM_STATES
from app.purchases.claims.wording import REJECTIONS as CLAIM_REASONS
from app.purchases.photos.wording import MEMBER_STATES as PHOTO_STATES
from app.purchases.wording import METHODS, SOURCES
from app.tiers.standings.wording import REASONS_OF_STANDING
from app.timeline.wording import EVENTS
from app.web import filters
from app.web.own_data.columns import COLUMNS

SECTIONS = {
    "identities": "身份与车牌",
    "consents": "协议同意记录",
    "preferences": "喜好",
    "about_me": "我的资料",
    "household": "家庭",
    "sign_ins": "登录记录",
    "entrances": "扫码进入",
    "advisers": "企业微信顾问",
    "chat_groups": "企业微信群",
    "invitation_codes": "我的邀请码",
    "invitations": "邀请好友",
    "invited": "受邀入会",
    "coupons": "优惠券",
    "redemptions": "核销记录",
    "notes": "服务备注",
    "care": "服务记录",
    "care_requests": "积分调整申请",
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
    "points_held": "积分冻结",
    "points_payments": "门店积分付款",
    "coupon_exchanges": "积分兑换",
    "purchases": "消费小票",
    "purchase_lines": "小票品类",
    "purchase_payments": "小票付款方式",
    "waiting_receipts": "待处理小票",
    "receipt_claims": "小票补登",
    "receipt_photos": "拍小票记录",
    "receipt_photo_images": "小票照片",
    "wechat_pay_points": "微信支付自动积分",
    "wechat_pay_parkings": "告知微信支付的停车",
    "tasks": "新人任务",
    "growth": "成长值明细",
    "tier_standings": "等级记录",
    "tier_notices": "等级到期提醒",
    "stages": "会员分层",
    "timeline": "时间线",
    "behaviour": "小程序使用记录",
    "predictions": "光顾预测",
    "tags": "系统标签",
    "manual_tags": "人工标签",
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
    "points_frozen": "冻结积分",
    "points_owed": "待扣积分",
}

# What the data file has and nobody can read: facts for programs, repeated in words elsewhere.
# Parts that are files themselves: they are in the document, and not among what is read.
FILES = {"receipt_photo_images"}
LEFT_OUT = {"messages.facts", "tasks.answers", "points.kind", "timeline.source", "tags.evidence"}

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
    "consents.kind": CONSENT_TEXTS,
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
    "care_requests.reason": WHY,
    "care_requests.status": REQUEST_STATUSES,
    "care.kind": {"coupon": "赠送优惠券", "points": "调整积分"},
    "care.reason": WHY,
    "message_consents.template": {
        "activity": "活动提醒",
        "benefit": "权益提醒",
        "member_day": "会员日提醒",
        "receipt": "审核结果",
    },
    "message_consents.change": {
        "accepted": "同意",
        "rejected": "拒绝",
        "reserved": "发送占用",
        "released": "未发送退回",
        "cleared": "平台清零",
        "withdrawn": "退订",
        "moved": "会员合并转移",
    },
    "messages.kind": discovery.merged("MESSAGE_KINDS", named="wording"),
    "messages.status": {code: words for code, (words, _) in MESSAGE_STATUSES.items()},
    "messages.reason": {code: words for code, (words, _) in MESSAGE_REASONS.items()},
    "points_payments.status": POINTS_STATUSES,
    "coupon_exchanges.status": EXCHANGE_STATUSES,
    "parking_waivers.kind": {"coupon": "停车券", "points": "积分", "tier": "等级免费停车"},
    "parking_invoices.status": STATUSES,
    "parking_invoices.refusal": REFUSALS,
    "parking_invoices.title_kind": TITLE_KINDS,
    "points_held.status": HOLD_STATUSES,
    "source": SOURCES,
    "category_code": CATEGORIES,
    "purchase_payments.method": METHODS,
    "receipt_claims.state": CLAIM_STATES,
    "invitations.status": INVITATION_STATUSES,
    "invitations.why": INVITATION_WHYS,
    "wechat_pay_points.state": AUTHORISATIONS,
    "wechat_pay_parkings.way": {"in": "入场", "out": "出场"},
    "receipt_claims.reason": CLAIM_REASONS,
    "receipt_photos.state": PHOTO_STATES,
    "receipt_photos.reason": CLAIM_REASONS,
    "tags.kind": TAG_KINDS,
    "tags.tag": {**CATEGORIES, **HABITS},
    "stages.stage": STAGES,
    "stages.activity": ACTIVITIES,
    "stages.why": REASONS_IN_SHORT,
    "tier_standings.why": REASONS_OF_STANDING,
    "timeline.kind": EVENTS,
    "behaviour.kind": BEHAVIOUR,
    "behaviour.page": PAGES,
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
