"""The queue of cases and one case: taken, answered, handed on and reopened here, each noted in the audit log."""

from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.access.models import Role
from app.access.wording import ROLES
from app.cases import cases, queries
from app.cases.models import Case
from app.cases.wording import STATUSES
from app.kernel import clock, discovery
from app.web.forms import fields, forms
from app.web.pages import pages
from mall_console.audit import naming
from mall_console.cases import acts, queue, words
from mall_console.cases.acts import get
from mall_console.cases.queue import Tab
from mall_console.cases.queue_lists import QUEUES, TABS, TONES
from mall_console.kit import evidence
from mall_console.kit.evidence import Describe, Panel
from mall_console.kit.listing import views
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("cases", __name__, url_prefix="/cases", template_folder="templates")

EVIDENCE: dict[str, Describe] = discovery.merged("EVIDENCE", named="evidence", below=["mall_console"])
PANELS: dict[str, Panel] = discovery.merged("CASE_PANELS", named="case_panels", below=["mall_console"])


class AnswerForm(forms.Form):
    """An answer; which there are depends on the kind of the case."""

    outcome = fields.Raw("处理结果", most=40)
    note = fields.Maybe(fields.Lines("备注", most=500))


class HandOnForm(forms.Form):
    """A team as `role:<role>`, or a colleague as `person:<id>`."""

    to = fields.Raw("转交给", most=60)
    note = fields.Maybe(fields.Lines("说明", most=500))


class ReopenForm(forms.Form):
    """Why an answered case is asked again."""

    note = fields.Lines("原因", most=500, hint="已经做过的处理不会撤回。")


@blueprint.get("")
@mall_required("case.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """The queue: what is due first stands first."""
    tab = _tab()
    counts = queue.count(workspace)
    return views.page(QUEUES[tab], workspace, "cases", tab=tab, tabs=TABS, counts=counts)


@blueprint.get("/<public_id>")
@mall_required("case.view")
def case_page(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """One case: why it was raised, what to look at, what was done, and what the person may do."""
    case, tab = get(workspace, public_id), _tab()
    panel = PANELS.get(case.kind)
    subjects = [(naming.NOUNS.get(kind, kind), shown) for kind, shown in _evidence(workspace, case)]
    return render_template(
        "console/case.html",
        case=case,
        tab=tab,
        owner=queries.name_owner(case),
        evidence=() if panel else subjects,
        template=panel.template if panel else None,
        panel=panel.read(workspace, case) if panel else None,
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
    return _change(workspace, public_id, "case.take", acts.take(workspace), said="已领取，处理后请选择结果")


@blueprint.post("/<public_id>/answer")
@mall_required("case.work")
def answer(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """Close one's own case with an outcome, and go on to the next one of the list."""
    case = get(workspace, public_id)
    form = AnswerForm.read()
    if form.outcome not in words.outcomes_of(case):
        raise AnswerForm.outcome.refuse("请选择一项")
    act = acts.answer(workspace, form.outcome, form.note or "")
    return _change(workspace, public_id, "case.answer", act, said="已办结", typed=form.typed(), go_on=True)


@blueprint.post("/<public_id>/hand-on")
@mall_required("case.work")
def hand_on(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """Let a team or a colleague decide."""
    get(workspace, public_id)
    form = HandOnForm.read()
    hand_on = acts.hand_on(workspace, form.to, form.note or "")

    def act(case: Case, now: datetime) -> dict[str, Any] | None:
        if form.to not in acts.receivers(case.mall_id, Role(case.role)):
            raise HandOnForm.to.refuse("请选择一项")
        return hand_on(case, now)

    return _change(workspace, public_id, "case.hand_on", act, said="已转交", typed=form.typed())


@blueprint.post("/<public_id>/reopen")
@mall_required("case.work")
def reopen(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """Ask an answered case again."""
    get(workspace, public_id)
    form = ReopenForm.read()

    def act(case: Case, now: datetime) -> dict[str, Any]:
        cases.reopen(case.id, workspace.who.actor, note=form.note, now=now)
        return {}

    return _change(workspace, public_id, "case.reopen", act, said="已重新打开，由您处理", typed=form.typed())


def _change(
    workspace: Workspace,
    public_id: str,
    action: str,
    act: acts.Act,
    *,
    said: str,
    typed: dict[str, Any] | None = None,
    go_on: bool = False,
) -> ResponseReturnValue:
    """Do it once per form, audited; back to the case, or on to the next one of the list."""

    def done() -> str:
        tab = _tab()
        case = acts.do(workspace, public_id, action, act)
        pages.say(f"{said}：{words.title_of(case)}")
        following = queue.find_next(workspace, tab, case) if go_on else case
        return f"{workspace.base}/cases{f'/{following.public_id}' if following else ''}?tab={tab}"

    return pages.submit(workspace.who, {"case": public_id, **(typed or {})}, done)


def _shown(workspace: Workspace) -> dict[str, Any]:
    """What is shown of a single case beside itself."""
    return {
        "tabs": TABS,
        "teams": acts.TEAMS,
        "roles": ROLES,
        "statuses": STATUSES,
        "tones": TONES,
        "words": words,
        "now": clock.now(),
        "may_work_on": lambda case: queue.may_work_on(workspace, case),
    }


def _tab() -> Tab:
    """The list somebody came from, as the address or the form says it."""
    asked = request.values.get("tab", "")
    return Tab(asked) if asked in set(Tab) else Tab.TEAM


def _evidence(workspace: Workspace, case: Case) -> list[tuple[str, evidence.Shown]]:
    return evidence.describe(workspace, case.evidence, EVIDENCE)
