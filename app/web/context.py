"""What a request can ask its application for."""

from typing import cast

from flask import current_app, request

from app.kernel.settings import Settings
from app.providers.sms import SmsProvider
from app.verification.tallies import Tallies
from app.wechat.gateway import Gateway


def settings() -> Settings:
    """The settings the application was built with."""
    return cast(Settings, current_app.extensions["huitou"])


def client_address() -> str:
    """The caller's address, after the configured number of proxies."""
    return request.remote_addr or "unknown"


def tallies() -> Tallies:
    """What this process has counted of attempts."""
    return cast(Tallies, current_app.extensions["huitou.tallies"])


def wants_json() -> bool:
    """Whether the caller is a program: the JSON edges, or a script of a page."""
    path = request.path
    return path.startswith(("/api/", "/open/", "/portal/api/")) or request.accept_mimetypes.best == "application/json"


def gateway() -> Gateway:
    """WeChat's platforms."""
    return cast(Gateway, current_app.extensions["huitou.gateway"])


def sms_provider() -> SmsProvider:
    """The SMS provider."""
    return cast(SmsProvider, current_app.extensions["huitou.sms"])
