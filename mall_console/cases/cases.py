"""The queue of cases and one case: taken, answered, handed on and reopened here, each noted in the audit log."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.access.models import Role
from app.access.wording import ROLES
from app.cases import cases, queries
from app.cases.models import Case, Status
from app.cases.wording import STATUSES
from app.kernel import clock, discovery
from app.kernel.errors import DomainError
from app.web.forms import fields, forms
from app.web.pages import pages
from mall_console.audit import naming
from mall_console.cases import queue, words
from mall_console.cases.queue import Tab
from mall_console.kit import evidence, paging
from mall_console.kit.evidence import Describe
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("cases", __name__, url_prefix="/cases", template_folder="templates")

TABS = {Tab.TEAM: "本组", Tab.MINE: "我的", Tab.OVERDUE: "已逾期", Tab.ANSWERED: "已办结"}
TEAMS = {role.value: ROLES[role.value] for role in (Role.OPERATIONS, Role.FINANCE)}
TONES = {Status.WAITING.value: "warn", Status.TAKEN.value: "cool", Status.ANSWERED.value: "good"}
EVIDENCE: dict[str, Describe] = discovery.merged("EVIDENCE", named="evidence", below=["mall_console"])


class CaseOfAnotherTeam(DomainError):
    """Only a case's own team and administrators work on it."""

    kind = "conflict"
    code = "case_of_another_team"


class AnswerForm(forms.Form):
    """An answer; which there are depends on the kind of the case."""

    outcome = fields.Raw("处理结果", most=40)
    note = fields.Maybe(fields.Text("备注", most=500))


class HandOnForm(forms.Form):
    """A team as `role:<role>`, or a colleague as `person:<id>`."""

    to = fields.Raw("转交给", most=60)
    note = fields.Maybe(fields.Text("说明", most=500))


class ReopenForm(forms.Form):
    """Why an answered case is asked again."""

    note = fields.Text("原因", most=500, hint="已经做过的处理不会撤回。")


@blueprint.get("")
@mall_required("case.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """The queue: what is due first stands first."""
    tab = _tab()
    return paging.render_list("cases", rows=queue.page(workspace, tab), tab=tab, **_shown(workspace))


@blueprint.get("/<public_id>")
@mall_required("case.view")
def case_page(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """One case: why it was raised, what to look at, what was done, and what the person may do."""
    case, tab = _get(workspace, public_id), _tab()
    subjects = [(naming.NOUNS.get(kind, kind), shown) for kind, shown in _evidence(workspace, case)]
    return render_template(
        "console/case.html",
        case=case,
        tab=tab,
        owner=queries.name_owner(case),
        evidence=subjects,
        steps=[(step, words.step_in_words(case, step)) for step in queries.list_steps(case.id)],
        is_mine=case.owner_id == workspace.who.staff_id,
        colleagues=queries.list_colleagues(case.mall_id, role=Role(case.role)),
        following=queue.find_next(workspace, tab, case),
        previous=queue.find_previous(workspace, tab, case),
        answer_form=AnswerForm,
        hand_on_form=HandOnForm,
        reopen_form=ReopenForm,
        **_shown(workspace),
    )


@blueprint.post("/<public_id>/take")
@mall_required("case.work")
def take(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """Work on a case that waits."""

    def act(case: Case, now: datetime) -> dict[str, Any]:
        cases.take(case.id, workspace.who.actor, now=now)
        return {}

    return _change(workspace, public_id, "case.take", act, said="已领取，处理后请选择结果")


@blueprint.post("/<public_id>/answer")
@mall_required("case.work")
def answer(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """Close one's own case with an outcome, and go on to the next one of the list."""
    case = _get(workspace, public_id)
    form = AnswerForm.read()
    if form.outcome not in words.outcomes_of(case):
        raise AnswerForm.outcome.refuse("请选择一项")

    def act(case: Case, now: datetime) -> dict[str, Any]:
        cases.answer(case.id, form.outcome, workspace.who.actor, note=form.note or "", now=now)
        return {"outcome": words.outcomes_of(case)[form.outcome]}

    return _change(workspace, public_id, "case.answer", act, said="已办结", typed=form.typed(), go_on=True)


@blueprint.post("/<public_id>/hand-on")
@mall_required("case.work")
def hand_on(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """Let a team or a colleague decide."""
    case = _get(workspace, public_id)
    people = {person.public_id: person for person in queries.list_colleagues(case.mall_id, role=Role(case.role))}
    form = HandOnForm.read()
    kind, _, which = form.to.partition(":")
    if form.to not in {*(f"role:{role}" for role in TEAMS), *(f"person:{one}" for one in people)}:
        raise HandOnForm.to.refuse("请选择一项")

    def act(case: Case, now: datetime) -> dict[str, Any]:
        if kind == "role":
            cases.hand_to_team(case.id, Role(which), workspace.who.actor, note=form.note or "", now=now)
            return {"role": TEAMS[which]}
        cases.hand_to_person(case.id, people[which].id, workspace.who.actor, note=form.note or "", now=now)
        return {"person": people[which].name}

    return _change(workspace, public_id, "case.hand_on", act, said="已转交", typed=form.typed())


@blueprint.post("/<public_id>/reopen")
@mall_required("case.work")
def reopen(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """Ask an answered case again."""
    _get(workspace, public_id)
    form = ReopenForm.read()

    def act(case: Case, now: datetime) -> dict[str, Any]:
        cases.reopen(case.id, workspace.who.actor, note=form.note, now=now)
        return {}

    return _change(workspace, public_id, "case.reopen", act, said="已重新打开，由您处理", typed=form.typed())


def _change(
    workspace: Workspace,
    public_id: str,
    action: str,
    act: Callable[[Case, datetime], dict[str, Any]],
    *,
    said: str,
    typed: dict[str, Any] | None = None,
    go_on: bool = False,
) -> ResponseReturnValue:
    """Do it once per form, audited; back to the case, or on to the next one of the list."""

    def done() -> str:
        now, tab = clock.now(), _tab()
        # Locked before its team is looked at: it may be handed on just now.
        case = queries.lock_case(_get(workspace, public_id).id)
        if not queue.may_work_on(workspace, case):
            raise CaseOfAnotherTeam
        workspace.record(action, f"case:{case.id}", now=now, facts=act(case, now))
        pages.say(f"{said}：{words.title_of(case)}")
        following = queue.find_next(workspace, tab, case) if go_on else case
        return f"{workspace.base}/cases{f'/{following.public_id}' if following else ''}?tab={tab}"

    return pages.submit(workspace.who, {"case": public_id, **(typed or {})}, done)


def _shown(workspace: Workspace) -> dict[str, Any]:
    """What the list and the single case share."""
    return {
        "tabs": TABS,
        "teams": TEAMS,
        "roles": ROLES,
        "statuses": STATUSES,
        "tones": TONES,
        "words": words,
        "now": clock.now(),
        "counts": queue.count(workspace),
        "may_work_on": lambda case: queue.may_work_on(workspace, case),
    }


def _tab() -> Tab:
    """The list somebody came from, as the address or the form says it."""
    asked = request.values.get("tab", "")
    return Tab(asked) if asked in set(Tab) else Tab.TEAM


def _evidence(workspace: Workspace, case: Case) -> list[tuple[str, evidence.Shown]]:
    return evidence.describe(workspace, case.evidence, EVIDENCE)


def _get(workspace: Workspace, public_id: str) -> Case:
    return queries.get_case(public_id, visible=queue.visible(workspace))
