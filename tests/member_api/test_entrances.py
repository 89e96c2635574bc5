"""What a scanned code tells: conditions beside every benefit; codes that were stopped or are nobody's still lead in."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from app.benefits.grants import grants
from app.benefits.grants import queries as grants_queries
from app.entrances import entrances
from app.entrances import queries as entrance_queries
from app.entrances.models import EntranceScan
from app.identity.models import Member
from app.kernel import clock
from app.kernel.db import db
from app.malls import looks
from app.malls.looks import Look
from app.pictures import pictures, rendering
from tests.builders.benefits import make_campaign
from tests.builders.entrances import make_entrance
from tests.builders.malls import make_store
from tests.builders.pictures import make_file
from tests.member_api.conftest import OpenMall, Phone
from tests.support.isolation import Client


def _offers(client: Client, scene: str) -> list[dict[str, object]]:
    return client.get(f"/api/v1/entrances/{scene}").json["benefits"]


def test_an_offer_says_from_which_sum_where_and_until_when_it_counts(client: Client, open_mall: OpenMall) -> None:
    stores = [make_store(open_mall.mall, name=name, floor=f"{floor}F") for floor, name in enumerate("甲乙丙", start=1)]
    campaign = make_campaign(open_mall.mall, stores=stores, min_spend_fen=3_000, valid_days=7, title="满减")
    grants.grant_on(open_mall.mall.id, grants.JOIN, campaign.id, position=3)
    [offer] = [one for one in _offers(client, open_mall.entrance.scene) if one["title"] == "满减"]
    last = clock.business_date(clock.now()) + timedelta(days=6)
    assert offer["brief"] == "满 30 元可用 · 甲等 3 家门店"
    assert offer["until"] == f"有效期至 {last}（7 天）"
    assert offer["conditions"] == [
        "满 30 元可用",
        "甲等 3 家门店可用",
        f"有效期至 {last}（7 天）",
        "每张仅可使用一次",
    ]
    assert offer["stores"] == [{"code": store.code, "name": store.name, "floor": store.floor} for store in stores]


def test_what_has_ended_or_run_out_is_not_offered(client: Client, open_mall: OpenMall) -> None:
    yesterday = clock.business_date(clock.now()) - timedelta(days=1)
    for title, terms in (("过期", {"valid_days": None, "valid_until": yesterday}), ("领完", {"stock": 0})):
        campaign = make_campaign(open_mall.mall, title=title, **terms)
        grants.grant_on(open_mall.mall.id, grants.JOIN, campaign.id, position=9)
    titles = [offer["title"] for offer in _offers(client, open_mall.entrance.scene)]
    assert len(titles) == 2 and not {"过期", "领完"} & set(titles)


def _main(open_mall: OpenMall) -> OpenMall:
    """The mall with a lift screen beside its main entrance."""
    screen = make_entrance(open_mall.mall, name="旧电梯屏", headline="旧标语")
    return replace(open_mall, entrance=screen)


def test_a_stopped_code_says_so_shows_the_main_way_in_and_counts_as_itself(phone: Phone, open_mall: OpenMall) -> None:
    stopped = _main(open_mall).entrance
    entrances.switch_off(stopped)
    seen = phone.get(f"/entrances/{stopped.scene}").json
    assert (seen["standing"], seen["name"], seen["headline"]) == ("stopped", "旧电梯屏", open_mall.entrance.headline)
    assert len(seen["benefits"]) == 2
    phone.scene = stopped.scene
    phone.sign_in()
    phone.join()
    member = db.session.scalars(select(Member).where(Member.status == "member")).one()
    assert member.join_entrance_id == stopped.id
    [counted] = entrance_queries.count_traffic([stopped], today=clock.business_date(clock.now()))
    assert (counted.today.scans, counted.today.joins) == (1, 1)


def test_a_code_that_is_nobody_s_leads_in_without_crediting_the_main_entrance(
    phone: Phone, open_mall: OpenMall
) -> None:
    seen = phone.get("/entrances/NOBODYS1").json
    assert (seen["standing"], seen["scene"]) == ("unknown", open_mall.entrance.scene)
    phone.scene = "NOBODYS1"
    phone.sign_in()
    assert len(phone.join().json["granted"]) == 2
    scan = db.session.scalars(select(EntranceScan)).one()
    member = db.session.scalars(select(Member).where(Member.status == "member")).one()
    assert (scan.unknown_scene, scan.member_id, scan.joined_at) == ("NOBODYS1", member.id, member.joined_at)
    assert member.join_entrance_id is None
    [counted] = entrance_queries.count_traffic([open_mall.entrance], today=clock.business_date(clock.now()))
    assert (counted.ever.scans, counted.ever.joins) == (0, 0)


def test_an_opening_by_an_unknown_code_is_counted_once(client: Client, open_mall: OpenMall) -> None:
    body = {"scene": "NOBODYS1", "visit_key": "visit-0001"}
    assert [client.post("/api/v1/entrance-scans", json=body).status_code for _ in range(2)] == [202] * 2
    assert db.session.scalars(select(EntranceScan.unknown_scene)).all() == ["NOBODYS1"]


def test_without_any_open_main_entrance_there_is_no_way_in(client: Client, open_mall: OpenMall) -> None:
    entrances.switch_off(open_mall.entrance)
    answer = client.get("/api/v1/entrances/NOBODYS1")
    assert (answer.status_code, answer.json["error"]["code"]) == (404, "entrance_not_found")


def test_a_mall_shows_its_face_on_the_way_in_and_on_the_card(phone: Phone, open_mall: OpenMall) -> None:
    mall = open_mall.mall
    looks.change_look(mall, Look(accent="#0f766e", accent_far="#0b544e", slogan="城市好时光"))
    logo = rendering.render(make_file(400, 400), rendering.LOGO)
    pictures.place("mall", mall.id, "logo", logo, now=clock.now())
    parking = grants_queries.list_granted(mall.id, trigger=grants.JOIN, now=clock.now())[0]
    drawn = rendering.render(make_file(), rendering.PICTURE)
    pictures.place("campaign", parking.id, "picture", drawn, now=clock.now())
    seen = phone.get(f"/entrances/{open_mall.entrance.scene}").json
    widths = {"small": 96, "medium": 192, "large": 384}
    assert seen["mall"]["logo"] == {size: f"/pictures/{logo.digest}/{width}" for size, width in widths.items()}
    assert (seen["mall"]["slogan"], seen["mall"]["accent_far"], seen["mall"]["cover"]) == (
        "城市好时光",
        "#0b544e",
        None,
    )
    assert [offer["picture"] is not None for offer in seen["benefits"]] == [True, False]
    phone.sign_in()
    joined = phone.join().json
    assert joined["member"]["mall"] == seen["mall"]
    assert [coupon["picture"] is not None for coupon in joined["granted"]] == [True, False]
    assert phone.client.get(seen["mall"]["logo"]["small"]).data == logo.images[96]
