"""A mall's looks: its colours and slogan, and a preview of what members see."""

import re
from dataclasses import asdict

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.malls import looks
from app.malls import queries as malls
from app.malls.looks import Look
from app.pictures import queries as pictures
from app.web.forms import fields, forms
from app.web.pages import pages
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("faces", __name__, url_prefix="/face", template_folder="templates")

_COLOUR = re.compile(r"#[0-9a-f]{6}")


class Colour(fields.Text):
    """A colour as browsers' colour fields send it."""

    input_type = "color"

    def __init__(self, label: str, *, hint: str = "") -> None:
        super().__init__(label, most=7, hint=hint)

    def own_attributes(self) -> dict[str, str | int]:
        """A colour field knows no lengths."""
        return {}

    def read(self, text: str) -> str:
        """The colour as `#rrggbb`; raises FieldInvalid."""
        value = text.strip().lower()
        if not _COLOUR.fullmatch(value):
            raise self.refuse("请选择颜色")
        return value


class LookForm(forms.Form):
    """Colours and slogan."""

    accent = Colour("主色", hint="按钮、会员卡和海报的底色；保存时检查文字是否看得清")
    gradient = fields.Choice("渐变", {"own": "主色自动加深", "far": "到另一个颜色"})
    accent_far = fields.If(gradient, "far", Colour("渐变到", hint="会员卡从主色渐变到这个颜色"))
    slogan = fields.Maybe(fields.Text("口号", most=24, hint="显示在入会页和会员卡上，24 字以内"))

    def look(self) -> Look:
        """What was chosen."""
        return Look(accent=self.accent, accent_far=self.accent_far, slogan=self.slogan)


@blueprint.get("")
@mall_required("face.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """The forms, and beside them what members see."""
    mall = malls.get_mall(workspace.mall.id)
    return render_template("console/face.html", form=LookForm, mall=mall, shown=pictures.shown_by("mall", mall.id))


@blueprint.post("")
@mall_required("face.manage")
def change(workspace: Workspace) -> ResponseReturnValue:
    """Other colours, another slogan; unreadable colours are refused."""
    look = LookForm.read().look()

    def act() -> str:
        mall = malls.get_mall(workspace.mall.id)
        if looks.change_look(mall, look):
            workspace.record("face.change", f"mall:{mall.id}", now=clock.now(), facts=asdict(look))
        pages.say("颜色和口号已保存")
        return f"{workspace.base}/face"

    return pages.submit(workspace.who, asdict(look), act)
