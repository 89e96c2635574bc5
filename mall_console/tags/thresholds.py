"""The thresholds of computed tags: those in force, every version, and a form for other ones.

A member belongs to the whole group, so thresholds are the group's: every mall sees them, and who keeps all malls
publishes and takes them back.
"""

from dataclasses import fields as fields_of
from datetime import datetime

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.errors import DomainError
from app.lifecycle.tags.computed import thresholds
from app.lifecycle.tags.computed.models import TagRules
from app.lifecycle.tags.computed.rules import DEFAULT, Thresholds, find_flaws
from app.web.forms import fields, forms
from mall_console.kit import everywhere, versions
from mall_console.kit.numbers import Numbers
from mall_console.kit.versions import Setting
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.tags.tags import EDIT, VIEW

blueprint = Blueprint("tag_thresholds", __name__, url_prefix="/tags/thresholds")


class TagRulesShared(DomainError):
    """Thresholds hold in malls that the person does not keep."""

    kind = "forbidden"
    code = "tag_rules_shared"


def _share(label: str, hint: str = "", *, least: int = 1) -> fields.Hundredths:
    return fields.Hundredths(label, least=least, most=10_000, unit="%", hint=hint)


def _times(label: str, hint: str = "", unit: str = "次") -> fields.Whole:
    return fields.Whole(label, least=1, most=999, unit=unit, hint=hint)


class ThresholdsForm(versions.NewVersion):
    """Every number behind computed tags, and from which day on they hold."""

    window_days = fields.Whole("统计天数", least=14, most=730, unit="天", hint="只看最近这么多天的记录")
    half_life_days = fields.Whole("衰减半衰期", least=1, most=730, unit="天", hint="过了这么多天，一次记录只算一半")
    least_weight_bps = _share("最低权重", "低于它的标签自动消失")
    least_purchases = _times("最少消费次数", "消费更少的会员不打消费类标签")
    least_visits = _times("最少到店天数", "到店、停车或浏览更少的会员不打对应标签", "天")
    category_bps = _share("偏好业态", "占消费次数的比例")
    brand_bps = _share("偏好品牌", "占消费次数的比例")
    zone_bps = _share("常逛楼层", "占消费次数的比例")
    family_purchases = _times("亲子家庭", "在亲子业态消费的次数")
    price_sensitive_bps = _share("看重优惠", "优惠占原价不低于这个比例")
    price_full_bps = _share("不等优惠", "优惠占原价不高于这个比例", least=0)
    frequent_visits = _times("常来", "统计天数内到店的天数", "天")
    week_bps = _share("工作日来、周末来", "占到店天数的比例")
    hours_bps = _share("到店时段", "占到店天数的比例")
    parking_bps = _share("开车来", "停车的天数占到店天数的比例")
    long_stay_minutes = _times("停留久", "停车平均不少于", "分钟")
    short_stay_minutes = _times("快进快出", "停车平均不超过", "分钟")
    browsed_days = _times("常看小程序", "统计天数内打开小程序的天数", "天")
    browsed_pages = _times("浏览深入", "每天平均浏览的页数", "页")
    least_shares = _times("爱分享", "统计天数内分享的次数")

    def thresholds(self) -> Thresholds:
        """The numbers that were typed."""
        return Thresholds(**{one.name: self.values[one.name] for one in fields_of(Thresholds)})

    def check(self) -> None:
        flaws = find_flaws(self.thresholds())
        if flaws:
            raise forms.refusal([FIELDS[name].refuse(_MISFITS[why]) for name, why in flaws.items()])


_MISFITS = {
    "half_life": "不能超过统计天数",
    "price": "要比「看重优惠」的比例低",
    "stay": "要比「停留久」的分钟数少",
    "frequent": "要在最少到店天数和统计天数之间",
}
FIELDS = {one.name: one for one in ThresholdsForm.fields if one.name != "effective_from"}
NUMBERS = Numbers(FIELDS, DEFAULT)
SETTING = Setting(
    kind="tag_rules",
    publish_action="tag_rules.publish",
    withdraw_action="tag_rules.withdraw",
    path="/tags/thresholds",
)
PARTS = (
    (
        "总则",
        "越久以前的记录权重越低；权重由高到低，低于最低权重时标签消失。",
        ("window_days", "half_life_days", "least_weight_bps", "least_purchases", "least_visits"),
    ),
    (
        "消费",
        "整单退款的消费不算。",
        ("category_bps", "brand_bps", "zone_bps", "family_purchases", "price_sensitive_bps", "price_full_bps"),
    ),
    (
        "到店与停车",
        "到店按天计，一天多次只算一天。",
        ("frequent_visits", "week_bps", "hours_bps", "parking_bps", "long_stay_minutes", "short_stay_minutes"),
    ),
    ("小程序", "", ("browsed_days", "browsed_pages", "least_shares")),
)


@blueprint.get("")
@mall_required(VIEW)
def page(workspace: Workspace) -> ResponseReturnValue:
    """The thresholds in force, and every version of them."""
    today = clock.business_date(clock.now())
    return render_template(
        "console/tag_thresholds.html",
        **versions.history(thresholds.list_versions(), now=today, default=DEFAULT),
        parts=PARTS,
        fields=FIELDS,
        values=NUMBERS.written(thresholds.in_force(today).thresholds),
        changes_of=lambda version: NUMBERS.changes(DEFAULT, thresholds.to_thresholds(version)),
        may_set=everywhere.may(workspace, EDIT),
    )


@blueprint.get("/new")
@mall_required(EDIT)
def new_page(workspace: Workspace) -> ResponseReturnValue:
    """The form, with the thresholds in force."""
    _ensure_keeps_all(workspace)
    now = thresholds.in_force(clock.business_date(clock.now())).thresholds
    return render_template(
        "console/tag_thresholds_new.html",
        form=ThresholdsForm,
        parts=PARTS,
        fields=FIELDS,
        values=NUMBERS.written(now),
    )


@blueprint.post("")
@mall_required(EDIT)
def publish(workspace: Workspace) -> ResponseReturnValue:
    """Let other thresholds hold from a day on."""
    _ensure_keeps_all(workspace)
    form = ThresholdsForm.read()

    def act(now: datetime) -> TagRules:
        by, day = workspace.who.name, form.effective_from
        return thresholds.publish(form.thresholds(), effective_from=day, by=by, now=now)

    said = "新的标签阈值自 {} 起生效，标签次日凌晨更新"
    return SETTING.publish(workspace, form.typed(), act, facts=_facts, said=said)


@blueprint.post("/<int:version_id>/withdraw")
@mall_required(EDIT)
def withdraw(workspace: Workspace, version_id: int) -> ResponseReturnValue:
    """Take back thresholds whose day has not come."""
    _ensure_keeps_all(workspace)
    return SETTING.withdraw(workspace, version_id, thresholds.withdraw, facts=_facts, said="自 {} 起的标签阈值已撤回")


def _facts(version: TagRules) -> dict[str, int | None]:
    return NUMBERS.facts(thresholds.to_thresholds(version))


def _ensure_keeps_all(workspace: Workspace) -> None:
    everywhere.ensure(workspace, EDIT, TagRulesShared())
