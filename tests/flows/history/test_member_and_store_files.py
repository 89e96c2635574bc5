"""`flask import members` and `flask import stores`."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.entrances.models import EntranceScan
from app.flows.history import members as history_members
from app.flows.history.members import Incoming, Scan
from app.flows.purchases import Effects
from app.identity import members, queries
from app.identity.models import IdentityKind, Member, MemberIdentity
from app.kernel.day_sums.models import DayMark
from app.kernel.db import db
from app.kernel.security import crypto
from app.malls.models import Merchant, Store
from app.settlement.contracts.models import ContractTerms
from app.settlement.ledger.models import Book
from app.tiers.growth import growth, rule_sets
from app.timeline.models import TimelineEvent
from app.verification import phones
from tests.builders.entrances import make_entrance
from tests.builders.identity import make_member, make_visitor
from tests.builders.malls import make_mall
from tests.builders.settlement import Contract
from tests.flows.history.conftest import Import
from tests.flows.history.files import MEMBER, STORE, reasons, write
from tests.support.clock import StillClock

PHONE = "13912345678"


def owner(card: str) -> Member:
    member_id = queries.find_member_id(IdentityKind.CARD_NO, card)
    assert member_id is not None
    return queries.get_member(member_id)


def count(table: type[object]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_members_come_in_sealed_joined_on_their_day_and_found_by_phone_and_cards(
    tmp_path: Path, contract: Contract, do_import: Import
) -> None:
    rows = [["C1", "+86 139-1234-5678", "王小芳", "2019-05-01"], ["C2", "13900000002", "", "2020/1/2"]]
    path = write(tmp_path / "m.csv", MEMBER, rows, encoding="gb18030")
    done = do_import("members", path)
    assert (done.exit_code, "2 rows read, 2 new" in done.output) == (0, True)
    member = owner("C1")
    assert members.phone_of(member) == PHONE
    assert crypto.unseal(member.name_sealed or b"", purpose=queries.NAME_PURPOSE) == "王小芳"
    assert (member.joined_at, member.phone_masked) == (datetime(2019, 4, 30, 16, tzinfo=UTC), "139****5678")
    assert owner(member.card_no or "").id == member.id
    assert queries.find_member_id(IdentityKind.PHONE, phones.phone_index(PHONE)) == member.id
    assert growth.value_of(member.id) == 0


def test_with_the_ledger_joining_gives_its_growth(tmp_path: Path, contract: Contract, do_import: Import) -> None:
    path = write(tmp_path / "m.csv", MEMBER, [["C1", PHONE, "", "2019-05-01"]])
    do_import("members", path, "--effects", "ledger")
    assert growth.value_of(owner("C1").id) == rule_sets.DEFAULT.join_growth


def test_run_again_everybody_is_there(tmp_path: Path, contract: Contract, do_import: Import) -> None:
    path = write(tmp_path / "m.csv", MEMBER, [[f"C{n}", f"1390000100{n}", "", "2019-05-01"] for n in range(5)])
    do_import("members", path)
    done = do_import("members", path)
    assert "5 rows read, 0 new, 5 already there, 0 rejected" in done.output
    assert (count(Member), count(MemberIdentity), count(TimelineEvent)) == (5, 15, 5)


def test_whoever_is_known_by_the_phone_gets_the_card_too(tmp_path: Path, contract: Contract, do_import: Import) -> None:
    known = make_member(contract.mall, phone=PHONE)
    visitor = make_visitor(contract.mall)
    members.bind_phone(visitor, "13900000009", now=visitor.created_at)
    path = write(
        tmp_path / "m.csv", MEMBER, [["C1", PHONE, "", "2019-05-01"], ["C2", "13900000009", "李", "2018-01-01"]]
    )
    assert do_import("members", path).exit_code == 0
    assert owner("C1").id == known.id
    assert (owner("C2").id, owner("C2").status) == (visitor.id, "member")


def test_rejected_members(tmp_path: Path, contract: Contract, do_import: Import) -> None:
    rows = [
        ["C1", PHONE, "", "2019-05-01"],
        ["C1", "13900000002", "", "2019-05-01"],
        ["", "13900000003", "", "2019-05-01"],
        ["C4", "12345", "", "2019-05-01"],
        ["C5", "", "", "2019-05-01"],
        ["C6", "1.39E+10", "", "2019-05-01"],
        ["C7", "13900000007", "", ""],
        ["6288000000000019", "13900000008", "", "2019-05-01"],
        ["C9", "13900000009", "长" * 65, "2019-05-01"],
    ]
    path = write(tmp_path / "m.csv", MEMBER, rows)
    assert do_import("members", path).exit_code == 1
    assert reasons(path) == [
        (3, "该卡号已属于另一个手机号的会员"),
        (4, "card_no 不能为空"),
        (5, "phone 应为一个 11 位手机号，境外号码请以 + 和国家或地区代码开头"),
        (6, "phone 不能为空"),
        (7, "phone 已被表格软件或程序改写（科学计数法、小数点或千分位），请把该列设为文本格式后重新导出"),
        (8, "joined_at 不能为空"),
        (9, "该卡号与本系统发出的卡号格式相同，但不是本系统发出的"),
    ]
    assert count(Member) == 2


@pytest.mark.parametrize("effects", list(Effects))
def test_many_at_once_are_the_same_as_one_by_one(contract: Contract, clock: StillClock, effects: Effects) -> None:
    lift = make_entrance(contract.mall, store_id=contract.store.id)
    scans = [Scan(lift, f"v{n}", clock.now - timedelta(days=n)) if n % 2 else None for n in range(6)]
    people = [Incoming(f"C{n}", f"1390000000{n}", "名" * (n % 3), clock.now, scan) for n, scan in enumerate(scans)]
    people += [Incoming("C9", people[0].phone, "", clock.now), Incoming("C1", people[1].phone, "", clock.now)]

    def told(*, plainly: bool) -> tuple[list[str], list[tuple[object, ...]]]:
        savepoint = db.session.begin_nested()
        done = history_members.load(
            people, home_mall_id=contract.mall.id, effects=effects, now=clock.now, plainly=plainly
        )
        facts = [*(_facts(person) for person in people), *_scans()]
        savepoint.rollback()
        return [outcome.kind.value for outcome in done], facts

    assert told(plainly=True) == told(plainly=False)
    assert told(plainly=True)[0] == ["new"] * 7 + ["known"]


def _facts(person: Incoming) -> tuple[object, ...]:
    """What is written of somebody, without what the database or chance gave them."""
    db.session.expire_all()
    member = owner(person.card_no)
    name = member.name_sealed and crypto.unseal(member.name_sealed, purpose=queries.NAME_PURPOSE)
    event = TimelineEvent
    told = select(event.kind, event.occurred_at, event.mall_id, event.store_id, event.source, event.late_on)
    events = db.session.execute(told.where(event.member_id == member.id).order_by(event.occurred_at, event.kind)).all()
    bound = db.session.execute(
        select(MemberIdentity.kind, MemberIdentity.bound_at).where(MemberIdentity.member_id == member.id)
    ).all()
    return (
        member.status,
        member.home_mall_id,
        members.phone_of(member),
        member.phone_masked,
        name,
        member.joined_at,
        member.created_at,
        member.join_entrance_id,
        owner(member.card_no or "").id == member.id,
        sorted(map(tuple, events)),
        sorted(map(tuple, bound)),
        growth.value_of(member.id),
    )


def _scans() -> list[tuple[object, ...]]:
    """Openings, and the days that they changed."""
    scan, mark = EntranceScan, DayMark
    opened = select(scan.entrance_id, scan.visit_key, scan.scanned_at, scan.day, scan.joined_at, scan.unknown_scene)
    marked = select(mark.series, mark.mall_id, mark.day).distinct()
    rows = [*db.session.execute(opened.where(scan.member_id.is_not(None))), *db.session.execute(marked)]
    return sorted(map(tuple, rows), key=repr)


def test_stores_bring_merchants_terms_and_books(tmp_path: Path, clock: StillClock, do_import: Import) -> None:
    mall = make_mall()
    rows = [["S1", "晨光咖啡", "晨光餐饮", "dining", "1F"], ["S2", "拾光咖啡", "晨光餐饮", "dining", "2F"]]
    path = write(tmp_path / "s.csv", STORE, rows)
    options = ("--mall", mall.code, "--terms-from", "2020-01-01", "--commission-bps", "650")
    done = do_import("stores", path, *options)
    assert (done.exit_code, "2 rows read, 2 new" in done.output) == (0, True)
    merchant = db.session.scalars(select(Merchant)).one()
    assert merchant.name == "晨光餐饮"
    terms = db.session.scalars(select(ContractTerms)).one()
    assert (terms.effective_from, terms.commission_bps, terms.issue_price_fen) == (date(2020, 1, 1), 650, 100)
    assert db.session.scalars(select(Book.first_open_day)).all() == [date(2020, 1, 1)]
    again = do_import("stores", path, *options, "--commission-bps", "900")
    assert "2 rows read, 0 new, 2 already there" in again.output
    assert (count(ContractTerms), count(Merchant), count(Store)) == (1, 1, 2)


def test_stores_without_effects_have_no_terms(tmp_path: Path, clock: StillClock, do_import: Import) -> None:
    make_mall()
    path = write(tmp_path / "s.csv", STORE, [["S1", "晨光咖啡", "晨光餐饮", "dining", "1F"]])
    assert do_import("stores", path, "--effects", "none").exit_code == 0
    assert (count(Store), count(ContractTerms), count(Book)) == (1, 0, 0)


def test_a_store_with_other_facts_is_rejected(tmp_path: Path, contract: Contract, do_import: Import) -> None:
    store = contract.store
    rows = [
        [store.code, store.name, contract.merchant.code, store.category_code, store.floor],
        [store.code, "别的店", contract.merchant.code, store.category_code, store.floor],
        ["S2", "", "新商户", "dining", "1F"],
    ]
    path = write(tmp_path / "s.csv", STORE, rows)
    assert do_import("stores", path).exit_code == 1
    assert sorted(reasons(path)) == [
        (3, "该门店编号已登记，且内容不同；修改门店请到管理后台"),
        (4, "name 不能为空"),
    ]
    assert count(Merchant) == 1


def test_with_two_malls_one_must_be_named(tmp_path: Path, contract: Contract, do_import: Import, app: Flask) -> None:
    make_mall()
    path = write(tmp_path / "m.csv", MEMBER, [["C1", PHONE, "", "2019-05-01"]])
    assert do_import("members", path).exit_code == 2
    assert do_import("members", path, "--mall", "NOWHERE").exit_code == 2
    assert do_import("members", path, "--mall", contract.mall.code).exit_code == 0
