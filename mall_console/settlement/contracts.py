"""Contract terms: what each merchant agreed, in versions by day, and how far its book is."""

from datetime import datetime

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.malls.models import Merchant
from app.settlement import agreement_queries, agreements
from app.settlement.accounts import accounts
from app.settlement.contracts import contracts, rules
from app.settlement.contracts.models import ContractTerms
from app.web.forms import fields
from mall_console.kit import versions
from mall_console.kit.listing import views
from mall_console.kit.versions import Changed
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.settlement.accounts import AccountForm
from mall_console.settlement.listings import CONTRACTS

blueprint = Blueprint("contracts", __name__, url_prefix="/contracts", template_folder="templates")


class TermsForm(versions.NewVersion):
    """Other terms of a merchant. They may begin in the past, as far back as nothing was settled or priced."""

    effective_from = fields.Day("生效日期")
    commission = fields.Hundredths(
        "会员消费佣金", most=10_000, unit="%", hint="商户按会员消费额付给商场", placeholder="例如 6.5"
    )
    issue_price = fields.Hundredths(
        "积分发放单价", most=1_000_000, unit="元/百积分", hint="消费赠送的积分，由商户承担", placeholder="例如 0.80"
    )
    redeem_price = fields.Hundredths(
        "积分抵扣单价", most=1_000_000, unit="元/百积分", hint="商户收到积分时，商场付给商户", placeholder="例如 0.90"
    )
    due_days = fields.Whole(
        "付款期限",
        most=rules.MOST_DUE_DAYS,
        unit="天",
        hint="商户确认结算单后多少天内付清，无论哪一方付款；0 表示当天",
    )

    def terms(self) -> dict[str, int]:
        """The rates that were typed, by the names that `agreements` knows."""
        return {
            "commission_bps": self.commission,
            "issue_price_fen": self.issue_price,
            "redeem_price_fen": self.redeem_price,
            "due_days": self.due_days,
        }


@blueprint.get("")
@mall_required("contract.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """The mall's merchants with the terms in force today."""
    return views.page(CONTRACTS, workspace, "contracts")


@blueprint.get("/<code>")
@mall_required("contract.view")
def merchant_page(workspace: Workspace, code: str) -> ResponseReturnValue:
    """A merchant's versions of terms, and the form for the next one."""
    merchant, first_open_day = agreement_queries.get_merchant(workspace.mall.id, code)
    now = clock.now()
    listed = versions.listed(
        contracts.list_terms(workspace.mall.id, merchant.id),
        now=clock.business_date(now),
        begun=clock.business_date(clock.horizon(now)),
    )
    return render_template(
        "console/contract.html",
        form=TermsForm,
        due_days=listed[0].version.due_days if listed else rules.DUE_DAYS,
        merchant=merchant,
        first_open_day=first_open_day,
        listed=listed,
        account=accounts.find_account(workspace.mall.id, merchant.id),
        account_form=AccountForm,
    )


@blueprint.post("/<code>/terms")
@mall_required("contract.manage")
def add_terms(workspace: Workspace, code: str) -> ResponseReturnValue:
    """Agree terms from a day on; opens the book of a merchant who has none."""
    form = TermsForm.read()

    def change(now: datetime) -> Changed:
        mall_id = workspace.mall.id
        merchant, _ = agreement_queries.get_merchant(mall_id, code)
        agreed = agreements.add_terms(mall_id, merchant.id, effective_from=form.effective_from, **form.terms())
        return _changed(merchant, agreed, "{0.name}的条款自 {1} 起生效", is_change=agreed.is_new)

    back = f"{workspace.base}/contracts/{code}"
    return versions.submit(workspace, "contract.manage", form.typed(), change, back=back)


@blueprint.post("/<code>/terms/<int:version_id>/withdraw")
@mall_required("contract.manage")
def withdraw_terms(workspace: Workspace, code: str, version_id: int) -> ResponseReturnValue:
    """Take back terms whose day has not come."""

    def change(now: datetime) -> Changed:
        merchant, _ = agreement_queries.get_merchant(workspace.mall.id, code)
        gone = agreements.withdraw_terms(workspace.mall.id, merchant.id, version_id, now=now)
        return _changed(merchant, gone, "{0.name}自 {1} 起的条款已撤回")

    typed = {"version": version_id}
    return versions.submit(workspace, "contract.withdraw", typed, change, back=f"{workspace.base}/contracts/{code}")


def _changed(merchant: Merchant, terms: ContractTerms, said: str, *, is_change: bool = True) -> Changed:
    facts = {
        "commission_bps": terms.commission_bps,
        "issue_price_fen": terms.issue_price_fen,
        "redeem_price_fen": terms.redeem_price_fen,
        "due_days": terms.due_days,
    }
    return Changed(
        subject=f"merchant:{merchant.id}",
        day=terms.effective_from,
        facts=facts,
        said=said.format(merchant, terms.effective_from),
        merchant_id=merchant.id,
        is_change=is_change,
    )
