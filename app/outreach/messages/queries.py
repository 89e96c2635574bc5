"""Reading messages: the console's log, its figures, and why one message was not sent."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, literal_column, select

from app.identity.models import Member
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.lists import keyset, totals
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.kernel.lists.totals import Totals
from app.outreach.consents.models import ConsentEvent, SubscribeConsent
from app.outreach.messages.models import MessageStatus, OutreachMessage, Reason

ORDER = Order(OutreachMessage.planned_at.desc(), OutreachMessage.member_id.desc(), OutreachMessage.id.desc())


def list_messages(
    *wanted: ColumnElement[bool], order: Order = ORDER, asked: Asked = FIRST
) -> Page[tuple[OutreachMessage, str, str | None]]:
    """A page of (message, member's public id, masked phone), the latest planned first if not asked otherwise."""
    query = (
        select(OutreachMessage, Member.public_id, Member.phone_masked)
        .join(Member, Member.id == OutreachMessage.member_id)
        .where(*wanted)
    )
    return keyset.rows(query, order, asked)


def has_status(status: str) -> ColumnElement[bool]:
    """The condition that a message stands so; of those that did not go, said so that an index has them."""
    if status == MessageStatus.SENT.value:
        return OutreachMessage.status == status
    return and_(OutreachMessage.status != literal_column("'sent'"), OutreachMessage.status == status)


def count_reasons(*wanted: ColumnElement[bool]) -> dict[Reason, Totals]:
    """Of the messages that did not go, how many for each reason, the most frequent first."""
    conditions = {reason: [*wanted, OutreachMessage.reason == reason.value] for reason in Reason}
    counts = totals.count_each(OutreachMessage, conditions)
    return dict(sorted(counts.items(), key=lambda item: -item[1].count))


def get_message(member_id: int, message_id: int, *, mall_ids: Sequence[int] | None = None) -> OutreachMessage:
    """This member's message, if it belongs to one of the malls (None: to any); raises NotFound."""
    query = select(OutreachMessage).where(OutreachMessage.member_id == member_id, OutreachMessage.id == message_id)
    if mall_ids is not None:
        query = query.where(OutreachMessage.mall_id.in_(mall_ids))
    message = db.session.scalar(query)
    if message is None:
        raise NotFound(message_id=message_id)
    return message


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a message stands where it stands: its reason, and the facts around it, the newest first.

    `touches` are the member's other marketing touches, those that count against the cap among them; `consents` the
    last changes of the stock for its template.
    """

    message: OutreachMessage
    touches: Sequence[OutreachMessage]
    consents: Sequence[ConsentEvent]


def explain(message: OutreachMessage, *, limit: int = 10) -> Explanation:
    """The facts behind a message's status and reason."""
    touches = db.session.scalars(
        select(OutreachMessage)
        .where(
            OutreachMessage.member_id == message.member_id,
            OutreachMessage.id != message.id,
            OutreachMessage.marketing,
            OutreachMessage.touched_at.is_not(None),
        )
        .order_by(OutreachMessage.touched_at.desc())
        .limit(limit)
    ).all()
    consents = db.session.scalars(
        select(ConsentEvent)
        .where(ConsentEvent.member_id == message.member_id, ConsentEvent.template == message.template)
        .order_by(ConsentEvent.occurred_at.desc(), ConsentEvent.id.desc())
        .limit(limit)
    ).all()
    return Explanation(message, touches, consents)


@dataclass(frozen=True, slots=True)
class StockDisagreement:
    """A stock of consents that is not the sum of its events."""

    member_id: int
    template: str
    remaining: int
    events: int


def list_stock_disagreements(*, limit: int = 100) -> list[StockDisagreement]:
    """The nightly proof: stocks whose remaining ≠ the sum of their events."""
    events = (
        select(ConsentEvent.member_id, ConsentEvent.template, func.sum(ConsentEvent.quantity).label("quantity"))
        .group_by(ConsentEvent.member_id, ConsentEvent.template)
        .subquery()
    )
    same = and_(events.c.member_id == SubscribeConsent.member_id, events.c.template == SubscribeConsent.template)
    explained = func.coalesce(events.c.quantity, 0)
    rows = db.session.execute(
        select(SubscribeConsent.member_id, SubscribeConsent.template, SubscribeConsent.remaining, explained)
        .outerjoin(events, same)
        .where(SubscribeConsent.remaining != explained)
        .order_by(SubscribeConsent.member_id, SubscribeConsent.template)
        .limit(limit)
    )
    return [
        StockDisagreement(member_id, template, remaining, int(sum_)) for member_id, template, remaining, sum_ in rows
    ]
