"""What a mall decides about receipts: how long refunds wait, how far back and how often members claim."""

from dataclasses import asdict

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.purchases.settings import settings
from app.purchases.settings.settings import Settings
from app.web.forms import fields, forms
from app.web.pages import pages
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("receipt_settings", __name__, url_prefix="/purchases/settings", template_folder="templates")


class SettingsForm(forms.Form):
    """The settings, as `Settings` has them."""

    claim_days = fields.Whole("可补登天数", unit="天", least=0, most=90, hint="会员可补登多少天内的小票，0 为关闭补登")
    claims_per_day = fields.Whole("每天补登次数", unit="次", least=0, most=100, hint="每位会员每天最多提交几次")
    refund_days = fields.Whole(
        "退款等待天数", unit="天", least=1, most=90, hint="先到的退款等原小票多少天，超过转为待办"
    )


@blueprint.get("")
@mall_required("purchase.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """What holds in the mall, and the form for who may change it."""
    return render_template(
        "console/receipt_settings.html",
        form=SettingsForm,
        said=settings.of_mall(workspace.mall.id),
        may_change=workspace.can("purchase.work"),
    )


@blueprint.post("")
@mall_required("purchase.work")
def change(workspace: Workspace) -> ResponseReturnValue:
    """Let other settings hold from now on."""
    form = SettingsForm.read()
    wanted = Settings(refund_days=form.refund_days, claim_days=form.claim_days, claims_per_day=form.claims_per_day)

    def act() -> str:
        settings.change(workspace.mall.id, wanted)
        workspace.record("purchase.settings", f"mall:{workspace.mall.id}", now=clock.now(), facts=asdict(wanted))
        pages.say("已保存")
        return f"{workspace.base}/purchases/settings"

    return pages.submit(workspace.who, form.typed(), act)
