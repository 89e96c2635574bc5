"""What counts as a friend brought: the rules in force in words, every version, and the form for the next one."""

from datetime import datetime
from functools import partial

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.invitations import rule_sets, wording
from app.invitations.models import InvitationRules
from app.invitations.rules import Rules
from app.kernel import clock, money
from app.points.earning import rule_sets as earning
from app.points.earning import wording as earning_words
from app.points.earning.acts import ActKind
from app.tiers.growth import rule_sets as growth
from app.web.forms import fields
from mall_console.kit import versions
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("invitation_rules", __name__, url_prefix="/invitations/rules", template_folder="templates")

EDIT = "invitation.manage"
SETTING = versions.Setting(
    kind="invitation_rules",
    publish_action="invitation.publish_rules",
    withdraw_action="invitation.withdraw_rules",
    path="/invitations/rules",
)
_COUNTS = {"visits": "到店或消费都算", "purchases": "只算消费"}


class RulesForm(versions.NewVersion):
    """What counts for friends who join from a day on."""

    counts = fields.Choice("怎样算有效", _COUNTS)
    least = fields.Hundredths("消费满", most=rule_sets.MOST_FEN, unit="元", hint="单笔，退货后的净额；填 0 表示不限")
    within_days = fields.Whole("入会后几天内", least=1, most=rule_sets.MOST_DAYS, unit="天")
    waiting_days = fields.Whole(
        "等待期", most=rule_sets.MOST_WAITING_DAYS, unit="天", hint="防止先消费后退货；填 0 表示当即发放"
    )
    most_a_month = fields.Whole("每月最多奖励", least=1, most=rule_sets.MOST_A_MONTH, unit="位")

    def rules(self) -> Rules:
        """The rules that were typed."""
        return Rules(
            counts_visits=self.counts == "visits",
            least_fen=self.least,
            within_days=self.within_days,
            waiting_days=self.waiting_days,
            most_a_month=self.most_a_month,
        )


@blueprint.get("")
@mall_required("invitation.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """What counts today and what it brings, every version, and the form for the next one."""
    today, mall_id = clock.business_date(clock.now()), workspace.mall.id
    rules = rule_sets.in_force(mall_id, today)
    acts = [one for one in earning.in_force(mall_id, today).acts if one.kind is ActKind.INVITATION]
    return render_template(
        "console/invitation_rules.html",
        lines=wording.say(rules),
        given=[f"好友{wording.when(rules)}，{earning_words.friend_line(one)}" for one in acts],
        growth=growth.in_force(today),
        say=lambda version: wording.say(version if isinstance(version, Rules) else rule_sets.to_rules(version)),
        form=RulesForm,
        values={
            "counts": "visits" if rules.counts_visits else "purchases",
            "least": money.yuan_text(rules.least_fen).removesuffix(".00").replace(",", ""),
            "within_days": rules.within_days,
            "waiting_days": rules.waiting_days,
            "most_a_month": rules.most_a_month,
        },
        may_set=workspace.can(EDIT),
        **versions.history(rule_sets.list_versions(mall_id), now=today, default=rule_sets.DEFAULT),
    )


@blueprint.post("")
@mall_required(EDIT)
def publish(workspace: Workspace) -> ResponseReturnValue:
    """Let rules hold for friends who join from a coming day on."""
    form = RulesForm.read()
    rules = form.rules()

    def act(now: datetime) -> InvitationRules:
        by = workspace.who.name
        return rule_sets.publish(workspace.mall.id, rules, effective_from=form.effective_from, by=by, now=now)

    return SETTING.publish(workspace, form.typed(), act, facts=_facts, said="新的邀请规则将自 {} 起生效")


@blueprint.post("/<int:version_id>/withdraw")
@mall_required(EDIT)
def withdraw(workspace: Workspace, version_id: int) -> ResponseReturnValue:
    """Take back rules whose day has not come."""
    verb = partial(rule_sets.withdraw, workspace.mall.id)
    return SETTING.withdraw(workspace, version_id, verb, facts=_facts, said="自 {} 起的邀请规则已撤回")


def _facts(version: InvitationRules) -> dict[str, object]:
    return {"rules": wording.say(rule_sets.to_rules(version))}
