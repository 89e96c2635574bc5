"""Endpoints for machines: tills, gates, callbacks of the platforms. Every request is verified before it is read."""

from flask import Flask

from open_api import wechat


def register(app: Flask) -> None:
    """Put all of them on the application."""
    app.register_blueprint(wechat.blueprint)
