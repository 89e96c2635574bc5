"""What members agreed to, by version of the text."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from app.identity import queries
from app.identity.errors import ConsentOutdated
from app.identity.models import ConsentRecord
from app.kernel.db import db

MEMBERSHIP = "membership"


def give(member_id: int, *, kind: str, version: str, channel: str, now: datetime) -> None:
    """Record the member's yes to the version in force; raises ConsentOutdated for any other version."""
    if version != queries.current_document(kind, now=now).version:
        raise ConsentOutdated
    db.session.execute(
        insert(ConsentRecord)
        .values(member_id=member_id, kind=kind, version=version, channel=channel, given_at=now)
        .on_conflict_do_nothing()
    )


def withdraw(member_id: int, *, kind: str, now: datetime) -> None:
    """End every live consent of a kind; withdrawing twice changes nothing."""
    db.session.execute(
        update(ConsentRecord)
        .where(ConsentRecord.member_id == member_id, ConsentRecord.kind == kind, ConsentRecord.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
    )
