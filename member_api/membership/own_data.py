"""All that is kept about me, as a file."""

from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import IO

from flask import Response
from flask.typing import ResponseReturnValue

from app.flows.privacy import own_data
from app.kernel import clock
from app.kernel.db import atomic
from app.verification import throttle
from app.web import member_auth, reasons
from app.web.member_auth import Caller
from member_api.kit import answers, kit

blueprint = kit.make_blueprint("own_data", "What is kept about the signed-in person")

# It reads everything a person ever did.
EXPORTS_PER_DAY = 10
_CHUNK = 64 * 1024


@blueprint.get("/members/me/data")
@blueprint.doc(**kit.SIGNED_IN)
@blueprint.response(200, answers.OwnDataView)
@blueprint.alt_response(429, schema=kit.ErrorView)
@member_auth.member_required
def export(caller: Caller) -> ResponseReturnValue:
    """Everything about me and nobody else, as a JSON file to keep; visitors get what little there is."""
    now = clock.now()
    with atomic():
        throttle.count_attempt(f"own-data:{caller.member.id}", limit=EXPORTS_PER_DAY, window_s=86_400, now=now)
    out = TemporaryFile()  # closed when it is sent; whole before the first byte leaves, so that nobody keeps a half
    own_data.write(caller.member, out, words=reasons.words_of, now=now)
    response = Response(_sent(out), mimetype="application/json")
    response.headers["Content-Disposition"] = f"attachment; filename=huitou-{clock.business_date(now)}.json"
    response.headers["Cache-Control"] = "no-store"
    return response


def _sent(out: IO[bytes]) -> Iterator[bytes]:
    with out:
        out.seek(0)
        while chunk := out.read(_CHUNK):
            yield chunk
