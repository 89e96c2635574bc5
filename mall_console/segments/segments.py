"""Segments: the list, one with what it means and who is in it, and the form that makes and changes them."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, make_response, render_template, request
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.errors import Forbidden
from app.lifecycle.segments import queries, reading, segment_uses, segments, uses
from app.lifecycle.segments.definitions import Node
from app.lifecycle.segments.errors import DefinitionWrong, SegmentChanged, SegmentCircle, SegmentTitleTaken, SegmentUsed
from app.lifecycle.segments.known_fields import all_fields
from app.lifecycle.segments.models import Segment
from app.lifecycle.segments.segments import Author
from app.lifecycle.segments.wording import ERRORS
from app.web.pages import pages
from mall_console.kit.listing import views
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.segments import building, drafts, words
from mall_console.segments.building import EDIT, MOST_TITLE, Building
from mall_console.segments.lists import KEEPING, MEMBERS, SEGMENTS

blueprint = Blueprint("segments", __name__, url_prefix="/segments", template_folder="templates")

TABS = {"members": "会员", "versions": "修改记录"}


@blueprint.get("")
@mall_required("segment.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """The mall's segments and the group's, the newest first."""
    return views.page(SEGMENTS, workspace, "segments")


@blueprint.get("/<public_id>")
@mall_required("segment.view")
def segment_page(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """One segment: what it means, and who is in it or what it meant before."""
    segment = queries.get_segment(public_id, mall_id=workspace.mall.id)
    tab = "versions" if request.args.get("tab") == "versions" else "members"
    told, problem = _told(segment)
    is_listed = tab == "members" and not problem and segment.archived_at is None
    part = views.part_of(MEMBERS, workspace, key=public_id) if is_listed else None
    return part or render_template(
        "console/segment.html",
        segment=segment,
        told=told,
        problem=problem,
        tab=tab,
        tabs=TABS,
        keeping=KEEPING,
        may_change=building.may_change(workspace, segment),
        used=_used(segment),
        use_places=words.USE_PLACES.values(),
        listed=views.listed(MEMBERS, workspace, key=public_id) if is_listed else None,
        versions=_versions(segment) if tab == "versions" else (),
    )


def _told(segment: Segment) -> tuple[words.Told | None, str]:
    """What it means in words, or why nobody can say it any more."""
    try:
        return words.tell(queries.definition_of(segment), mall_id=segment.mall_id), ""
    except DefinitionWrong:
        return None, "有条件用到的内容已不存在，请修改后再用"


def _used(segment: Segment) -> list[tuple[str, uses.Use]]:
    """Where it is used, with what kind of thing each is in words."""
    return [(words.USE_KINDS[kind], use) for kind, use in uses.list_uses(segment)]


def _versions(segment: Segment) -> list[tuple[Any, words.Told | None]]:
    return [(version, _words_of(version.definition, segment)) for version in queries.list_versions(segment.id)]


def _words_of(definition: dict[str, Any], segment: Segment) -> words.Told | None:
    try:
        root = reading.read(definition, all_fields(), mall_id=segment.mall_id)
    except DefinitionWrong:
        return None
    return words.tell(root, mall_id=segment.mall_id)


@blueprint.get("/new")
@mall_required(EDIT)
def new_page(workspace: Workspace) -> ResponseReturnValue:
    """An empty form; `?from=` another segment, filled in with what it means."""
    copied = request.args.get("from")
    shown = Building()
    if copied:
        other = building.of(queries.get_segment(copied, mall_id=workspace.mall.id))
        shown = Building(is_nightly=other.is_nightly, root=other.root)
    return _form(workspace, shown)


@blueprint.get("/<public_id>/edit")
@mall_required(EDIT)
def edit_page(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """The form with what the segment means."""
    return _form(workspace, building.of(_get(workspace, public_id)))


def _get(workspace: Workspace, public_id: str) -> Segment:
    """A segment that the person may change; raises NotFound, Forbidden."""
    segment = queries.get_segment(public_id, mall_id=workspace.mall.id)
    if not building.may_change(workspace, segment):
        raise Forbidden(permission=EDIT)
    return segment


def _sent(workspace: Workspace) -> Building:
    changed = request.form.get("segment")
    return building.sent(workspace, _get(workspace, changed) if changed else None)


def _form(workspace: Workspace, shown: Building, status: int = 200) -> ResponseReturnValue:
    counted = building.count(shown, workspace) if request.method == "POST" else None
    page = render_template(
        "console/segment_edit.html",
        counted=counted,
        may_group=building.keeps_group(workspace),
        most_title=MOST_TITLE,
        keeping=KEEPING,
        **building.shown(shown, workspace),
    )
    return page, status


@blueprint.post("/build")
@mall_required(EDIT)
def build(workspace: Workspace) -> ResponseReturnValue:
    """The form after one of its buttons; nothing is changed."""
    shown = _sent(workspace)
    drafts.act(shown.root, request.form.get("do", ""), request.form.getlist)
    if not pages.is_part():
        return _form(workspace, shown)
    response: Response = make_response(
        render_template("console/_segment_conditions.html", **building.shown(shown, workspace))
    )
    response.headers["HX-Trigger-After-Settle"] = "segment-changed"
    return response


@blueprint.post("/count")
@mall_required(EDIT)
def count(workspace: Workspace) -> ResponseReturnValue:
    """How many members the form means, and some of them; nothing is changed."""
    shown = _sent(workspace)
    return render_template("console/_segment_count.html", counted=building.count(shown, workspace))


@blueprint.post("")
@mall_required(EDIT)
def create(workspace: Workspace) -> ResponseReturnValue:
    """A new segment."""
    shown = building.sent(workspace, None)

    def act(root: Node) -> str:
        mall_id, now = shown.mall_id(workspace), clock.now()
        made = segments.create(
            shown.title, root, mall_id=mall_id, is_nightly=shown.is_nightly, by=_author(workspace), now=now
        )
        workspace.record("segment.create", f"segment:{made.id}", now=now, facts={"segment.title": made.title})
        pages.say(f"人群「{made.title}」已建好")
        return f"{workspace.base}/segments/{made.public_id}"

    return _save(workspace, shown, act)


@blueprint.post("/<public_id>")
@mall_required(EDIT)
def change(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """Another title or meaning; another meaning is a new version."""
    shown = building.sent(workspace, _get(workspace, public_id))

    def act(root: Node) -> str:
        segment, now = queries.lock_segment(_get(workspace, public_id).id), clock.now()
        segments.change(
            segment,
            shown.title,
            root,
            is_nightly=shown.is_nightly,
            seen_version=shown.seen,
            by=_author(workspace),
            now=now,
        )
        facts = {"segment.title": segment.title, "segment.version": segment.version}
        workspace.record("segment.change", f"segment:{segment.id}", now=now, facts=facts)
        pages.say(f"人群「{segment.title}」已保存")
        return f"{workspace.base}/segments/{public_id}"

    return _save(workspace, shown, act)


def _save(workspace: Workspace, shown: Building, act: Callable[[Node], str]) -> ResponseReturnValue:
    """Do it, or show the form with what is wrong: a tree of conditions is too much for a cookie to bring back."""
    typed = {"title": shown.title, "nightly": shown.is_nightly, "seen": shown.seen}
    payload = typed | {"group": shown.is_group, "root": drafts.as_data(shown.root)}
    root = building.read(shown, workspace)
    shown.problems = _problems(workspace, shown, root)
    if root is None or shown.problems:
        return pages.find_done(workspace.who, payload) or _refuse(workspace, shown)
    return pages.submit(workspace.who, payload, lambda: act(root))


def _refuse(workspace: Workspace, shown: Building) -> ResponseReturnValue:
    flash(next(iter(shown.problems.values()), ERRORS[DefinitionWrong.code]), "refused")
    return _form(workspace, shown, 422)


def _problems(workspace: Workspace, shown: Building, root: Node | None) -> dict[str, str]:
    if not 1 <= len(shown.title) <= MOST_TITLE:
        return {"title": f"请填写 1 至 {MOST_TITLE} 个字的名称"}
    own = shown.segment
    if queries.is_taken(shown.title, mall_id=shown.mall_id(workspace), but=own.id if own else None):
        return {"title": ERRORS[SegmentTitleTaken.code]}
    if own is not None and own.version != shown.seen:
        return {"seen": ERRORS[SegmentChanged.code]}
    if own is not None and root is not None and segment_uses.is_circle(own.id, root):
        return {"root": ERRORS[SegmentCircle.code]}
    if own is not None and own.is_nightly and not shown.is_nightly and (used := _used(own)):
        places = "、".join(use.title for _, use in used)
        return {"nightly": ERRORS[SegmentUsed.code].format(places=places)}
    return {}


def _author(workspace: Workspace) -> Author:
    return Author(staff_id=workspace.who.staff_id, name=workspace.who.name)


@blueprint.post("/<public_id>/archive")
@mall_required(EDIT)
def archive(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """Take a segment out of use; what it meant stays."""

    def act() -> str:
        segment, now = queries.lock_segment(_get(workspace, public_id).id), clock.now()
        segments.archive(segment, now=now)
        workspace.record("segment.archive", f"segment:{segment.id}", now=now, facts={"segment.title": segment.title})
        pages.say(f"人群「{segment.title}」已停用")
        return f"{workspace.base}/segments"

    return pages.submit(workspace.who, {}, act)
