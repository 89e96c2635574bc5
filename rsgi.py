"""The factory of the application behind granian: `granian --interface rsgi --factory rsgi:create_app`."""

import wsgi
from app.web.front.server import Front


def create_app() -> Front:
    """The application of the environment's settings, with requests read whole before they take a thread."""
    application = wsgi.create_app()
    sizes = application.extensions["huitou"].sizes
    return Front(application, threads=sizes.threads, most_bytes=wsgi.MAX_REQUEST_BYTES)
