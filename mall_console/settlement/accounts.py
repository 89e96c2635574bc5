"""Where money of settlements goes: the mall's own account, and a merchant's."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.settlement import agreement_queries
from app.settlement.accounts import accounts
from app.web.forms import fields, forms
from app.web.pages import pages
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("accounts", __name__, template_folder="templates")


class AccountForm(forms.Form):
    """A bank account, for its rules to judge."""

    holder = fields.Text("户名", most=accounts.LONGEST_NAME, autocomplete="off")
    bank = fields.Text("开户行", most=accounts.LONGEST_NAME, placeholder="精确到支行", autocomplete="off")
    number = fields.Raw("银行账号", most=60, maxlength=40, inputmode="numeric", autocomplete="off")


@blueprint.get("/settlement/account")
@mall_required("contract.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """The mall's own account, to which merchants pay."""
    account = accounts.find_account(workspace.mall.id, None)
    return render_template("console/account.html", account=account, account_form=AccountForm)


@blueprint.post("/settlement/account")
@mall_required("contract.manage")
def set_own(workspace: Workspace) -> ResponseReturnValue:
    """Replace the mall's own account."""
    return _set(workspace, None, back=f"{workspace.base}/settlement/account")


@blueprint.post("/contracts/<code>/account")
@mall_required("contract.manage")
def set_merchants(workspace: Workspace, code: str) -> ResponseReturnValue:
    """Replace a merchant's account."""
    return _set(workspace, code, back=f"{workspace.base}/contracts/{code}")


def _set(workspace: Workspace, code: str | None, *, back: str) -> ResponseReturnValue:
    form = AccountForm.read()

    def act() -> str:
        now, mall_id = clock.now(), workspace.mall.id
        merchant_id = agreement_queries.get_merchant(mall_id, code)[0].id if code is not None else None
        kept = accounts.set_account(
            mall_id, merchant_id, holder=form.holder, bank=form.bank, number=form.number, now=now
        )
        subject = f"merchant:{merchant_id}" if merchant_id else f"mall:{mall_id}"
        if kept is not None:
            facts = {"bank": kept.bank, "number": kept.number_masked}
            workspace.record("account.set", subject, now=now, facts=facts, merchant_id=merchant_id)
        pages.say("收款账户已保存")
        return back

    return pages.submit(workspace.who, {"code": code or "", **form.typed(), "number": form.number[-4:]}, act)
