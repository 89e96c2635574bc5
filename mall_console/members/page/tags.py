"""A member's tags: those that follow from what they did, with the evidence; those that staff gave, with the reason.

Of brands and floors a mall reads its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.identity import queries as identity
from app.identity.profiles import queries as profiles
from app.kernel import clock
from app.lifecycle.tags.by_hand import manual_tags
from app.lifecycle.tags.by_hand import queries as by_hand
from app.lifecycle.tags.by_hand.manual_tags import MOST_NAME, Giver
from app.lifecycle.tags.by_hand.models import ManualTag, MemberManualTag
from app.lifecycle.tags.computed import member_fields, queries, thresholds
from app.lifecycle.tags.computed.models import MemberTag
from app.lifecycle.tags.computed.rules import TagKind
from app.lifecycle.tags.computed.wording import TAG_KINDS, name_tag, tell_evidence
from app.web.forms import fields, forms
from app.web.pages import pages
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.members import seen

blueprint = Blueprint("member_tags", __name__, url_prefix="/members/<public_id>/tags")

PERMISSION = "member.care"
SHOWN_FIRST = 6


class TagForm(forms.Form):
    """A word for the member, and why."""

    name = fields.Text("标签", most=MOST_NAME, autocomplete="off", list="manual-tags")
    why = fields.Maybe(fields.Text("说明", most=100, hint="同事可见；会员导出个人数据时也会看到"))


@dataclass(frozen=True, slots=True)
class Tag:
    """A computed tag in words."""

    row: MemberTag
    kind: str
    name: str
    evidence: str

    @property
    def code(self) -> str:
        return f"{self.row.kind}:{self.row.value}"


@dataclass(frozen=True, slots=True)
class Shown:
    """All tags of a member; `why_none` there are none computed, `known` are the mall's words, to choose from."""

    computed: Sequence[Tag]
    why_none: str
    given: Sequence[tuple[MemberManualTag, ManualTag]]
    known: Sequence[ManualTag]

    @property
    def first(self) -> Sequence[Tag]:
        """The strongest, of each kind one."""
        kinds: set[str] = set()
        found = []
        for tag in self.computed:
            if tag.row.kind not in kinds:
                kinds.add(tag.row.kind)
                found.append(tag)
        return found[:SHOWN_FIRST]


def read(workspace: Workspace, member_id: int) -> Shown:
    """The member's tags as this mall sees them."""
    mall_id = workspace.mall.id
    computed = _computed(member_id, mall_id)
    return Shown(
        computed=computed,
        why_none="" if computed else _why_none(member_id),
        given=by_hand.list_of_member(identity.list_person_ids(member_id), mall_id=mall_id),
        known=by_hand.list_words(mall_id),
    )


def _why_none(member_id: int) -> str:
    if profiles.get_profile(member_id).profiling_off_at is not None:
        return "会员关闭了个性化分析，不计算系统标签。"
    days = thresholds.in_force(clock.business_date(clock.now())).thresholds.window_days
    return f"近 {days} 天的消费、到店和浏览太少，还看不出偏好和习惯。"


def _computed(member_id: int, mall_id: int) -> list[Tag]:
    rows = queries.list_tags(member_id)
    own = {TagKind.BRAND.value: member_fields.brand_codes, TagKind.ZONE.value: member_fields.zone_codes}
    names = {kind: codes(mall_id) for kind, codes in own.items() if any(row.kind == kind for row in rows)}
    visible = [row for row in rows if row.kind not in names or row.value in names[row.kind]]
    return [_worded(row, names.get(row.kind, {})) for row in visible]


def _worded(row: MemberTag, names: Mapping[str, str]) -> Tag:
    name = name_tag(row.kind, row.value, names)
    days = thresholds.in_force(row.worked_out_on).thresholds.window_days
    return Tag(row, TAG_KINDS[row.kind], name, tell_evidence(row.kind, row.value, row.evidence, what=name, days=days))


@blueprint.post("")
@mall_required(PERMISSION)
def give(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """Put a word to the member; one they bear already stays as it is."""
    member = seen.get(workspace, public_id)
    form, who = TagForm.read(), workspace.who

    def act() -> str:
        by, now = Giver.of(who.actor, workspace.mall.id), clock.now()
        row = manual_tags.give(member.id, form.name, by, note=form.why or "", now=now)
        if row is not None:
            workspace.record("tag.give", f"member:{member.id}", now=now, facts={"tag": form.name})
        pages.say(f"已打上标签「{form.name}」" if row else f"会员已有标签「{form.name}」")
        return _back(workspace, public_id)

    return pages.submit(who, {"member": public_id, **form.typed()}, act)


@blueprint.post("/<int:tag_id>/take")
@mall_required(PERMISSION)
def take(workspace: Workspace, public_id: str, tag_id: int) -> ResponseReturnValue:
    """Take a word from the member."""
    member = seen.get(workspace, public_id)

    def act() -> str:
        tag = manual_tags.take(member.id, tag_id, mall_id=workspace.mall.id)
        if tag is not None:
            workspace.record("tag.take", f"member:{member.id}", now=clock.now(), facts={"tag": tag.name})
        pages.say(f"已移除标签「{tag.name}」" if tag else "标签已不在")
        return _back(workspace, public_id)

    return pages.submit(workspace.who, {"member": public_id, "tag": tag_id}, act)


def _back(workspace: Workspace, public_id: str) -> str:
    return f"{workspace.base}/members/{public_id}?tab=tags"
