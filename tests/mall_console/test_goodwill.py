"""The month's budget on its page, and what a colleague asks for on the page of its case."""

from datetime import timedelta

from sqlalchemy import select

from app.care import budgets
from app.cases.models import Case
from app.kernel import clock
from app.kernel.db import db
from app.points.ledger import queries as points
from tests.builders.console import World
from tests.mall_console.conftest import Console, audited


def test_a_budget_is_published_and_taken_back(finance: Console, world: World) -> None:
    base = f"{world.base}/points/goodwill"
    assert "未设预算" in finance.get(base).text
    day = clock.business_date(clock.now()) + timedelta(days=1)
    answer = finance.post(base, page=base, points="2000", effective_from=day.isoformat())
    assert "每月补偿预算 2,000 积分" in finance.get(answer.location).text
    (version,) = budgets.list_versions(world.mall.id)
    assert audited("goodwill.publish").facts["points"] == 2_000
    finance.post(f"{base}/{version.id}/withdraw", page=base)
    assert budgets.list_versions(world.mall.id) == [] and audited("goodwill.withdraw")


def test_a_second_person_sees_what_is_asked_for_and_agrees(operations: Console, finance: Console, world: World) -> None:
    before = points.get_balance(world.member.id).available_points
    care = f"{world.base}/members/{world.member.public_id}/care"
    answer = operations.post(f"{care}/points", page=care, way="give", points="6000", why="complaint", note="漏水补偿")
    assert "须经另一位同事审批" in operations.get(answer.location).text
    assert audited("care.ask_points").facts == {"points": 6_000, "why": "complaint"}
    case = db.session.scalars(select(Case).where(Case.kind == "points_adjustment")).one()
    page = f"{world.base}/cases/{case.public_id}"
    shown = finance.get(page).text
    assert "漏水补偿" in shown and "服务补偿" in shown and "6,000" in shown and operations.person.name in shown
    assert world.member.phone_masked and world.member.phone_masked in shown
    finance.post(f"{page}/take", page=page)
    finance.post(f"{page}/answer", page=page, outcome="approved", note="")
    assert points.get_balance(world.member.id).available_points == before + 6_000
