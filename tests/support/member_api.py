"""The member API as a signed-in device uses it."""

import itertools
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.identity import sessions
from app.identity.models import Member
from app.kernel import clock
from app.web import member_auth

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Device:
    """A member's phone; every command gets a key of its own unless one is given."""

    client: FlaskClient
    token: str

    def get(self, path: str) -> TestResponse:
        return self.client.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {self.token}"})

    def post(self, path: str, body: dict[str, Any] | None = None, *, key: str | None = None) -> TestResponse:
        return self.client.post(f"/api/v1{path}", json=body or {}, headers=self._command(key))

    def delete(self, path: str, *, key: str | None = None) -> TestResponse:
        return self.client.delete(f"/api/v1{path}", headers=self._command(key))

    def _command(self, key: str | None) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key or f"test-key-{next(_numbers)}"}


def sign_in(client: FlaskClient, member: Member, *, channel: str = "sms", openid: str | None = None) -> Device:
    """A device of the member."""
    started = sessions.start(member.id, channel=channel, openid=openid, now=clock.now())
    return Device(client, member_auth.token_for(started))
