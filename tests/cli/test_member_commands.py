"""`flask member forget`: asks first, says what is in the way, and does what leaving does."""

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from app.access.models import AuditEntry
from app.identity.models import Member, MemberStatus
from app.kernel import clock
from app.kernel.db import db
from app.kernel.reasons import note
from app.points.ledger import ledger
from tests.builders.identity import make_member


@pytest.fixture
def member(db_session: object) -> Member:
    member = make_member()
    ledger.accrue(member.id, points=70, reason=note("测试"), fact="test:earned", now=clock.now())
    return member


def forget(app: Flask, number: object, *options: str, answer: str = "") -> Result:
    return app.test_cli_runner().invoke(args=["member", "forget", str(number), *options], input=answer)


def status_of(member: Member) -> str:
    db.session.expire_all()
    return db.session.get_one(Member, member.id).status


def test_it_asks_whether_the_member_was_told(app: Flask, member: Member) -> None:
    refused = forget(app, member.id, answer="n\n")
    assert refused.exit_code == 1 and "70 points and 0 coupons" in refused.output
    assert status_of(member) == MemberStatus.MEMBER.value
    assert forget(app, member.id, answer="y\n").exit_code == 0
    assert status_of(member) == MemberStatus.CLOSED.value


def test_the_audit_log_says_that_it_was_the_product(app: Flask, member: Member) -> None:
    assert forget(app, member.id, "--yes").output == f"member {member.id} is forgotten\n"
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "member.left")).one()
    assert (entry.actor_kind, entry.facts) == ("system", {"points": 70, "coupons": 0})


def test_who_is_gone_or_never_was_is_named(app: Flask, member: Member) -> None:
    forget(app, member.id, "--yes")
    gone = forget(app, member.id, "--yes")
    assert gone.exit_code == 1 and "member_closed" in gone.output
    unknown = forget(app, 10**12, "--yes")
    assert unknown.exit_code == 1 and "not_found" in unknown.output
