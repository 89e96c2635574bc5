"""What gives growth: the rules in force in words, every version of them, and the form for the next one."""

from dataclasses import fields as fields_of
from datetime import datetime
from functools import partial
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.invitations import rule_sets as invitations
from app.invitations import wording as invitation_words
from app.kernel import clock
from app.tiers.growth import rule_sets, wording
from app.tiers.growth.models import GrowthRules
from app.tiers.growth.rule_sets import Rules
from app.web.forms import fields
from app.web.forms.fields import Hundredths
from mall_console.kit import everywhere, versions
from mall_console.kit.versions import Setting
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.tiers.ladder import EDIT, ensure_keeps_all

blueprint = Blueprint("tier_growth", __name__, url_prefix="/tiers/growth", template_folder="templates")

SETTING = Setting(
    kind="growth_rules",
    publish_action="tier.publish_growth",
    withdraw_action="tier.withdraw_growth",
    path="/tiers/growth",
)
# A hundredth of growth for each yuan is so many basis points.
_STEP_BPS = 100


def _growth(label: str) -> fields.Whole:
    return fields.Whole(label, most=rule_sets.MOST_GROWTH, unit="成长值")


class GrowthForm(versions.NewVersion):
    """What each thing gives; nought for nothing."""

    spend = Hundredths("每消费 1 元", most=rule_sets.MOST_SPEND_BPS // _STEP_BPS, unit="成长值")
    join_growth = _growth("加入会员")
    task_growth = _growth("每项新人任务")
    visit_growth = _growth("到店（每天一次）")
    interaction_growth = _growth("每次互动")
    interactions_a_day = fields.Whole("互动每天最多", least=1, most=rule_sets.MOST_A_DAY, unit="次")
    invitation_growth = _growth("每位邀请的好友")
    invitations_a_day = fields.Whole("邀请每天最多", least=1, most=rule_sets.MOST_A_DAY, unit="位")

    def rules(self) -> Rules:
        """The rules that were typed; what cannot happen yet stays as it is."""
        typed = {name: value for name, value in self.values.items() if name in _NUMBERS}
        return Rules(**{**_LATER, **typed}, spend_bps=self.spend * _STEP_BPS)


_NUMBERS = {one.name for one in fields_of(Rules)}
_LATER = {name: getattr(rule_sets.DEFAULT, name) for name in ("review_growth", "reviews_a_day")}


@blueprint.get("")
@mall_required("tier.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """What gives growth today, every version, and the form for the next one."""
    today = clock.business_date(clock.now())
    rules = rule_sets.in_force(today)
    say = partial(wording.say, friend_when=invitation_words.when(invitations.in_force(workspace.mall.id, today)))
    return render_template(
        "console/tier_growth.html",
        lines=say(rules),
        **versions.history(rule_sets.list_versions(), now=today, default=say(rule_sets.DEFAULT)),
        say=lambda version: say(rule_sets.to_rules(version)),
        form=GrowthForm,
        values=_shown(rules),
        may_set=workspace.can(EDIT) and everywhere.may(workspace, EDIT),
    )


def _shown(rules: Rules) -> dict[str, Any]:
    told = {name: getattr(rules, name) for name in _NUMBERS}
    return told | {"spend": f"{rules.spend_bps / 10_000:g}"}


@blueprint.post("")
@mall_required(EDIT)
def publish(workspace: Workspace) -> ResponseReturnValue:
    """Let rules of growth hold from a coming day on."""
    ensure_keeps_all(workspace)
    form = GrowthForm.read()
    rules = form.rules()

    def act(now: datetime) -> GrowthRules:
        return rule_sets.publish(rules, effective_from=form.effective_from, by=workspace.who.name, now=now)

    return SETTING.publish(workspace, form.typed(), act, facts=_facts, said="新的成长值规则将自 {} 起生效")


@blueprint.post("/<int:version_id>/withdraw")
@mall_required(EDIT)
def withdraw(workspace: Workspace, version_id: int) -> ResponseReturnValue:
    """Take back rules whose day has not come."""
    ensure_keeps_all(workspace)
    return SETTING.withdraw(workspace, version_id, rule_sets.withdraw, facts=_facts, said="自 {} 起的成长值规则已撤回")


def _facts(version: GrowthRules) -> dict[str, object]:
    return {"rules": wording.say(rule_sets.to_rules(version), friend_when=invitation_words.WHEN_ANYWHERE)}
