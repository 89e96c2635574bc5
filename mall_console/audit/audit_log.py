"""The audit log: who changed what, when and where."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app.access import audit
from app.access.models import AuditEntry
from app.kernel import clock
from app.web import filters
from mall_console.audit import subjects as audit_subjects
from mall_console.benefits import campaigns, offers
from mall_console.entrances import entrances
from mall_console.kit import forms, paging, role_places
from mall_console.kit.desk import Desk, at_desk
from mall_console.machines import machines

blueprint = Blueprint("audit_log", __name__, url_prefix="/audit", template_folder="templates")

SUBJECTS = {
    "statement.": "结算",
    "contract.": "合同条款",
    "entrance.": "入口码",
    "campaign.": "优惠活动",
    "member.": "会员查看与注销",
    "message.": "消息触达",
    "parking.": "停车",
    "redemption.": "核销",
    "store.": "门店",
    "merchant.": "商户",
    "staff.": "员工",
    "clerk.": "店员",
    "machine.": "设备",
}
# What of the log only those read who may see the thing itself.
MONEY = {"statement.": "statement.view", "contract.": "contract.view"}
ACTIONS = {
    "statement.close": "关账",
    "statement.confirm": "确认结算单",
    "statement.dispute": "对结算单提出异议",
    "statement.answer": "答复异议",
    "statement.pay": "标记结清",
    "contract.manage": "新增合同条款",
    "contract.withdraw": "撤回合同条款",
    "entrance.create": "新建入口码",
    "entrance.fetch_code": "获取小程序码",
    "entrance.make_contact_way": "生成企业微信联系码",
    "entrance.switch_off": "停用入口码",
    "entrance.switch_on": "恢复入口码",
    "campaign.create": "新建优惠活动",
    "campaign.pause": "暂停发放",
    "campaign.resume": "恢复发放",
    "campaign.set_grants": "修改发放规则",
    "member.search": "查找会员",
    "member.show_phone": "查看完整手机号",
    "member.left": "注销会员",
    "message.set_rule": "新增触达规则",
    "message.withdraw_rule": "撤回触达规则",
    "parking.set_tariff": "新增停车收费标准",
    "parking.withdraw_tariff": "撤回停车收费标准",
    "parking.add_car_park": "添加停车场",
    "parking.change_car_park": "修改停车场",
    "parking.new_gate_secret": "更换道闸密钥",
    "parking.switch_off": "停用停车场",
    "parking.switch_on": "恢复停车场",
    "redemption.create": "核销",
    "redemption.undo": "撤销核销",
    "mall.open": "开设商场",
    "store.create": "新增门店",
    "store.change": "修改门店",
    "merchant.create": "新增商户",
    "merchant.rename": "商户改名",
    "staff.signed_in": "登录",
    "staff.create": "新增员工（命令行）",
    "staff.hired": "新增员工",
    "staff.role_granted": "增加角色",
    "staff.role_revoked": "收回角色",
    "staff.password_changed": "修改自己的密码",
    "staff.password_reset": "重设密码",
    "staff.switched_off": "停用员工",
    "staff.switched_on": "恢复员工",
    "staff.stood_in_store": "切换门店",
    "clerk.hired": "新增店员",
    "clerk.password_reset": "重设店员密码",
    "clerk.switched_off": "停用店员",
    "clerk.switched_on": "恢复店员",
    "machine.register": "登记设备",
    "machine.new_secret": "更换设备密钥",
    "machine.switch_off": "停用设备",
    "machine.switch_on": "恢复设备",
}
FACTS = {
    "face": "登录端",
    "face_fen": "面额",
    "by": "方式",
    "coupon": "券码尾号",
    "points": "清零积分",
    "coupons": "作废优惠券",
    "discount_fen": "优惠",
    "amount_fen": "金额",
    "statement_no": "结算单号",
    "period": "账期",
    "issued": "出单",
    "answer": "答复",
    "reference": "凭证",
    "effective_from": "生效",
    "commission_bps": "佣金",
    "issue_price_fen": "发放每百积分",
    "redeem_price_fen": "抵现每百积分",
    "mall_share_bps": "商场承担",
    "points_rate_bps": "积分比例",
    "kind": "类型",
    "name": "名称",
    "before": "原名",
    "gate_url": "道闸地址",
    "gate_url_before": "原道闸地址",
    "headline": "标语",
    "marketing_cap": "营销上限",
    "window_days": "统计窗口",
    "quiet": "静默",
    "title": "名称",
    "code": "编号",
    "client_id": "设备编号",
    "trigger": "触发",
    "order": "顺序",
    "role": "角色",
    "place": "范围",
    "stores": "门店",
    "free_minutes": "免费",
    "step_minutes": "计费单位",
    "exit_grace_minutes": "离场时限",
    "step_fen": "每单位",
    "daily_cap_fen": "封顶",
}

# The words behind a code, by the first part of the action and the fact's name.
VALUES: dict[tuple[str, str], Mapping[str, str]] = {
    ("staff", "face"): {"console": "运营后台", "portal": "商户端"},
    ("staff", "role"): role_places.ROLES,
    ("entrance", "kind"): entrances.KINDS,
    ("campaign", "kind"): offers.KINDS,
    ("campaign", "trigger"): {name: title for name, (title, _) in campaigns.TRIGGERS.items()},
    ("machine", "kind"): machines.KINDS,
    ("member", "by"): {"phone": "手机号", "card_no": "会员卡号", "plate": "车牌"},
}


@blueprint.get("")
@at_desk("audit.view")
def page(desk: Desk) -> ResponseReturnValue:
    """What was changed in this mall and, for who sees the whole group, in no mall in particular; the newest first."""
    day, mark, subject = forms.find_day("day"), paging.mark(), request.args.get("subject", "")
    secret = [prefix for prefix, permission in MONEY.items() if not desk.can(permission)]
    subjects = {prefix: text for prefix, text in SUBJECTS.items() if prefix not in secret}
    found = audit.list_entries(
        desk.who.scope,
        mall_id=desk.mall.id,
        before_id=mark[0] if mark else None,
        action=subject if subject in SUBJECTS else None,
        without=secret,
        since=clock.start_of_day(day) if day else None,
        until=clock.end_of_day(day) if day else None,
        limit=paging.ROWS + 1,
    )
    rows = paging.cut(found, lambda entry: [entry.id])
    shown = paging.Rows([(entry, _told(entry)) for entry in rows.items], rows.more)
    names = audit_subjects.name_all(entry.subject for entry in rows.items)
    return paging.render_list("audit", rows=shown, subjects=subjects, actions=ACTIONS, names=names)


def _told(entry: AuditEntry) -> list[tuple[str, str]]:
    """An entry's facts as (label, text), those without a value left out."""
    about = entry.action.partition(".")[0]
    return [
        (FACTS.get(key, key), VALUES.get((about, key), {}).get(str(value)) or _written(key, value))
        for key, value in entry.facts.items()
        if value not in (None, "")
    ]


def _written(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping):
        return "、".join(f"{name} {text}" for name, text in value.items())
    if isinstance(value, list):
        return "、".join(map(str, value))
    if key.endswith("_fen") and isinstance(value, int):
        return filters.yuan(value)
    if key.endswith("_bps") and isinstance(value, int):
        return f"{value / 100:g}%"
    if key.endswith("_minutes"):
        return f"{value} 分钟"
    if key.endswith("_days"):
        return f"{value} 天"
    return str(value)
