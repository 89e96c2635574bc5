"""Words for earning points, for members, operators and the audit log; edges alone use them."""

from collections.abc import Mapping

from app.kernel import money
from app.kernel.wording import day_text
from app.points.earning.acts import ONCE, ActKind, ActRule, Done
from app.points.earning.extras import (
    BirthdayExtra,
    CampaignExtra,
    Extra,
    FirstOrderExtra,
    MemberDayExtra,
    Payer,
    SegmentExtra,
    TierExtra,
)
from app.points.earning.rules import Breakdown, Rules

ERRORS = {
    "earning_rules_invalid": "积分规则有误，请检查后重试",
    "earning_brand_unsettled": "所选品牌在本商场没有门店或现行合同，无法结算加赠积分",
    "earning_rules_too_early": "积分规则最早从明天起生效",
    "earning_rules_conflict": "这一天已有另一套积分规则：先撤回它，或选择别的日期",
    "earning_rules_in_force": "这套积分规则已经生效，或已被撤回",
}

ACTIONS = {"earning.publish": "发布积分规则", "earning.withdraw": "撤回积分规则"}
SUBJECTS = {"earning.": "积分规则"}
NOUNS = {"earning_rules": "积分规则"}

# Why points were given for acts other than buying.
REASONS = {
    "visit_points": "到店：{mall}",
    "share_points": "分享：{mall}",
    "plate_points": "绑定车牌：{mall}",
    "profile_points": "完善资料：{mall}",
    "adviser_points": "添加专属顾问：{mall}",
}

ACTS: Mapping[ActKind, str] = {
    ActKind.VISIT: "到店",
    ActKind.SHARE: "分享小程序页面",
    ActKind.PLATE: "绑定车牌",
    ActKind.PROFILE: "完善全部资料",
    ActKind.ADVISER: "添加专属顾问",
    ActKind.INVITATION: "邀请好友",
}

# As things that may stand on a segment.
SEGMENT_USE_KINDS = {"earning": "积分规则"}

PAYERS: Mapping[Payer, str] = {Payer.MALL: "商场承担", Payer.MERCHANT: "门店商户承担", Payer.BRAND: "品牌方承担"}
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


def title_of(extra: Extra) -> str:
    """What an extra is called in a sum."""
    match extra:
        case TierExtra(title=title) | CampaignExtra(title=title):
            return title
        case SegmentExtra():
            return "会员专享"  # what operations call a segment is not for its members
        case BirthdayExtra(whole_month=whole_month):
            return "生日月" if whole_month else "生日"
        case MemberDayExtra():
            return "会员日"
        case FirstOrderExtra():
            return "首单"
    raise AssertionError(f"no words for {extra.kind}")


def added(bps: int) -> str:
    """How much an extra adds to the base: `加赠 100%` for as much again, `加赠 10%` for a tenth."""
    return f"加赠 {bps / 100:g}%"


def rate_text(rate_bps: int) -> str:
    """Points per yuan: 10000 is `1`, 5000 is `0.5`."""
    return f"{rate_bps / money.BPS:.4f}".rstrip("0").rstrip(".")


def explain(found: Breakdown) -> str:
    """Why a purchase earned what it did, on a line: `286 元 × 1 + 会员日加赠 100% + 金卡会员加赠 10%`."""
    if found.act is not None:
        return _explain_act(found.act)
    yuan = money.yuan_text(found.amount_fen).removesuffix(".00")
    extras = [f"{title_of(part.extra)}{added(part.extra.bps)}" for part in found.parts if part.extra is not None]
    return " + ".join([f"{yuan} 元 × {rate_text(found.rate_bps)}", *extras])


def _explain_act(done: Done) -> str:
    """`到店 10 积分 + 本月第 3 天到店 50 积分`."""
    name, nth = ACTS[done.kind], f"本月第 {done.nth} 天{ACTS[done.kind]}"
    if done.kind is ActKind.INVITATION:
        nth = f"本月第 {done.nth} 位好友"
    times = f" {done.times} 次" if done.times > 1 else ""
    parts = [f"{name}{times} {done.points} 积分"] if done.points else []
    parts += [f"{nth} {done.step_points} 积分"] if done.step_points else []
    return " + ".join(parts)


def when_of(extra: Extra) -> str:
    """When, or for whom, an extra holds, as a member reads it."""
    match extra:
        case TierExtra(title=title):
            return title
        case BirthdayExtra(whole_month=whole_month):
            return "生日当月" if whole_month else "生日当天"
        case MemberDayExtra(weekdays=weekdays, month_days=month_days):
            days = [f"每{WEEKDAYS[one - 1]}" for one in weekdays] + [f"每月 {one} 日" for one in month_days]
            return f"会员日（{'、'.join(days)}）"
        case FirstOrderExtra():
            return "第一笔消费"
        case CampaignExtra(title=title, first_day=first, last_day=last):
            return f"{title}（{day_text(first)}至 {day_text(last)}）"
        case SegmentExtra():
            return "受邀会员"
    raise AssertionError(f"no words for {extra.kind}")


def say(rules: Rules, *, stores: Mapping[str, str], categories: Mapping[str, str], friend_when: str) -> list[str]:
    """The rules in plain sentences, as members read them; names of stores and categories by their codes.

    `friend_when`: from when on an invited friend counts, by the mall's rules of invitations, as their wording says it.
    What names a store or category that is gone is left out.
    """
    lines = [f"每消费 1 元得 {rate_text(rules.mall_rate_bps)} 积分。"]
    lines += _rates(rules.category_rates_bps, categories) + _rates(rules.store_rates_bps, stores)
    extras = [line for extra in rules.extras if (line := extra_line(extra, stores, categories))]
    lines += extras
    if len(extras) > 1:
        lines.append("同时满足几项时，各项按基础积分分别加赠，不叠乘。")
    lines.append("每笔消费合计后不足 1 积分的部分不计。")
    return [*lines, *(act_line(rule, friend_when=friend_when) for rule in rules.acts)]


def act_line(rule: ActRule, *, friend_when: str) -> str:
    """What an act earns, as a member reads it; `friend_when` as for `say`."""
    name = ACTS[rule.kind]
    if rule.kind in ONCE:
        return f"{name}：一次得 {rule.points} 积分，每位会员一次。"
    if rule.kind is ActKind.INVITATION:
        return f"邀请好友：好友{friend_when}，{friend_line(rule)}"
    often = f"每次得 {rule.points} 积分，每天最多 {rule.a_day} 次" if rule.a_day > 1 else f"每天得 {rule.points} 积分"
    first = [often] if rule.points else []
    steps = [f"当月第 {step.nth} 天{name}再得 {step.points} 积分" for step in rule.steps]
    return f"{name}：{'，'.join([*first, *steps])}，次日到账。"


def friend_line(rule: ActRule) -> str:
    """What friends who come earn, where it is told elsewhere what counts as coming."""
    first = [f"每位得 {rule.points} 积分，每天最多计 {rule.a_day} 位"] if rule.points else []
    steps = [f"当月第 {step.nth} 位再得 {step.points} 积分" for step in rule.steps]
    return f"{'，'.join([*first, *steps])}。"


def _rates(rates_bps: Mapping[str, int], names: Mapping[str, str]) -> list[str]:
    by_rate: dict[int, list[str]] = {}
    for code, rate_bps in rates_bps.items():
        if code in names:
            by_rate.setdefault(rate_bps, []).append(names[code])
    return [_rate_line(found, rate_bps) for rate_bps, found in sorted(by_rate.items(), reverse=True)]


def _rate_line(names: list[str], rate_bps: int) -> str:
    where = "、".join(names)
    return f"{where}：每消费 1 元得 {rate_text(rate_bps)} 积分。" if rate_bps else f"{where}：消费不积分。"


def extra_line(extra: Extra, stores: Mapping[str, str], categories: Mapping[str, str]) -> str:
    """What an extra adds, as a member reads it; empty where all that it names is gone."""
    where = ""
    if isinstance(extra, CampaignExtra) and (extra.categories or extra.stores):
        names = [categories[code] for code in extra.categories if code in categories]
        names += [stores[code] for code in extra.stores if code in stores]
        if not names:
            return ""  # it holds nowhere any more, not everywhere
        where = f"在{'、'.join(names)}"
    whole, rest = divmod(extra.bps, money.BPS)
    more = f"多得 {extra.bps / 100:g}% 积分" if rest else f"积分 {whole + 1} 倍"
    return f"{when_of(extra)}：{where}消费{more}。"
