"""Headers that every answer carries."""

from flask import Flask, Response, request

from app.kernel.settings import Settings

_POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; font-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'"
)
_PERSONAL = ("/api/", "/open/", "/portal", "/console")  # what is answered there is one person's and kept by nobody


def register(app: Flask, settings: Settings) -> None:
    """Add the content-security policy and its companions to every answer."""
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
        if request.path.startswith(_PERSONAL):
            wanted["Cache-Control"] = "no-store"
        sent = {name.lower() for name, _ in response.headers}
        response.headers.extend((name, value) for name, value in wanted.items() if name.lower() not in sent)
        return response
