"""An act pressed twice, by two people or in two tabs, is one act: audited once, in the order in which it was done."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete, func, select

from app.access import audit
from app.access.models import AuditEntry, Role, StaffRole
from app.access.scopes import GROUP
from app.access.staff import grant_role
from app.benefits.campaigns import campaigns
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.settlement.statements import statements
from app.settlement.statements.models import Statement
from tests.builders.benefits import make_campaign
from tests.builders.console import World
from tests.mall_console.conftest import PRICES, Console, audited
from tests.mall_console.test_segments import TREE
from tests.support.clock import StillClock

SWITCHES: dict[str, tuple[str, str, Callable[[World], str]]] = {
    "machine": ("off", "on", lambda world: f"machines/{world.machine.client_id}"),
    "campaign": ("pause", "resume", lambda world: f"campaigns/{world.campaign.public_id}"),
    "entrance": ("off", "on", lambda world: f"entrances/{world.entrance.id}"),
    "car park": ("off", "on", lambda world: f"parking/car-parks/{world.car_park.code}"),
    "staff": ("off", "on", lambda world: f"staff/{world.clerk.public_id}"),
}


def entries() -> int:
    return db.session.scalar(select(func.count()).select_from(AuditEntry)) or 0


@pytest.mark.parametrize("what", SWITCHES)
def test_a_switch_pressed_twice_is_audited_once(administrator: Console, world: World, what: str) -> None:
    off, on, place = SWITCHES[what]
    address = f"{world.base}/{place(world)}"
    before = entries()
    for number, switch in enumerate((off, on), 1):
        for _ in range(2):
            administrator.post(f"{address}/{switch}", page=f"{world.base}/home")
        assert entries() == before + number
        before = entries() - number


def test_an_entry_bears_the_moment_at_which_the_act_had_its_locks(clock: StillClock) -> None:
    began = app_clock.now()
    clock.advance(seconds=2)
    audit.record(audit.SYSTEM, action="member.search", subject="member:1", now=began)
    assert audited("member.search").at == app_clock.now()


# What is said in a form and said again from another tab: address below the mall's, and the fields.
SAID: dict[str, Callable[[World], tuple[str, dict[str, object]]]] = {
    "store.change": lambda world: (
        f"stores/{world.store.code}",
        {"name": "新名字", "floor": "2F", "category": "dining", "active": "yes"},
    ),
    "merchant.rename": lambda world: (f"stores/merchants/{world.merchant.code}", {"name": "新商户名"}),
    "parking.change_car_park": lambda world: (
        f"parking/car-parks/{world.car_park.code}",
        {"name": "新停车场", "gate_url": "http://10.0.0.8:8080"},
    ),
    "parking.set_tariff": lambda world: (
        "parking/tariffs",
        {
            "car_park": world.car_park.code,
            "effective_from": "2026-03-20",
            "free_minutes": "15",
            "step_minutes": "60",
            "step": "4.5",
            "daily_cap": "45",
            "exit_grace_minutes": "20",
        },
    ),
    "contract.manage": lambda world: (
        f"contracts/{world.merchant.code}/terms",
        {"effective_from": "2026-03-12", "commission": "6.5", **PRICES},
    ),
    "account.set": lambda world: (
        "settlement/account",
        {"holder": "甲公司", "bank": "工行", "number": "6222000011112345"},
    ),
    "face.change": lambda world: ("face", {"accent": "#155e75", "gradient": "own", "slogan": "城市好时光"}),
    "tier.set_perks": lambda world: ("face/tiers/gold", {"perks": "每月 2 张停车券"}),
    "campaign.set_grants": lambda world: (
        "campaigns/grants",
        {"trigger": "task:first_order_coupon", "campaign": [world.campaign.public_id]},
    ),
    "statement.invoice": lambda world: (
        f"settlement/statements/{world.statement_no}/invoice",
        {"invoice_status": "issued", "invoice_no": "2531"},
    ),
    "case.take": lambda world: (f"cases/{world.case.public_id}/take", {}),
}


@pytest.mark.parametrize("action", SAID)
def test_what_is_said_again_is_audited_once(administrator: Console, world: World, action: str) -> None:
    path, fields = SAID[action](world)
    for _ in range(2):
        answer = administrator.post(f"{world.base}/{path}", page=f"{world.base}/home", **fields)
        assert not answer.location.endswith("/home"), administrator.get(f"{world.base}/audit").text
    assert audited(action).actor_id == administrator.person.id


def test_a_statement_is_settled_once_from_two_tabs(finance: Console, world: World, clock: StillClock) -> None:
    statement = db.session.scalars(select(Statement).where(Statement.statement_no == world.statement_no)).one()
    statements.confirm(statement.id, by="王海", now=clock.now)
    page = f"{world.base}/settlement/statements/{world.statement_no}"
    for _ in range(2):
        finance.post(f"{page}/paid", page=page, reference="B-1")
        assert "已标记为结清" in finance.get(page).text
    assert audited("statement.pay").facts["reference"] == "B-1"
    finance.post(f"{page}/paid", page=page, reference="B-2")
    assert audited("statement.pay").facts["reference"] == "B-1"


def test_a_role_that_is_held_is_not_given_again(administrator: Console, world: World) -> None:
    page = f"{world.base}/staff/{world.clerk.public_id}"
    for said in ("已为", "没有变化"):
        administrator.post(f"{page}/roles", page=page, role="operations", place=f"mall:{world.mall.code}")
        assert said in administrator.get(page).text
    assert audited("staff.role_granted").facts["role"] == "operations"


# What was in order when it was pressed and would not be when it is pressed again: address, fields, and what changes in
# between, besides the act itself.
PRESSED: dict[str, Callable[[World], tuple[str, dict[str, object], Callable[[], object]]]] = {
    "segment.create": lambda world: ("segments", {"title": "好会员", **TREE}, lambda: None),
    "segment.change": lambda world: (
        f"segments/{world.segment.public_id}",
        {"segment": world.segment.public_id, "title": "改了", "seen": "1", **TREE},
        lambda: None,
    ),
    "care.give_coupon": lambda world: giving_a_coupon(world),
    "case.hand_on": lambda world: (
        f"cases/{world.case.public_id}/hand-on",
        {"to": f"person:{world.clerk.public_id}"},
        lambda: db.session.execute(delete(StaffRole).where(StaffRole.staff_id == world.clerk.id)),
    ),
}


def giving_a_coupon(world: World) -> tuple[str, dict[str, object], Callable[[], object]]:
    """One that is given out no more when the button is pressed again."""
    campaign = make_campaign(world.mall, title="补偿券")
    fields: dict[str, object] = {"campaign": campaign.public_id, "why": "complaint", "note": "等位太久"}
    address = f"members/{world.member.public_id}/care/coupons"
    return address, fields, lambda: campaigns.set_active(campaign, active=False)


@pytest.mark.parametrize("action", PRESSED)
def test_a_form_pressed_twice_goes_where_the_first_press_went(
    administrator: Console, world: World, action: str
) -> None:
    path, fields, meanwhile = PRESSED[action](world)
    grant_role(world.clerk.id, role=Role.ADMINISTRATOR, place=GROUP)
    home, key = f"{world.base}/home", "K" * 22
    first = administrator.post(f"{world.base}/{path}", page=home, key=key, **fields)
    assert first.status_code == 303 and not first.location.endswith("/home")
    meanwhile()
    again = administrator.post(f"{world.base}/{path}", page=home, key=key, **fields)
    assert (again.status_code, again.location) == (303, first.location)
    assert audited(action).actor_id == administrator.person.id
