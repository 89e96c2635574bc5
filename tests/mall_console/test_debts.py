"""Points that are owed can be forgiven with a reason, once per press, by who may; it stands in the audit log."""

import pytest

from app.kernel import clock
from app.kernel.reasons import note
from app.points.ledger import ledger
from app.points.ledger import queries as points
from tests.builders.console import World
from tests.mall_console.conftest import Console, audited


@pytest.fixture
def debtor(world: World) -> str:
    """The address of a member who owes 300 points."""
    available = points.get_balance(world.member.id).available_points
    ledger.owe(world.member.id, points=available + 300, reason=note("测试"), fact="test:owed", now=clock.now())
    return f"{world.base}/members/{world.member.public_id}"


def owed(world: World) -> int:
    return points.get_balance(world.member.id).debt_points


def test_a_debt_is_forgiven_with_a_reason_and_audited(operations: Console, world: World, debtor: str) -> None:
    assert f"{debtor}/debt" in operations.get(debtor).text
    assert 'value="300"' in operations.get(f"{debtor}/debt").text
    for _ in range(2):
        done = operations.post(f"{debtor}/debt", key="forgive-once", points=200, why="系统重复扣除")
        assert done.location == debtor
    assert owed(world) == 100
    assert "已免除 200 积分欠款" in operations.get(debtor).text
    entry = audited("member.debt_forgiven")
    assert (entry.subject, entry.facts) == (f"member:{world.member.id}", {"forgiven": 200, "why": "系统重复扣除"})
    assert "免除所欠积分" in operations.get(f"{debtor}?tab=points").text


def test_more_than_is_owed_forgives_what_is_owed_and_then_nothing_is(
    operations: Console, world: World, debtor: str
) -> None:
    operations.post(f"{debtor}/debt", points=999, why="补偿")
    assert (owed(world), audited("member.debt_forgiven").facts["forgiven"]) == (0, 300)
    page = f"{debtor}/debt"
    assert operations.post(page, page=page, points=1, why="补偿").location == page
    assert "该会员没有欠积分" in operations.get(page).text
    assert "/debt" not in operations.get(debtor).text
    assert points.list_disagreements() == []


@pytest.mark.parametrize("typed", [{"points": 0, "why": "补偿"}, {"points": 300, "why": " "}, {"points": "1.5"}])
def test_a_reason_and_a_whole_number_are_needed(
    operations: Console, world: World, debtor: str, typed: dict[str, object]
) -> None:
    page = f"{debtor}/debt"
    assert operations.post(page, page=page, **typed).location == page
    assert owed(world) == 300


def test_who_only_looks_is_not_offered_to_forgive(auditor: Console, debtor: str) -> None:
    assert "欠 300 积分" in auditor.get(debtor).text
    assert f"{debtor}/debt" not in auditor.get(debtor).text
    assert auditor.post(f"{debtor}/debt", points=300, why="补偿").status_code == 403
