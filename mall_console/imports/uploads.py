"""Bringing a file: the form, files to try it with, the file itself or its pieces."""

from contextlib import closing

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from app.imports import imports, pieces, queries, wording
from app.imports.models import Kind
from app.kernel import clock
from app.kernel.db import atomic
from app.kernel.errors import DomainError, NotFound
from app.web.forms import fields, forms
from app.web.pages import pages
from mall_console.imports import options, sheets, showing
from mall_console.imports.imports import address_of, get, record
from mall_console.imports.wording import SAMPLES
from mall_console.kit.listing.files import TYPES
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("import_uploads", __name__, url_prefix="/imports", template_folder="templates")


class FileMissing(DomainError):
    """No file was chosen."""

    code = "file_missing"


class NewImport(forms.Form):
    """What the file holds; `size` is the whole file's where its pieces follow."""

    kind = fields.Choice("导入内容", wording.KINDS)
    size = fields.Maybe(fields.Whole("大小"))


class Piece(forms.Form):
    """Which piece of the file comes."""

    number = fields.Whole("序号", most=1000)


@blueprint.get("/new")
@mall_required("import.run")
def new_page(workspace: Workspace) -> ResponseReturnValue:
    """The form for a new import."""
    kinds = {kind: text for kind, text in wording.KINDS.items() if workspace.can(options.NEEDED[Kind(kind)])}
    return render_template(
        "console/import_new.html",
        form=NewImport,
        kinds=kinds,
        samples=SAMPLES,
        most_bytes=imports.MOST_BYTES,
        piece_bytes=pieces.PIECE_BYTES,
        asked=request.args.get("kind") or next((kind for kind in ("members", *kinds) if kind in kinds), ""),
    )


@blueprint.get("/samples/<kind>.xlsx")
@mall_required("import.run")
def sample(workspace: Workspace, kind: str) -> ResponseReturnValue:
    """A small file to try an import with."""
    if kind not in SAMPLES:
        raise NotFound
    name = f"{workspace.mall.name}-{SAMPLES[kind]}.xlsx"
    return pages.download(
        lambda out: sheets.write_sample(workspace.mall.id, Kind(kind), out), name=name, mimetype=TYPES["xlsx"]
    )


@blueprint.post("")
@mall_required("import.run")
def upload(workspace: Workspace) -> ResponseReturnValue:
    """Take a file, or the first piece of one."""
    form = NewImport.read()
    workspace.ensure(options.NEEDED[Kind(form.kind)])
    sent, data = _sent()
    if not sent:
        raise FileMissing
    name, size = _name_of(sent), form.size or len(data)

    def act() -> str:
        now = clock.now()
        staff_id = workspace.who.staff_id
        found = imports.receive(
            workspace.mall.id, staff_id=staff_id, kind=Kind(form.kind), file_name=name, size_bytes=size, now=now
        )
        for number, start in enumerate(range(0, len(data), pieces.PIECE_BYTES)):
            imports.add_piece(found, number, data[start : start + pieces.PIECE_BYTES], now=now)
        record(workspace, "import.upload", found, now, {"kind": found.kind, "file": name})
        return address_of(workspace, found)

    return pages.submit(workspace.who, {**form.typed(), "name": name, "digest": showing.digest(data)}, act)


@blueprint.post("/<public_id>/pieces")
@mall_required("import.run")
def add_piece(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """Take another piece of the file; the same one again changes nothing."""
    found, form, (_, data) = get(workspace, public_id), Piece.read(), _sent()
    with atomic():
        imports.add_piece(queries.get_by_id(found.id), form.number, data, now=clock.now())
    return Response(status=204)


def _sent() -> tuple[str, bytes]:
    """What the file that was sent is called, and its bytes; nothing when none was."""
    sent = request.files.get("file")
    if sent is None:
        return "", b""
    with closing(sent.stream):
        return sent.filename or "", sent.read()


def _name_of(sent: str) -> str:
    """The file's own name, without folders and what cannot be seen."""
    name = "".join(sign for sign in sent.replace("\\", "/").rpartition("/")[2] if sign.isprintable())
    return name.strip() or "file"
