"""Several cases at once: a page that says what will be done to which, and one that says what came of each."""

from collections.abc import Callable, Sequence

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.access.models import Role
from app.access.wording import ROLES
from app.cases import queries
from app.cases.models import Case
from app.kernel.errors import NotFound
from app.web.forms import fields, forms
from mall_console.cases import acts, queue, words
from mall_console.kit.listing import batch
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("case_batches", __name__, url_prefix="/cases/batch", template_folder="templates")

TITLES = {"take": "领取", "hand-on": "转交", "answer": "办结"}
MEANINGS = {
    "take": "领取后由您处理，会出现在「我的」里。",
    "hand-on": "转交后由对方处理，您手里的会移交出去。",
    "answer": "待领取的会先由您领取，再按同一个结果办结；结果所做的处理不会撤回。",
}
DONE = {"take": "已领取", "hand-on": "已转交", "answer": "已办结"}
_ACTIONS = {"take": "case.take", "hand-on": "case.hand_on", "answer": "case.answer"}


class BatchForm(forms.Form):
    """What is done to all of them; `choice` is a receiver or an outcome."""

    choice = fields.Raw("选择", most=60)
    note = fields.Maybe(fields.Lines("说明", most=500))
    confirmed = fields.Raw("确认", most=3)


@blueprint.post("/<act>")
@mall_required("case.work")
def several(workspace: Workspace, act: str) -> ResponseReturnValue:
    """Ask about the ticked cases; once it was confirmed, do it to each and say how each ended."""
    if act not in TITLES:
        raise NotFound(act=act)
    form = BatchForm.read()
    chosen = [acts.get(workspace, public_id) for public_id in batch.ticked()]
    options = _options(workspace, act, chosen)
    is_chosen = act == "take" or form.choice in options
    if not form.confirmed or not is_chosen:
        return _render(workspace, act, chosen, options=options, is_missing=bool(form.confirmed))
    done = _deed(workspace, act, form)
    payload = {"choice": form.choice, "note": form.note or ""}
    ids = [case.public_id for case in chosen]
    refused = batch.each(workspace, ids, payload, lambda one: acts.do(workspace, one, _ACTIONS[act], done))
    after = [acts.get(workspace, public_id) for public_id in ids]
    return _render(workspace, act, after, refused=refused)


def _deed(workspace: Workspace, act: str, form: BatchForm) -> acts.Act:
    deeds: dict[str, Callable[[], acts.Act]] = {
        "take": lambda: acts.take(workspace),
        "hand-on": lambda: acts.hand_on(workspace, form.choice, form.note or ""),
        "answer": lambda: acts.take_and_answer(workspace, form.choice, form.note or ""),
    }
    return deeds[act]()


def _options(workspace: Workspace, act: str, chosen: Sequence[Case]) -> dict[str, str]:
    """What all of the cases allow: receivers, or outcomes that say the same of each."""
    if act == "take":
        return {}
    if act == "answer":
        return _common([dict(words.outcomes_of(case)) for case in {case.kind: case for case in chosen}.values()])
    teams = {Role(case.role) for case in chosen}
    return _common([acts.receivers(workspace.mall.id, team) for team in sorted(teams)])


def _common(offers: Sequence[dict[str, str]]) -> dict[str, str]:
    return {code: label for code, label in offers[0].items() if all(one.get(code) == label for one in offers[1:])}


def _render(
    workspace: Workspace,
    act: str,
    chosen: Sequence[Case],
    *,
    options: dict[str, str] | None = None,
    refused: dict[str, str] | None = None,
    is_missing: bool = False,
) -> ResponseReturnValue:
    return render_template(
        "console/cases_batch.html",
        act=act,
        title=TITLES[act],
        meaning=MEANINGS[act],
        done=DONE[act],
        chosen=[(case, queries.name_owner(case), queue.may_work_on(workspace, case)) for case in chosen],
        options=options or {},
        refused=refused,
        is_missing=is_missing,
        form=BatchForm,
        words=words,
        roles=ROLES,
        tab=request.form.get("tab", ""),
    )
