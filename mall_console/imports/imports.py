"""Imports: the history, bringing a file, saying what its columns are, the trial, the run, and what came of it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from app.access import staff_queries
from app.imports import imports, queries, wording
from app.imports.models import Import, Kind, Status
from app.kernel import clock
from app.web.forms import fields, forms
from app.web.pages import pages
from mall_console.imports import columns, options, showing
from mall_console.imports.history import IMPORTS, TONES
from mall_console.imports.wording import COLUMNS as LABELS
from mall_console.imports.wording import ENCODINGS, HINTS
from mall_console.kit.listing import views
from mall_console.kit.listing.files import MOST_ROWS
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("imports", __name__, url_prefix="/imports", template_folder="templates")


class Reading(forms.Form):
    """How the file is written."""

    encoding = fields.Maybe(fields.Choice("文字编码", ENCODINGS))
    sheet = fields.Maybe(fields.Raw("工作表", most=100))


@blueprint.get("")
@mall_required("import.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """The mall's imports, the newest first."""
    return views.page(IMPORTS, workspace, "imports")


@blueprint.get("/<public_id>")
@mall_required("import.view")
def import_page(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """Where an import stands, and what is to be said next; by itself again while a worker is at it."""
    found = get(workspace, public_id)
    if not pages.is_part():
        return render_template("console/import.html", **_shown(workspace, found))
    if not showing.is_live(found):
        return Response(headers={"HX-Refresh": "true"})
    return render_template("console/_import_live.html", **_shown(workspace, found))


@blueprint.post("/<public_id>/reading")
@mall_required("import.run")
def read_again(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """Let the file be read in another encoding, or another sheet of it."""
    form = Reading.read()
    return _act(
        workspace,
        public_id,
        form.typed(),
        lambda found, now: imports.read_again(found, now=now, encoding=form.encoding, sheet=form.sheet),
    )


@blueprint.post("/<public_id>/columns")
@mall_required("import.run")
def lay_out(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """Say what the columns are; then look at the first rows again, or begin the trial."""
    found = get(workspace, public_id)
    layout, said = columns.read(found).as_layout(), options.read(workspace, found)
    begins = request.form.get("then") == "check"

    def act(found: Import, now: datetime) -> None:
        imports.lay_out(found, layout, said, now=now)
        if begins:
            imports.begin_check(found, now=now)

    return _act(workspace, public_id, {"layout": layout, "options": said, "check": begins}, act)


@blueprint.post("/<public_id>/run")
@mall_required("import.run")
def run(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """Bring the file in."""

    def act(found: Import, now: datetime) -> None:
        kind = Kind(found.kind)
        if found.options.get("effects") == "ledger":
            workspace.ensure(options.WITH_EFFECTS[kind])
        if imports.begin_run(found, now=now):
            facts = {"kind": found.kind, "file": found.file_name, "effects": found.options.get("effects", "none")}
            record(workspace, "import.run", found, now, {**facts, "rows": found.rows})

    return _act(workspace, public_id, {}, act)


@blueprint.post("/<public_id>/cancel")
@mall_required("import.run")
def cancel(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """Stop the import; what is in by then stays."""

    def act(found: Import, now: datetime) -> None:
        was_running = found.status == Status.RUNNING
        if imports.cancel(found, now=now):
            record(workspace, "import.cancel", found, now, {"file": found.file_name})
            pages.say("正在停止，已导入的保留" if was_running else "导入已取消")

    return _act(workspace, public_id, {}, act)


@blueprint.post("/<public_id>/resume")
@mall_required("import.run")
def resume(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """Go on where workers gave up."""

    def act(found: Import, now: datetime) -> None:
        imports.resume(found, now=now)
        record(workspace, "import.resume", found, now, {"file": found.file_name})

    return _act(workspace, public_id, {}, act)


def _act(
    workspace: Workspace, public_id: str, payload: dict[str, Any], do: Callable[[Import, datetime], object]
) -> ResponseReturnValue:
    """Do something with the import, once for each press, and go back to it."""

    def act() -> str:
        found = get(workspace, public_id)
        workspace.ensure(options.NEEDED[Kind(found.kind)])
        do(found, clock.now())
        return address_of(workspace, found)

    return pages.submit(workspace.who, payload, act)


def get(workspace: Workspace, public_id: str) -> Import:
    """The mall's import; raises NotFound."""
    return queries.get(public_id, visible=workspace.condition("import.view", Import.mall_id))


def address_of(workspace: Workspace, found: Import) -> str:
    """Where its page is."""
    return f"{workspace.base}/imports/{found.public_id}"


def record(workspace: Workspace, action: str, found: Import, now: datetime, facts: dict[str, Any]) -> None:
    """Write what was done with it into the audit log."""
    workspace.record(action, f"import:{found.id}", now=now, facts=facts)


def _shown(workspace: Workspace, found: Import) -> dict[str, Any]:
    """What the page needs, by where the import stands."""
    kind = Kind(found.kind)
    shown: dict[str, Any] = {
        "found": found,
        "kinds": wording.KINDS,
        "statuses": wording.STATUSES,
        "tones": TONES,
        "person": staff_queries.get_staff(found.staff_id),
        "live": showing.is_live(found),
        "share": showing.share_of(found),
        "may_run": workspace.can("import.run") and workspace.can(options.NEEDED[kind]),
        "edits": found.status == Status.CHECKED and "edit" in request.args,
        "encodings": ENCODINGS,
        "problem": showing.problem_of(found.problem) if found.status == Status.REFUSED else "",
    }
    if found.status == Status.READY or shown["edits"]:
        shown |= _columns_shown(workspace, found, kind)
    return shown | _results_shown(found)


def _columns_shown(workspace: Workspace, found: Import, kind: Kind) -> dict[str, Any]:
    said, since = columns.find(found)
    is_kept = found.cleared_at is None
    return {
        "said": said,
        "since": since,
        "labels": LABELS[kind.value],
        "hints": HINTS,
        "optional": columns.MAY_BE_EMPTY[kind.value] | columns.MAY_BE_MISSING[kind.value],
        "preview": showing.preview_of(found, said) if is_kept else None,
        "options_form": options.FORMS[kind],
        "choices": options.choices(workspace, kind),
        "said_options": options.shown(kind, columns.options_of(found)),
        "twin": queries.find_twin(found),
    }


def _results_shown(found: Import) -> dict[str, Any]:
    """The tally, and the first rows with a problem."""
    counts = found.counts if found.begun_at else found.foreseen
    wants_rows = found.status in (Status.CHECKED, Status.RUNNING, Status.DONE, Status.CANCELLED, Status.FAILED)
    return {
        "counts": counts,
        "causes": showing.causes_of(found, counts),
        "remarks": showing.remarks_of(counts),
        "are_many": showing.problem_rows(found) > MOST_ROWS,
        "told": list(showing.told_rows(found)) if wants_rows and counts and found.cleared_at is None else [],
    }
