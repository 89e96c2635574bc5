"""The list of imports: which files were brought in, by whom, and what came of them."""

from typing import NamedTuple

from app.access.models import Staff
from app.imports import queries, wording
from app.imports.models import Import
from app.kernel.lists.keyset import Page
from app.web import filters
from mall_console.kit.listing import cells, columns, narrowing
from mall_console.kit.listing.cells import Cell
from mall_console.kit.listing.listing import Column, Listing, Wanted, both_ways
from mall_console.kit.listing.narrowing import Choice, Days, Search
from mall_console.kit.workspace import Workspace

TONES = {"done": "good", "cancelled": "plain", "refused": "bad", "failed": "bad", "running": "cool", "checking": "cool"}


class Brought(NamedTuple):
    """An import with who brought it."""

    found: Import
    person: Staff


def _read(workspace: Workspace, wanted: Wanted) -> Page[Brought]:
    page = queries.list_imports(*wanted.where, order=wanted.order, asked=wanted.asked)
    return page.with_items([Brought(*row) for row in page])


def _file(workspace: Workspace, row: Brought) -> Cell:
    return Cell(text=row.found.file_name, small=f"{filters.points(row.found.rows)} 行", value=row.found.file_name)


def _status(workspace: Workspace, row: Brought) -> Cell:
    return cells.tag(wording.STATUSES[row.found.status], TONES.get(row.found.status, "warn"))


def _counted(row: Brought, name: str) -> int | None:
    """One of the tallies of a run; none before it began."""
    return int(row.found.counts[name]) if row.found.begun_at and row.found.counts else None


IMPORTS: Listing[Brought] = Listing(
    name="imports",
    title="导入记录",
    permission="import.view",
    table=Import,
    scope=lambda workspace: [workspace.condition("import.view", Import.mall_id)],
    read=_read,
    columns=(
        Column(key="file", head="文件", cell=_file, look="main", is_fixed=True),
        columns.text("kind", "内容", lambda row: wording.KINDS[row.found.kind], look="nowrap"),
        Column(key="status", head="状态", cell=_status),
        columns.count("new", "新增", lambda row: _counted(row, "new")),
        columns.count("known", "已有", lambda row: _counted(row, "known")),
        columns.count("rejected", "未导入", lambda row: _counted(row, "rejected")),
        columns.text("person", "操作人", lambda row: row.person.name, look="nowrap"),
        columns.moment("uploaded", "上传时间", lambda row: row.found.uploaded_at, sort="uploaded"),
        columns.count("rows", "行数", lambda row: row.found.rows, is_extra=True),
    ),
    filters=(
        Search("文件名", narrowing.contains(Import.file_name)),
        Days("uploaded", "上传日期", Import.uploaded_at),
        Choice("kind", "内容", wording.KINDS, lambda kind: Import.kind == kind),
        Choice("status", "状态", wording.STATUSES, lambda status: Import.status == status, "全部状态"),
    ),
    sorts=both_ways("uploaded", "最近上传在前", "最早上传在前", Import.id),
    link=lambda workspace, row: f"{workspace.base}/imports/{row.found.public_id}",
    noun="次",
    icon="import",
    nothing="还没有导入记录",
    hint="会员、消费小票、客流等历史数据都可以从 Excel 或 CSV 文件导入；能导入哪些内容，取决于您的权限。",
)
