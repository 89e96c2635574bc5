"""The rules of the stages: those in force, every version, and a form for other ones, which are tried out first.

A member belongs to the whole group, so the rules are the group's: every mall sees them and may try others out on its
own members; they are published and taken back by whoever keeps all malls.
"""

from collections.abc import Sequence

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.insights.questions.matrices import Direction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.lifecycle.restatements import questions, restatements
from app.lifecycle.restatements.models import Restatement
from app.lifecycle.restatements.restatements import Kind
from app.lifecycle.rules import rule_sets
from app.lifecycle.rules.models import LifecycleRules
from app.lifecycle.rules.rule_sets import Rules
from app.lifecycle.stages.wording import ACTIVITIES, STAGES
from mall_console.kit import everywhere, versions
from mall_console.kit.inquiries import Listed
from mall_console.kit.versions import Setting
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.lifecycle import restating
from mall_console.lifecycle.rules import rule_forms, telling
from mall_console.lifecycle.rules.rule_forms import NUMBERS, RulesForm

blueprint = Blueprint("lifecycle_rules", __name__, url_prefix="/lifecycle/rules", template_folder="templates")

EDIT = "lifecycle.rules"
SETTING = Setting(
    kind="lifecycle_rules",
    publish_action="lifecycle.set_rules",
    withdraw_action="lifecycle.withdraw_rules",
    path="/lifecycle/rules",
)


class RulesShared(DomainError):
    """The rules hold in malls that the person does not keep."""

    kind = "forbidden"
    code = "lifecycle_rules_shared"


@blueprint.get("")
@mall_required("lifecycle.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """The rules in force, and every version of them."""
    today = clock.business_date(clock.now())
    in_force, found = rule_sets.in_force(today).rules, rule_sets.list_versions()
    return render_template(
        "console/lifecycle_rules.html",
        **versions.history(found, now=today, default=rule_sets.DEFAULT),
        in_force=in_force,
        meanings=telling.meanings(in_force),
        changes_of=lambda version: NUMBERS.changes(rule_sets.DEFAULT, rule_sets.to_rules(version)),
        names=STAGES,
        activities=ACTIVITIES,
        recent=_recent(workspace, found) if workspace.can(EDIT) else [],
        may_try=workspace.can(EDIT),
        may_set=everywhere.may(workspace, EDIT),
    )


def _recent(workspace: Workspace, found: Sequence[LifecycleRules]) -> list[Listed[Restatement]]:
    """What was tried out last here, and how many of the mall's members would have moved."""

    def listed(tried: Restatement) -> Listed[Restatement]:
        old, new = tried_rules(tried)
        changes = "；".join(f"{label} {after}" for label, _, after in NUMBERS.changes(old, new))
        return Listed(
            tried, published_after(tried, found) is not None, _result(workspace, tried), changes or "与当时的规则相同"
        )

    latest = restatements.list_latest(workspace.mall.id, Kind.RULES, now=clock.now())
    return [listed(one) for one in latest]


def _result(workspace: Workspace, tried: Restatement) -> str:
    known = restating.matrices(tried, {workspace.mall.id})
    if not known:
        return ""
    moved = known[0].total(Direction.RISEN, Direction.FALLEN)
    return f"当天 {moved:,} 位会变动" if moved else "当天没有会员变动"


def published_after(tried: Restatement, found: Sequence[LifecycleRules]) -> LifecycleRules | None:
    """The version of those found that says what was tried out and was published since; None once it is taken back."""
    wanted = tried_rules(tried)[1]
    since = (one for one in found if one.created_at >= tried.asked_at)
    return next((one for one in since if rule_sets.to_rules(one) == wanted), None)


@blueprint.get("/new")
@mall_required(EDIT)
def new_page(workspace: Workspace) -> ResponseReturnValue:
    """The form with the rules in force, or `?from=` those that were tried out."""
    tried = request.args.get("from")
    rules = rule_sets.in_force(clock.business_date(clock.now())).rules
    if tried:
        rules = tried_rules(restatements.get(workspace.mall.id, tried, Kind.RULES))[1]
    return render_template(
        "console/lifecycle_rules_new.html",
        form=RulesForm,
        parts=rule_forms.PARTS,
        fields=rule_forms.FIELDS,
        values=NUMBERS.written(rules),
    )


@blueprint.post("")
@mall_required(EDIT)
def try_out(workspace: Workspace) -> ResponseReturnValue:
    """Work out who would move under other rules, today and at the last twelve month-ends; nothing is changed."""
    form, today = RulesForm.read(), clock.business_date(clock.now())
    question = questions.about_rules(rule_sets.in_force(today).rules, form.rules(), today=today)
    pages_at = f"{workspace.base}/lifecycle/rules/trials"
    return restating.ask(workspace, Kind.RULES, question, form.typed(), pages_at=pages_at)


@blueprint.post("/<int:version_id>/withdraw")
@mall_required(EDIT)
def withdraw(workspace: Workspace, version_id: int) -> ResponseReturnValue:
    """Take back rules whose day has not come."""
    ensure_keeps_all(workspace)
    return SETTING.withdraw(workspace, version_id, rule_sets.withdraw, facts=facts_of, said="自 {} 起的分层规则已撤回")


def facts_of(version: LifecycleRules) -> dict[str, int | None]:
    """What the audit log keeps of rules."""
    return NUMBERS.facts(rule_sets.to_rules(version))


def ensure_keeps_all(workspace: Workspace) -> None:
    """Raises RulesShared for who does not keep every mall."""
    everywhere.ensure(workspace, EDIT, RulesShared())


def tried_rules(tried: Restatement) -> tuple[Rules, Rules]:
    """The rules that were in force when others were tried out, and those."""
    first = questions.read(tried.question)[0]
    if first.before.rules is None or first.after.rules is None:
        raise ValueError("rules are tried out against rules")
    return first.before.rules, first.after.rules
