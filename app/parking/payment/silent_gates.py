"""Gates that could not be told that a stay is paid: people are asked, because a car may stand before a closed gate.

They are asked after some ten minutes while the gate is still tried, and no longer once it answers.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from app.access.audit import Actor
from app.access.models import Role
from app.cases import cases
from app.cases import queries as case_queries
from app.cases.kinds import CaseKind
from app.cases.models import Case
from app.parking.car_parks import queries as car_park_queries
from app.parking.payment import gate_messages
from app.parking.payment.gate_messages import Delivery
from app.parking.payment.models import GateMessage

NO_ANSWER, GIVEN_UP = "no_answer", "given_up"


def _try_again(case: Case, *, by: Actor, now: datetime) -> None:
    gate_messages.restart(_message_id(case), now=now)


def _settle(case: Case, *, by: Actor, now: datetime) -> None:
    gate_messages.settle_by_hand(_message_id(case), now=now)


def _message_id(case: Case) -> int:
    return int(case.subject.partition(":")[2])


GATE_SILENT = CaseKind(
    code="gate_silent",
    role=Role.OPERATIONS,
    within=timedelta(hours=4),
    outcomes={"try_again": _try_again, "told_by_hand": _settle},
)


def raise_cases(*, now: datetime, limit: int) -> int:
    """Ask about every message that a gate has not answered for a while, or never did; returns how many were new.

    A case of the first kind becomes one of the second when its message is given up.
    """
    asked = case_queries.list_open_reasons(GATE_SILENT.code)
    most = limit + len(asked)  # what is asked already must not hide what is not
    dead = [(message, GIVEN_UP) for message in gate_messages.list_dead(limit=most)]
    waiting = [(message, NO_ANSWER) for message in gate_messages.list_unanswered(limit=most)]
    fresh = [(message, reason) for message, reason in dead + waiting if asked.get(_subject(message.id)) != reason]
    return sum(_ask(message, reason, now=now) for message, reason in fresh)


def note_told(delivery: Delivery, *, now: datetime) -> None:
    """The gate has the message: whoever was asked about it need not look any more."""
    [message_id] = delivery.claim.key
    cases.settle_itself(GATE_SILENT, _subject(message_id), now=now)


def _subject(message_id: int) -> str:
    return f"gate_message:{message_id}"


def _ask(message: GateMessage, reason: str, *, now: datetime) -> bool:
    """Returns whether it is a new question; one that is open gets the new reason."""
    car_park = car_park_queries.get_car_park_of(message.car_park_id)
    facts = {"car_park": car_park.name, "attempts": message.attempts, "error": message.last_error or ""}
    if cases.restate(GATE_SILENT, _subject(message.id), reason=reason, facts=facts):
        return False
    return cases.raise_case(
        GATE_SILENT,
        _subject(message.id),
        mall_id=car_park.mall_id,
        reason=reason,
        facts=facts,
        evidence=_evidence(message),
        now=now,
    )


def _evidence(message: GateMessage) -> Sequence[str]:
    return (f"parking_session:{message.session_id}", f"car_park:{message.car_park_id}")
