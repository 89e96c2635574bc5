"""All that is kept about me, as a file."""

from base64 import b64encode
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from typing import IO

from flask import Response
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields

from app.flows.privacy import own_data
from app.kernel import clock
from app.kernel.db import atomic
from app.verification import throttle
from app.web import member_auth, reasons
from app.web.member_auth import Caller
from app.web.own_data import printed
from app.web.pages import downloads
from member_api.kit import answers, kit

blueprint = kit.make_blueprint("own_data", "What is kept about the signed-in person")

# It reads everything a person ever did.
EXPORTS_PER_DAY = 10
_CHUNK = 64 * 1024


class ReadableDataView(Schema):
    """What is kept about me, as a PDF in base64, and what to call the file."""

    name = fields.String(required=True)
    pdf_base64 = fields.String(required=True)


@blueprint.get("/members/me/data")
@blueprint.doc(**kit.SIGNED_IN)
@blueprint.response(200, answers.OwnDataView)
@blueprint.alt_response(429, schema=kit.ErrorView)
@member_auth.member_required
def export(caller: Caller) -> ResponseReturnValue:
    """Everything about me and nobody else, as a JSON file to keep; visitors get what little there is."""
    now = _counted(caller)
    out = downloads.filled(lambda file: own_data.write(caller.member, file, words=reasons.words_of, now=now))
    response = Response(_sent(out), mimetype="application/json")
    response.call_on_close(out.close)  # also when nobody has read any of it
    response.headers["Content-Disposition"] = f"attachment; filename=huitou-{clock.business_date(now)}.json"
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/members/me/data/readable")
@blueprint.doc(**kit.SIGNED_IN)
@blueprint.response(200, ReadableDataView)
@blueprint.alt_response(429, schema=kit.ErrorView)
@member_auth.member_required
def export_readable(caller: Caller) -> dict[str, str]:
    """The same for reading: a PDF in Chinese, as text, because an app hands it to the phone's own viewer."""
    now, out = _counted(caller), BytesIO()
    printed.write_pdf(caller.member, out, now=now)
    name = f"huitou-{clock.business_date(now)}.pdf"
    return {"name": name, "pdf_base64": b64encode(out.getvalue()).decode()}


def _counted(caller: Caller) -> datetime:
    """Now, if the person may still export today; raises Throttled."""
    now = clock.now()
    with atomic():
        throttle.count_attempt(f"own-data:{caller.member.id}", limit=EXPORTS_PER_DAY, window_s=86_400, now=now)
    return now


def _sent(out: IO[bytes]) -> Iterator[bytes]:
    with out:
        out.seek(0)
        while chunk := out.read(_CHUNK):
            yield chunk
