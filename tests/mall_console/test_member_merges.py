"""A merge is shown on the member's page and can be undone there, once, by who may; it stands in the audit log."""

from app.identity import queries
from tests.builders.console import World
from tests.mall_console.conftest import Console, audited


def test_a_merge_is_undone_once_and_audited(operations: Console, world: World) -> None:
    member = f"{world.base}/members/{world.member.public_id}"
    address = f"{member}/merges/{world.merge_id}"
    assert address in operations.get(member).text
    assert "撤销这次合并？" in operations.get(address).text
    for _ in range(2):
        assert operations.post(f"{address}/undo", page=address, key="undo-once").location == member
    assert "已撤销合并" in operations.get(member).text
    entry = audited("member.merge_undone")
    parted = queries.get_member(int(entry.subject.partition(":")[2]))
    assert queries.is_joined(parted)
    assert parted.id != world.member.id


def test_who_only_looks_is_not_offered_to_undo(auditor: Console, world: World) -> None:
    member = f"{world.base}/members/{world.member.public_id}"
    assert "合并记录" in auditor.get(member).text
    assert "/merges/" not in auditor.get(member).text
