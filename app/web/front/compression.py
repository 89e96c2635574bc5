"""Pages and JSON, compressed as they are answered. Files are compressed by the build (app.web.pages.built).

Compression tells by an answer's length whether two things in it are alike, one of them chosen by a stranger (BREACH).
A stranger's page cannot make a browser ask for ours with its session again and again: the session's cookies are
SameSite=Lax, the member API knows nobody by cookie. What such an attack is usually after, the forgery token, is written
anew in every answer besides (app.web.staff.csrf).
"""

import gzip

from flask import Flask, Response, request

LEAST_BYTES = 600  # below, headers weigh more than what is saved
LEVEL = 5
_KINDS = frozenset({"text/html", "text/css", "application/json", "image/svg+xml"})


def register(app: Flask) -> None:
    """Compress what is answered, after everything else has been done to it: to be registered first."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if response.mimetype not in _KINDS or response.direct_passthrough or response.is_streamed:
        return response
    size = response.content_length
    if size is None or size < LEAST_BYTES or response.content_encoding:
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings.quality("gzip"):
        response.set_data(gzip.compress(response.get_data(), LEVEL, mtime=0))
        response.content_encoding = "gzip"
    return response
