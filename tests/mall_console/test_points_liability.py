"""The page of what is owed in points, its rows and their file."""

import pytest

from app.kernel.reasons import Reason
from app.points.ledger import ledger
from app.workers.insights import points
from tests.builders.console import World
from tests.mall_console.conftest import Console
from tests.support.clock import StillClock


@pytest.mark.requirement("S2.14")
def test_what_is_owed_is_shown_with_its_rows_and_their_file(
    operations: Console, world: World, clock: StillClock
) -> None:
    page = f"{world.base}/points/liability"
    assert "还没有统计" in operations.get(page).text
    clock.advance(days=-3)
    ledger.accrue(
        world.member.id, points=12_345, reason=Reason("purchase"), fact="t:1", now=clock.now, mall_id=world.mall.id
    )
    clock.advance(days=3)
    points.count_points()
    shown = operations.get(page).text
    assert "未使用积分（负债）" in shown and "12,345" in shown and "消费基础积分" in shown and "门店商户承担" in shown
    assert "兑换率（近 3 天）" in shown and "统计不足 90 天，暂不预警" in shown and "未来 12 个月预测" in shown
    assert "超过 180 天没有任何行为" in shown and "目前没有这样的积分" in shown
    rows = operations.get(f"{page}/days").text
    assert "+12,345" in rows and "积分日汇总" in rows
    file = operations.get(f"{page}/days?export=csv").text
    assert "12345" in file and "消费基础积分" in file
