"""Codes that stand for a person for five minutes and one use: login, phone button, OAuth."""

from enum import StrEnum

from sandbox.kit import ids
from sandbox.kit.clock import Clock
from sandbox.kit.store import Store

LIFE_S = 300


class Kind(StrEnum):
    """What a code opens."""

    LOGIN = "login"  # wx.login → jscode2session
    PHONE = "phone"  # phone button → getuserphonenumber
    OAUTH = "oauth"  # official-account page → sns/oauth2/access_token


class CodeUnknown(Exception):
    """Never issued, of another kind, or older than five minutes."""


class CodeUsed(Exception):
    """Redeemed before."""


def issue(store: Store, clock: Clock, kind: Kind, person_id: str, scope: str = "") -> str:
    """A fresh code for a person."""
    code = ids.token(64 if kind is Kind.PHONE else 32, "0")
    expires_at = clock.now() + LIFE_S
    store.insert("codes", code=code, kind=kind, person_id=person_id, scope=scope, expires_at=expires_at)
    return code


def redeem(store: Store, clock: Clock, kind: Kind, code: str) -> tuple[str, str]:
    """Use a code up: (person id, scope). Raises CodeUsed, CodeUnknown."""
    with store.transaction() as connection:
        row = store.one("SELECT * FROM codes WHERE code = ? AND kind = ?", code, kind)
        if row is None or row["expires_at"] <= clock.now():
            raise CodeUnknown
        if row["used_at"] is not None:
            raise CodeUsed
        connection.execute("UPDATE codes SET used_at = ? WHERE code = ?", (clock.now(), code))
    return row["person_id"], row["scope"]
