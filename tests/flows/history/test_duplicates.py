"""A phone of one member with the card of another: people are asked, once, and may find that the two are one."""

from pathlib import Path

import pytest
from sqlalchemy import select

from app.access.audit import Actor
from app.access.models import Role
from app.benefits.coupons import queries as coupons
from app.cases import cases
from app.cases.models import Case
from app.identity import members, queries
from app.identity.models import IdentityKind, Member
from app.kernel.db import db
from app.kernel.facts import Fact
from app.kernel.reasons import note
from app.points.ledger import ledger
from app.points.ledger import queries as points
from app.tiers import crediting
from app.tiers.growth import growth
from app.verification import phones
from app.workers import cases as case_worker
from app.workers.duplicates import searching
from tests.builders.benefits import make_campaign, make_coupon
from tests.builders.identity import make_member
from tests.builders.settlement import Contract
from tests.builders.staff import make_staff
from tests.flows.history.conftest import Import
from tests.flows.history.files import MEMBER, write
from tests.support.clock import StillClock

ONE, OTHER = "13900000001", "13900000002"


@pytest.fixture
def pair(contract: Contract, clock: StillClock) -> tuple[Member, Member]:
    """Two members of whom the first joined a day before the second; the second has the card C9."""
    older = make_member(contract.mall, phone=ONE)
    clock.advance(days=1)
    younger = make_member(contract.mall, phone=OTHER)
    assert members.bind_card(younger, "C9", now=clock.now)
    return older, younger


def bring(tmp_path: Path, do_import: Import, phone: str) -> None:
    path = write(tmp_path / "m.csv", MEMBER, [["C9", phone, "", "2019-05-01"]])
    do_import("members", path)
    searching.search()
    case_worker.raise_cases()


def answer(case: Case, outcome: str, clock: StillClock) -> None:
    person = make_staff(Role.OPERATIONS)
    by = Actor("staff", person.id, person.name)
    cases.take(case.id, by, now=clock.now)
    cases.answer(case.id, outcome, by, note="", now=clock.now)


def asked() -> list[Case]:
    return list(db.session.scalars(select(Case).order_by(Case.id)))


def test_two_members_in_one_row_are_asked_about_once(
    tmp_path: Path, pair: tuple[Member, Member], do_import: Import, contract: Contract, clock: StillClock
) -> None:
    bring(tmp_path, do_import, ONE)
    bring(tmp_path, do_import, ONE)
    (case,) = asked()
    assert (case.kind, case.role, case.mall_id) == ("duplicate_members", "operations", contract.mall.id)
    assert case.evidence == [f"member:{member.id}" for member in pair]
    assert case.facts == {"signs": 1, "percent": 60}
    answer(case, "two_people", clock)
    bring(tmp_path, do_import, ONE)
    assert len(asked()) == 1
    assert all(queries.is_joined(member) for member in pair)


def test_a_card_of_somebody_with_a_phone_of_nobody_is_no_question_of_two(
    tmp_path: Path, pair: tuple[Member, Member], do_import: Import
) -> None:
    bring(tmp_path, do_import, "13900000003")
    assert asked() == []


def test_who_is_one_person_becomes_one_with_all_points_and_growth(
    tmp_path: Path, pair: tuple[Member, Member], do_import: Import, clock: StillClock
) -> None:
    older, younger = pair
    for member, amount in ((older, 100), (younger, 250)):
        ledger.accrue(member.id, points=amount, reason=note("测试"), fact=Fact("test"), now=clock.now)
        crediting.credit(member.id, growth=amount, reason=note("测试"), fact=Fact("test"), now=clock.now)
    bring(tmp_path, do_import, ONE)
    answer(asked()[0], "same_person", clock)
    assert queries.get_member(younger.id).id == older.id
    assert [points.get_balance(member.id).available_points for member in pair] == [350, 0]
    assert [growth.value_of(member.id) for member in pair] == [350, 0]
    for kind, value in (
        (IdentityKind.CARD_NO, "C9"),
        (IdentityKind.PHONE, phones.phone_index(OTHER)),
        (IdentityKind.PHONE, phones.phone_index(ONE)),
    ):
        assert queries.find_member_id(kind, value) == older.id
    assert points.list_disagreements() == []


def test_coupons_go_along(
    tmp_path: Path, pair: tuple[Member, Member], do_import: Import, contract: Contract, clock: StillClock
) -> None:
    older, younger = pair
    make_coupon(younger, make_campaign(contract.mall))
    bring(tmp_path, do_import, ONE)
    answer(asked()[0], "same_person", clock)
    assert [coupons.count_usable(one.id, now=clock.now) for one in pair] == [1, 0]
    assert queries.get_member(younger.id).id == older.id


def test_who_has_left_meanwhile_is_merged_with_nobody(
    tmp_path: Path, pair: tuple[Member, Member], do_import: Import, clock: StillClock
) -> None:
    bring(tmp_path, do_import, ONE)
    older, younger = pair
    younger.status = "closed"
    younger.closed_at = clock.now
    db.session.flush()
    answer(asked()[0], "same_person", clock)
    assert (older.merged_into_id, younger.merged_into_id) == (None, None)
    bring(tmp_path, do_import, ONE)
    assert len(asked()) == 1
