"""The demo's reminders end in every way that a reminder can."""

from datetime import timedelta

from sqlalchemy import delete, select

from app.identity.models import MemberIdentity
from app.kernel.db import db
from app.outreach.messages.models import OutreachMessage
from cli.demo import messages
from tests.builders.identity import make_member
from tests.builders.malls import make_mall
from tests.builders.outreach import allow, make_expiring_coupon
from tests.support.clock import StillClock


def test_messages_end_in_every_way(clock: StillClock) -> None:
    end, mall = clock.now, make_mall()
    clock.advance(days=-2)
    for number in range(len(messages.ANSWERS) + 3):
        member = make_member(mall)
        make_expiring_coupon(member)
        if number != 1:
            allow(member)
        if number == 0:
            db.session.execute(delete(MemberIdentity).where(MemberIdentity.member_id == member.id))
    clock.set(end)
    messages.send_reminders(end=end + timedelta(days=1))
    found = {(one.status, one.reason) for one in db.session.scalars(select(OutreachMessage))}
    assert found >= {
        ("sent", None),
        ("unknown", "no_answer"),
        ("unknown", "worker_died"),
        ("failed", "consent_refused"),
        ("failed", "platform_refused"),
        ("suppressed", "no_address"),
        ("suppressed", "no_consent"),
    }
