"""Tills and gates, and requests signed by them."""

import itertools
import json
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.access.machines import machines
from app.kernel import clock
from app.kernel.security import signing
from app.kernel.security.signing import Call
from app.malls.models import Mall, Store

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine of a mall with its secret."""

    client_id: str
    secret: str

    def headers(self, target: str, body: bytes) -> dict[str, str]:
        """Fresh headers for a POST."""
        return signing.headers(self.client_id, self.secret, Call("POST", target, body), now=clock.now())

    def post(self, client: FlaskClient, target: str, message: Any, **headers: str) -> TestResponse:
        """Sign and send; given headers replace the signed ones."""
        body = message if isinstance(message, bytes) else json.dumps(message).encode()
        signed = self.headers(target, body) | {"Content-Type": "application/json"} | headers
        return client.post(target, data=body, headers=signed)


def make_machine(mall: Mall, kind: str, *, store: Store | None = None, merchant_id: int | None = None) -> Machine:
    """A machine that speaks for a mall, or only for a merchant or store of it."""
    machine = Machine(f"{kind}-{next(_numbers)}", f"secret-{next(_numbers)}")
    machines.register(
        machine.client_id,
        kind=kind,
        name=kind,
        secret=machine.secret,
        mall_id=mall.id,
        now=clock.now(),
        merchant_id=merchant_id,
        store_id=store.id if store is not None else None,
    )
    return machine
