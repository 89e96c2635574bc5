"""Browsers that staff have signed in with before, by a signed cookie: what others try elsewhere costs them nothing.

The cookie names the device and whose phones (by their index) signed in on it; a till has many hands.
"""

from dataclasses import dataclass
from functools import lru_cache

from flask import Response, g, request
from itsdangerous import BadSignature, URLSafeSerializer

from app.access import staff_queries
from app.kernel.security import codes
from app.kernel.spelling import phones
from app.web import context

COOKIE = "huitou_device"
LIFE_S = 400 * 86_400
MOST_PEOPLE = 20


@dataclass(frozen=True, slots=True)
class _Device:
    """A browser, and the indexes of the phones that signed in with it, the latest last."""

    device: str
    people: list[str]


def find_known(phone: str) -> str | None:
    """This browser's device, if somebody with this phone, as typed, has signed in with it before."""
    known, person = _read(), _person(phone)
    return known.device if known is not None and person in known.people else None


def find() -> str | None:
    """This browser's device, if anybody of the staff has signed in with it before."""
    known = _read()
    return None if known is None else known.device


def remember(phone: str) -> None:
    """Know this browser from now on; the cookie leaves with the answer."""
    known = _read() or _Device(codes.new_public_id(), [])
    person = _person(phone)
    people = [one for one in known.people if one != person] + [person]
    g.staff_device = _signer(context.settings().secret_key).dumps([known.device, people[-MOST_PEOPLE:]])


def send(response: Response) -> None:
    """Put the cookie on the answer, if there is a new one."""
    if "staff_device" in g:
        response.set_cookie(
            COOKIE,
            g.staff_device,
            max_age=LIFE_S,
            path="/",
            secure=context.settings().secure_cookies,
            httponly=True,
            samesite="Lax",
        )


def _read() -> _Device | None:
    cookie = request.cookies.get(COOKIE, "")
    return _opened(cookie, context.settings().secret_key) if cookie else None


@lru_cache(maxsize=4096)
def _opened(cookie: str, secret: str) -> _Device | None:
    """What a cookie says; kept, because every look-up and redemption asks."""
    try:
        return _Device(*_signer(secret).loads(cookie))
    except BadSignature:
        return None


def _person(phone: str) -> str:
    return staff_queries.phone_index(phones.find_phone(phone) or phone.strip()[:40])[:22]


def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="staff-device")
