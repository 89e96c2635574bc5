"""Statements: a month's list, one statement with every row, downloads, answers to disputes, payment."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.errors import NotFound
from app.kernel.lists.keyset import Asked
from app.settlement.accounts import accounts
from app.settlement.ledger.models import PostingKind
from app.settlement.statements import queries, statements, wording
from app.settlement.statements.models import InvoiceStatus, Statement
from app.settlement.statements.queries import NamedStatement
from app.web.forms import fields, forms
from app.web.pages import pages, statement_files
from mall_console.kit.listing import views
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.settlement.statement_lists import INVOICES, STATEMENTS, TONES, period_of
from mall_console.settlement.statement_rows import STATEMENT_ROWS, get

blueprint = Blueprint("statements", __name__, url_prefix="/settlement", template_folder="templates")

MOST_STATEMENTS = 10_000


class AnswerForm(forms.Form):
    """What finance answers to a merchant's dispute."""

    answer = fields.Lines("答复", most=500, hint="确有差错的，在下个月以更正入账；商户看到答复后可以确认。")


class PaidForm(forms.Form):
    """How a statement was settled."""

    reference = fields.Text("凭证", most=100, hint="银行流水号或记账凭证号")


class InvoiceForm(forms.Form):
    """Whether an invoice was written for a statement."""

    invoice_status = fields.Choice("发票", INVOICES)
    invoice_no = fields.Maybe(fields.Text("发票号码", most=60, hint="已开票时必填。"))


@blueprint.get("/<month>")
@mall_required("statement.view")
def month_page(workspace: Workspace, month: str) -> ResponseReturnValue:
    """A closed month: its totals and its statements, by number."""
    visible, period = workspace.condition("statement.view", Statement.mall_id), period_of(month)
    summary = next((one for one in queries.list_months(visible=visible) if one.period == period), None)
    if summary is None:
        raise NotFound(period=month)
    shown = {"summary": summary, "period": period, "direction_of": wording.direction_of}
    return views.page(STATEMENTS, workspace, "statements", key=month, month=month, **shown)


@blueprint.get("/<month>.<suffix>")
@mall_required("statement.download")
def month_file(workspace: Workspace, month: str, suffix: str) -> Response:
    """Every statement of the month in one file, with every row."""
    return statement_files.send(_of_month(workspace, month), suffix)


@blueprint.get("/statements/<statement_no>")
@mall_required("statement.view")
def statement_page(workspace: Workspace, statement_no: str) -> ResponseReturnValue:
    """One statement: what it sums to, its lines, and every row behind them."""
    named = get(workspace, statement_no, "statement.view")
    part = views.part_of(STATEMENT_ROWS, workspace, key=statement_no)
    if part is not None:
        return part
    statement, before = named.statement, queries.find_previous(named.statement)
    return render_template(
        "console/statement.html",
        named=named,
        lines=queries.list_lines(statement.id),
        listed=views.listed(STATEMENT_ROWS, workspace, key=statement_no),
        before=before,
        lines_before=queries.list_lines(before.id) if before else [],
        receiver=accounts.receiver_of(statement.mall_id, statement.merchant_id, statement.amount_fen),
        invoice_form=InvoiceForm,
        due_within=wording.due_within(statements.due_days_of(statement)),
        sign_note=wording.SIGN_NOTE,
        answer_form=AnswerForm,
        paid_form=PaidForm,
        **words(),
    )


@blueprint.get("/statements/<statement_no>.<suffix>")
@mall_required("statement.download")
def statement_file(workspace: Workspace, statement_no: str, suffix: str) -> Response:
    """Summary and every row, as a file."""
    return statement_files.send([get(workspace, statement_no, "statement.download")], suffix)


@blueprint.post("/statements/<statement_no>/answer")
@mall_required("statement.answer")
def answer(workspace: Workspace, statement_no: str) -> ResponseReturnValue:
    """Answer a merchant's dispute."""
    form = AnswerForm.read()

    def change(statement_id: int, now: datetime) -> bool:
        return statements.answer_dispute(statement_id, answer=form.answer)

    said = "已答复，商户可在商户端查看"
    return _change(workspace, statement_no, "statement.answer", change, form.typed(), said=said)


@blueprint.post("/statements/<statement_no>/paid")
@mall_required("statement.pay")
def mark_paid(workspace: Workspace, statement_no: str) -> ResponseReturnValue:
    """Settled outside, with the bank's or ledger's reference."""
    form = PaidForm.read()

    def change(statement_id: int, now: datetime) -> bool:
        return statements.mark_paid(statement_id, reference=form.reference, now=now)

    return _change(workspace, statement_no, "statement.pay", change, form.typed(), said="已标记为结清")


@blueprint.post("/statements/<statement_no>/invoice")
@mall_required("statement.invoice")
def set_invoice(workspace: Workspace, statement_no: str) -> ResponseReturnValue:
    """Write down the invoice, or that there is none."""
    form = InvoiceForm.read()

    def change(statement_id: int, now: datetime) -> bool:
        status = InvoiceStatus(form.invoice_status)
        return statements.set_invoice(statement_id, status=status, number=form.invoice_no or "")

    return _change(workspace, statement_no, "statement.invoice", change, form.typed(), said="发票信息已保存")


def _change(
    workspace: Workspace,
    statement_no: str,
    permission: str,
    change: Callable[[int, datetime], bool],
    typed: dict[str, Any],
    *,
    said: str,
) -> ResponseReturnValue:
    """Do one thing to a statement, once, recorded if it changed; the audit entry is called like the permission."""

    def act() -> str:
        now = clock.now()
        statement = get(workspace, statement_no, permission).statement
        facts = {"statement_no": statement_no, "amount_fen": statement.amount_fen, **typed}
        if change(statement.id, now):
            subject = f"statement:{statement.id}"
            workspace.record(permission, subject, now=now, facts=facts, merchant_id=statement.merchant_id)
        pages.say(said)
        return f"{workspace.base}/settlement/statements/{statement_no}"

    return pages.submit(workspace.who, typed, act)


def words() -> dict[str, object]:
    """Labels for kinds of posting and for statuses, the statuses' tones, and how near the day of payment is."""
    today = clock.business_date(clock.now())
    return {
        "kinds": {kind.value: wording.KIND_LABELS[kind] for kind in PostingKind},
        "what_happened": wording.what_happened,
        "status_of": wording.status_of,
        "direction_of": wording.direction_of,
        "proof_of": wording.proof_of,
        "due_of": partial(wording.due_of, today=today),
        "is_late": partial(wording.is_late, today=today),
        "invoices": INVOICES,
        "tones": TONES,
    }


def _of_month(workspace: Workspace, month: str) -> list[NamedStatement]:
    visible = workspace.condition("statement.download", Statement.mall_id)
    found = queries.list_statements(visible=visible, period=period_of(month), asked=Asked(MOST_STATEMENTS))
    if not found:
        raise NotFound(period=month)
    return list(found)
