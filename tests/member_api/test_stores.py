"""The directory of stores: floors in the order one goes up, what is open, what holds where."""

from app.benefits.grants import grants
from app.kernel import clock
from app.pictures import pictures, rendering
from tests.builders.benefits import make_campaign
from tests.builders.malls import make_mall, make_store
from tests.builders.pictures import make_file
from tests.member_api.conftest import OpenMall
from tests.support.isolation import Client


def test_the_directory_lists_open_stores_from_below_to_above(client: Client, open_mall: OpenMall) -> None:
    for floor, facts in (
        ("10F", {}),
        ("2F", {"category_code": "fashion"}),
        ("B1", {"opens_minute": 600, "closes_minute": 60, "phone": "021-5555 0123", "about": "夜宵"}),
        ("3F", {"active": False}),
    ):
        make_store(open_mall.mall, floor=floor, **facts)
    make_store(make_mall(), floor="4F")
    found = client.get(f"/api/v1/malls/{open_mall.mall.code}/stores").json
    assert found["floors"] == ["B1", "2F", "10F"]
    assert [store["floor"] for store in found["items"]] == ["B1", "2F", "10F"]
    assert [category["name"] for category in found["categories"]] == ["餐饮", "服饰"]
    facts = found["items"][0]
    assert (facts["opens_minute"], facts["closes_minute"]) == (600, 60)
    assert (facts["phone"], facts["about"]) == ("021-5555 0123", "夜宵")


def test_a_store_says_which_benefits_hold_there_and_how_to_get_them(client: Client, open_mall: OpenMall) -> None:
    here, there = make_store(open_mall.mall, name="甲店"), make_store(open_mall.mall, name="乙店")
    campaign = make_campaign(open_mall.mall, stores=[here], title="只在甲店", min_spend_fen=3_000)
    grants.grant_on(open_mall.mall.id, grants.JOIN, campaign.id, position=5)
    found = client.get(f"/api/v1/malls/{open_mall.mall.code}/stores").json["items"]
    held = {store["name"]: {one["title"]: (one["given"], one["brief"]) for one in store["benefits"]} for store in found}
    everywhere = {
        "餐饮券": ("入会即得", "无消费门槛 · 全部门店"),
        "首单券": ("新人任务可领", "无消费门槛 · 全部门店"),
    }
    assert held == {"甲店": everywhere | {"只在甲店": ("入会即得", "满 30 元可用 · 甲店")}, there.name: everywhere}


def test_a_store_shows_its_logo_and_picture(client: Client, open_mall: OpenMall) -> None:
    store = make_store(open_mall.mall)
    for slot, frame in (("logo", rendering.STORE_LOGO), ("picture", rendering.PICTURE)):
        pictures.place("store", store.id, slot, rendering.render(make_file(640, 640), frame), now=clock.now())
    [shown] = client.get(f"/api/v1/malls/{open_mall.mall.code}/stores").json["items"]
    assert shown["logo"]["small"].endswith("/96") and shown["picture"]["large"].endswith("/960")
    assert client.get(shown["picture"]["large"]).status_code == 200


def test_there_is_no_directory_of_a_mall_that_is_not_there(client: Client) -> None:
    assert client.get("/api/v1/malls/NOWHERE/stores").status_code == 404
