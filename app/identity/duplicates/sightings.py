"""What shows two members to be one at the moment it happens, and is nowhere to be read afterwards."""

from collections.abc import Collection

from sqlalchemy.dialects.postgresql import insert

from app.identity.duplicates import signs
from app.identity.duplicates.models import MemberSign, MemberToCompare
from app.kernel.db import db


def note(kind: str, value: str, member_ids: Collection[int]) -> None:
    """Members were seen with the same value; they will be compared. Noted before, nothing changes."""
    digest = signs.digest(kind, value)
    rows = [
        {"kind": kind, "value": digest, "member_id": member_id, "noted": True} for member_id in sorted(set(member_ids))
    ]
    noted = insert(MemberSign).values(rows)
    db.session.execute(noted.on_conflict_do_update(index_elements=["kind", "value", "member_id"], set_={"noted": True}))
    look_again(member_ids)


def look_again(member_ids: Collection[int]) -> None:
    """Let members be compared with the others once more."""
    rows = [{"member_id": member_id} for member_id in sorted(set(member_ids))]
    if rows:
        db.session.execute(insert(MemberToCompare).values(rows).on_conflict_do_nothing())
