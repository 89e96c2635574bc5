"""Cross-site request forgery: every unsafe request of a portal must carry a token that only our own pages can know.

The token is a keyed digest of the portal's session cookie or, before sign-in, of a random seed in the page cookie.
Forms send it as the hidden field `csrf_token` (see `pages.form_fields`), scripts as the header `X-CSRF-Token` (the
pages carry it in `<meta name="csrf-token">`). It is written under another mask every time, so that the length of a
compressed page tells nothing about it.
"""

import hmac
import re
import secrets

from flask import Blueprint, request, session

from app.access.errors import SignInRequired
from app.kernel.errors import DomainError
from app.kernel.security import codes
from app.web import context
from app.web.staff.portals import Portal

FIELD = "csrf_token"
HEADER = "X-CSRF-Token"
_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
_SEED = "csrf_seed"
_BYTES = 16
_TOKEN = re.compile(f"[0-9a-f]{{{4 * _BYTES}}}")


class CsrfFailed(DomainError):
    """The request carries no token of this browser's session: the page is too old, or another site sent it."""

    kind = "forbidden"
    code = "csrf_failed"


def token(portal: Portal) -> str:
    """The token that this browser's next unsafe request to the portal must carry."""
    digest = _digest(portal, request.cookies.get(portal.cookie) or _seed())
    mask = secrets.token_bytes(len(digest))
    return (mask + _masked(digest, mask)).hex()


def protect(blueprint: Blueprint, portal: Portal) -> None:
    """Check every unsafe request of the blueprint and its children; raises CsrfFailed or SignInRequired."""

    @blueprint.before_request
    def check() -> None:
        if request.method not in _SAFE_METHODS:
            _check(portal)


def _check(portal: Portal) -> None:
    cookie = request.cookies.get(portal.cookie)
    sent = request.headers.get(HEADER) or request.form.get(FIELD, "")
    secret = cookie or session.get(_SEED)
    if secret is not None and hmac.compare_digest(_unmasked(sent), _digest(portal, secret)):
        return
    if cookie is None and not portal.is_open_to_strangers(request.path):
        raise SignInRequired
    raise CsrfFailed


def _seed() -> str:
    if _SEED not in session:
        session[_SEED] = codes.new_token()
    return str(session[_SEED])


def _digest(portal: Portal, secret: str) -> bytes:
    key = context.settings().secret_key.encode()
    return hmac.digest(key, f"csrf\x00{portal.name}\x00{secret}".encode(), "sha256")[:_BYTES]


def _masked(value: bytes, mask: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(value, mask, strict=True))


def _unmasked(sent: str) -> bytes:
    """What a token says; nothing for what is none."""
    if not _TOKEN.fullmatch(sent):
        return b""
    both = bytes.fromhex(sent)
    return _masked(both[_BYTES:], both[:_BYTES])
