"""A mall's looks: pictures uploaded, served and replaced; colours that can be read."""

from dataclasses import replace
from io import BytesIO

import pytest
from sqlalchemy import func, select

from app.kernel.db import db
from app.malls.models import Mall, Store
from app.pictures import pictures, queries, rendering
from app.pictures.models import Picture, PicturePlace, PictureSize
from tests.builders.console import World
from tests.builders.pictures import make_file
from tests.mall_console.conftest import Console, audited
from tests.support.clock import StillClock


def _upload(console: Console, world: World, place: str, file: bytes | None, *, page: str = "/face") -> str:
    """Where the upload leads."""
    fields = {} if file is None else {"file": (BytesIO(file), "图片.png")}
    path = f"{world.base}/pictures/{place}"
    answer = console.post(path, page=f"{world.base}{page}", **fields)
    assert answer.status_code == 303, answer.text
    return console.get(answer.location).text


def test_a_logo_is_uploaded_shown_served_for_ever_and_audited(operations: Console, world: World) -> None:
    page = _upload(operations, world, f"mall/{world.mall.code}/logo", make_file(400, 200))
    digest = queries.shown_by("mall", world.mall.id)["logo"]
    assert "标志已更换" in page and f"/pictures/{digest}/192" in page
    answer = operations.get(f"/pictures/{digest}/192")
    assert (answer.status_code, answer.mimetype) == (200, "image/webp")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers
    entry = audited("picture.place")
    assert (entry.subject, entry.facts["slot"]) == (f"mall:{world.mall.id}", "logo")


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (None, "请先选择一张图片"),
        (b"<svg onload=alert(1)>", "不是可用的图片"),
        (make_file(40, 40), "图片太小，至少需要 96"),
        (make_file(6_000, 4_100, kind="PNG"), "像素太多"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_what_to_do(
    operations: Console, world: World, file: bytes | None, said: str
) -> None:
    assert said in _upload(operations, world, f"mall/{world.mall.code}/logo", file)
    assert db.session.scalar(select(func.count()).select_from(Picture)) == 0


def test_an_upload_that_is_too_heavy_is_refused(operations: Console, world: World) -> None:
    answer = operations.client.post(
        f"{world.base}/pictures/mall/{world.mall.code}/logo",
        data=bytes(3 * 1024 * 1024),
        content_type="multipart/form-data; boundary=x",
    )
    assert answer.status_code == 413


def test_campaigns_and_stores_have_pictures_of_their_own(operations: Console, world: World) -> None:
    campaign, store = world.campaign, world.store
    page = f"/campaigns/{campaign.public_id}"
    assert "图片已更换" in _upload(
        operations, world, f"campaign/{campaign.public_id}/picture", make_file(640, 480), page=page
    )
    assert "标志已更换" in _upload(operations, world, f"store/{store.code}/logo", make_file(200, 200), page="/stores")
    assert set(queries.shown_by("campaign", campaign.id)) == {"picture"}
    assert set(queries.shown_by("store", store.id)) == {"logo"}
    assert operations.post(f"{world.base}/pictures/store/{store.code}/cover").status_code == 404


def test_a_removed_picture_is_gone_from_its_place(operations: Console, world: World) -> None:
    place = f"mall/{world.mall.code}/cover"
    _upload(operations, world, place, make_file())
    operations.post(f"{world.base}/pictures/{place}/remove")
    assert queries.shown_by("mall", world.mall.id)["cover"] is None
    assert audited("picture.remove").facts == {"slot": "cover"}


def test_what_no_place_shows_is_forgotten_after_a_while(operations: Console, world: World, clock: StillClock) -> None:
    place = f"mall/{world.mall.code}/cover"
    for colour in ("#0f766e", "#9a3412"):
        _upload(operations, world, place, make_file(colour=colour))
    assert pictures.sweep(now=clock.now) == 0
    later = clock.now + pictures.KEPT_UNUSED * 2
    assert (pictures.sweep(now=later), pictures.sweep(now=later)) == (1, 0)
    shown = db.session.scalars(select(PicturePlace.digest)).one()
    assert set(db.session.scalars(select(PictureSize.digest))) == {shown}


def test_colours_and_slogan_are_kept_when_text_on_them_can_be_read(operations: Console, world: World) -> None:
    chosen = {"accent": "#155E75", "gradient": "far", "accent_far": "#0f3d4c", "slogan": " 城市好时光 "}
    assert operations.post(f"{world.base}/face", **chosen).status_code == 303
    mall = db.session.get_one(Mall, world.mall.id)
    assert (mall.accent, mall.accent_far, mall.slogan) == ("#155e75", "#0f3d4c", "城市好时光")


@pytest.mark.parametrize(
    "chosen",
    [
        {"accent": "#808080", "gradient": "own"},
        {"accent": "#0f766e", "gradient": "far", "accent_far": "#fde68a"},
        {"accent": "red", "gradient": "own"},
    ],
)
def test_unreadable_colours_are_refused_and_change_nothing(
    operations: Console, world: World, chosen: dict[str, str]
) -> None:
    before = db.session.get_one(Mall, world.mall.id).accent
    operations.post(f"{world.base}/face", page=f"{world.base}/face", slogan="", **chosen)
    page = operations.get(f"{world.base}/face").text
    assert "看不清（对比度" in page or "请选择颜色" in page
    assert db.session.get_one(Mall, world.mall.id).accent == before


def test_no_picture_stands_at_an_address_nobody_made(operations: Console) -> None:
    assert operations.get(f"/pictures/{'0' * 32}/480").status_code == 404
    assert operations.get("/pictures/x/480").status_code == 404


def test_a_picture_that_is_older_than_a_width_is_shown_in_the_next_wider_one(
    operations: Console, world: World, clock: StillClock
) -> None:
    cover = rendering.render(make_file(), replace(rendering.COVER, widths=(480, 960)))
    pictures.place("mall", world.mall.id, "cover", cover, now=clock.now)
    sizes = {width: operations.get(f"/pictures/{cover.digest}/{width}") for width in (96, 480, 720, 960)}
    assert {width: answer.data for width, answer in sizes.items()} == {
        96: cover.images[480],
        480: cover.images[480],
        720: cover.images[960],
        960: cover.images[960],
    }
    assert operations.get(f"/pictures/{cover.digest}/721").status_code == 404


STORE = {"name": "火锅", "floor": "4F", "category": "dining", "active": "yes"}


def test_a_store_is_given_hours_phone_and_a_word_about_it(administrator: Console, world: World) -> None:
    told = {"opens": "10:00", "closes": "01:30", "phone": "021-5555 0123", "about": "重庆老火锅"}
    assert administrator.post(f"{world.base}/stores/{world.store.code}", **STORE, **told).status_code == 303
    store = db.session.get_one(Store, world.store.id)
    assert (store.opens_minute, store.closes_minute) == (600, 90)
    assert (store.phone, store.about) == ("021-5555 0123", "重庆老火锅")
    page = administrator.get(f"{world.base}/stores/{world.store.code}").text
    assert 'value="10:00"' in page and 'value="01:30"' in page


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"opens": "10:00"}, "一起填写"),
        ({"phone": "打这里"}, "请填写电话号码"),
        ({"opens": "25:00", "closes": "1"}, "时间"),
    ],
)
def test_half_hours_and_words_for_a_phone_are_refused(
    administrator: Console, world: World, told: dict[str, str], said: str
) -> None:
    address = f"{world.base}/stores/{world.store.code}"
    administrator.post(address, page=address, **STORE, **told)
    assert said in administrator.get(address).text
    assert db.session.get_one(Store, world.store.id).opens_minute is None
