"""The audit log: narrowed, in words, with what each reader may see, where the thing lies."""

import dataclasses
import re
from typing import Any

import pytest
from sqlalchemy import select

from app.access import audit
from app.access.machines.models import Machine
from app.access.models import AuditEntry, Role
from app.access.scopes import GROUP, Place
from app.benefits.campaigns.rules import Offer
from app.flows import redemptions
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.malls.directory import StoreFacts
from app.malls.looks import Look
from mall_console.audit.audit_log import FACTS
from tests.builders.benefits import make_campaign, make_coupon, make_till
from tests.builders.console import World
from tests.mall_console.conftest import Console, SignIn, audited
from tests.support.clock import StillClock


def test_the_audit_log_calls_things_by_their_names(
    administrator: Console, operations: Console, finance: Console, world: World
) -> None:
    base, campaign = world.base, world.campaign
    operations.post(f"{base}/campaigns/{campaign.public_id}/pause")
    operations.post(f"{base}/campaigns/grants", trigger="join", nothing="yes")
    operations.post(f"{base}/entrances/{world.entrance.id}/off")
    operations.post(f"{base}/parking/car-parks/{world.car_park.code}/off")
    operations.post(f"{base}/members/search", who="13800000000")
    administrator.post(f"{base}/machines/{world.machine.client_id}/off")
    administrator.post(f"{base}/staff/{world.clerk.public_id}/off")
    administrator.post(f"{base}/stores/merchants/{world.merchant.code}", name="乙味餐饮")
    terms = {
        "effective_from": "2026-03-12",
        "commission": "6.5",
        "issue_price": "0.8",
        "redeem_price": "1",
        "due_days": "30",
    }
    finance.post(f"{base}/contracts/{world.merchant.code}/terms", **terms)
    shown = administrator.get(f"{base}/audit").text
    machine = db.session.scalars(select(Machine.name).where(Machine.client_id == world.machine.client_id)).one()
    assert {
        ("甲立减", "活动"),
        ("入会礼", "发放规则"),
        ("甲电梯屏", "入口码"),
        ("甲停车场", "停车场"),
        (machine, "设备"),
        ("甲店员", "员工"),
        ("乙味餐饮", "商户"),
        ("未找到", "会员"),
    } <= set(_subjects(shown))


def test_the_audit_log_is_narrowed_by_day_and_subject(administrator: Console, world: World) -> None:
    administrator.post(f"{world.base}/campaigns/{world.campaign.public_id}/pause")
    assert "暂停发放" in administrator.get(f"{world.base}/audit?subject=campaign.").text
    assert "没有符合条件的记录" in administrator.get(f"{world.base}/audit?subject=campaign.&day=2026-03-10").text


def _subjects(shown: str) -> list[tuple[str, str]]:
    return re.findall(r'data-label="对象">([^<]*)<small>([^<]*)</small>', shown)


def test_a_redemption_and_its_undoing_are_told(auditor: Console, world: World, clock: StillClock) -> None:
    coupon = make_coupon(world.member, make_campaign(world.mall, stores=[world.store], title="甲满减"))
    till = make_till(world.store, staff_id=world.clerk.id)
    done = redemptions.redeem_coupon(coupon.code, till, spend_fen=10_000, now=clock.now)
    redemptions.reverse_redemption(done.redemption_id, till, now=clock.now)
    shown = auditor.get(f"{world.base}/audit?subject=redemption.").text
    undone, redeemed = shown.split("<tr>")[2:4]
    assert "撤销核销" in undone and "¥10.00" in undone
    assert "券码尾号" in redeemed and _subjects(shown)[:2] == [("甲满减", "核销")] * 2


def test_what_the_command_line_did_is_told_in_words(administrator: Console, world: World, clock: StillClock) -> None:
    for action, subject in (("mall.open", f"mall:{world.mall.id}"), ("staff.create", f"staff:{world.clerk.id}")):
        audit.record(audit.SYSTEM, action=action, subject=subject, now=clock.now, place=GROUP)
    shown = administrator.get(f"{world.base}/audit").text
    assert "开设商场" in shown and "添加员工（命令行）" in shown
    assert {("甲商场", "商场"), ("甲店员", "员工")} <= set(_subjects(shown))


def test_odd_subjects_are_shown_as_they_are(administrator: Console, world: World, clock: StillClock) -> None:
    for which in ("99999999999999999999", "9223372036854775808", "²", "0", ""):
        audit.record(audit.SYSTEM, action="store.change", subject=f"store:{which}", now=clock.now, place=GROUP)
    answer = administrator.get(f"{world.base}/audit?subject=store.")
    assert answer.status_code == 200
    assert {("²", "门店"), ("…99999999", "门店"), ("…54775808", "门店")} <= set(_subjects(answer.text))


def test_terms_and_sums_are_for_those_who_may_see_them(
    operations: Console, finance: Console, auditor: Console, world: World
) -> None:
    terms = {
        "effective_from": "2026-03-12",
        "commission": "6.5",
        "issue_price": "0.8",
        "redeem_price": "1",
        "due_days": "30",
    }
    finance.post(f"{world.base}/contracts/{world.merchant.code}/terms", **terms)
    for console, sees in ((auditor, True), (finance, True), (operations, False)):
        for query in ("", "?subject=contract."):
            assert ("新增合同条款" in console.get(f"{world.base}/audit{query}").text) is sees


def test_an_entry_about_a_person_lies_where_the_person_works(
    administrator: Console, enter: SignIn, world: World, other: World
) -> None:
    """Whoever keeps all malls may do it from any mall's console."""
    address = f"{other.base}/staff/{world.clerk.public_id}"
    administrator.post(f"{address}/password", new_password="other-pass-2")
    administrator.post(f"{address}/off")
    assert (audited("staff.password_reset").mall_id, audited("staff.switched_off").mall_id) == (world.mall.id,) * 2
    theirs = enter(Role.OPERATIONS, Place(mall_id=other.mall.id))
    assert "甲店员" not in theirs.get(f"{other.base}/audit").text
    administrator.post(f"{world.base}/staff/{world.clerk.public_id}/on")
    administrator.post(f"{address}/roles", role="clerk", place=f"store:{other.store.code}")
    assert audited("staff.role_granted").mall_id == other.mall.id
    first = re.findall(r"/roles/(\d+)/off", administrator.get(address).text)[0]
    administrator.post(f"{address}/password", new_password="other-pass-3")
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "staff.password_reset"))
    assert [entry.mall_id for entry in entries.all()] == [world.mall.id, None]  # of two malls: the group's
    administrator.post(f"{address}/roles/{first}/off")
    assert audited("staff.role_revoked").mall_id == world.mall.id


@pytest.mark.parametrize(("about", "facts"), [("campaign", Offer), ("store", StoreFacts), ("face", Look)])
def test_every_fact_that_is_written_down_of_a_form_has_a_word(about: str, facts: type[Any]) -> None:
    names = [field.name for field in dataclasses.fields(facts)]
    assert [name for name in names if f"{about}.{name}" not in FACTS and name not in FACTS] == []


def test_exports_and_the_system_are_told_in_words(auditor: Console, world: World) -> None:
    auditor.get(f"{world.base}/members?export=csv")
    audit.record(
        audit.SYSTEM,
        action="member.merge",
        subject="member:none",
        now=app_clock.now(),
        place=Place(mall_id=world.mall.id),
    )
    shown = auditor.get(f"{world.base}/audit").text
    assert "会员<small>列表</small>" in shown.replace("\n", "") and ">系统<" in shown and ">system<" not in shown
