"""Contract terms: what each merchant agreed, in versions by day, and how far its book is."""

from datetime import timedelta

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.settlement import agreement_queries, agreements
from app.settlement.contracts import contracts
from app.settlement.contracts.models import ContractTerms
from app.web.pages import pages
from mall_console.kit import forms, paging
from mall_console.kit.desk import Desk, at_desk

blueprint = Blueprint("contracts", __name__, url_prefix="/contracts", template_folder="templates")


@blueprint.get("")
@at_desk("contract.view")
def page(desk: Desk) -> ResponseReturnValue:
    """The mall's merchants with the terms in force today."""
    mark = paging.mark() or (0,)
    found = agreement_queries.list_contracts(desk.mall.id, on=forms.today(), after_id=mark[0], limit=paging.ROWS + 1)
    return paging.render_list("contracts", rows=paging.cut(found, lambda contract: [contract.merchant.id]))


@blueprint.get("/<code>")
@at_desk("contract.view")
def merchant_page(desk: Desk, code: str) -> ResponseReturnValue:
    """A merchant's versions of terms, and the form for the next one."""
    merchant, first_open_day = agreement_queries.get_merchant(desk.mall.id, code)
    versions = contracts.list_terms(desk.mall.id, merchant.id)
    today = forms.today()
    in_force = contracts.find_terms(desk.mall.id, merchant.id, on=today)
    return render_template(
        "console/contract.html", merchant=merchant, first_open_day=first_open_day, versions=versions,
        in_force_id=in_force.id if in_force else None, today=today, tomorrow=today + timedelta(days=1),
        begun=clock.business_date(clock.horizon(clock.now())),
    )  # fmt: skip


@blueprint.post("/<code>/terms")
@at_desk("contract.manage")
def add_terms(desk: Desk, code: str) -> ResponseReturnValue:
    """Agree terms from a day on; opens the book of a merchant who has none."""
    effective_from = forms.day("effective_from", "生效日期")
    terms = {
        "commission_bps": forms.hundredths("commission", "会员消费佣金", most=10_000),
        "issue_price_fen": forms.hundredths("issue_price", "发放积分单价", most=1_000_000),
        "redeem_price_fen": forms.hundredths("redeem_price", "积分抵现单价", most=1_000_000),
    }

    def act() -> str:
        merchant, _ = agreement_queries.get_merchant(desk.mall.id, code)
        agreed = agreements.add_terms(desk.mall.id, merchant.id, effective_from=effective_from, **terms)
        _record(desk, "contract.manage", agreed)
        pages.say(f"{merchant.name}的条款自 {effective_from} 起生效")
        return f"{desk.base}/contracts/{code}"

    return pages.submit(desk.who, {"effective_from": effective_from.isoformat(), **terms}, act)


@blueprint.post("/<code>/terms/<int:version_id>/withdraw")
@at_desk("contract.manage")
def withdraw_terms(desk: Desk, code: str, version_id: int) -> ResponseReturnValue:
    """Take back terms whose day has not come."""

    def act() -> str:
        merchant, _ = agreement_queries.get_merchant(desk.mall.id, code)
        gone = agreements.withdraw_terms(desk.mall.id, merchant.id, version_id, now=clock.now())
        _record(desk, "contract.withdraw", gone)
        pages.say(f"{merchant.name}自 {gone.effective_from} 起的条款已撤回")
        return f"{desk.base}/contracts/{code}"

    return pages.submit(desk.who, {"version": version_id}, act)


def _record(desk: Desk, action: str, terms: ContractTerms) -> None:
    facts = {
        "effective_from": terms.effective_from.isoformat(),
        "commission_bps": terms.commission_bps,
        "issue_price_fen": terms.issue_price_fen,
        "redeem_price_fen": terms.redeem_price_fen,
    }
    subject = f"merchant:{terms.merchant_id}"
    desk.record(action, subject, now=clock.now(), facts=facts, merchant_id=terms.merchant_id)
