"""Who merged members are now: their rows keep the number under which they were written."""

from sqlalchemy import select

from app.identity.models import Member
from app.kernel.db import db


def list_numbers() -> dict[int, int]:
    """The number of everybody who was found to be another → who that is in the end."""
    rows = db.session.execute(select(Member.id, Member.merged_into_id).where(Member.merged_into_id.is_not(None)))
    into = {row.id: row.merged_into_id for row in rows}
    return {number: _end_of(number, into) for number in into}


def _end_of(number: int, into: dict[int, int]) -> int:
    while number in into:
        number = into[number]
    return number
