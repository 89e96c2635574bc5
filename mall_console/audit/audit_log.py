"""The audit log: who changed what, when and where."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app.access import audit
from app.access.models import AuditEntry
from app.kernel import clock, discovery
from app.web.filters import yuan
from mall_console.audit import naming
from mall_console.kit import filters, paging
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


@blueprint.get("")
@mall_required("audit.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """What was changed in this mall and, for who sees the whole group, in no mall in particular; the newest first."""
    day, subject = filters.find_day("day"), request.args.get("subject", "")
    secret = [prefix for prefix, permission in READERS.items() if not workspace.can(permission)]
    subjects = {prefix: text for prefix, text in SUBJECTS.items() if prefix not in secret}
    rows = audit.list_entries(
        workspace.who.scope,
        mall_id=workspace.mall.id,
        action=subject if subject in SUBJECTS else None,
        without=secret,
        since=clock.start_of_day(day) if day else None,
        until=clock.end_of_day(day) if day else None,
        asked=paging.asked(),
    )
    shown = rows.with_items([(entry, _told(entry)) for entry in rows])
    names = naming.name_all(entry.subject for entry in rows)
    return paging.render_list("audit", rows=shown, subjects=subjects, actions=ACTIONS, names=names)


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
