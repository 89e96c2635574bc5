"""Lists that were too long to wait for: asked for as a file, and fetched when it is made."""

from urllib.parse import parse_qsl

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from app.access.list_files import list_files
from app.access.list_files.models import ListFile
from app.kernel import clock
from app.kernel.errors import NotFound
from app.kernel.lists.keyset import Page
from app.web.pages import pages
from mall_console.kit.listing import cells, columns, files, known, views
from mall_console.kit.listing.cells import Cell
from mall_console.kit.listing.listing import Column, Listing, Wanted, both_ways
from mall_console.kit.listing.state import State
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("list_files", __name__, url_prefix="/list-files", template_folder="templates")

_REFUSED = {
    "forbidden": "没有权限",
    "not_found": "没有权限",
    "list_too_long": "记录过多，请缩小范围",
    "import_cleared": "导入文件已过保留期",
    "search_expired": "搜索已过期，请重新导出",
}


def _read(workspace: Workspace, wanted: Wanted) -> Page[ListFile]:
    return list_files.list_files(*wanted.where, order=wanted.order, asked=wanted.asked)


def _address(workspace: Workspace, row: ListFile) -> str:
    return f"{workspace.base}/list-files/{row.public_id}" if row.done_at else ""


def _title(workspace: Workspace, row: ListFile) -> Cell:
    source = known.find_source(row.listing)
    if source is not None:
        return Cell(text=source.title, small=row.about_name or "")
    listing = known.get(row.listing)
    title = f"{listing.title} {row.about_name}" if row.about_name else listing.title
    state = State.read(workspace, "", listing, MultiDict(parse_qsl(row.query)))
    return Cell(text=title, small=files.narrowed(listing, workspace, state))


def _state(workspace: Workspace, row: ListFile) -> Cell:
    if row.done_at:
        return cells.tag("可以下载", "good")
    if row.given_up_at:
        return cells.tag("没有生成", "bad", small=_REFUSED.get(row.last_error or "", "请重新导出"))
    return cells.tag("生成中", "cool")


def _size(workspace: Workspace, row: ListFile) -> Cell:
    return cells.NOTHING if row.size_bytes is None else Cell(text=f"{row.size_bytes / 1_000_000:.1f} MB")


FILES: Listing[ListFile] = Listing(
    name="list_files",
    title="导出文件",
    permission="console.enter",
    table=ListFile,
    scope=lambda workspace: [
        ListFile.staff_id == workspace.who.staff_id,
        ListFile.mall_id == workspace.mall.id,
    ],
    read=_read,
    columns=(
        Column(key="list", head="列表", cell=_title, look="main", is_fixed=True),
        columns.text("kind", "格式", lambda row: files.KINDS[row.kind]),
        columns.moment("asked", "导出时间", lambda row: row.asked_at, sort="asked"),
        columns.count("rows", "条数", lambda row: row.row_count),
        Column(key="size", head="大小", cell=_size, look="right num"),
        Column(key="state", head="状态", cell=_state),
    ),
    sorts=both_ways("asked", "最近导出在前", "最早导出在前", ListFile.id),
    link=_address,
    noun="个",
    icon="down",
    nothing="还没有导出文件",
    hint="记录较多的列表在后台生成文件，完成后在这里下载，保留 7 天。",
)


@blueprint.get("")
@mall_required("console.enter")
def page(workspace: Workspace) -> ResponseReturnValue:
    """The person's own files of this mall, the last asked for first."""
    return views.page(FILES, workspace, "list_files")


@blueprint.post("")
@mall_required("console.enter")
def ask(workspace: Workspace) -> ResponseReturnValue:
    """Have a list made into a file, as its address shows it."""
    listing = known.find(request.form.get("list", ""))
    kind = request.form.get("kind", "")
    if listing is None or listing is FILES or kind not in files.KINDS:
        raise NotFound(list=request.form.get("list", ""))
    workspace.ensure(listing.permission)
    state = State.read(workspace, "", listing, MultiDict(parse_qsl(request.form.get("query", ""))))
    listing.ensure_readable(state.typed)
    about = listing.find(workspace, request.form.get("about"))
    of_what = (about.key, about.name) if about else None
    wanted = {"list": listing.name, "about": about.key if about else "", "query": state.text, "kind": kind}

    def act() -> str:
        now = clock.now()
        list_files.ask(
            workspace.who.staff_id,
            workspace.mall.id,
            listing=listing.name,
            about=of_what,
            query=state.text,
            kind=kind,
            now=now,
        )
        of = {"of": about.name} if about else {}
        narrowed = files.narrowed(listing, workspace, state)
        facts = {"list": listing.title, **of, "file": kind, "narrowed": narrowed, "background": True}
        workspace.record("list.export", f"list:{listing.name}", now=now, facts=facts)
        pages.say("文件正在后台生成，完成后在这里下载")
        return f"{workspace.base}/list-files"

    return pages.submit(workspace.who, wanted, act)


@blueprint.get("/<public_id>")
@mall_required("console.enter")
def download(workspace: Workspace, public_id: str) -> Response:
    """A file that was made, for who may still see its list."""
    made = list_files.get_made(public_id, staff_id=workspace.who.staff_id, mall_id=workspace.mall.id)
    listing = known.find_source(made.listing) or known.get(made.listing)
    workspace.ensure(listing.permission)
    name = files.file_name(listing.title, workspace, made.kind, made.about_name, at=made.asked_at)
    return pages.download(
        lambda out: out.writelines(list_files.read_parts(made.id)), name=name, mimetype=files.TYPES[made.kind]
    )
