"""The form for rules of earning: its fields follow the mall's stores, the ladder and the segments there are."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from app.points.earning.acts import ActKind, ActRule, Step
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
from app.points.earning.rules import Rules
from app.points.earning.wording import PAYERS, WEEKDAYS
from app.web.forms import fields, forms
from app.web.forms.fields import Hundredths, Maybe
from mall_console.points.earning_words import Known

CAMPAIGNS, SEGMENTS = range(3), range(3)
DAY_OPTIONS = {str(number): name for number, name in enumerate(WEEKDAYS, start=1)}
_PAYERS = {payer.value: text for payer, text in PAYERS.items()}
_NUMBERS = re.compile(r"[0-9]+")
_STEP = re.compile(r"([0-9]{1,2})\s*[:：]\s*([0-9]{1,6})")


def _rate(label: str) -> Hundredths:
    return Hundredths(label, most=10_000, unit="积分")


def _more(label: str, hint: str = "") -> Maybe[int]:
    return Maybe(Hundredths(label, least=1, most=100_000, unit="%", hint=hint))


def _act(label: str) -> Maybe[int]:
    return Maybe(fields.Whole(label, least=1, most=100_000, unit="积分"))


class MonthDays(fields.Text):
    """Days of a month, in any writing between the numbers."""

    def read(self, text: str) -> str:
        """The days; raises FieldInvalid."""
        days = [int(number) for number in _NUMBERS.findall(super().read(text))]
        if not days or not all(1 <= day <= 31 for day in days):
            raise self.refuse("请填写 1 至 31 之间的日期，例如 8、18、28")
        return "、".join(str(day) for day in sorted(set(days)))


class Steps(fields.Text):
    """Steps of an act, each a day of the month's visits and the points on top: `3:50、6:100`."""

    def read(self, text: str) -> str:
        """The steps in order; raises FieldInvalid."""
        found = [(int(nth), int(points)) for nth, points in _STEP.findall(super().read(text))]
        numbers = [nth for nth, _ in found]
        left = _STEP.sub("", text).strip(" 、,，;；")
        if not found or left or len(set(numbers)) != len(numbers) or not all(1 <= nth <= 31 for nth in numbers):
            raise self.refuse("请按「第几天:积分」填写，例如 3:50、6:100")
        return "、".join(f"{nth}:{points}" for nth, points in sorted(found))


class PayerChoice(fields.Choice):
    """Who pays for an extra: the mall, where the page does not ask."""

    def read(self, text: str) -> str:
        """The payer; raises FieldInvalid."""
        return super().read(text or Payer.MALL.value)


class BaseForm(forms.Form):
    """What every mall's rules have."""

    mall_rate = Hundredths("每消费 1 元", most=10_000, unit="积分")
    birthday = _more("生日加赠")
    birthday_when = fields.Choice("生日加赠的时间", {"day": "生日当天", "month": "生日当月"})
    first_order = _more("首单加赠", "会员的第一笔消费")
    member_day = _more("会员日加赠")
    weekdays = fields.Several("每周")
    month_days = Maybe(MonthDays("每月", most=60, placeholder="例如 8、18、28"))
    act_visit = _act("每天到店")
    act_visit_steps = Maybe(Steps("当月累计到店加赠", most=80, placeholder="例如 3:50、6:100", hint="第几天:再得几分"))
    act_share = _act("每次分享")
    act_share_a_day = Maybe(fields.Whole("每天最多分享", least=1, most=50, unit="次"))
    act_plate = _act("绑定车牌")
    act_profile = _act("完善全部资料")
    act_adviser = _act("添加专属顾问")
    act_invitation = _act("每位好友")
    act_invitation_a_day = Maybe(fields.Whole("每天最多计", least=1, most=50, unit="位"))
    act_invitation_steps = Maybe(
        Steps("当月累计邀请加赠", most=80, placeholder="例如 3:50、6:100", hint="第几位:再得几分")
    )

    def check(self) -> None:
        """What hangs together is filled in together."""
        wrong = [*self._wrong(), *self._wrong_brand()]
        if wrong:
            raise forms.refusal(wrong)

    def _wrong_brand(self) -> Iterator[forms.FieldInvalid]:
        pays = any(value == Payer.BRAND.value for name, value in self.values.items() if name.endswith("_payer"))
        if pays and not self.values["brand"]:
            yield self._named("brand").refuse("有加赠由品牌方承担，请选择是哪一家")

    def _wrong(self) -> Iterator[forms.FieldInvalid]:
        kind = type(self)
        if self.member_day and not (self.weekdays or self.month_days):
            yield kind.member_day.refuse("请选择每周或每月的哪几天")
        if not set(self.weekdays) <= DAY_OPTIONS.keys():
            yield kind.weekdays.refuse("请选择周一至周日")
        for number in CAMPAIGNS:
            title, more, first, last = (self._of("campaign", number, name) for name in ("title", "more", "from", "to"))
            if any((title, more, first, last)) and not all((title, more, first, last)):
                yield self._field("campaign", number, "title").refuse("名称、加赠和起止日期都要填写")
            elif first and last and last < first:
                yield self._field("campaign", number, "to").refuse("不能早于开始日期")
        for number in SEGMENTS:
            if bool(self._of("segment", number, "of")) != bool(self._of("segment", number, "more")):
                yield self._field("segment", number, "more").refuse("人群和加赠要一起填写")

    def _of(self, kind: str, number: int, name: str) -> Any:
        return self.values[f"{kind}_{number}_{name}"]

    def _field(self, kind: str, number: int, name: str) -> forms.Field[Any]:
        return self._named(f"{kind}_{number}_{name}")

    def _named(self, name: str) -> forms.Field[Any]:
        return next(one for one in self.fields if one.name == name)


def form_for(known: Known) -> type[BaseForm]:
    """The form with the fields of one mall."""
    more: dict[str, forms.Field[Any]] = {}
    more |= {f"category_{code}": Maybe(_rate(name)) for code, name in known.categories.items()}
    more |= {f"store_{code}": Maybe(_rate(name)) for code, name in known.stores.items()}
    more |= {f"tier_{code}": _more(name) for code, name in known.tiers.items()}
    payers = ("tier", "birthday", "first_order", "member_day", *(f"campaign_{number}" for number in CAMPAIGNS))
    payers += tuple(f"segment_{number}" for number in SEGMENTS)
    more["brand"] = Maybe(fields.Choice("承担加赠的品牌方", known.brands))
    more |= {f"{name}_payer": PayerChoice("由谁承担", _PAYERS) for name in payers}
    for number in CAMPAIGNS:
        more |= {
            f"campaign_{number}_title": Maybe(fields.Text("活动名称", most=20, placeholder="例如 周年庆")),
            f"campaign_{number}_more": _more("加赠"),
            f"campaign_{number}_from": Maybe(fields.Day("开始")),
            f"campaign_{number}_to": Maybe(fields.Day("结束")),
            f"campaign_{number}_categories": fields.Several("限定业态"),
            f"campaign_{number}_stores": fields.Several("限定门店"),
        }
    for number in SEGMENTS:
        chosen = Maybe(fields.Choice("人群", known.segments))
        more |= {f"segment_{number}_of": chosen, f"segment_{number}_more": _more("加赠")}
    return type("EarningForm", (BaseForm,), more)


def to_rules(form: BaseForm, known: Known) -> Rules:
    """The rules that were typed."""
    return Rules(
        mall_rate_bps=form.mall_rate * 100,
        category_rates_bps=_rates(form, "category", known.categories),
        store_rates_bps=_rates(form, "store", known.stores),
        extras=tuple(_with_brand(extra, form.values["brand"]) for extra in _extras(form.values, known)),
        acts=tuple(_acts(form.values)),
    )


def _with_brand(extra: Extra, brand: str | None) -> Extra:
    return replace(extra, brand=brand or "") if extra.payer is Payer.BRAND else extra


def _acts(typed: Mapping[str, Any]) -> Iterator[ActRule]:
    for kind in ActKind:
        points, a_day = typed[f"act_{kind.value}"] or 0, typed.get(f"act_{kind.value}_a_day") or 1
        found = _STEP.findall(typed.get(f"act_{kind.value}_steps") or "")
        if points or found:
            steps = tuple(Step(int(nth), int(more)) for nth, more in found)
            yield ActRule(kind=kind, points=points, a_day=a_day, steps=steps)


def _rates(form: BaseForm, kind: str, codes: Mapping[str, str]) -> dict[str, int]:
    typed = {code: form.values[f"{kind}_{code}"] for code in codes}
    return {code: rate * 100 for code, rate in typed.items() if rate is not None}


def _extras(typed: Mapping[str, Any], known: Known) -> Iterator[Extra]:
    yield from _of_members(typed, known)
    yield from _of_days(typed)
    yield from (
        _campaign(typed, f"campaign_{number}", known) for number in CAMPAIGNS if typed[f"campaign_{number}_title"]
    )
    yield from (_segment(typed, f"segment_{number}", known) for number in SEGMENTS if typed[f"segment_{number}_of"])


def _of_members(typed: Mapping[str, Any], known: Known) -> Iterator[Extra]:
    for code, name in known.tiers.items():
        if typed[f"tier_{code}"]:
            yield TierExtra(bps=typed[f"tier_{code}"], payer=Payer(typed["tier_payer"]), tier=code, title=name)
    if typed["first_order"]:
        yield FirstOrderExtra(bps=typed["first_order"], payer=Payer(typed["first_order_payer"]))


def _of_days(typed: Mapping[str, Any]) -> Iterator[Extra]:
    if typed["birthday"]:
        whole_month = typed["birthday_when"] == "month"
        yield BirthdayExtra(bps=typed["birthday"], payer=Payer(typed["birthday_payer"]), whole_month=whole_month)
    if typed["member_day"]:
        yield MemberDayExtra(
            bps=typed["member_day"],
            payer=Payer(typed["member_day_payer"]),
            weekdays=tuple(int(one) for one in typed["weekdays"]),
            month_days=tuple(int(one) for one in _NUMBERS.findall(typed["month_days"] or "")),
        )


def _campaign(typed: Mapping[str, Any], name: str, known: Known) -> Extra:
    return CampaignExtra(
        bps=typed[f"{name}_more"],
        payer=Payer(typed[f"{name}_payer"]),
        title=typed[f"{name}_title"],
        first_day=typed[f"{name}_from"],
        last_day=typed[f"{name}_to"],
        categories=tuple(code for code in typed[f"{name}_categories"] if code in known.categories),
        stores=tuple(code for code in typed[f"{name}_stores"] if code in known.stores),
    )


def _segment(typed: Mapping[str, Any], name: str, known: Known) -> Extra:
    return SegmentExtra(
        bps=typed[f"{name}_more"],
        payer=Payer(typed[f"{name}_payer"]),
        segment=typed[f"{name}_of"],
        title=known.segments[typed[f"{name}_of"]],
    )


def shown(rules: Rules) -> dict[str, Any]:
    """The form's fields as rules say them, for its first showing."""
    told: dict[str, Any] = {"mall_rate": _decimal(rules.mall_rate_bps // 100)}
    told |= {f"category_{code}": _decimal(rate // 100) for code, rate in rules.category_rates_bps.items()}
    told |= {f"store_{code}": _decimal(rate // 100) for code, rate in rules.store_rates_bps.items()}
    told |= {name: value for rule in rules.acts for name, value in _shown_act(rule).items()}
    told["brand"] = next((extra.brand for extra in rules.extras if extra.brand), "")
    campaigns, segments = iter(CAMPAIGNS), iter(SEGMENTS)
    for extra in rules.extras:
        told |= _shown(extra, campaigns, segments)
    return told


def _shown_act(rule: ActRule) -> dict[str, Any]:
    name = f"act_{rule.kind.value}"
    told: dict[str, Any] = {name: rule.points} if rule.points else {}
    told |= {f"{name}_a_day": rule.a_day} if rule.kind in (ActKind.SHARE, ActKind.INVITATION) else {}
    steps = "、".join(f"{nth}:{points}" for nth, points in rule.steps)
    return told | ({f"{name}_steps": steps} if steps else {})


def _shown(extra: Extra, campaigns: Iterator[int], segments: Iterator[int]) -> dict[str, Any]:
    more, payer = _decimal(extra.bps), extra.payer.value
    match extra:
        case TierExtra(tier=tier):
            return {f"tier_{tier}": more, "tier_payer": payer}
        case BirthdayExtra(whole_month=whole_month):
            when = "month" if whole_month else "day"
            return {"birthday": more, "birthday_payer": payer, "birthday_when": when}
        case FirstOrderExtra():
            return {"first_order": more, "first_order_payer": payer}
        case MemberDayExtra(weekdays=weekdays, month_days=month_days):
            days = {"weekdays": [str(one) for one in weekdays], "month_days": "、".join(map(str, month_days))}
            return {"member_day": more, "member_day_payer": payer, **days}
        case CampaignExtra():
            return _numbered(f"campaign_{next(campaigns)}", more, payer, _shown_campaign(extra))
        case SegmentExtra(segment=segment):
            return _numbered(f"segment_{next(segments)}", more, payer, {"of": segment})
    raise AssertionError(f"no field for {extra.kind}")


def _shown_campaign(extra: CampaignExtra) -> dict[str, Any]:
    first, last = extra.first_day.isoformat(), extra.last_day.isoformat()
    there = {"categories": list(extra.categories), "stores": list(extra.stores)}
    return {"title": extra.title, "from": first, "to": last, **there}


def _numbered(name: str, more: str, payer: str, told: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{name}_{key}": value for key, value in {"more": more, "payer": payer, **told}.items()}


def _decimal(hundredths: int) -> str:
    return f"{hundredths / 100:g}"
