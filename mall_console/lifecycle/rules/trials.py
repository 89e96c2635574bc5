"""Who would move if other rules held: today and at the last twelve month-ends; and publishing what was tried out."""

from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.insights.questions.matrices import STAGES, Direction, Matrix
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.money import Share
from app.lifecycle.restatements import restatements
from app.lifecycle.restatements.models import Restatement
from app.lifecycle.restatements.restatements import Kind
from app.lifecycle.rules import rule_sets
from app.lifecycle.rules.errors import RulesConflict
from app.lifecycle.rules.models import LifecycleRules
from app.lifecycle.stages.wording import STAGES as NAMES
from app.malls import queries as malls
from app.web.forms import written
from app.web.pages import pages
from mall_console.kit import everywhere
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.lifecycle import restated_lists, restating
from mall_console.lifecycle.rules import rules
from mall_console.lifecycle.rules.rule_forms import NUMBERS, PublishForm
from mall_console.lifecycle.rules.rules import EDIT, SETTING

blueprint = Blueprint("lifecycle_trials", __name__, url_prefix="/lifecycle/rules/trials", template_folder="templates")


class RulesNotTried(DomainError):
    """Who would move under these rules is not known yet."""

    kind = "conflict"
    code = "lifecycle_rules_not_tried"


@dataclass(frozen=True, slots=True)
class Effect:
    """What other rules would do on a day: the moves, the members of each stage before and after, and sums."""

    day: date
    matrix: Matrix

    @property
    def members(self) -> int:
        return self.matrix.stood_before

    @property
    def risen(self) -> int:
        return self.matrix.total(Direction.RISEN)

    @property
    def fallen(self) -> int:
        return self.matrix.total(Direction.FALLEN)

    @property
    def moved(self) -> int:
        return self.risen + self.fallen

    @property
    def share(self) -> Share | None:
        """Of those who would move."""
        return Share.of(self.moved, self.members)

    def change(self, stage: str) -> int:
        """By how many members the stage would be larger."""
        return self.matrix.stood_second(stage) - self.matrix.stood_first(stage)


@blueprint.get("/<public_id>")
@mall_required(EDIT)
def page(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """What is known of a trial so far: one day in full, all days in a table, and the form that publishes the rules."""
    found = restatements.get(workspace.mall.id, public_id, Kind.RULES)
    if pages.is_part():
        return restating.progress(found, request.args.get("seen", type=int))
    (old, new), versions = rules.tried_rules(found), rule_sets.list_versions()
    today, published = clock.business_date(clock.now()), rules.published_after(found, versions)
    may_set = everywhere.may(workspace, EDIT)
    has_choice = may_set and len(malls.list_malls()) > 1
    is_group = has_choice and request.args.get("of") != "mall"
    effects = _effects(workspace, found, is_group=is_group)
    chosen = _chosen(effects)
    return render_template(
        "console/lifecycle_trial.html",
        **restating.shown(found),
        changes=NUMBERS.changes(old, new),
        is_outdated=published is None and rule_sets.in_force(today).rules != old,
        first_name="今天" if not effects or effects[0].day == today else "试算当天",
        effects=effects,
        chosen=chosen,
        other_day=_other_day(effects, chosen),
        keys=None if is_group or chosen is None else restated_lists.keys_of(found, effects.index(chosen)),
        is_group=is_group,
        has_choice=has_choice,
        may_set=may_set,
        would_move=_effects(workspace, found, is_group=True)[0].moved if may_set and found.done_at else 0,
        published=published,
        coming=[one for one in reversed(versions) if one.effective_from > today and one is not published],
        form=PublishForm,
        stages=[stage.value for stage in STAGES],
        names=NAMES,
    )


def _effects(workspace: Workspace, found: Restatement, *, is_group: bool) -> list[Effect]:
    of = {mall.id for mall in malls.list_malls()} if is_group else {workspace.mall.id}
    return [Effect(matrix.second, matrix) for matrix in restating.matrices(found, of)]


def _other_day(effects: list[Effect], chosen: Effect | None) -> str:
    """What the address names and the trial has not; empty where the day is shown."""
    typed = request.args.get("day", "").strip()
    known = {str(effect.day) for effect in effects} if chosen else {typed}
    return "" if typed in known else written.quoted(typed)


def _chosen(effects: list[Effect]) -> Effect | None:
    """The day that the address names, or the first, which is that of the trial."""
    day = written.find_day(request.args.get("day", ""))
    return next((effect for effect in effects if effect.day == day), effects[0] if effects else None)


@blueprint.post("/<public_id>")
@mall_required(EDIT)
def publish(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """Let rules that were tried out hold from a coming day on; what was worked out before it stays as it was."""
    rules.ensure_keeps_all(workspace)
    form, found = PublishForm.read(), restatements.get(workspace.mall.id, public_id, Kind.RULES)
    if found.done_at is None:
        raise RulesNotTried
    today = _effects(workspace, found, is_group=True)[0]

    def act(now: datetime) -> LifecycleRules:
        return _publish(found, form.effective_from, by=workspace.who.name, now=now)

    def facts(version: LifecycleRules) -> dict[str, int | None]:
        return rules.facts_of(version) | {"would_move": today.moved}

    typed = form.typed() | {"tried": public_id}
    return SETTING.publish(workspace, typed, act, facts=facts, said="新的分层规则将自 {} 起生效")


def _publish(tried: Restatement, day: date, *, by: str, now: datetime) -> LifecycleRules:
    _, new = rules.tried_rules(tried)
    try:
        return rule_sets.publish(new, effective_from=day, by=by, now=now)
    except RulesConflict:
        raise PublishForm.effective_from.refuse("这一天已有另一套规则：先撤回它，或选择别的日期") from None
