"""Words for invitations; edges alone use them."""

from collections.abc import Sequence

from app.invitations.models import Status, Why
from app.invitations.rules import Rules
from app.kernel import money

ERRORS = {
    "invitation_rules_invalid": "邀请规则的数值过大或过小",
    "invitation_rules_too_early": "邀请规则最早从明天起生效",
    "invitation_rules_conflict": "这一天已有另一套邀请规则：先撤回它，或选择别的日期",
    "invitation_rules_in_force": "这套邀请规则已经生效，或已被撤回",
}

REASONS = {
    "invitation_points": "邀请好友：{mall}",
    "invitation_growth": "邀请好友：{mall}",
}

ACTIONS = {
    "invitation.publish_rules": "发布邀请规则",
    "invitation.withdraw_rules": "撤回邀请规则",
    "invitation.pay": "发放邀请奖励",
    "invitation.refuse": "不发邀请奖励",
}
SUBJECTS = {"invitation.": "邀请好友"}
NOUNS = {"invitation_rules": "邀请规则", "inviter": "邀请人"}
FACTS = {
    "invitation.rules": "规则",
    "invitation.friends": "好友人数",
    "invitation.points": "积分",
    "invitation.growth": "成长值",
}

STATUSES = {
    Status.JOINED.value: "待生效",
    Status.ACTED.value: "等待期内",
    Status.ASKED.value: "核查中",
    Status.PAID.value: "已奖励",
    Status.VOID.value: "无奖励",
}

WHYS = {
    Why.LAPSED.value: "期限内没有生效",
    Why.REFUNDED.value: "消费已退款",
    Why.SAME_PERSON.value: "与已有会员是同一人",
    Why.WAS_MEMBER.value: "以前是会员",
    Why.LEFT.value: "已注销",
    Why.OVER_CAP.value: "超出当月奖励人数",
    Why.REFUSED.value: "核查未通过",
}

# What there is to know of some of them.
NOTES = {
    Status.JOINED.value: "已入会，达到邀请规则后生效",
    Status.ASKED.value: "商场正在核查，一般 5 天内有结果",
}

ACTS = {"visit": "到店", "purchase": "消费"}

MEMBER_FIELDS = {
    "friends_joined": "邀请入会的好友",
    "friends_came": "带来的有效好友",
    "last_friend": "最近一次有好友入会",
}

MEMBER_SUBJECTS = {"invitations": "邀请好友"}


# What friends bring, where rules of several malls may say when.
WHEN_ANYWHERE = "达到邀请规则后"


def when(rules: Rules) -> str:
    """From when on a friend counts, to go on from: `首次到店或消费后`, `首次消费满 50 元后`."""
    return f"首次{_act(rules)}后"


def _act(rules: Rules) -> str:
    spent = f"消费满 {money.yuan_text(rules.least_fen).removesuffix('.00')} 元" if rules.least_fen else "消费"
    return f"到店或{spent}" if rules.counts_visits else spent


def say(rules: Rules, *, gives: Sequence[str] = ()) -> list[str]:
    """The rules in plain sentences, as members read them; `gives` are those of what a friend brings."""
    lines = [
        "好友通过您的链接或海报首次入会，才算邀请成功；以前是会员的不算。",
        f"好友入会后 {rules.within_days} 天内{_act(rules)}，奖励才生效。",
        *gives,
    ]
    if rules.waiting_days:
        lines.append(f"生效后再过 {rules.waiting_days} 天发放；其间好友全额退款的，不发放。")
    acts = "到店或消费" if rules.counts_visits else "消费"
    lines.append(f"每月最多奖励 {rules.most_a_month} 位好友，按好友首次{acts}的月份计。")
    lines.append("自己邀请自己、多人共用一台手机等情况会先核查，不实的不予奖励。")
    return lines
