"""Requests of machines: signed with a shared secret, fresh, and each counted once."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from app.access.machines.errors import BadSignature, MachineKnown, ReplayedRequest, StaleRequest
from app.access.machines.models import Machine, MachineNonce
from app.access.scopes import Place
from app.kernel.db import add_unless_taken, db, table_of
from app.kernel.fastpath.entities import PreparedEntities
from app.kernel.fastpath.prepared import Prepared
from app.kernel.security import crypto, signing
from app.kernel.security.signing import Call, SignedHeaders
from app.kernel.switches import switch

SECRET_PURPOSE = "machine.secret"  # noqa: S105  the name of a purpose, not a secret
# A nonce is remembered longer than any timestamp that would still be accepted.
NONCE_KEPT = timedelta(seconds=signing.TOLERANCE_S * 4)

_MACHINES = table_of(Machine)
_BY_CLIENT = PreparedEntities(Machine, select(_MACHINES).where(_MACHINES.c.client_id == bindparam("client_id")))
_TAKE = Prepared(
    insert(table_of(MachineNonce))
    .values({name: bindparam(name) for name in ("machine_id", "nonce", "seen_at")})
    .on_conflict_do_nothing()
)


def add(client_id: str, *, kind: str, name: str, secret: str, place: Place, now: datetime) -> Machine:
    """A new machine of a mall, or of one merchant or store there; raises MachineKnown."""
    machine = Machine(
        client_id=client_id,
        kind=kind,
        name=name,
        active=True,
        mall_id=place.mall_id,
        merchant_id=place.merchant_id,
        store_id=place.store_id,
        secret_sealed=crypto.seal(secret, purpose=SECRET_PURPOSE),
        created_at=now,
    )
    add_unless_taken(machine, "uq_machines_client_id", MachineKnown())
    return machine


def register(
    client_id: str,
    *,
    kind: str,
    name: str,
    secret: str,
    mall_id: int,
    now: datetime,
    merchant_id: int | None = None,
    store_id: int | None = None,
) -> Machine:
    """Make a machine known by its secret, or give a known one this secret and scope.

    For whoever wires an installation from its own terminal; `add` leaves known ones alone.
    """
    place = Place(mall_id=mall_id, merchant_id=merchant_id, store_id=store_id)
    machine = find_machine(client_id)
    if machine is None:
        return add(client_id, kind=kind, name=name, secret=secret, place=place, now=now)
    machine.kind, machine.name = kind, name
    machine.mall_id, machine.merchant_id, machine.store_id = mall_id, merchant_id, store_id
    renew_secret(machine, secret)
    return machine


def renew_secret(machine: Machine, secret: str) -> None:
    """Let a machine sign with another secret from now on; one that was switched off is taken again."""
    machine.active = True
    machine.secret_sealed = crypto.seal(secret, purpose=SECRET_PURPOSE)
    db.session.flush()


def switch_off(machine: Machine) -> bool:
    """Refuse a machine's requests from now on; False when they were refused already."""
    return switch(machine, active=False)


def switch_on(machine: Machine) -> bool:
    """Take a machine's requests again, with the secret it had; False when they were taken already."""
    return switch(machine, active=True)


def secret_of(machine: Machine) -> str:
    """What the machine signs with."""
    return crypto.unseal(machine.secret_sealed, purpose=SECRET_PURPOSE)


def find_machine(client_id: str) -> Machine | None:
    return _BY_CLIENT.first(client_id=client_id)


def authenticate(call: Call, given: SignedHeaders, *, kind: str, now: datetime) -> Machine:
    """The machine that signed this very request just now; takes the nonce in the caller's transaction.

    Raises BadSignature (unknown machine or kind, wrong secret, malformed headers), StaleRequest (clock more than 300 s
    off) and ReplayedRequest (nonce used before).
    """
    machine = find_machine(given.client_id)
    stamped_at = _moment(given.timestamp)
    if machine is None or stamped_at is None or not machine.active or machine.kind != kind:
        raise BadSignature
    if not signing.is_signed(secret_of(machine), call, given, now=stamped_at):
        raise BadSignature
    if abs(now - stamped_at) > timedelta(seconds=signing.TOLERANCE_S):
        raise StaleRequest
    _take_nonce(machine.id, given.nonce, now=now)
    return machine


def _moment(timestamp: str) -> datetime | None:
    """Unix seconds of up to ten digits as a moment."""
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 10):
        return None
    return datetime.fromtimestamp(int(timestamp), UTC)


def _take_nonce(machine_id: int, nonce: str, *, now: datetime) -> None:
    if not _TAKE.run(machine_id=machine_id, nonce=nonce, seen_at=now):
        raise ReplayedRequest


def sweep_nonces(*, now: datetime) -> int:
    """Forget nonces whose requests would be refused as stale; returns how many."""
    result = db.session.execute(delete(MachineNonce).where(MachineNonce.seen_at < now - NONCE_KEPT))
    return int(getattr(result, "rowcount", 0))
