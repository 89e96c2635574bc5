"""Browsers of staff as the benches drive them: signed in over HTTP, each behind an address of its own."""

import http.client
import json
import re
import urllib.parse
import uuid
from dataclasses import dataclass

from script.benches.data import redemption_data
from script.benches.support.load import request
from script.supervisor import ports
from script.supervisor.errors import Stop

HOPS = {"HUITOU_PROXY_HOPS": "1"}  # the setting that lets a browser of the bench say where it is
_CSRF = re.compile(r'name="csrf-token" content="([0-9a-f]+)"')
# A page of each portal that every member of its staff may see.
_OWN = {"/portal": "me", "/console": "password"}


@dataclass(frozen=True, slots=True)
class Browser:
    """Somebody who is signed in: what their requests carry."""

    cookie: str
    csrf: str
    address: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Cookie": self.cookie, "X-CSRF-Token": self.csrf, "X-Forwarded-For": self.address}


def clerk(port: int, number: int) -> Browser:
    """The n-th clerk of the redemption bench."""
    return sign_in(port, "/portal", redemption_data.phone(number), address=f"10.0.{number // 250}.{number % 250 + 1}")


def sign_in(port: int, portal: str, phone: str, *, address: str) -> Browser:
    """Sign in as a browser would; with one place to work in the portal opens on it."""
    page = _Page(port, "GET", f"{portal}/sign-in", "", address)
    form = {"phone": phone, "password": redemption_data.PASSWORD, "csrf_token": page.csrf}
    done = _Page(port, "POST", f"{portal}/sign-in", page.cookie, address, urllib.parse.urlencode(form))
    home = _Page(port, "GET", f"{portal}/{_OWN[portal]}", done.cookie, address)
    return Browser(done.cookie, home.csrf, address)


def redemption(clerk: Browser, number: int) -> bytes:
    """The request by which a clerk redeems the n-th coupon."""
    body = json.dumps({"code": redemption_data.code(number), "spend_fen": 5_000}).encode()
    own = {"Content-Type": "application/json", "Idempotency-Key": uuid.uuid4().hex}
    return request("POST", "/portal/api/redemptions", {**own, **clerk.headers}, body)


class _Page:
    """One answer: the cookies it leaves behind and the forgery token it carries."""

    def __init__(self, port: int, method: str, path: str, cookie: str, address: str, form: str | None = None) -> None:
        connection = http.client.HTTPConnection(ports.LOOPBACK, port, timeout=20)
        headers = {"Cookie": cookie, "X-Forwarded-For": address}
        headers |= {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
        connection.request(method, path, form, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        if answer.status not in (200, 303):
            raise Stop(f"{method} {path} was answered with {answer.status}: {text[:300]}")
        kept = [line.partition(";")[0] for line in answer.headers.get_all("Set-Cookie", [])]
        self.cookie = "; ".join(kept) or cookie
        found = _CSRF.search(text)
        self.csrf = found.group(1) if found else ""
        connection.close()
