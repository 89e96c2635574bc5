"""What each tier gives the mall's members, as they read it."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.tiers.perks import perks
from app.web.forms import fields, forms
from app.web.pages import pages
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("tiers", __name__, url_prefix="/face/tiers", template_folder="templates")

_MOST = perks.MOST_LINES * (perks.LONGEST_LINE + 2)


class PerksForm(forms.Form):
    """A line for each thing that a tier gives."""

    perks = fields.Raw(
        "权益",
        most=_MOST,
        hint=f"一行一条，最多 {perks.MOST_LINES} 条，每条 {perks.LONGEST_LINE} 字以内",
        placeholder="例如 每月 2 张 2 小时停车券",
    )


@blueprint.get("")
@mall_required("face.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """The ladder with a form for each of its tiers."""
    return render_template(
        "console/tiers.html",
        ladder=perks.list_ladder(workspace.mall.id, today=clock.business_date(clock.now())),
        form=PerksForm,
    )


@blueprint.post("/<tier_code>")
@mall_required("face.manage")
def change(workspace: Workspace, tier_code: str) -> ResponseReturnValue:
    """Say what the tier gives."""
    text = PerksForm.read().perks

    def act() -> str:
        now = clock.now()
        lines = perks.set_perks(workspace.mall.id, tier_code, text, now=now)
        name = next(
            rung.name
            for rung in perks.list_ladder(workspace.mall.id, today=clock.business_date(clock.now()))
            if rung.code == tier_code
        )
        if lines is not None:
            facts = {"name": name, "lines": "；".join(lines)}
            workspace.record("tier.set_perks", f"mall:{workspace.mall.id}", now=now, facts=facts)
        pages.say(f"{name}的权益已保存")
        return f"{workspace.base}/face/tiers"

    return pages.submit(workspace.who, {"tier": tier_code, "perks": text}, act)
