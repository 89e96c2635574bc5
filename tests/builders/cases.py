"""Cases, as the job raises them."""

from datetime import timedelta

from sqlalchemy import select

from app.access.audit import Actor
from app.access.models import Role
from app.cases import cases
from app.cases.models import Case
from app.flows.members.duplicates import DUPLICATE
from app.identity.models import Member
from app.kernel import clock
from app.kernel.db import db
from app.malls.models import Store
from app.purchases.unclaimed import RECEIPTS_UNCLAIMED
from tests.builders.staff import make_staff


def make_case(store: Store, *, days_ago: int = 0) -> Case:
    """A case for operations: receipts of the store's day for which no member was known."""
    now = clock.now() - timedelta(days=days_ago)
    day = clock.business_date(now) - timedelta(days=2)
    subject = f"receipt_inbox:{store.id}:{day}"
    facts = {"store": store.name, "receipts": 3, "amount_fen": 45_600, "day": str(day)}
    evidence = [subject, f"store:{store.id}"]
    raised = cases.raise_case(
        RECEIPTS_UNCLAIMED,
        subject,
        mall_id=store.mall_id,
        reason="nobody_known",
        facts=facts,
        evidence=evidence,
        now=now,
    )
    assert raised
    return db.session.scalars(select(Case).where(Case.subject == subject)).one()


def make_duplicate_case(one: Member, other: Member) -> tuple[int, Actor]:
    """The question whether two members are one person, and who has taken it."""
    pair = sorted([one.id, other.id])
    subject = "members:" + "-".join(map(str, pair))
    now, evidence = clock.now(), [f"member:{member_id}" for member_id in pair]
    assert cases.raise_case(
        DUPLICATE, subject, mall_id=one.home_mall_id, reason="phone_and_card", evidence=evidence, now=now
    )
    person = make_staff(Role.OPERATIONS)
    case_id = db.session.scalars(select(Case.id).where(Case.subject == subject)).one()
    actor = Actor("staff", person.id, person.name)
    cases.take(case_id, actor, now=now)
    return case_id, actor


def merge(one: Member, other: Member) -> None:
    """Somebody finds that two members are one person: who joined later is merged into the other."""
    case_id, actor = make_duplicate_case(one, other)
    cases.answer(case_id, "same_person", actor, note="", now=clock.now())
