"""Endpoints for machines: tills, gates, counters, the platforms that call back. Each is verified before it is read."""

from flask import Flask

from open_api import footfall, parking, points, receipts, till_totals, wechat, wechat_circle, wechat_pay


def register(app: Flask) -> None:
    """Put all of them on the application."""
    for endpoints in (footfall, parking, points, receipts, till_totals, wechat, wechat_circle, wechat_pay):
        app.register_blueprint(endpoints.blueprint)
