"""What operations and administrators keep: campaigns, tariffs, staff, stores, machines; all of it audited."""

import re

import pytest
from sqlalchemy import select

from app.access import staff_queries
from app.access.machines import machines
from app.access.models import Role, Staff
from app.access.scopes import Place
from app.kernel.db import db
from app.kernel.security import codes, crypto
from app.malls.models import Merchant, Store
from app.outreach.messages.models import MessageStatus, Reason
from app.parking.car_parks import tariffs
from tests.builders.console import World
from tests.builders.malls import make_merchant
from tests.builders.staff import sign_in
from tests.mall_console.conftest import Console, SignIn, audited
from tests.support.isolation import Client


def test_nobody_s_role_or_range_is_chosen_beforehand(administrator: Console, world: World) -> None:
    for path in ("/staff/new", "/machines/new", "/stores/new"):
        page = administrator.get(world.base + path).text
        assert page.count("<select") == page.count('<option value="">请选择</option>'), path
    form = {"name": "新人", "phone": "13700009999", "new_password": "harbour-4417", "role": "", "place": ""}
    page = f"{world.base}/staff/new"
    administrator.post(f"{world.base}/staff", page=page, **form)
    assert "请选择一项" in administrator.get(page).text


def test_what_stops_or_replaces_asks_first_and_says_what_follows(administrator: Console, world: World) -> None:
    for path, acts in {
        f"/staff/{world.clerk.public_id}": ("/off", "/password"),
        "/machines": ("/off", "/secret"),
        f"/campaigns/{world.campaign.public_id}": ("/pause",),
        "/campaigns/grants": ("/grants",),
        f"/entrances/{world.entrance.id}": ("/off",),
        f"/parking/car-parks/{world.car_park.code}": ("/off", "/secret"),
    }.items():
        page = administrator.get(world.base + path).text
        questions = "".join(re.findall(r'<div class="ask".*?</div>\s*</div>', page, re.DOTALL))
        for act in acts:
            [form] = re.findall(rf'<form[^>]*action="[^"]*{act}".*?</form>', page, re.DOTALL)[:1]
            assert form in questions or 'class="ask"' in form, (path, act)


def test_a_tariff_holds_from_a_coming_day_on(operations: Console, world: World) -> None:
    page = f"{world.base}/parking/tariffs"
    form = {
        "car_park": world.car_park.code,
        "free_minutes": "15",
        "step_minutes": "30",
        "step": "4.5",
        "daily_cap": "60",
        "exit_grace_minutes": "20",
    }
    operations.post(page, page=page, effective_from="2026-03-11", **form)
    assert "最早从明天开始" in operations.get(page).text
    assert operations.post(page, effective_from="2026-03-12", **form).location == page
    latest = tariffs.list_tariffs(world.car_park.id)[0]
    assert (latest.step_fen, latest.step_minutes, latest.daily_cap_fen) == (450, 30, 6_000)
    assert audited("parking.set_tariff").facts["effective_from"] == "2026-03-12"


def _hired(name: str) -> Staff:
    return db.session.scalars(select(Staff).where(Staff.name == name)).one()


def test_somebody_new_gets_one_role_in_one_place_and_must_replace_the_password(
    administrator: Console, world: World, client: Client
) -> None:
    form = {
        "name": "李娜",
        "phone": "13855556666",
        "role": "clerk",
        "place": f"store:{world.store.code}",
        "new_password": "first-pass-1",
    }
    administrator.post(f"{world.base}/staff", **form)
    person = _hired("李娜")
    [grant] = staff_queries.scope_of(person.id).grants
    assert (grant.role, grant.place.store_id, person.password_temporary) == (Role.CLERK, world.store.id, True)
    assert audited("staff.hired").facts["role"] == "clerk"
    assert sign_in(client, person, password="first-pass-1").status_code == 303


def test_a_role_goes_only_where_it_belongs(administrator: Console, world: World) -> None:
    page = f"{world.base}/staff/new"
    form = {"name": "李娜", "phone": "13855556666", "new_password": "first-pass-1"}
    administrator.post(f"{world.base}/staff", page=page, role="clerk", place=f"mall:{world.mall.code}", **form)
    assert "店员要选一家门店" in administrator.get(page).text


def test_an_administrator_of_one_mall_gives_no_role_beyond_it(enter: SignIn, world: World, other: World) -> None:
    console = enter(Role.ADMINISTRATOR, Place(mall_id=world.mall.id))
    page = f"{world.base}/staff/new"
    assert "整个集团" not in console.get(page).text
    form = {"name": "李娜", "phone": "13855556666", "new_password": "first-pass-1", "role": "operations"}
    for place in ("group", f"mall:{other.mall.code}"):
        console.post(f"{world.base}/staff", page=page, place=place, **form)
    assert db.session.scalars(select(Staff).where(Staff.name == "李娜")).all() == []
    assert console.post(f"{world.base}/staff/{other.clerk.public_id}/off").status_code == 404


def test_roles_are_added_and_taken_back_but_never_the_last(administrator: Console, world: World) -> None:
    address = f"{world.base}/staff/{world.clerk.public_id}"
    merchant = f"merchant:{world.merchant.code}"
    administrator.post(f"{address}/roles", role="merchant_manager", place=merchant)
    assert len(staff_queries.scope_of(world.clerk.id).grants) == 2
    ids = re.findall(r"/roles/(\d+)/off", administrator.get(address).text)
    administrator.post(f"{address}/roles/{ids[0]}/off")
    administrator.post(f"{address}/roles/{ids[1]}/off", page=address)
    assert "至少保留一个角色" in administrator.get(address).text
    assert len(staff_queries.scope_of(world.clerk.id).grants) == 1


def test_an_account_is_switched_off_at_once_and_nobody_switches_off_their_own(
    administrator: Console, operations: Console, world: World
) -> None:
    administrator.post(f"{world.base}/staff/{operations.person.public_id}/off")
    assert operations.get(world.base).status_code == 303
    address = f"{world.base}/staff/{administrator.person.public_id}"
    administrator.post(f"{address}/off", page=address)
    assert administrator.get(address).status_code == 200
    assert audited("staff.switched_off").subject == f"staff:{operations.person.id}"


def test_a_reset_password_ends_the_sessions(administrator: Console, operations: Console, world: World) -> None:
    address = f"{world.base}/staff/{operations.person.public_id}"
    assert administrator.post(f"{address}/password", new_password="other-pass-2").location == address
    assert operations.get(world.base).status_code == 303
    assert audited("staff.password_reset").facts == {}


def test_merchants_and_stores_are_added_and_changed(administrator: Console, world: World) -> None:
    administrator.post(f"{world.base}/stores/merchants", code="M-NEW", name="新商户")
    form = {"name": "新店", "floor": "2F", "category": "dining"}
    assert administrator.post(f"{world.base}/stores", code="YH-2F", merchant="M-NEW", **form).status_code == 303
    store = db.session.scalars(select(Store).where(Store.code == "YH-2F")).one()
    assert (store.mall_id, store.floor) == (world.mall.id, "2F")
    administrator.post(f"{world.base}/stores/YH-2F", active="no", **form | {"floor": "3F"})
    db.session.refresh(store)
    assert (store.active, store.floor) == (False, "3F")
    assert (audited("store.create").store_id, audited("store.change").store_id) == (None, store.id)
    page = f"{world.base}/stores/new"
    administrator.post(f"{world.base}/stores", page=page, code="YH-2F", merchant="M-NEW", **form)
    assert "这个门店编号已被使用" in administrator.get(page).text


@pytest.mark.parametrize("code", ["A/B", "A?b", "A%2FB", "a#b", ".", "..", "一楼 01", "a b", "\u202eYH", "-1", ""])
def test_a_code_that_no_address_and_no_till_can_bear_is_refused(
    administrator: Console, world: World, code: str
) -> None:
    page, form = f"{world.base}/stores/new", {"name": "新店", "floor": "2F", "category": "dining"}
    administrator.post(f"{world.base}/stores", page=page, code=code, merchant=world.merchant.code, **form)
    assert "门店编号" in administrator.get(page).text.split('class="flash')[1].split("</p>")[0]
    page = f"{world.base}/stores/merchants"
    administrator.post(page, page=page, code=code, name="新商户")
    assert "商户编号" in administrator.get(page).text.split('class="flash')[1].split("</p>")[0]
    assert db.session.scalars(select(Merchant).where(Merchant.name == "新商户")).all() == []


def test_a_merchant_with_stores_elsewhere_is_renamed_by_the_group_only(
    enter: SignIn, administrator: Console, world: World, other: World
) -> None:
    db.session.add(
        Store(
            mall_id=other.mall.id,
            merchant_id=world.merchant.id,
            code="X",
            name="分店",
            floor="1F",
            category_code="dining",
            active=True,
            created_at=world.mall.created_at,
        )
    )
    address = f"{world.base}/stores/merchants/{world.merchant.code}"
    assert enter(Role.ADMINISTRATOR, Place(mall_id=world.mall.id)).post(address, name="别名").status_code == 403
    assert administrator.post(address, name="别名").status_code == 303
    assert db.session.get_one(Merchant, world.merchant.id).name == "别名"


def test_a_merchant_without_stores_is_renamed_where_it_was_added(
    administrator: Console, enter: SignIn, world: World, other: World
) -> None:
    here, there = (enter(Role.ADMINISTRATOR, Place(mall_id=one.mall.id)) for one in (world, other))
    here.post(f"{world.base}/stores/merchants", code="NEW-1", name="新商户")
    address = "{}/stores/merchants/NEW-1"
    assert "改名" not in there.get(address.format(other.base)).text
    assert there.post(address.format(other.base), name="别名").status_code == 403
    assert "改名" in here.get(address.format(world.base)).text
    assert here.post(address.format(world.base), name="别名").status_code == 303
    merchant = db.session.scalars(select(Merchant).where(Merchant.code == "NEW-1")).one()
    assert (merchant.name, merchant.added_in_mall_id) == ("别名", world.mall.id)
    unknown = make_merchant(code="OLD-1")
    old = f"{world.base}/stores/merchants/{unknown.code}"
    assert (here.post(old, name="甲").status_code, administrator.post(old, name="乙").status_code) == (403, 303)


def test_a_machine_s_secret_is_shown_once_and_kept_sealed(administrator: Console, world: World) -> None:
    form = {"kind": "pos", "name": "收银", "client_id": "second-floor-till", "place": world.store.code}
    key = codes.new_public_id()
    shown = administrator.post(f"{world.base}/machines", key=key, **form)
    machine = machines.find_machine("second-floor-till")
    assert machine is not None and shown.status_code == 200
    secret = crypto.unseal(machine.secret_sealed, purpose=machines.SECRET_PURPOSE)
    assert secret in shown.text and machine.store_id == world.store.id
    again = administrator.post(f"{world.base}/machines", key=key, **form)
    assert again.location == f"{world.base}/machines" and secret not in administrator.get(again.location).text
    assert secret not in str(audited("machine.register").facts)


def test_a_known_machine_is_not_registered_over(administrator: Console, world: World, other: World) -> None:
    page = f"{world.base}/machines/new"
    before = machines.find_machine(other.machine.client_id)
    form = {"kind": "pos", "name": "收银", "client_id": other.machine.client_id, "place": "*"}
    administrator.post(f"{world.base}/machines", page=page, **form)
    assert "这个设备编号已登记" in administrator.get(page).text
    assert before is not None and before.mall_id == other.mall.id


def test_a_switched_off_machine_and_a_new_secret(administrator: Console, world: World) -> None:
    address = f"{world.base}/machines/{world.machine.client_id}"
    administrator.post(f"{address}/off")
    machine = machines.find_machine(world.machine.client_id)
    assert machine is not None and not machine.active
    shown = administrator.post(f"{address}/secret")
    db.session.refresh(machine)
    secret = crypto.unseal(machine.secret_sealed, purpose=machines.SECRET_PURPOSE)
    assert secret != world.machine.secret and secret in shown.text


def test_every_message_that_was_not_sent_says_why(operations: Console, world: World) -> None:
    message = world.message
    message.status, message.reason = MessageStatus.SUPPRESSED.value, Reason.NO_CONSENT.value
    db.session.flush()
    page = operations.get(f"{world.base}/messages?reason=no_consent").text
    assert "没有订阅次数" in page and "查看原因" in page
    detail = operations.get(f"{world.base}/messages/{message.member_id}-{message.id}").text
    assert "每同意一次只能发送一条" in detail
    assert "没有符合条件的记录" in operations.get(f"{world.base}/messages?reason=weekly_cap").text
