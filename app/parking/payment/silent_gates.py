"""Gates that could not be told that a stay is paid: people are asked, because a car may stand before a closed gate."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from app.access.models import Role
from app.cases import cases
from app.cases import queries as case_queries
from app.cases.kinds import CaseKind
from app.cases.models import Case
from app.parking.car_parks import queries as car_park_queries
from app.parking.payment import gate_messages
from app.parking.payment.models import GateMessage


def _try_again(case: Case, *, now: datetime) -> None:
    gate_messages.requeue(_message_id(case), now=now)


def _settle(case: Case, *, now: datetime) -> None:
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
    """Ask about every message to a gate that was given up; returns how many were new."""
    asked = case_queries.list_open_subjects(GATE_SILENT.code)
    dead = gate_messages.list_dead(limit=limit + len(asked))  # what is asked already must not hide what is not
    return sum(_ask(message, now=now) for message in dead if _subject(message) not in asked)


def _subject(message: GateMessage) -> str:
    return f"gate_message:{message.id}"


def _ask(message: GateMessage, *, now: datetime) -> bool:
    car_park = car_park_queries.get_car_park_of(message.car_park_id)
    return cases.raise_case(
        GATE_SILENT,
        _subject(message),
        mall_id=car_park.mall_id,
        reason="given_up",
        facts={"car_park": car_park.name, "attempts": message.attempts, "error": message.last_error or ""},
        evidence=_evidence(message),
        now=now,
    )


def _evidence(message: GateMessage) -> Sequence[str]:
    return (f"parking_session:{message.session_id}", f"car_park:{message.car_park_id}")
