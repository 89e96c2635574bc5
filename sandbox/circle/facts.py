"""What the platform knows of the circle: cards, payments and refunds, and where their notices stand."""

import datetime as dt
import sqlite3
from typing import Any

from sandbox.kit import ids
from sandbox.kit.clock import SHANGHAI, rfc3339
from sandbox.kit.errors import ApiError
from sandbox.kit.world import World
from sandbox.people import inbox, people

AUTHORISED, UNAUTHORISED, WITHDRAWN = "AUTHORIZED", "UNAUTHORIZED", "DEAUTHORIZED"
# Where the notice of a payment stands: the person has to hand it in, nobody was told, the mall was told.
TO_SUBMIT, KEPT, TOLD = "to_submit", "kept", "told"
# A refund is told of once the mall has said what its payment earned.
WAITS = "waits"


def find_card(here: World, openid: str) -> sqlite3.Row | None:
    """A person's card of the circle."""
    return here.store.one("SELECT * FROM circle_cards WHERE openid = ?", openid)


def state_of(here: World, openid: str) -> str:
    """Whether a person lets the circle be told of their payments."""
    card = find_card(here, openid)
    return UNAUTHORISED if card is None else str(card["state"])


def open_card(here: World, openid: str, *, is_full: bool) -> sqlite3.Row:
    """The person opens the card; in full they also let their payments be told."""
    here.store.write(
        "INSERT INTO circle_cards (openid, code, state, authorised_at) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE "
        "SET state = excluded.state, authorised_at = coalesce(excluded.authorised_at, authorised_at)",
        openid,
        ids.digits(10, "SQ"),
        AUTHORISED if is_full else UNAUTHORISED,
        here.clock.now() if is_full else None,
    )
    card = find_card(here, openid)
    if card is None:
        raise AssertionError("a card that was opened is there")
    return card


def withdraw(here: World, openid: str) -> None:
    """The person takes it back; nobody tells the mall. Raises ApiError when there is nothing to take back."""
    sql = "UPDATE circle_cards SET state = ?, withdrawn_at = ? WHERE openid = ? AND state = ?"
    if not here.store.write(sql, WITHDRAWN, here.clock.now(), openid, AUTHORISED):
        raise ApiError(409, "not_authorised", "这位顾客没有开通自动积分")


def pay(
    here: World, person_id: str, *, shop_number: str, shop_name: str, amount_fen: int, by_hand: bool
) -> sqlite3.Row:
    """A person pays in a shop of the circle; whether the mall is told is for the caller. Raises ApiError."""
    person = people.get(here.store, person_id)
    if state_of(here, person["mini_openid"]) != AUTHORISED:
        raise ApiError(409, "not_authorised", f"{person['name']}没有开通自动积分，支付不会通知商场")
    if not (shop_number or shop_name):
        raise ApiError(422, "shop_missing", "请选择圈店，或填写圈店编号")
    if not 0 <= amount_fen <= 10**9:
        raise ApiError(422, "amount_invalid", "金额不对")
    now = here.clock.now()
    day = dt.datetime.fromtimestamp(now, SHANGHAI).strftime("%Y%m%d")
    number = ids.digits(14, f"420000{day}")
    here.store.insert(
        "circle_payments",
        transaction_id=number,
        openid=person["mini_openid"],
        shop_number=shop_number,
        shop_name=shop_name,
        amount_fen=amount_fen,
        paid_at=now,
        state=TO_SUBMIT if by_hand else KEPT,
        by_hand=int(by_hand),
    )
    note = {"title": "支付凭证", "amount_fen": amount_fen, "text": shop_name or shop_number}
    inbox.put(here.store, here.clock, "pay", "微信支付", note, person_id=person_id)
    return get_payment(here, number)


def get_payment(here: World, transaction_id: str) -> sqlite3.Row:
    """A payment. Raises ApiError when unknown."""
    found = here.store.one("SELECT * FROM circle_payments WHERE transaction_id = ?", transaction_id)
    if found is None:
        raise ApiError(404, "payment_not_found", "没有这笔支付")
    return found


def add_refund(here: World, payment: sqlite3.Row, refund_fen: int) -> sqlite3.Row:
    """Give (a part of) a payment back. Raises ApiError for more than is left of it."""
    with here.store.transaction():
        if not 0 < refund_fen <= payment["amount_fen"] - refunded_fen(here, payment["transaction_id"]):
            raise ApiError(422, "amount_invalid", "退款金额超过了还能退的金额")
        number = ids.digits(23, "503000")
        here.store.insert(
            "circle_refunds",
            refund_id=number,
            transaction_id=payment["transaction_id"],
            refund_fen=refund_fen,
            at=here.clock.now(),
            state=WAITS,
        )
    return get_refund(here, number)


def get_refund(here: World, refund_id: str) -> sqlite3.Row:
    """A refund. Raises ApiError when unknown."""
    found = here.store.one("SELECT * FROM circle_refunds WHERE refund_id = ?", refund_id)
    if found is None:
        raise ApiError(404, "refund_not_found", "没有这笔退款")
    return found


def list_refunds(here: World, transaction_id: str) -> list[sqlite3.Row]:
    """The refunds of a payment, oldest first."""
    return here.store.all("SELECT * FROM circle_refunds WHERE transaction_id = ? ORDER BY at, rowid", transaction_id)


def refunded_fen(here: World, transaction_id: str) -> int:
    """What was given back of a payment, in fen."""
    return sum(int(one["refund_fen"]) for one in list_refunds(here, transaction_id))


def note_told(here: World, table: str, key: str, number: str) -> None:
    """The notice of a payment or refund is on its way."""
    here.store.write(f"UPDATE {table} SET state = ? WHERE {key} = ?", TOLD, number)  # noqa: S608 - our own names


def note_points(here: World, transaction_id: str, points: int, remarks: str) -> bool:
    """The mall says what a payment earned; False for a payment that nobody knows."""
    sql = "UPDATE circle_payments SET points = ?, remarks = ?, times_told = times_told + 1 WHERE transaction_id = ?"
    return here.store.write(sql, points, remarks, transaction_id) == 1


def has_to_submit(here: World, openid: str) -> bool:
    """Whether the person has payments of today that they have not handed in."""
    start = dt.datetime.fromtimestamp(here.clock.now(), SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    sql = "SELECT 1 FROM circle_payments WHERE openid = ? AND state = ? AND paid_at >= ? LIMIT 1"
    return here.store.one(sql, openid, TO_SUBMIT, start.timestamp()) is not None


def note_parking(here: World, body: dict[str, Any], text: str) -> None:
    """The mall says that a car came or left."""
    here.store.insert(
        "circle_parkings",
        openid=body["openid"],
        plate=body["plate_number"],
        state=body["state"],
        body_json=text,
        at=here.clock.now(),
    )


def view_card(here: World, person: sqlite3.Row) -> dict[str, Any]:
    """A person as the circle sees them."""
    card = find_card(here, person["mini_openid"])
    facts = {"person_id": person["id"], "name": person["name"], "openid": person["mini_openid"]}
    if card is None:
        return facts | {"state": UNAUTHORISED, "code": None, "to_submit": False}
    return facts | {
        "state": card["state"],
        "code": card["code"],
        "to_submit": has_to_submit(here, person["mini_openid"]),
    }


def view_payment(here: World, row: sqlite3.Row) -> dict[str, Any]:
    """A payment with its refunds, and what the mall said it earned."""
    names = ("transaction_id", "openid", "shop_number", "shop_name", "amount_fen", "state", "points", "remarks")
    person = people.find(here.store, "mini_openid", row["openid"])
    refunds = [
        {name: one[name] for name in ("refund_id", "refund_fen", "state")}
        for one in list_refunds(here, row["transaction_id"])
    ]
    facts = {name: row[name] for name in names} | {"by_hand": bool(row["by_hand"]), "times_told": row["times_told"]}
    return facts | {
        "name": person["name"] if person else "",
        "paid_at": rfc3339(row["paid_at"]),
        "left_fen": row["amount_fen"] - sum(one["refund_fen"] for one in refunds),
        "refunds": refunds,
    }


def list_payments(here: World, limit: int = 50) -> list[dict[str, Any]]:
    """The last payments, newest first."""
    rows = here.store.all("SELECT * FROM circle_payments ORDER BY paid_at DESC, rowid DESC LIMIT ?", limit)
    return [view_payment(here, row) for row in rows]


def list_parkings(here: World, limit: int = 20) -> list[dict[str, Any]]:
    """What the mall told of cars, newest first."""
    rows = here.store.all("SELECT * FROM circle_parkings ORDER BY id DESC LIMIT ?", limit)
    return [{name: row[name] for name in ("openid", "plate", "state")} | {"at": rfc3339(row["at"])} for row in rows]
