"""A word of the mall: what it is called and means, who answers for it, and giving it up."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.lifecycle.tags.by_hand import manual_tags, queries
from app.lifecycle.tags.by_hand.manual_tags import MOST_NAME, Giver
from app.web.forms import fields, forms
from app.web.pages import pages
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.tags.tags import EDIT

blueprint = Blueprint("tag_words", __name__, url_prefix="/tags/words")


class WordForm(forms.Form):
    """What a word is called, and when to use it."""

    name = fields.Text("标签", most=MOST_NAME)
    note = fields.Maybe(fields.Text("用法说明", most=100, hint="什么样的会员打这个标签，方便同事统一口径"))


@blueprint.get("/<int:tag_id>")
@mall_required(EDIT)
def page(workspace: Workspace, tag_id: int) -> ResponseReturnValue:
    """The word with its forms."""
    word = queries.get(tag_id, mall_id=workspace.mall.id)
    borne = queries.count_members([word.id]).get(word.id, 0)
    return render_template("console/tag_word.html", word=word, members=borne, form=WordForm)


@blueprint.post("/<int:tag_id>")
@mall_required(EDIT)
def change(workspace: Workspace, tag_id: int) -> ResponseReturnValue:
    """Call the word otherwise, or say otherwise what it means."""
    form = WordForm.read()

    def act() -> str:
        word = manual_tags.change(tag_id, mall_id=workspace.mall.id, name=form.name, note=form.note or "")
        _note(workspace, "tag.change", tag_id, word.name)
        pages.say("标签已保存")
        return f"{workspace.base}/tags"

    return pages.submit(workspace.who, {"tag": tag_id, **form.typed()}, act)


@blueprint.post("/<int:tag_id>/take-over")
@mall_required(EDIT)
def take_over(workspace: Workspace, tag_id: int) -> ResponseReturnValue:
    """Answer for the word from now on."""

    def act() -> str:
        word = manual_tags.take_over(tag_id, Giver.of(workspace.who.actor, workspace.mall.id))
        _note(workspace, "tag.take_over", tag_id, word.name)
        pages.say(f"标签「{word.name}」由您负责")
        return f"{workspace.base}/tags"

    return pages.submit(workspace.who, {"tag": tag_id}, act)


@blueprint.post("/<int:tag_id>/remove")
@mall_required(EDIT)
def remove(workspace: Workspace, tag_id: int) -> ResponseReturnValue:
    """Give the word up."""

    def act() -> str:
        word = manual_tags.remove(tag_id, mall_id=workspace.mall.id)
        _note(workspace, "tag.remove", tag_id, word.name)
        pages.say(f"标签「{word.name}」已删除")
        return f"{workspace.base}/tags"

    return pages.submit(workspace.who, {"tag": tag_id}, act)


def _note(workspace: Workspace, action: str, tag_id: int, name: str) -> None:
    workspace.record(action, f"manual_tag:{tag_id}", now=clock.now(), facts={"tag": name})
