"""Members: finding one, what is masked, what is written down about looking."""

import pytest

from app.flows.members import leaving
from app.flows.privacy import profiling
from app.identity import members
from app.identity.models import IdentityKind
from app.kernel import clock
from app.kernel.security import codes
from app.verification import phones
from tests.builders.console import PHONES, PLATES, World
from tests.builders.exchanges import exchange, make_priced
from tests.builders.identity import make_member, make_visitor
from tests.builders.profiles import tell_everything
from tests.builders.till_points import ask, give_points, make_taker
from tests.mall_console.conftest import Console, audited

FULL = PHONES["甲"]
MASKED = "137****8765"


@pytest.mark.parametrize("kind", ["phone", "card_no", "plate"])
def test_a_member_is_found_by_phone_card_or_plate_and_the_look_up_is_audited(
    auditor: Console, world: World, kind: str
) -> None:
    typed = {"phone": f"+86 {FULL}", "card_no": codes.grouped(world.member.card_no or ""), "plate": "沪A·11111"}[kind]
    answer = auditor.post(f"{world.base}/members/search", who=typed)
    assert answer.location == f"{world.base}/members/{world.member.public_id}"
    entry = audited("member.search")
    assert (entry.actor_id, entry.subject, entry.facts) == (
        auditor.person.id,
        f"member:{world.member.id}",
        {"by": kind},
    )


@pytest.mark.parametrize(
    "typed",
    [
        "沪A•11111",
        "沪A—11111",
        "沪Ａ１１１１１",
        "滬A\u200b11111",
        "沪A_11111",
        "滬 a.IIIII",
        f"0086 {FULL}",
        f"\u202a{FULL}\u202c",
    ],
)
def test_a_member_is_found_however_their_plate_or_phone_is_written(auditor: Console, world: World, typed: str) -> None:
    answer = auditor.post(f"{world.base}/members/search", who=typed)
    assert answer.location == f"{world.base}/members/{world.member.public_id}"


@pytest.mark.parametrize("card_no", ["13900000001", "AB1234"])
def test_a_card_is_found_although_its_number_could_be_a_phone_or_a_plate(
    auditor: Console, world: World, card_no: str
) -> None:
    members.bind_card(world.member, card_no, now=clock.now())
    answer = auditor.post(f"{world.base}/members/search", who=card_no)
    assert answer.location == f"{world.base}/members/{world.member.public_id}"
    assert audited("member.search").facts == {"by": "card_no"}


@pytest.mark.parametrize("typed", ["13700000000", "8764", "765", "nobody"])
def test_who_is_not_known_is_not_found_and_that_is_audited_too(auditor: Console, world: World, typed: str) -> None:
    page = f"{world.base}/members"
    assert auditor.post(f"{page}/search", page=page, who=typed).location == page
    assert "未找到" in auditor.get(page).text
    assert audited("member.search").subject == "member:none"


def test_a_member_of_another_mall_who_was_never_here_is_not_found(
    operations: Console, world: World, other: World
) -> None:
    page = f"{world.base}/members"
    operations.post(f"{page}/search", page=page, who=PHONES["乙"])
    assert "未找到" in operations.get(page).text
    assert operations.get(f"{page}/{other.member.public_id}").status_code == 404


def test_phones_are_masked_and_shown_in_full_once_to_who_may_contact_members(
    operations: Console, auditor: Console, world: World
) -> None:
    address = f"{world.base}/members/{world.member.public_id}"
    for console in (operations, auditor):
        page = console.get(address).text
        assert MASKED in page and FULL not in page
    shown = operations.post(f"{address}/phone")
    assert shown.status_code == 200 and FULL in shown.text
    assert FULL not in operations.get(address).text
    entry = audited("member.show_phone")
    assert (entry.actor_id, entry.subject, entry.facts) == (operations.person.id, f"member:{world.member.id}", {})
    assert auditor.post(f"{address}/phone").status_code == 403


def test_birthday_and_household_are_read_by_operations_alone(
    operations: Console, auditor: Console, world: World
) -> None:
    tell_everything(world.member)
    address = f"{world.base}/members/{world.member.public_id}"
    page = operations.get(address).text
    assert "1990-07-05" in page and "3–6 岁 1 个、7–12 岁 2 个" in page
    masked = auditor.get(address).text
    assert "1990" not in masked and "3–6 岁" not in masked
    assert "住在附近" in masked and "已填写" in masked


def test_a_visitor_has_neither_tier_nor_points(operations: Console, world: World) -> None:
    """Whoever has joined has."""
    visitor = make_visitor(world.mall)
    for member, has in ((visitor, False), (world.member, True)):
        page = operations.get(f"{world.base}/members/{member.public_id}").text
        assert ("<dt>等级</dt>" in page, "<dt>可用积分</dt>" in page) == (has, has)


def test_who_switched_profiling_off_is_seen_to_have(operations: Console, world: World) -> None:
    address = f"{world.base}/members/{world.member.public_id}"
    assert "关闭" not in operations.get(address).text
    assert "近 180 天的消费、到店和浏览太少" in operations.get(f"{address}?tab=tags").text
    profiling.stop_profiling(world.member.id, now=clock.now())
    day = clock.business_date(clock.now())
    assert f"会员于 {day} 关闭" in operations.get(address).text
    assert "会员关闭了个性化分析，不计算系统标签" in operations.get(f"{address}?tab=tags").text


def test_plates_and_identities_are_masked_for_who_may_not_contact(
    operations: Console, auditor: Console, world: World
) -> None:
    members.recognise(
        {IdentityKind.PHONE: phones.phone_index(FULL), IdentityKind.MINI_OPENID: "oABCDEFGHIJKLMNOP"},
        home_mall_id=world.mall.id,
        now=clock.now(),
    )
    address = f"{world.base}/members/{world.member.public_id}"
    assert PLATES["甲"] in operations.get(address).text
    page = auditor.get(address).text
    assert PLATES["甲"] not in page and "沪A***11" in page
    assert "oABC…MNOP" in page and "oABCDEFGHIJKLMNOP" not in page
    assert PLATES["甲"] not in auditor.get(f"{world.base}/parking").text


def test_a_merged_member_leads_to_the_one_who_stayed(operations: Console, world: World) -> None:
    visitor = make_visitor(world.mall)
    survivor = members.bind_phone(visitor, FULL, now=clock.now())
    assert survivor.id == world.member.id
    answer = operations.get(f"{world.base}/members/{visitor.public_id}")
    assert answer.location == f"{world.base}/members/{world.member.public_id}"


def test_the_list_of_those_who_joined_goes_on_page_by_page(operations: Console, world: World) -> None:
    made = {make_member(world.mall).public_id for _ in range(31)} | {world.member.public_id}
    first = operations.get(f"{world.base}/members?joined=2026-03-11").text
    more = first.split('hx-get="')[-1].split('"')[0].replace("&amp;", "&")
    second = operations.client.get(more, headers={"HX-Request": "true"}).text
    assert "<html" not in second and "joined=2026-03-11" in more
    assert {one for one in made if one in first} | {one for one in made if one in second} == made
    assert not {one for one in made if one in first and one in second}


def test_who_has_left_is_shown_without_anything_that_says_who_it_was(operations: Console, world: World) -> None:
    told = leaving.preview_leaving(world.member.id, now=clock.now()).cost
    leaving.let_member_leave(world.member.id, told=told, now=clock.now())
    page = operations.get(f"{world.base}/members/{world.member.public_id}").text
    assert "已注销" in page and "注销会员" in page
    assert MASKED not in page and PLATES["甲"] not in page
    assert operations.post(f"{world.base}/members/{world.member.public_id}/phone").status_code == 200
    operations.post(f"{world.base}/members/search", page=f"{world.base}/members", who=FULL)
    assert "未找到" in operations.get(f"{world.base}/members").text


def test_the_timeline_says_where_how_much_which_coupon_and_how_many_points(operations: Console, world: World) -> None:
    rows = operations.get(f"{world.base}/members/{world.member.public_id}").text.split('id="rows"')[1]
    bought, used = (next(row for row in rows.split("<tr>") if word in row) for word in ("消费 ¥", "用券「"))
    assert world.store.name in bought and "小票" in bought and "¥" in bought and "+" in bought
    assert world.campaign.title in used and "优惠 ¥10.00" in used and world.store.name in used


def test_the_timeline_says_what_points_were_used_for(operations: Console, world: World) -> None:
    give_points(world.member, 3_000)
    ask(world.member, make_taker(world.store), 1_000)
    exchange(world.member, make_priced(world.mall, title="手冲咖啡"))
    rows = operations.get(f"{world.base}/members/{world.member.public_id}").text.split('id="rows"')[1]
    paid, had = (next(row for row in rows.split("<tr>") if word in row) for word in ("用积分抵扣", "积分兑换"))
    assert f"在{world.store.name}用积分抵扣" in paid and "1,000" in paid
    assert "积分兑换「手冲咖啡」" in had and "500" in had
