"""The audit log: who changed what, when and where."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement

from app.access import audit
from app.access.models import AuditEntry
from app.access.wording import actor_of
from app.kernel import clock, discovery
from app.kernel.lists.keyset import Page
from app.web.filters import yuan
from mall_console.audit import naming
from mall_console.kit.listing import columns, views
from mall_console.kit.listing.cells import Cell
from mall_console.kit.listing.listing import Column, Listing, Wanted, both_ways
from mall_console.kit.listing.narrowing import Choice, Days
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("audit_log", __name__, url_prefix="/audit", template_folder="templates")

_words = partial(discovery.merged, named="wording")

# Prefixes of actions that the log can be narrowed to, each with its words.
SUBJECTS: dict[str, str] = _words("SUBJECTS")
ACTIONS: dict[str, str] = _words("ACTIONS")
# Labels of facts, by `<first part of the action>.<fact>` or, where one label fits everywhere, by `<fact>`.
FACTS: dict[str, str] = _words("FACTS")
# The words behind a code, by `<first part of the action>.<fact>`.
VALUES: dict[str, Mapping[str, str]] = _words("VALUES")
# What of the log only those read who may see the thing itself: prefix of the action → permission.
READERS: dict[str, str] = discovery.merged("AUDIT_READERS", named="permissions")

GROUP = "整个集团"
_OF_MALL, _OF_GROUP = "mall", "group"


class Written(NamedTuple):
    """An entry with its facts in words, and what it is about as (kind, name)."""

    entry: AuditEntry
    facts: Sequence[tuple[str, str]]
    about: tuple[str, str]
    mall: str


def _secret(workspace: Workspace) -> list[str]:
    return [prefix for prefix, permission in READERS.items() if not workspace.can(permission)]


def _subjects(workspace: Workspace) -> Mapping[str, str]:
    secret = _secret(workspace)
    return {prefix: text for prefix, text in SUBJECTS.items() if prefix not in secret}


def _scope(workspace: Workspace) -> list[ColumnElement[bool]]:
    return audit.conditions(workspace.who.scope, mall_id=workspace.mall.id, without=_secret(workspace))


def _read(workspace: Workspace, wanted: Wanted) -> Page[Written]:
    page = audit.list_wanted(*wanted.where, order=wanted.order, asked=wanted.asked)
    names = naming.name_all(entry.subject for entry in page)
    where = {mall.id: mall.name for mall in workspace.malls}
    return page.with_items(
        [Written(entry, _told(entry), names[entry.subject], where.get(entry.mall_id or 0, GROUP)) for entry in page]
    )


def _in(code: str) -> ColumnElement[bool]:
    return AuditEntry.mall_id.is_(None) if code == _OF_GROUP else AuditEntry.mall_id.is_not(None)


def _places(workspace: Workspace) -> Mapping[str, str]:
    """What stands together for who sees the whole group: this mall's entries, and those of no mall in particular."""
    if workspace.who.scope.mall_ids is not None or len(workspace.malls) < 2:
        return {}
    return {_OF_MALL: workspace.mall.name, _OF_GROUP: GROUP}


def _at(workspace: Workspace, row: Written) -> Cell:
    local = clock.local(row.entry.at)
    return Cell(text=f"{local:%Y-%m-%d}", small=f"{local:%H:%M:%S}", value=local.replace(tzinfo=None, microsecond=0))


def _facts(workspace: Workspace, row: Written) -> Cell:
    return Cell(text="；".join(f"{label} {text}" for label, text in row.facts))


LOG: Listing[Written] = Listing(
    name="audit",
    title="操作日志",
    permission="audit.view",
    table=AuditEntry,
    scope=_scope,
    read=_read,
    columns=(
        Column(key="at", head="时间", cell=_at, look="num nowrap", sort="at", is_fixed=True),
        columns.text("who", "操作人", lambda row: actor_of(row.entry), look="nowrap"),
        columns.text("act", "操作", lambda row: ACTIONS.get(row.entry.action, row.entry.action), look="nowrap strong"),
        columns.mall(lambda row: row.mall),
        Column(key="about", head="对象", cell=lambda _, row: Cell(text=row.about[1], small=row.about[0])),
        Column(key="facts", head="内容", cell=_facts, look="wide quiet"),
    ),
    filters=(
        Days("day", "日期", AuditEntry.at),
        Choice("subject", "类别", _subjects, audit.is_of),
        Choice("mall", "商场", _places, _in, "全部"),
    ),
    sorts=both_ways("at", "时间从近到远", "时间从远到近", AuditEntry.id),
    icon="audit",
    nothing="没有记录",
    hint="所有人的每次操作都会记录，不能删除。",
)


@blueprint.get("")
@mall_required("audit.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """What was changed in this mall and, for who sees the whole group, in no mall in particular; the newest first."""
    return views.page(LOG, workspace, "audit")


def _told(entry: AuditEntry) -> list[tuple[str, str]]:
    """An entry's facts as (label, text), those without a value left out."""
    about = entry.action.partition(".")[0]
    return [
        (_label(about, key), VALUES.get(f"{about}.{key}", {}).get(str(value)) or _written(key, value))
        for key, value in entry.facts.items()
        if value not in (None, "")
    ]


def _label(about: str, key: str) -> str:
    return FACTS.get(f"{about}.{key}") or FACTS.get(key, key)


def _written(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping):
        return "、".join(f"{name} {text}" for name, text in value.items())
    if isinstance(value, list):
        return "、".join(map(str, value))
    if key.endswith("_fen") and isinstance(value, int):
        return yuan(value)
    if key.endswith("_bps") and isinstance(value, int):
        return f"{value / 100:g}%"
    if key.endswith("_minutes"):
        return f"{value} 分钟"
    if key.endswith("_days"):
        return f"{value} 天"
    return str(value)
