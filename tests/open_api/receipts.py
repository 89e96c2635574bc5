"""A till of a store with terms, a member, and what they make of receipts."""

from typing import Any

from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.identity.models import Member
from app.kernel.db import db
from app.points.ledger import queries as points_queries
from app.settlement.ledger.models import Posting
from tests.builders.settlement import Contract
from tests.support.clock import StillClock

RECEIPTS = "/open/v1/receipts"


PHONE = "13912345678"


def receipt(contract: Contract, clock: StillClock, **facts: Any) -> dict[str, Any]:
    return {
        "source": "pos",
        "receipt_no": "R1",
        "store_code": contract.store.code,
        "occurred_at": clock.now.isoformat(),
        "amount_fen": 12_345,
    } | facts


def error_of(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, (answer.json or {})["error"]["code"]


def count(table: type[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def points_of(member: Member) -> tuple[int, int]:
    db.session.expire_all()
    balance = points_queries.get_balance(member.id)
    return balance.available_points, balance.debt_points


def amounts(kind: str) -> list[int]:
    return list(db.session.scalars(select(Posting.amount_fen).where(Posting.kind == kind).order_by(Posting.id)))
