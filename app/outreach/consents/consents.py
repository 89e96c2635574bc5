"""One-time consents as stock: one accepted dialog is one message, and no fact counts twice.

The stock row is moved by conditional updates only, so it needs no lock of its own; callers that hold the member's lock
take it first, as everywhere.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from app.kernel.db import db
from app.kernel.facts import Fact
from app.outreach.consents import facts
from app.outreach.consents.errors import InvalidAnswer, UnknownTemplate
from app.outreach.consents.models import ConsentChange, ConsentEvent, SubscribeConsent
from app.outreach.consents.templates import Template

# Who really answers two dialogs within this time gets the second by the platform's own word (app.flows.subscriptions).
ONE_DIALOG = timedelta(seconds=60)
# Nobody answers more dialogs of one template in a day: what is told beyond counts only by the platform's own word, too.
MOST_REPORTED_A_DAY = 5


def answer(member_id: int, *, results: Mapping[str, str], fact: Fact, now: datetime) -> dict[str, int]:
    """Take a dialog's answers (template → "accept" or "reject") of a locked member; returns every template's stock.

    The fact names the dialog; the same dialog again changes nothing, and nor does what is told within ONE_DIALOG of an
    accepted one, or beyond what a day can hold. Raises UnknownTemplate, InvalidAnswer.
    """
    for template, said in sorted(results.items()):
        if said == "accept":
            if _may_be_new(member_id, template, now):
                refill(member_id, template=template, fact=fact, now=now)
        elif said == "reject":
            _record(member_id, _known(template), ConsentChange.REJECTED, quantity=0, fact=fact, now=now)
        else:
            raise InvalidAnswer(answer=said)
    return stock(member_id)


def _may_be_new(member_id: int, template: str, now: datetime) -> bool:
    lately = count_reported(member_id, template=template, since=now - ONE_DIALOG, until=now)
    today = count_reported(member_id, template=template, since=now - timedelta(days=1), until=now)
    return not lately and today < MOST_REPORTED_A_DAY


def refill(member_id: int, *, template: str, fact: Fact, now: datetime) -> int:
    """Add one consent, once for the fact; returns what remains. Raises UnknownTemplate."""
    name = _known(template)
    if _record(member_id, name, ConsentChange.ACCEPTED, quantity=1, fact=fact, now=now):
        return _add_one(member_id, name, now)
    return stock(member_id)[name]


def reserve(member_id: int, *, template: str, fact: Fact, now: datetime) -> bool:
    """Take one consent for the message the fact names; False when none is left. Raises UnknownTemplate."""
    name = _known(template)
    taken = db.session.execute(
        update(SubscribeConsent)
        .where(
            SubscribeConsent.member_id == member_id, SubscribeConsent.template == name, SubscribeConsent.remaining > 0
        )
        .values(remaining=SubscribeConsent.remaining - 1, changed_at=now)
        .returning(SubscribeConsent.remaining)
    ).first()
    if taken is None:
        return False
    if not _record(member_id, name, ConsentChange.RESERVED, quantity=-1, fact=fact, now=now):
        raise ValueError(f"{fact} has taken its consent before")
    return True


def release(member_id: int, *, template: str, fact: Fact, now: datetime) -> None:
    """Give back, once, the consent that the fact had reserved: the platform refused without using it."""
    name = _known(template)
    if _record(member_id, name, ConsentChange.RELEASED, quantity=1, fact=fact, now=now):
        _add_one(member_id, name, now)


def clear(member_id: int, *, template: str, fact: Fact, now: datetime) -> int:
    """Empty the stock, because the platform says that nothing is left; returns how many were lost."""
    name = _known(template)
    row = db.session.scalar(
        select(SubscribeConsent)
        .where(SubscribeConsent.member_id == member_id, SubscribeConsent.template == name)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    lost = row.remaining if row is not None else 0
    if row is None or lost == 0:
        return 0
    if not _record(member_id, name, ConsentChange.CLEARED, quantity=-lost, fact=fact, now=now):
        return 0
    row.remaining = 0
    row.changed_at = now
    db.session.flush()
    return lost


def withdraw_all(member_ids: Sequence[int], *, fact: Fact, now: datetime) -> int:
    """Empty the stock of every template, because the member wants no more messages; returns how many were lost."""
    lost = 0
    for member_id in sorted(member_ids):
        for row in _lock_stock(member_id):
            if _record(member_id, row.template, ConsentChange.WITHDRAWN, quantity=-row.remaining, fact=fact, now=now):
                lost += row.remaining
                row.remaining, row.changed_at = 0, now
    db.session.flush()
    return lost


def move_all(giver_id: int, taker_id: int, *, fact: Fact, now: datetime) -> dict[str, int]:
    """Let all that a locked member allows be another's, who is locked, too; returns how much of which template."""
    return move_back(giver_id, taker_id, stock(giver_id), fact=fact, now=now)


def move_back(giver_id: int, taker_id: int, most: Mapping[str, int], *, fact: Fact, now: datetime) -> dict[str, int]:
    """As `move_all`, at most so much of each template, and no more than is left."""
    moved: dict[str, int] = {}
    for row in _lock_stock(giver_id):
        quantity = min(row.remaining, most.get(row.template, 0))
        if quantity and _record(giver_id, row.template, ConsentChange.MOVED, quantity=-quantity, fact=fact, now=now):
            row.remaining, row.changed_at = row.remaining - quantity, now
            _record(taker_id, row.template, ConsentChange.MOVED, quantity=quantity, fact=fact, now=now)
            _add(taker_id, row.template, quantity, now)
            moved[row.template] = quantity
    db.session.flush()
    return moved


def _lock_stock(member_id: int) -> Sequence[SubscribeConsent]:
    return db.session.scalars(
        select(SubscribeConsent)
        .where(SubscribeConsent.member_id == member_id, SubscribeConsent.remaining > 0)
        .order_by(SubscribeConsent.template)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def stock(member_id: int) -> dict[str, int]:
    """How many messages of each template the member still allows; every template is named."""
    rows = db.session.execute(
        select(SubscribeConsent.template, SubscribeConsent.remaining).where(SubscribeConsent.member_id == member_id)
    )
    return {template.value: 0 for template in Template} | {row.template: row.remaining for row in rows}


def count_reported(member_id: int, *, template: str, since: datetime, until: datetime) -> int:
    """How many dialogs accepted within the times the mini-program told of itself, and not the platform."""
    accepted = db.session.scalars(
        select(ConsentEvent.fact).where(
            ConsentEvent.member_id == member_id,
            ConsentEvent.template == _known(template),
            ConsentEvent.change == ConsentChange.ACCEPTED.value,
            ConsentEvent.occurred_at.between(since, until),
        )
    )
    return sum(not facts.is_push(fact) for fact in accepted)


def _known(template: str) -> str:
    try:
        return Template(template).value
    except ValueError as error:
        raise UnknownTemplate(template=template) from error


def _add_one(member_id: int, template: str, now: datetime) -> int:
    return _add(member_id, template, 1, now)


def _add(member_id: int, template: str, quantity: int, now: datetime) -> int:
    values = {"member_id": member_id, "template": template, "remaining": quantity, "changed_at": now}
    statement = insert(SubscribeConsent).values(values)
    return db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["member_id", "template"],
            set_={"remaining": SubscribeConsent.remaining + quantity, "changed_at": now},
        ).returning(SubscribeConsent.remaining)
    ).scalar_one()


def _record(member_id: int, template: str, change: ConsentChange, *, quantity: int, fact: Fact, now: datetime) -> bool:
    """Write the event; False when this fact made this change before."""
    written = db.session.execute(
        insert(ConsentEvent)
        .values(
            member_id=member_id,
            template=template,
            change=change.value,
            quantity=quantity,
            fact=fact,
            occurred_at=now,
        )
        .on_conflict_do_nothing(index_elements=["member_id", "template", "change", "fact"])
        .returning(ConsentEvent.id)
    ).first()
    return written is not None
