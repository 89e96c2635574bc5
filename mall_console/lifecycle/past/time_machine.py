"""A past date restated under a version of the rules, beside what was said then: counts, who differs, and who moved."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.insights.questions.matrices import STAGES, Direction, Matrix
from app.kernel import clock
from app.lifecycle.restatements import questions, restatements
from app.lifecycle.restatements.models import Restatement
from app.lifecycle.restatements.questions import Question
from app.lifecycle.restatements.restatements import Kind
from app.lifecycle.rules import rule_sets
from app.lifecycle.rules.rule_sets import Rules
from app.lifecycle.stages import nights
from app.lifecycle.stages.wording import STAGES as NAMES
from app.web.forms import fields, forms
from app.web.pages import pages
from mall_console.kit.inquiries import Listed
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.lifecycle import cell_names, restated_lists, restating
from mall_console.lifecycle.rules import rule_forms

blueprint = Blueprint("time_machine", __name__, url_prefix="/lifecycle/time-machine", template_folder="templates")

DEFAULT = "default"
WITHDRAWN = "已撤回的版本"


class PastForm(forms.Form):
    """Which day, how everybody came there since which other day, and under which rules."""

    day = fields.Day("回到哪一天", hint="当天结束时")
    since = fields.Maybe(fields.Day("从哪一天开始看变动", hint="当天结束时；不填则从一个月前开始"))
    version = fields.Raw("用哪一版规则推算", most=20)

    def check(self) -> None:
        wrong = []
        if self.day > _last_day():
            wrong.append(PastForm.day.refuse(f"最晚到 {_last_day()}"))
        if self.since is not None and self.since >= self.day:
            wrong.append(PastForm.since.refuse("要早于回到的日期"))
        if self.version not in _versions():
            wrong.append(PastForm.version.refuse("请选择一项"))
        if wrong:
            raise forms.refusal(wrong)


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of a date: said then against restated, and the moves up to it either way."""

    differing: Matrix
    said: Matrix | None = None
    restated: Matrix | None = None

    @property
    def changed(self) -> int:
        """Members who would have stood elsewhere."""
        return self.differing.total(Direction.RISEN, Direction.FALLEN)


@blueprint.get("")
@mall_required("lifecycle.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """The form, with the last whole month."""
    if nights.find_last() is None:
        return render_template("console/lifecycle_none.html")
    day = clock.first_of_month(clock.business_date(clock.now())) - timedelta(days=1)
    form = _shown_form(day, _month_before(day), _in_force())
    return render_template("console/time_machine.html", **form, restatement=None, recent=_recent(workspace))


@blueprint.post("")
@mall_required("lifecycle.view")
def travel(workspace: Workspace) -> ResponseReturnValue:
    """Work out the date; nothing is changed."""
    form = PastForm.read()
    since = form.since or _month_before(form.day)
    question = questions.about_past(form.day, _versions()[form.version].rules, since=since)
    pages_at = f"{workspace.base}/lifecycle/time-machine"
    return restating.ask(workspace, Kind.PAST, question, form.typed(), pages_at=pages_at)


@blueprint.get("/<public_id>")
@mall_required("lifecycle.view")
def past_page(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """What is known of the date so far."""
    found = restatements.get(workspace.mall.id, public_id, Kind.PAST)
    if pages.is_part():
        return restating.progress(found, request.args.get("seen", type=int))
    day, since, rules = _asked(questions.read(found.question))
    known = restating.matrices(found, {workspace.mall.id})
    return render_template(
        "console/time_machine.html",
        **restating.shown(found),
        **_shown_form(day, since, rules),
        past=Past(*known) if known else None,
        day=day,
        since=since,
        version=_label(rules),
        differences=rule_forms.NUMBERS.changes(_in_force(), rules),
        stages=[stage.value for stage in STAGES],
        names=NAMES,
        key_of=cell_names.key_of,
        keys=restated_lists.keys_of(found, 0),
        first_day=nights.find_first() or date.max,
    )


def _recent(workspace: Workspace) -> list[Listed[Restatement]]:
    """What was gone back to last here, and how many of the mall's members would have stood elsewhere."""
    first_day, labels = nights.find_first() or date.max, {one.rules: one.label for one in _versions().values()}

    def listed(asked: Restatement) -> Listed[Restatement]:
        day, since, rules = _asked(questions.read(asked.question))
        about = f"{day}，从 {since} 看变动；{labels.get(rules, WITHDRAWN)}"
        return Listed(asked, None, _result(workspace, asked) if day >= first_day else "只有推算，没有当时的记录", about)

    found = restatements.list_latest(workspace.mall.id, Kind.PAST, now=clock.now())
    return [listed(one) for one in found]


def _result(workspace: Workspace, asked: Restatement) -> str:
    known = restating.matrices(asked, {workspace.mall.id})
    if not known:
        return ""
    changed = Past(known[0]).changed
    return f"{changed:,} 位会员的分层与当时不同" if changed else "与当时相同"


def _asked(question: Question) -> tuple[date, date, Rules]:
    said, moved, _ = question
    if said.after.rules is None:
        raise ValueError("a past date is restated under rules")
    return said.before.day, moved.before.day, said.after.rules


def _month_before(day: date) -> date:
    """The same day of the month before; of a month's last day the last one."""
    first = clock.first_of_month(day)
    is_last = clock.first_of_next_month(day) - timedelta(days=1) == day
    return first - timedelta(days=1) if is_last else clock.add_months(day, -1)


def _shown_form(day: date, since: date, rules: Rules) -> dict[str, Any]:
    """The form as it was asked; a month before is left empty, so that it follows the day when that is changed."""
    versions = _versions()
    return {
        "form": PastForm,
        "form_day": day,
        "form_since": "" if since == _month_before(day) else since,
        "form_version": next((key for key, one in versions.items() if one.rules == rules), DEFAULT),
        "versions": [(key, one.label) for key, one in versions.items()],
    }


class Version(NamedTuple):
    """Rules, and what the page calls them."""

    label: str
    rules: Rules


def _versions() -> dict[str, Version]:
    """Every version by what the form calls it, the latest first, the code's own last."""
    listed = {
        str(one.id): Version(f"{one.effective_from} 起的版本", rule_sets.to_rules(one))
        for one in rule_sets.list_versions()
    }
    return {**listed, DEFAULT: Version("系统默认", rule_sets.DEFAULT)}


def _label(rules: Rules) -> str:
    return next((one.label for one in _versions().values() if one.rules == rules), WITHDRAWN)


def _in_force() -> Rules:
    return rule_sets.in_force(clock.business_date(clock.now())).rules


def _last_day() -> date:
    return clock.business_date(clock.now()) - timedelta(days=1)
