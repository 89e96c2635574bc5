"""Uploading and removing pictures, those of the mall, of a campaign, of a store."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app.benefits.campaigns import queries as campaigns
from app.benefits.campaigns.models import Campaign
from app.kernel import clock
from app.kernel.errors import NotFound
from app.malls import directory_queries
from app.malls.models import Store
from app.pictures import pictures, rendering, wording
from app.pictures.rendering import Frame
from app.web.forms import forms
from app.web.pages import pages
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("pictures", __name__, url_prefix="/pictures", template_folder="templates")


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose pictures these are: who may change them, the places they have, and how one is found by its name."""

    permission: str
    frames: Mapping[str, Frame]
    find: Callable[[Workspace, str], int]
    page: str

    def frame(self, slot: str) -> Frame:
        """How a picture of this place is shown; raises NotFound."""
        if slot not in self.frames:
            raise NotFound(slot=slot)
        return self.frames[slot]


def _mall(workspace: Workspace, name: str) -> int:
    if name != workspace.mall.code:
        raise NotFound(mall=name)
    return workspace.mall.id


def _campaign(workspace: Workspace, name: str) -> int:
    return campaigns.get_campaign(name, visible=workspace.condition("campaign.manage", Campaign.mall_id)).id


def _store(workspace: Workspace, name: str) -> int:
    return directory_queries.get_store(name, visible=workspace.condition("face.manage", Store.mall_id))[0].id


_SUBJECTS = {
    "mall": Subject(
        "face.manage",
        {"logo": rendering.LOGO, "cover": rendering.COVER, "card": rendering.CARD},
        _mall,
        "/face",
    ),
    "campaign": Subject("campaign.manage", {"picture": rendering.PICTURE}, _campaign, "/campaigns/{name}"),
    "store": Subject(
        "face.manage", {"logo": rendering.STORE_LOGO, "picture": rendering.PICTURE}, _store, "/stores/{name}"
    ),
}


@blueprint.post("/<kind>/<name>/<slot>")
@mall_required("console.enter")
def upload(workspace: Workspace, kind: str, name: str, slot: str) -> ResponseReturnValue:
    """Show another picture there."""
    subject = _subject(workspace, kind)
    frame = subject.frame(slot)
    subject.find(workspace, name)
    rendered = rendering.render(_file(slot), frame)

    def act() -> str:
        now, subject_id = clock.now(), subject.find(workspace, name)
        facts = {"slot": slot, "digest": rendered.digest}
        if pictures.place(kind, subject_id, slot, rendered, now=now):
            workspace.record("picture.place", f"{kind}:{subject_id}", now=now, facts=facts)
        pages.say(f"{wording.SLOTS[slot]}已更换")
        return workspace.base + subject.page.format(name=name)

    return pages.submit(workspace.who, {"at": [kind, name, slot], "digest": rendered.digest}, act)


@blueprint.post("/<kind>/<name>/<slot>/remove")
@mall_required("console.enter")
def remove(workspace: Workspace, kind: str, name: str, slot: str) -> ResponseReturnValue:
    """Show no picture there."""
    subject = _subject(workspace, kind)
    subject.frame(slot)

    def act() -> str:
        now, subject_id = clock.now(), subject.find(workspace, name)
        if pictures.remove(kind, subject_id, slot, now=now):
            workspace.record("picture.remove", f"{kind}:{subject_id}", now=now, facts={"slot": slot})
            pages.say(f"{wording.SLOTS[slot]}已移除")
        return workspace.base + subject.page.format(name=name)

    return pages.submit(workspace.who, {"at": [kind, name, slot]}, act)


def _subject(workspace: Workspace, kind: str) -> Subject:
    if kind not in _SUBJECTS:
        raise NotFound(kind=kind)
    workspace.ensure(_SUBJECTS[kind].permission)
    return _SUBJECTS[kind]


def _file(slot: str) -> bytes:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise forms.FieldInvalid(label=wording.SLOTS[slot], problem="请先选择一张图片")
    return bytes(sent.read())
