"""The history page: shifts and who did what in them, and coupons by the end of their code."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from app.benefits.coupons.models import Coupon
from app.identity.models import Member
from app.kernel.security import codes
from app.malls.models import Mall, Store
from tests.builders.benefits import make_campaign, make_coupon
from tests.builders.malls import make_store
from tests.builders.staff import csrf_token, make_clerk
from tests.merchant_portal.conftest import Portal
from tests.support.clock import StillClock
from tests.support.isolation import Client


@pytest.fixture
def colleague(app: Flask, store: Store) -> Portal:
    return Portal.of(Client(app, app.response_class), make_clerk(store, name="赵敏"))


def history(portal: Portal, **asked: str) -> str:
    answer = portal.client.get("/portal/history", query_string=asked)
    assert answer.status_code == 200
    return answer.text


def found(portal: Portal, typed: str) -> str:
    """What the search by the end of a code leads to."""
    form = {
        "csrf_token": csrf_token(portal.client, "/portal/me"),
        "idempotency_key": codes.new_public_id(),
        "code": typed,
    }
    answer = portal.client.post("/portal/history/search", data=form)
    assert answer.status_code == 303 and typed.upper() not in answer.location.upper()
    return portal.client.get(answer.location).text


def figures(page: str) -> list[str]:
    return re.findall(r'<b class="num">([^<]+)</b>', page)


def clerks(page: str) -> list[str]:
    """Each line of the sums as text: name, coupons, discount and the mall's part of it."""
    [part] = re.findall(r"按店员</h2>(.*?)</section>", page, re.S)
    return [re.sub(r"<[^>]+>", " ", line).split() for line in re.findall(r"<li>(.*?)</li>", part, re.S)]


def test_a_shift_is_summed_by_clerk_and_undone_ones_do_not_count(
    clerk: Portal, colleague: Portal, coupon: Coupon, member: Member, mall: Mall, clock: StillClock
) -> None:
    tea = make_campaign(mall, title="茶饮券", face_fen=500, per_member_limit=9)
    clerk.redeem(make_coupon(member, tea))  # at ten, before the shift
    clock.advance(hours=4)
    clerk.redeem(coupon)
    colleague.redeem(make_coupon(member, tea))
    undone = clerk.redeem(make_coupon(member, tea)).json["id"]
    clerk.post(f"/redemptions/{undone}/undo", {})
    day = history(clerk)
    assert (figures(day)[:3], clerks(day)) == (
        ["3", "¥20.00", "¥12.00"],
        [["李芳（我）", "2", "张", "¥15.00", "商场补", "¥9.00"], ["赵敏", "1", "张", "¥5.00", "商场补", "¥3.00"]],
    )
    shift = history(clerk, **{"from": "13:00", "to": "15:00"})
    assert (figures(shift)[:3], shift.count('<li class="use')) == (["2", "¥15.00", "¥9.00"], 3)
    assert [line[0] for line in clerks(shift)] == ["李芳（我）", "赵敏"]
    alone = history(clerk, **{"from": "13:00", "clerk": colleague.person.public_id})
    assert figures(alone)[:3] == ["1", "¥5.00", "¥3.00"]


@pytest.mark.parametrize("asked", [{"from": "25:00"}, {"from": "18:00", "to": "09:00"}, {"clerk": "nobody", "to": "x"}])
def test_a_shift_that_is_none_is_the_day(clerk: Portal, coupon: Coupon, asked: dict[str, str]) -> None:
    clerk.redeem(coupon)
    assert figures(history(clerk, **asked))[0] == "1"


def test_a_past_shift_shows_a_clerk_no_amounts(clerk: Portal, coupon: Coupon, clock: StillClock) -> None:
    clerk.redeem(coupon)
    day = (clock.now).date().isoformat()
    clock.advance(days=1)
    clerk = Portal.of(clerk.client, clerk.person)
    page = history(clerk, day=day, **{"from": "09:00"})
    assert clerks(page) == [["李芳（我）", "1", "张"]] and "¥" not in page


def test_a_coupon_is_found_by_the_end_of_its_code_on_any_day(
    app: Flask, clerk: Portal, manager: Portal, coupon: Coupon, member: Member, mall: Mall, clock: StillClock
) -> None:
    clerk.redeem(coupon)
    clerk.redeem(make_coupon(member, make_campaign(mall, title="茶饮券")))
    clock.advance(days=40)
    for portal in (clerk, manager):
        Portal.of(portal.client, portal.person)
    for typed in (coupon.code[-4:], coupon.code[-5:].lower(), coupon.code):
        page = found(manager, typed)
        assert "立减券" in page and "茶饮券" not in page and "¥10.00" in page
        assert coupon.code[-4:] in page and coupon.code not in page.replace(f'value="{coupon.code}"', "").replace(
            f"券码尾号 {coupon.code}", ""
        )
    assert "¥10.00" not in found(clerk, coupon.code[-4:])
    other = Portal.of(Client(app, app.response_class), make_clerk(make_store(mall)))
    assert "本店没有核销过这张券" in found(other, coupon.code)
    assert "搜索已过期" in history(clerk, code=coupon.code)
    assert clock.now - coupon.issued_at > timedelta(days=39)


@pytest.mark.parametrize("typed", ["K7", "好好好好", "%%%%"])
def test_the_end_of_a_code_is_four_letters_and_digits(clerk: Portal, typed: str) -> None:
    assert "请输入券码的后 4 位" in found(clerk, typed)
