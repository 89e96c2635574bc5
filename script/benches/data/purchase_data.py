"""What the bench of purchases stands on: the redemption bench's stores, a till, and members who have bought before."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from sqlalchemy import text

from app.access.machines import machines
from app.flows import opening
from app.flows.history import receipts
from app.flows.history.receipts import Incoming
from app.flows.purchases import Effects
from app.kernel import clock
from app.kernel.db import atomic, db
from app.kernel.settings import Settings
from app.purchases.rules import Receipt
from app.verification import phones
from script.benches.data import redemption_data
from script.benches.data.redemption_data import FIRST_ID, STORES
from wsgi import create_app

MALL = "BENCH"
TILL = "bench-till"
SECRET = "bench-secret"  # noqa: S105  of a database that lives for minutes
MEMBERS = 8_000  # pgbench goes round the same: sixteen clients with 500 each
PAID_FEN = 12_300
_BATCH = 2_000


def phone(number: int) -> str:
    """The phone of the n-th member."""
    return f"1371{number:07d}"


def store_of(number: int) -> str:
    """Where the n-th purchase is made; eight in a row are in eight stores."""
    return f"BENCH-{number % STORES}"


def fill(environment: Mapping[str, str], *, members: int) -> None:
    """Make the stores by the product's own verbs, members in bulk, and a purchase of each by the import."""
    redemption_data.fill(environment, coupons=members)
    app = create_app(Settings.from_environment(environment))
    with app.app_context():
        now = clock.now()
        with atomic():
            mall = opening.open_mall(MALL, name="Bench", city="-", created_by="bench", now=now)
            machines.register(TILL, kind="pos", name="Till", secret=SECRET, mall_id=mall.id, now=now)
            _identify(members, now)
        for batch in _batches(members, now - timedelta(minutes=30)):
            with atomic():
                receipts.load(batch, effects=Effects.LEDGER, now=now)
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
        db.engine.dispose()


def _identify(members: int, now: datetime) -> None:
    named = text("INSERT INTO member_identities (kind, value, member_id, bound_at) VALUES (:kind, :value, :id, :now)")
    values = {"phone": [phones.phone_index(phone(n)) for n in range(members)], "card_no": map(_card_no, range(members))}
    for kind, of_members in values.items():
        rows = [{"kind": kind, "value": one, "id": FIRST_ID + n, "now": now} for n, one in enumerate(of_members)]
        db.session.execute(named, rows)


def _card_no(number: int) -> str:
    return f"C{number:09d}"


def _batches(members: int, at: datetime) -> Iterator[list[Incoming]]:
    for first in range(0, members, _BATCH):
        yield [Incoming(_receipt(n, at), _card_no(n)) for n in range(first, min(first + _BATCH, members))]


def _receipt(number: int, at: datetime) -> Receipt:
    return Receipt(
        source="before",
        receipt_no=f"before-{number}",
        store_code=store_of(number),
        occurred_at=at,
        amount_fen=PAID_FEN + number,
        refund_of=None,
        lines=(),
        payments=(),
        commission_base_fen=None,
    )
