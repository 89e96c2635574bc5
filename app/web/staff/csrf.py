"""Cross-site request forgery: every unsafe request of a portal must carry a token that only our own pages can know.

The token is a keyed digest of the portal's session cookie or, before sign-in, of a random seed in the page cookie.
Forms send it as the hidden field `csrf_token` (see `pages.form_fields`), scripts as the header `X-CSRF-Token` (the
pages carry it in `<meta name="csrf-token">`).
"""

import hashlib
import hmac

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


class CsrfFailed(DomainError):
    """The request carries no token of this browser's session: the page is too old, or another site sent it."""

    kind = "forbidden"
    code = "csrf_failed"


def token(portal: Portal) -> str:
    """The token that this browser's next unsafe request to the portal must carry."""
    return _token(portal, request.cookies.get(portal.cookie) or _seed())


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
    if secret is not None and hmac.compare_digest(sent.encode(), _token(portal, secret).encode()):
        return
    if cookie is None and not portal.is_open_to_strangers(request.path):
        raise SignInRequired
    raise CsrfFailed


def _seed() -> str:
    if _SEED not in session:
        session[_SEED] = codes.new_token()
    return str(session[_SEED])


def _token(portal: Portal, secret: str) -> str:
    key = context.settings().secret_key.encode()
    return hmac.new(key, f"csrf\x00{portal.name}\x00{secret}".encode(), hashlib.sha256).hexdigest()
