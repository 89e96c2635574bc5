"""What a mall decides about receipts: how long refunds wait, how far back and how often members claim."""

from dataclasses import asdict

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.purchases.rules import MOST_FEN
from app.purchases.settings import settings
from app.purchases.settings.settings import Settings
from app.web.forms import fields, forms, written
from app.web.pages import pages
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("receipt_settings", __name__, url_prefix="/purchases/settings", template_folder="templates")


class SettingsForm(forms.Form):
    """The settings, as `Settings` has them."""

    claim_days = fields.Whole(
        "可补登天数", unit="天", least=0, most=90, hint="会员可补登当天和之前多少天的小票，0 为关闭补登"
    )
    claims_per_day = fields.Whole("每天补登次数", unit="次", least=0, most=100, hint="每位会员每天最多提交几次")
    photos_per_day = fields.Whole(
        "每天上传张数", unit="张", least=0, most=50, hint="每位会员每天最多拍几张，0 为关闭拍小票"
    )
    photo_days = fields.Whole("照片保存天数", unit="天", least=7, most=730, hint="到期删除照片，审核结果保留")
    photo_second_fen = fields.Hundredths(
        "复核金额", unit="元", least=0, most=MOST_FEN, hint="达到这个金额的补登、小票照片和指定会员，需两人审核"
    )
    refund_days = fields.Whole(
        "退款等待天数", unit="天", least=1, most=90, hint="先到的退款等原小票多少天，超过转为待办"
    )


@blueprint.get("")
@mall_required("purchase.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """What holds in the mall, and the form for who may change it."""
    said = settings.of_mall(workspace.mall.id)
    return render_template(
        "console/receipt_settings.html",
        form=SettingsForm,
        said=said,
        second=written.decimal_text(said.photo_second_fen),
        may_change=workspace.can("purchase.work"),
    )


@blueprint.post("")
@mall_required("purchase.work")
def change(workspace: Workspace) -> ResponseReturnValue:
    """Let other settings hold from now on."""
    form = SettingsForm.read()
    wanted = Settings(**{one.name: form.values[one.name] for one in SettingsForm.fields})

    def act() -> str:
        settings.change(workspace.mall.id, wanted)
        workspace.record("purchase.settings", f"mall:{workspace.mall.id}", now=clock.now(), facts=asdict(wanted))
        pages.say("已保存")
        return f"{workspace.base}/purchases/settings"

    return pages.submit(workspace.who, form.typed(), act)
