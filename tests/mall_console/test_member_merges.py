"""A merge is shown on the member's page and can be undone there, once, by who may; it stands in the audit log."""

from sqlalchemy import select

from app.access.models import AuditEntry
from app.cases.models import Case
from app.identity import members, queries
from app.identity.duplicates import sightings
from app.identity.models import Member
from app.kernel.db import db
from app.workers import cases as case_worker
from app.workers.duplicates import searching
from tests.builders.console import World
from tests.builders.identity import make_member
from tests.mall_console.conftest import Console, audited


def ask_about(world: World) -> tuple[Case, Member, Member]:
    """The case about two members of the world's mall who stood in one row of a file."""
    older, younger = make_member(world.mall), make_member(world.mall)
    for one in (older, younger):
        members.set_name(one, "王小明")
    sightings.note("card", "C9", [older.id, younger.id])
    searching.search()
    case_worker.raise_cases()
    case = db.session.scalars(select(Case).where(Case.kind == "duplicate_members", Case.outcome.is_(None))).one()
    return case, older, younger


def test_two_members_stand_beside_each_other_and_one_is_kept(operations: Console, world: World) -> None:
    case, older, younger = ask_about(world)
    page = f"{world.base}/cases/{case.public_id}"
    text = operations.get(page).text
    assert "手机号属于一位，会员卡号属于另一位" in text and "60%" in text
    assert text.count("王**") == 2 and "王小明" not in text
    assert f"/members/{older.public_id}" in text and f"/members/{younger.public_id}" in text
    operations.post(f"{page}/take", tab="team")
    assert "以后从任何入口进来都是同一位会员" in operations.get(page).text
    for _ in range(2):
        operations.post(
            f"{page}/answer", page=page, key="answer-once", outcome="same_person_other", note="", tab="team"
        )
    assert queries.get_member(older.id).id == younger.id
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.subject == f"member:{older.id}")).one()
    assert entry.action == "member.merged"
    assert entry.actor_kind == "staff"
    listed = operations.get(f"{world.base}/members/merges").text
    assert "人工确认" in listed and entry.actor_name in listed
    assert "合并记录" in operations.get(f"{world.base}/members").text


def test_who_may_not_see_members_decides_nothing_and_reads_no_names(finance: Console, world: World) -> None:
    case, older, _ = ask_about(world)
    text = finance.get(f"{world.base}/cases/{case.public_id}").text
    assert "王" not in text and older.public_id not in text


def test_a_merge_is_undone_once_and_audited(operations: Console, world: World) -> None:
    member = f"{world.base}/members/{world.member.public_id}"
    address = f"{member}/merges/{world.merge_id}"
    assert address in operations.get(member).text
    assert "撤销这次合并？" in operations.get(address).text
    for _ in range(2):
        assert operations.post(f"{address}/undo", page=address, key="undo-once").location == member
    assert "已撤销合并" in operations.get(member).text
    assert "已撤销" in operations.get(f"{world.base}/members/merges").text
    entry = audited("member.merge_undone")
    parted = queries.get_member(int(entry.subject.partition(":")[2]))
    assert queries.is_joined(parted)
    assert parted.id != world.member.id


def test_who_only_looks_is_not_offered_to_undo(auditor: Console, world: World) -> None:
    member = f"{world.base}/members/{world.member.public_id}"
    assert "合并记录" in auditor.get(member).text
    assert "/merges/" not in auditor.get(member).text
