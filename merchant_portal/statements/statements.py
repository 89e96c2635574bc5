"""The manager's accounts with the mall: months, one statement with every row, confirm or dispute, downloads."""

from functools import partial

from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue

from app.access import audit
from app.access.scopes import Place
from app.access.staff_queries import SignedIn
from app.kernel import clock
from app.settlement.accounts import accounts
from app.settlement.ledger.models import PostingKind
from app.settlement.statements import queries, statements, wording
from app.settlement.statements.models import Statement, StatementStatus
from app.settlement.statements.queries import NamedStatement
from app.web.forms import fields, forms
from app.web.pages import lists, pages, statement_files
from app.web.staff.auth import staff_required

blueprint = Blueprint("statements", __name__, url_prefix="/statements", template_folder="templates")

ROWS = 50


class DisputeForm(forms.Form):
    """Why the merchant objects."""

    reason = fields.Lines(
        "请说明有异议的明细和理由",
        most=500,
        placeholder="例如：7 月 12 日的核销 XXXX 应由商场承担 50%",
    )


@blueprint.get("")
@staff_required("statement.view")
def page(who: SignedIn) -> ResponseReturnValue:
    """The merchant's statements, the latest month first; more by htmx."""
    visible = queries.visible_to(who.scope)
    found = queries.list_statements(visible=visible, asked=lists.asked(ROWS))
    template = "portal/_statement_rows.html" if pages.is_part() else "portal/statements.html"
    return render_template(template, statements=found, **_words())


@blueprint.get("/<statement_no>")
@staff_required("statement.view")
def statement_page(who: SignedIn, statement_no: str) -> ResponseReturnValue:
    """One statement: what it sums to, its lines, and every row behind them."""
    named = _get(who, statement_no, "statement.view")
    rows = queries.list_postings(named.statement, asked=lists.asked(ROWS))
    shown = {"named": named, "rows": rows, **_words()}
    if pages.is_part():
        return render_template("portal/_posting_rows.html", **shown)
    statement = named.statement
    return render_template(
        "portal/statement.html",
        form=DisputeForm,
        lines=queries.list_lines(statement.id),
        due_within=wording.due_within(statements.due_days_of(statement)),
        sign_note=wording.SIGN_NOTE,
        receiver=accounts.receiver_of(statement.mall_id, statement.merchant_id, statement.amount_fen),
        **shown,
    )


@blueprint.post("/<statement_no>/confirm")
@staff_required("statement.confirm")
def confirm(who: SignedIn, statement_no: str) -> ResponseReturnValue:
    """The merchant agrees."""

    def act() -> str:
        named = _get(who, statement_no, "statement.confirm")
        if statements.confirm(named.statement.id, by=who.name, now=clock.now()):
            _record(who, "statement.confirm", named)
        pages.say(wording.once_confirmed(named.statement.amount_fen))
        return url_for("portal.statements.statement_page", statement_no=statement_no)

    return pages.submit(who, {}, act)


@blueprint.post("/<statement_no>/dispute")
@staff_required("statement.dispute")
def dispute(who: SignedIn, statement_no: str) -> ResponseReturnValue:
    """The merchant objects and says why."""
    form = DisputeForm.read()

    def act() -> str:
        named = _get(who, statement_no, "statement.dispute")
        statements.dispute(named.statement.id, reason=form.reason, now=clock.now())
        _record(who, "statement.dispute", named)
        pages.say("异议已提交，商场财务会核对并答复")
        return url_for("portal.statements.statement_page", statement_no=statement_no)

    return pages.submit(who, form.typed(), act)


@blueprint.get("/<statement_no>.<suffix>")
@staff_required("statement.download")
def statement_file(who: SignedIn, statement_no: str, suffix: str) -> Response:
    """Summary and every row as a workbook or text; for paper the summary, with a place for both seals."""
    return statement_files.send([_get(who, statement_no, "statement.download")], suffix)


def _get(who: SignedIn, statement_no: str, permission: str) -> NamedStatement:
    return queries.get_statement(statement_no, visible=queries.visible_to(who.scope, permission))


def _record(who: SignedIn, action: str, named: NamedStatement) -> None:
    statement = named.statement
    audit.record(
        who.actor,
        action=action,
        subject=f"statement:{statement.id}",
        now=clock.now(),
        facts={"statement_no": statement.statement_no, "amount_fen": statement.amount_fen},
        place=Place(mall_id=statement.mall_id, merchant_id=statement.merchant_id),
    )


def _tone_of(statement: Statement) -> str:
    """The colour of a status: an answered dispute waits for the merchant like a new statement."""
    is_answered = statement.status == StatementStatus.DISPUTED and statement.dispute_answer is not None
    return StatementStatus.ISSUED.value if is_answered else statement.status


def _words() -> dict[str, object]:
    """Labels for kinds of posting, and how a statement reads for the merchant."""
    return {
        "kinds": {kind.value: wording.KIND_LABELS[kind] for kind in PostingKind},
        "what_happened": wording.what_happened,
        "invoices": {status.value: label for status, label in wording.INVOICE_LABELS.items()},
        "due_of": partial(wording.due_of, today=clock.business_date(clock.now())),
        "status_of": partial(wording.status_of, for_merchant=True),
        "tone_of": _tone_of,
        "direction_of": partial(wording.direction_of, for_merchant=True),
    }
