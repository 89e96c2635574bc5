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
from mall_console.kit.desk import Desk, at_desk
from mall_console.kit.evidence import Describe

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
@at_desk("case.view")
def page(desk: Desk) -> ResponseReturnValue:
    """The queue: what is due first stands first."""
    tab = _tab()
    return paging.render_list("cases", rows=queue.page(desk, tab), tab=tab, **_shown(desk))


@blueprint.get("/<public_id>")
@at_desk("case.view")
def case_page(desk: Desk, public_id: str) -> ResponseReturnValue:
    """One case: why it was raised, what to look at, what was done, and what the person may do."""
    case, tab = _get(desk, public_id), _tab()
    subjects = [(naming.NOUNS.get(kind, kind), shown) for kind, shown in _evidence(desk, case)]
    return render_template(
        "console/case.html",
        case=case,
        tab=tab,
        owner=queries.name_owner(case),
        evidence=subjects,
        steps=[(step, words.step_in_words(case, step)) for step in queries.list_steps(case.id)],
        is_mine=case.owner_id == desk.who.staff_id,
        colleagues=queries.list_colleagues(case.mall_id, role=Role(case.role)),
        following=queue.find_next(desk, tab, case),
        previous=queue.find_previous(desk, tab, case),
        answer_form=AnswerForm,
        hand_on_form=HandOnForm,
        reopen_form=ReopenForm,
        **_shown(desk),
    )


@blueprint.post("/<public_id>/take")
@at_desk("case.work")
def take(desk: Desk, public_id: str) -> ResponseReturnValue:
    """Work on a case that waits."""

    def act(case: Case, now: datetime) -> dict[str, Any]:
        cases.take(case.id, desk.who.actor, now=now)
        return {}

    return _change(desk, public_id, "case.take", act, said="已领取，处理后请选择结果")


@blueprint.post("/<public_id>/answer")
@at_desk("case.work")
def answer(desk: Desk, public_id: str) -> ResponseReturnValue:
    """Close one's own case with an outcome, and go on to the next one of the list."""
    case = _get(desk, public_id)
    form = AnswerForm.read()
    if form.outcome not in words.outcomes_of(case):
        raise AnswerForm.outcome.refuse("请选择一项")

    def act(case: Case, now: datetime) -> dict[str, Any]:
        cases.answer(case.id, form.outcome, desk.who.actor, note=form.note or "", now=now)
        return {"outcome": words.outcomes_of(case)[form.outcome]}

    return _change(desk, public_id, "case.answer", act, said="已办结", typed=form.typed(), go_on=True)


@blueprint.post("/<public_id>/hand-on")
@at_desk("case.work")
def hand_on(desk: Desk, public_id: str) -> ResponseReturnValue:
    """Let a team or a colleague decide."""
    case = _get(desk, public_id)
    people = {person.public_id: person for person in queries.list_colleagues(case.mall_id, role=Role(case.role))}
    form = HandOnForm.read()
    kind, _, which = form.to.partition(":")
    if form.to not in {*(f"role:{role}" for role in TEAMS), *(f"person:{one}" for one in people)}:
        raise HandOnForm.to.refuse("请选择一项")

    def act(case: Case, now: datetime) -> dict[str, Any]:
        if kind == "role":
            cases.hand_to_team(case.id, Role(which), desk.who.actor, note=form.note or "", now=now)
            return {"role": TEAMS[which]}
        cases.hand_to_person(case.id, people[which].id, desk.who.actor, note=form.note or "", now=now)
        return {"person": people[which].name}

    return _change(desk, public_id, "case.hand_on", act, said="已转交", typed=form.typed())


@blueprint.post("/<public_id>/reopen")
@at_desk("case.work")
def reopen(desk: Desk, public_id: str) -> ResponseReturnValue:
    """Ask an answered case again."""
    _get(desk, public_id)
    form = ReopenForm.read()

    def act(case: Case, now: datetime) -> dict[str, Any]:
        cases.reopen(case.id, desk.who.actor, note=form.note, now=now)
        return {}

    return _change(desk, public_id, "case.reopen", act, said="已重新打开，由您处理", typed=form.typed())


def _change(
    desk: Desk,
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
        case = queries.lock_case(_get(desk, public_id).id)  # before its team is looked at: it may be handed on just now
        if not queue.may_work_on(desk, case):
            raise CaseOfAnotherTeam
        desk.record(action, f"case:{case.id}", now=now, facts=act(case, now))
        pages.say(f"{said}：{words.title_of(case)}")
        following = queue.find_next(desk, tab, case) if go_on else case
        return f"{desk.base}/cases{f'/{following.public_id}' if following else ''}?tab={tab}"

    return pages.submit(desk.who, {"case": public_id, **(typed or {})}, done)


def _shown(desk: Desk) -> dict[str, Any]:
    """What the list and the single case share."""
    return {
        "tabs": TABS,
        "teams": TEAMS,
        "roles": ROLES,
        "statuses": STATUSES,
        "tones": TONES,
        "words": words,
        "now": clock.now(),
        "counts": queue.count(desk),
        "may_work_on": lambda case: queue.may_work_on(desk, case),
    }


def _tab() -> Tab:
    """The list somebody came from, as the address or the form says it."""
    asked = request.values.get("tab", "")
    return Tab(asked) if asked in set(Tab) else Tab.TEAM


def _evidence(desk: Desk, case: Case) -> list[tuple[str, evidence.Shown]]:
    return evidence.describe(desk, case.evidence, EVIDENCE)


def _get(desk: Desk, public_id: str) -> Case:
    return queries.get_case(public_id, visible=queue.visible(desk))
