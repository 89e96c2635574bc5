"""A mall's history for the bench of the import: stores and members in the database, receipts in a file."""

import csv
import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from app.flows.history.files.parsing import PURCHASES
from app.identity import cards
from app.identity.models import IdentityKind, Member, MemberIdentity, MemberStatus
from app.kernel.db import atomic, db
from app.kernel.fastpath.copies import copy_in
from app.malls.models import Mall

STORES = 200
MEMBERS = 30_000
_BEGIN = datetime(2026, 1, 1, 2, tzinfo=UTC)

_MERCHANTS = """
INSERT INTO merchants (code, name, created_at) SELECT 'B' || n, '商户' || n, :now FROM generate_series(1, :stores / 2) n
"""
_STORES = """
INSERT INTO stores (mall_id, merchant_id, code, name, floor, category_code, active, created_at)
SELECT :mall, n % (:stores / 2) + 1, 'S-' || n, '门店' || n, '2F', 'dining', true, :now
FROM generate_series(1, :stores) n
"""
_BOOKS = "INSERT INTO books (mall_id, merchant_id, first_open_day) SELECT :mall, id, :day FROM merchants"
_TERMS = """
INSERT INTO contract_terms (mall_id, merchant_id, effective_from, commission_bps, issue_price_fen, redeem_price_fen,
    due_days)
SELECT :mall, id, :day, 500, 80, 90, 30 FROM merchants
"""


def fill(*, members: int = MEMBERS) -> None:
    """The mall with stores, contracts and members, ready to be copied."""
    with atomic():
        mall = Mall(code="BENCH", name="滨江天地", city="上海", accent="#0f766e", created_at=_BEGIN)
        db.session.add(mall)
        db.session.flush()
        facts = {"mall": mall.id, "stores": STORES, "now": _BEGIN, "day": date(2026, 1, 1)}
        for statement in (_MERCHANTS, _STORES, _BOOKS, _TERMS):
            db.session.execute(text(statement), facts)
        _fill_members(mall.id, members)
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _fill_members(mall_id: int, members: int) -> None:
    columns = ("id", "public_id", "status", "home_mall_id", "card_no", "joined_at", "created_at")
    numbers = {number: cards.card_number(number) for number in range(1, members + 1)}
    copy_in(
        Member,
        columns,
        (
            (number, f"bench-{number}", MemberStatus.MEMBER.value, mall_id, card, _BEGIN, _BEGIN)
            for number, card in numbers.items()
        ),
    )
    copy_in(
        MemberIdentity,
        ("kind", "value", "member_id", "bound_at"),
        ((IdentityKind.CARD_NO.value, card, number, _BEGIN) for number, card in numbers.items()),
    )


def write(path: Path, rows: int, *, members: int = MEMBERS, refunds_percent: int = 0) -> None:
    """Receipts in the order of time: three in a hundred are of nobody, five are free, some are refunds."""
    chance = random.Random(20_260_101)  # noqa: S311 - made-up data
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(PURCHASES.required)
        last = ("", "", 0)
        for number in range(rows):
            at = (_BEGIN + timedelta(seconds=number * 60)).isoformat()
            kind, (bought, store, amount) = chance.randrange(100), last
            if kind < refunds_percent and amount:
                table.writerow(("bench", f"F{number}", store, "", at, -amount // 2, bought))
                last = ("", "", 0)
                continue
            card = "" if kind < 4 else cards.card_number(chance.randrange(members) + 1)
            last = (f"R{number}", f"S-{chance.randrange(STORES) + 1}", 0 if kind >= 95 else chance.randrange(1, 60_000))
            table.writerow(("bench", last[0], last[1], card, at, last[2], ""))
