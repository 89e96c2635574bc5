"""Who is asking, on the member API: a signed token names the session, the session names the member."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Any

from flask import g, request
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeSerializer

from app.access.errors import SessionExpired, SignInRequired
from app.identity import sessions
from app.identity.models import Member
from app.kernel import clock
from app.web import context

View = Callable[..., ResponseReturnValue]
_SALT = "member-session"


@dataclass(frozen=True, slots=True)
class Caller:
    """The signed-in person and the session they came with."""

    member: Member
    session_member_id: int
    secret: str
    channel: str
    openid: str | None

    @property
    def name(self) -> str:
        """Whose idempotency keys these are: the session's, which stays the same when joining merges the visitor."""
        return f"member:{self.session_member_id}"


def token_for(started: sessions.Started) -> str:
    """The token a device keeps: signed, so that forged ones never reach the database."""
    return _serializer().dumps([started.member_id, started.secret])


def _serializer() -> URLSafeSerializer:
    return _serializer_with(context.settings().secret_key)


@lru_cache(maxsize=4)
def _serializer_with(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret_key, salt=_SALT)


def caller() -> Caller:
    """Who sent this request; raises SignInRequired or SessionExpired."""
    if "caller" not in g:
        member_id, secret = _credentials()
        member, device = sessions.resolve(member_id, secret, now=clock.now())
        g.caller = Caller(
            member=member,
            session_member_id=member_id,
            secret=secret,
            channel=device.channel,
            openid=device.openid,
        )
    return g.caller  # type: ignore[no-any-return]


def find_caller() -> Caller | None:
    """Who sent this request, if they sent a live token at all."""
    try:
        return caller()
    except (SignInRequired, SessionExpired):
        return None


def find_leaver() -> str | None:
    """Whose idempotency keys a request bears that comes with a session ended by leaving.

    Good for one thing: who pressed twice, or lost the answer, is told again that they have left.
    """
    try:
        member_id, secret = _credentials()
    except (SignInRequired, SessionExpired):
        return None
    return f"member:{member_id}" if sessions.was_ended_by_leaving(member_id, secret) else None


def _credentials() -> tuple[int, str]:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" or not token:
        raise SignInRequired
    try:
        member_id, secret = _serializer().loads(token.strip())
    except (BadSignature, ValueError, TypeError) as error:
        raise SessionExpired from error
    return int(member_id), str(secret)


def member_required(view: View) -> View:
    """Give the view the caller as its first argument; visitors pass, the verbs ask for membership where it matters."""

    @wraps(view)
    def guarded(*arguments: Any, **named: Any) -> ResponseReturnValue:
        return view(caller(), *arguments, **named)

    return guarded
