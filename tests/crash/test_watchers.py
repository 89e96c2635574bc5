"""Every watcher of the crash test sees its fault: each is planted once, past the constraints that would refuse it."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import text

from app.benefits.grants import grants
from app.flows import parking, purchases, redemptions
from app.flows.members import joining
from app.flows.members.joining import Arrival
from app.flows.parking import PaymentChoice
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.outreach.consents import consents
from app.purchases.rules import Receipt
from tests.builders import outreach
from tests.builders.benefits import make_campaign, make_coupon, make_till
from tests.builders.entrances import make_entrance
from tests.builders.identity import make_consent_document, make_visitor
from tests.builders.parking import PLATE, make_ground
from tests.builders.tasks import make_tiers
from tests.crash import invariants
from tests.crash.clients import Book

pytestmark = pytest.mark.usefixtures("clock")

# What breaks each promise; `again TABLE` writes the rows of the table a second time.
FAULTS = {
    "a member has other than one of each join coupon": "DELETE FROM coupons WHERE trigger = 'join' AND face_fen > 0",
    "a member has other than one consent": "DELETE FROM consent_records",
    "a member has other than one joining in the timeline": "DELETE FROM timeline_events WHERE kind = 'joined'",
    "a visitor got something": "UPDATE members SET status = 'visitor'",
    "one phone is two members": "again member_identities",
    "a coupon was redeemed twice": "again redemptions",
    "a coupon's status is not what its redemptions say": "UPDATE coupons SET status = 'issued'",
    "a redemption has other than its two postings": "DELETE FROM postings WHERE kind = 'coupon_mall_share'",
    "a posting of a redemption that is none": "UPDATE postings SET fact = 'redemption:gone' WHERE fact LIKE 'redem%'",
    "a redemption has other than one line in the timeline": "DELETE FROM timeline_events WHERE fact LIKE 'redem%'",
    "a receipt number is no purchase": "DELETE FROM purchases",
    "a receipt number is several purchases": "again purchases",
    "a purchase has no number": "UPDATE receipt_numbers SET purchase_id = NULL",
    "a purchase has other than one entry of its points": "DELETE FROM points_entries WHERE fact LIKE 'purchase:%'",
    "a purchase has other than one commission and one posting of points": (
        "DELETE FROM postings WHERE kind = 'commission'"
    ),
    "a member has other than one first purchase": "UPDATE purchases SET is_first = false",
    "an account is not the sum of its entries": "UPDATE points_accounts SET debt_points = debt_points + 1",
    "an account is not the sum of its lots": "UPDATE points_lots SET remaining_points = remaining_points + 1",
    "an account holds other than its open holds": "UPDATE points_accounts SET held_points = held_points + 1",
    "a stay was settled other than by its paid payments": "UPDATE parking_sessions SET settled_fen = settled_fen + 1",
    "a stay was paid twice": "again parking_payments",
    "a paid payment covers other than what was due": "UPDATE parking_payments SET cash_fen = cash_fen + 1",
    "a paid payment has other than one message for the gate": "DELETE FROM gate_messages",
    "points of a payment were spent other than once": "DELETE FROM points_entries WHERE fact LIKE 'parking:%'",
    "an unknown car came in twice": "again parking_sessions",
    "a gate event has no stay": "UPDATE gate_events SET session_id = NULL",
    "a stock of consents is not the sum of its events": "UPDATE subscribe_consents SET remaining = remaining + 1",
    "a message that went or may have gone did not use its consent": "UPDATE outreach_messages SET status = 'sent'",
}


@pytest.fixture
def connection(db_session: object) -> Iterator[psycopg.Connection[Any]]:
    """The test's own transaction, with one of everything that the watchers look at, and no constraint to keep it so."""
    _make_one_of_everything()
    db.session.flush()
    db.session.execute(text("SET LOCAL session_replication_role = replica"))  # neither triggers nor foreign keys
    connection = db.session.connection().connection.driver_connection
    assert isinstance(connection, psycopg.Connection)
    connection.execute(invariants.SCANNED_IN)
    yield connection


def _make_one_of_everything() -> None:
    make_tiers()
    make_consent_document()
    ground, now = make_ground(), app_clock.now()
    for position, campaign in enumerate(
        (make_campaign(ground.mall), make_campaign(ground.mall, stores=[ground.store]))
    ):
        grants.grant_on(ground.mall.id, grants.JOIN, campaign.id, position=position)
    arrival = Arrival(entrance=make_entrance(ground.mall), visit_key="visit-0001")
    member = joining.join_member(
        make_visitor(ground.mall).id,
        consent_version="v1",
        phone="13912345678",
        channel="test",
        arrival=arrival,
        now=now,
    ).member
    till = make_till(ground.store)
    coupon = make_coupon(member, make_campaign(ground.mall, stores=[ground.store]))
    redemptions.redeem_coupon(coupon.code, till, spend_fen=None, now=now)
    receipt = Receipt(source="pos", receipt_no="R1", store_code=ground.store.code, occurred_at=now, amount_fen=500_000)
    purchases.record_purchase(receipt, ground.store, purchases.Buyer(card_no=member.card_no), now=now)
    parking.bind_plate(member.id, PLATE, now=now)
    stay = ground.comes(minutes_ago=100).session
    offer = parking.quote_stay(member.id, stay.public_id, now=now)
    choice = PaymentChoice(offer.quote.public_id, [], offer.most_points)
    parking.begin_payment(member.id, stay.public_id, choice, payer=None, now=now)
    outreach.allow(member, 2)
    assert consents.reserve(member.id, template="benefit", fact="message:1:1", now=now)
    outreach.plan(member)


def plant(connection: psycopg.Connection[Any], fault: str) -> None:
    table = fault.split()[2 if fault.startswith("DELETE") else 1]
    again = fault.startswith("again ")
    _lay_open(connection, table, kinds="puc" if again else "uc")
    if again:
        connection.execute(sql.SQL("INSERT INTO {0} SELECT * FROM {0}").format(sql.Identifier(table)))
    else:
        connection.execute(fault)


def _lay_open(connection: psycopg.Connection[Any], table: str, *, kinds: str) -> None:
    """Take the constraints of those kinds from a table, and what else would refuse a row, until the transaction ends.

    The primary key stays where it can: watchers group by it.
    """
    keys = "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND strpos(%s, contype::text) > 0"
    drop = sql.SQL("ALTER TABLE {} DROP CONSTRAINT {} CASCADE")
    for (name,) in connection.execute(keys, [table, kinds]).fetchall():
        connection.execute(drop.format(sql.Identifier(table), sql.Identifier(name)))
    indexes = (
        "SELECT indexrelid::regclass::text FROM pg_index "
        "WHERE indrelid = %s::regclass AND indisunique AND NOT indisprimary"
    )
    for (name,) in connection.execute(indexes, [table]).fetchall():
        connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    columns = (
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND attnotnull "
        "AND attidentity = '' AND attnum <> ALL (SELECT unnest(indkey) FROM pg_index "
        "WHERE indrelid = attrelid AND indisprimary)"
    )
    for (name,) in connection.execute(columns, [table]).fetchall():
        free = sql.SQL("ALTER TABLE {} ALTER {} DROP NOT NULL")
        connection.execute(free.format(sql.Identifier(table), sql.Identifier(name)))


def test_each_watcher_has_its_fault() -> None:
    assert FAULTS.keys() == invariants.BROKEN.keys()


def test_what_is_sound_is_seen_as_sound_and_every_planted_fault_is_seen(connection: psycopg.Connection[Any]) -> None:
    assert {promise for promise, query in invariants.BROKEN.items() if connection.execute(query).fetchall()} == set()
    unseen = []
    for promise, fault in FAULTS.items():
        connection.execute("SAVEPOINT planted")
        plant(connection, fault)
        if not connection.execute(invariants.BROKEN[promise]).fetchall():
            unseen.append(promise)
        connection.execute("ROLLBACK TO SAVEPOINT planted")
    assert unseen == []


def test_what_was_acknowledged_and_is_not_there_is_seen(connection: psycopg.Connection[Any]) -> None:
    book = Book()
    assert invariants.lost(connection, book) == {}
    told = {kind: ["never-happened"] for kind in ("join", "redemption", "receipt", "payment", "gate")}
    book.acknowledged.update(told)
    assert invariants.lost(connection, book) == told


def test_reminders_shown_twice_or_never_are_seen(connection: psycopg.Connection[Any]) -> None:
    assert invariants.badly_sent(connection, []) == []
    assert invariants.badly_sent(connection, [2]) != []
    plant(connection, FAULTS["a message that went or may have gone did not use its consent"])
    assert invariants.badly_sent(connection, [1]) == []
    assert invariants.badly_sent(connection, []) != []
