"""What the product says of a month-end beside what was expected."""

from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import select

from app.identity import bulk as identity_bulk
from app.identity.models import IdentityKind
from app.kernel import clock
from app.kernel.db import db
from app.lifecycle.rules.rule_sets import DEFAULT
from app.lifecycle.stages import restating
from app.lifecycle.stages.models import MemberStage
from cli.complete_journey.source import card_no
from script.year.expected import Standing, Year


def differences(year: Year, day: date) -> list[str]:
    """Everything in which the product differs on a day whose night is over: households, and figures of the report."""
    expected = {card_no(household): standing for household, standing in year.standings(day).items()}
    found = _standings(list(expected))
    wrong = [f"{card}: {found.get(card)}, not {one}" for card, one in expected.items() if found.get(card) != one]
    reported, wanted = _report(day), year.report(day)
    return wrong + [
        f"{key}: {reported.get(key)}, not {value}" for key, value in wanted.items() if reported.get(key) != value
    ]


def _standings(cards: list[str]) -> dict[str, Standing]:
    """By card: where the nights have left everybody."""
    owners = identity_bulk.find_owners(IdentityKind.CARD_NO, cards)
    rows = db.session.scalars(select(MemberStage).where(MemberStage.member_id.in_(owners.values())))
    stands = {row.member_id: Standing(row.stage, row.activity) for row in rows}
    return {card: stands[member_id] for card, member_id in owners.items() if member_id in stands}


def _report(day: date) -> dict[str, Any]:
    """The report without what nobody is in, as the computation has it."""
    with clock.freeze(clock.end_of_day(day)):
        found = asdict(restating.report(DEFAULT, as_of=day))
    return found | {
        "as_of": day.isoformat(),
        "scores": {name: _without_none(one) for name, one in found["scores"].items()},
        "stages": _without_none(found["stages"]),
        "activity": _without_none(found["activity"]),
    }


def _without_none(counts: dict[str, int]) -> dict[str, int]:
    return {code: count for code, count in counts.items() if count}
