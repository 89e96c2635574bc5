"""Cases, as the job raises them."""

from datetime import timedelta

from sqlalchemy import select

from app.cases import cases
from app.cases.models import Case
from app.kernel import clock
from app.kernel.db import db
from app.malls.models import Store
from app.purchases.unclaimed import RECEIPTS_UNCLAIMED


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
