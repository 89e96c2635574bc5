"""Headers that answers carry for the browser's sake."""

from flask import Flask, Response, request

from app.kernel.settings import Settings

_POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; font-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'"
)
# Parts of pages: what holds is the policy of the page that they are in, and a page has dozens of them.
_PARTS = frozenset({"text/javascript", "text/css", "application/wasm", "image/png", "image/jpeg", "image/webp"})
# Answers for programs: opened as pages they are text that does nothing.
_DATA = "application/json"
_DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"
_OF_PAGES = ("Content-Security-Policy", "Permissions-Policy", "Referrer-Policy")
_PERSONAL = ("/api/", "/open/", "/portal", "/console")  # what is answered there is one person's and kept by nobody


def register(app: Flask, settings: Settings) -> None:
    """Add the content-security policy and its companions to every answer that is a page or may be opened as one."""
    ancestors = settings.frame_ancestor or "'none'"
    always = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
    }
    if settings.is_production:
        always["Strict-Transport-Security"] = "max-age=31536000"

    @app.after_request
    def add_headers(response: Response) -> Response:
        framed = ancestors if request.path.startswith("/h5/") else "'none'"
        wanted = {**always, "Content-Security-Policy": f"{_POLICY}; frame-ancestors {framed}"}
        if response.mimetype in _PARTS or response.mimetype == _DATA:
            wanted = {name: value for name, value in wanted.items() if name not in _OF_PAGES}
        if response.mimetype == _DATA:
            wanted["Content-Security-Policy"] = _DATA_POLICY
        if request.path.startswith(_PERSONAL):
            wanted["Cache-Control"] = "no-store"
        sent = {name.lower() for name, _ in response.headers}
        response.headers.extend((name, value) for name, value in wanted.items() if name.lower() not in sent)
        return response
