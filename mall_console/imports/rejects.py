"""The rows of an import with a problem, as they stood in the file: at once when they are few, else by a worker."""

from typing import IO

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.access.list_files import list_files
from app.imports.errors import ImportCleared
from app.kernel import clock
from app.kernel.db import atomic
from app.web.pages import pages
from mall_console.imports import sheets, showing
from mall_console.imports.imports import get, record
from mall_console.kit.listing.errors import ListTooLong
from mall_console.kit.listing.files import MOST_ROWS, TYPES
from mall_console.kit.listing.known import FileSource
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("import_rejects", __name__, url_prefix="/imports", template_folder="templates")

PERMISSION = "import.run"
NAME, KIND = "import_rejects", "xlsx"


@blueprint.get("/<public_id>/rejects.xlsx")
@mall_required(PERMISSION)
def download(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """The rows; who took them is noted, for they hold personal data. Raises ListTooLong."""
    found = get(workspace, public_id)
    if showing.problem_rows(found) > MOST_ROWS:
        raise ListTooLong(most=MOST_ROWS)
    name = f"{found.file_name.rpartition('.')[0] or found.file_name}-问题行.xlsx"
    answer = pages.download(lambda out: sheets.write_rejects(found, out), name=name, mimetype=TYPES[KIND])
    with atomic():
        record(workspace, "import.download", found, clock.now(), {"file": found.file_name})
    return answer


@blueprint.post("/<public_id>/rejects")
@mall_required(PERMISSION)
def ask(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """Have a worker make the file; noted like taking it."""
    found = get(workspace, public_id)

    def act() -> str:
        now = clock.now()
        list_files.ask(
            workspace.who.staff_id,
            workspace.mall.id,
            listing=NAME,
            about=(public_id, found.file_name),
            query="",
            kind=KIND,
            now=now,
        )
        record(workspace, "import.download", found, now, {"file": found.file_name})
        pages.say("文件正在后台生成，完成后在这里下载")
        return f"{workspace.base}/list-files"

    return pages.submit(workspace.who, {"import": public_id}, act)


def _write(workspace: Workspace, public_id: str, out: IO[bytes]) -> int:
    found = get(workspace, public_id)
    if found.cleared_at is not None:
        raise ImportCleared
    sheets.write_rejects(found, out)
    return showing.problem_rows(found)


REJECTS = FileSource(name=NAME, title="导入问题行", permission=PERMISSION, write=_write)
