"""The signed cookie that carries messages and typed words to the next page."""

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadData


class Sessions(SecureCookieSessionInterface):
    """Flask's, but a cookie of ours that cannot be read any more is an empty one: its browser would see only errors."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        try:
            return super().open_session(app, request)
        except BadData:
            return self.session_class()
