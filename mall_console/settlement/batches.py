"""The open lists, and several statements at once: downloads of those chosen, settling them with their references."""

from datetime import datetime
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.errors import DomainError, NotFound
from app.kernel.spelling import names
from app.settlement.accounts import accounts
from app.settlement.statements import open_lists, queries, statements, wording
from app.settlement.statements.models import Statement, StatementStatus
from app.settlement.statements.open_lists import OpenList, OpenTotal
from app.settlement.statements.queries import NamedStatement
from app.web.forms import fields, forms
from app.web.pages import pages, statement_files
from mall_console.kit.listing import batch, views
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.settlement.statement_lists import MOST_CHOSEN, OPEN_LISTS
from mall_console.settlement.statement_rows import get
from mall_console.settlement.statements import words

blueprint = Blueprint("batches", __name__, url_prefix="/due", template_folder="templates")

OWN = "reference."
LONGEST_REFERENCE = 100


class StatementsNotChosen(DomainError):
    """Nothing was ticked, or more than MOST_CHOSEN. Fact: most."""

    code = "statements_not_chosen"


class BatchPaidForm(forms.Form):
    """How the chosen statements were settled: one reference for all that have none of their own."""

    no = fields.Several("结算单")
    reference = fields.Maybe(
        fields.Text("统一凭证号", most=LONGEST_REFERENCE, hint="银行批次号或记账凭证号，用于上表中没有单独填写的结算单")
    )


@blueprint.get("")
@mall_required("statement.view")
def open_page(workspace: Workspace) -> ResponseReturnValue:
    """What waits to be paid, to be received, for an answer or for a merchant, the most pressing first."""
    asked, today = request.args.get("list", ""), clock.business_date(clock.now())
    visible = workspace.condition("statement.view", Statement.mall_id)
    totals = open_lists.sum_open(open_lists.list_open_months(visible=visible, mall_id=workspace.mall.id, today=today))
    which = OpenList(asked) if asked in list(OpenList) else _first_with_work(totals)
    return views.page(
        OPEN_LISTS[which],
        workspace,
        "settlement_open",
        which=which,
        totals=totals,
        labels=wording.OPEN_LABELS,
        direction_of=wording.direction_of,
    )


def _first_with_work(totals: dict[OpenList, OpenTotal]) -> OpenList:
    """The first list that has something in it, so that nobody opens the page on an empty one."""
    return next((which for which, total in totals.items() if total.statements), OpenList.PAYABLE)


_ACTS = {
    "xlsx": "statement.download",
    "csv": "statement.download",
    "pdf": "statement.download",
    "paid": "statement.pay",
}


@blueprint.post("/batch/ticked/<act>")
@mall_required("statement.view")
def ticked(workspace: Workspace, act: str) -> ResponseReturnValue:
    """Go on with those that were ticked, to their file or to the question: their numbers then stand in the address."""
    if act not in _ACTS:
        raise NotFound(act=act)
    workspace.ensure(_ACTS[act])
    numbers = [("no", number) for number in batch.ticked(most=MOST_CHOSEN)]
    if act != "paid":
        return redirect(f"{workspace.base}/due/batch.{act}?{urlencode(numbers)}", 303)
    came_from = pages.find_own_page(request.headers.get("Referer", ""))
    asked = urlencode([*numbers, *([("next", came_from)] if came_from else [])])
    return redirect(f"{workspace.base}/due/batch/paid?{asked}", 303)


@blueprint.get("/batch.<suffix>")
@mall_required("statement.download")
def download(workspace: Workspace, suffix: str) -> Response:
    """Those that were ticked in one file."""
    return statement_files.send(_chosen(workspace, "statement.download"), suffix, is_chosen=True)


@blueprint.get("/batch/paid")
@mall_required("statement.pay")
def paid_page(workspace: Workspace) -> ResponseReturnValue:
    """What settling those that were ticked means, and a place for each reference; what nobody agreed to is left out."""
    chosen = _chosen(workspace, "statement.pay")
    agreed = [named for named in chosen if named.statement.status == StatementStatus.CONFIRMED]
    receivers = {
        named.statement.id: accounts.receiver_of(
            named.statement.mall_id, named.statement.merchant_id, named.statement.amount_fen
        )
        for named in agreed
    }
    back = pages.safe_next(f"{workspace.base}/due")
    return render_template(
        "console/batch_paid.html",
        unagreed=[named for named in chosen if named not in agreed],
        agreed=agreed,
        back=back,
        over="待结清与异议" if back.startswith(f"{workspace.base}/due") else "结算单",
        receivers=receivers,
        form=BatchPaidForm,
        own=OWN,
        longest=LONGEST_REFERENCE,
        **words(),
    )


@blueprint.post("/batch/paid")
@mall_required("statement.pay")
def mark_paid(workspace: Workspace) -> ResponseReturnValue:
    """Settle all of them, or none."""
    form = BatchPaidForm.read()
    references = _references(form.no, form.reference)

    def act() -> str:
        now = clock.now()
        found = [get(workspace, number, "statement.pay") for number in _ensure_chosen(form.no)]
        by_id = {named.statement.id: references[named.statement.statement_no] for named in found}
        statements.mark_all_paid(by_id, now=now)
        for named in found:
            _record(workspace, named, by_id[named.statement.id], now)
        pages.say(f"已标记 {len(found)} 张结算单为结清")
        return pages.safe_next(f"{workspace.base}/due")

    return pages.submit(workspace.who, {"references": references}, act)


def _references(numbers: list[str], common: str | None) -> dict[str, str]:
    """Of each statement its own reference, or the common one; raises FieldInvalid or FormInvalid."""
    typed = {number: names.spell_text(request.form.get(OWN + number, "")) or common or "" for number in numbers}
    wrong = [
        forms.FieldInvalid(name=OWN + number, label=f"{number} 的凭证号", problem=problem)
        for number, text in typed.items()
        if (problem := _problem_of(text))
    ]
    if wrong:
        raise forms.refusal(wrong)
    return typed


def _problem_of(reference: str) -> str:
    if not reference:
        return "请填写凭证号，或填写统一凭证号"
    return f"最多 {LONGEST_REFERENCE} 个字" if len(reference) > LONGEST_REFERENCE else ""


def _record(workspace: Workspace, named: NamedStatement, reference: str, now: datetime) -> None:
    statement = named.statement
    facts = {"statement_no": statement.statement_no, "amount_fen": statement.amount_fen, "reference": reference}
    subject = f"statement:{statement.id}"
    workspace.record("statement.pay", subject, now=now, facts=facts, merchant_id=statement.merchant_id)


def _chosen(workspace: Workspace, permission: str) -> list[NamedStatement]:
    numbers = _ensure_chosen(request.args.getlist("no"))
    return queries.list_by_numbers(numbers, visible=workspace.condition(permission, Statement.mall_id))


def _ensure_chosen(numbers: list[str]) -> list[str]:
    chosen = list(dict.fromkeys(numbers))
    if not 1 <= len(chosen) <= MOST_CHOSEN:
        raise StatementsNotChosen(most=MOST_CHOSEN)
    return chosen
