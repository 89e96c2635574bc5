"""Endpoints for machines: tills, gates, callbacks of the platforms. Every request is verified before it is read."""

from flask import Flask

from open_api import parking, receipts, wechat, wechat_pay


def register(app: Flask) -> None:
    """Put all of them on the application."""
    for endpoints in (parking, receipts, wechat, wechat_pay):
        app.register_blueprint(endpoints.blueprint)
