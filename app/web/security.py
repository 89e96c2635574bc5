"""Headers that every answer carries."""

from flask import Flask, Response, request

from app.kernel.settings import Settings


def register(app: Flask, settings: Settings) -> None:
    """Add the content-security policy and its companions to every answer."""
    ancestors = settings.frame_ancestor or "'none'"
    policy = (
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; font-src 'self' data:; "
        "object-src 'none'; base-uri 'none'; form-action 'self'"
    )

    @app.after_request
    def add_headers(response: Response) -> Response:
        framed = ancestors if request.path.startswith("/h5/") else "'none'"
        headers = response.headers
        headers.setdefault("Content-Security-Policy", f"{policy}; frame-ancestors {framed}")
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(), microphone=()")
        if settings.is_production:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if request.path.startswith(("/api/", "/open/", "/portal", "/console")):
            headers.setdefault("Cache-Control", "no-store")
        return response
