"""The page that says whether points add up, and the alarm when they do not."""

import pytest
from sqlalchemy import update

from app.kernel.db import db
from app.points.ledger.models import PointsAccount
from app.workers.points import points
from tests.builders.console import World
from tests.mall_console.conftest import Console


@pytest.mark.requirement("S2.14")
def test_the_last_proof_is_shown_and_what_differs_is_an_alarm(operations: Console, world: World) -> None:
    page = f"{world.base}/points/proof"
    assert "还没有核对过" in operations.get(page).text
    points.prove_accounts()
    shown = operations.get(page).text
    assert "全部相符" in shown and "合并转入" in shown
    assert "积分账务核对不符" not in operations.get(world.base).text
    wrong = update(PointsAccount).where(PointsAccount.member_id == world.member.id)
    db.session.execute(wrong.values(debt_points=PointsAccount.debt_points + 7))
    points.prove_accounts()
    shown = operations.get(page).text
    assert "1 处不符" in shown and "余额与流水合计不符" in shown
    assert f"{world.base}/members/{world.member.public_id}" in shown
    assert "积分账务核对不符" in operations.get(world.base).text
