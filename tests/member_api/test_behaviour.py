"""What the mini-program tells of its use: by the batch, each event once, nonsense refused by itself."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.behaviour.models import BehaviourEvent
from app.identity.models import Member
from app.kernel import clock as time
from app.kernel.db import db
from app.web import context
from member_api.behaviour import BATCHES_PER_MINUTE, MOST_EVENTS
from tests.builders.behaviour import tell, written
from tests.builders.identity import make_member, make_visitor
from tests.builders.tasks import make_tiers
from tests.support.clock import StillClock
from tests.support.isolation import Client
from tests.support.member_api import Device, sign_in

PATH = "/behaviour-events"


@pytest.fixture
def member(clock: StillClock) -> Member:
    return make_member()


@pytest.fixture
def device(client: Client, member: Member) -> Device:
    context.tallies().clear()
    return sign_in(client, member)


def _batch(*events: object, sent_at: str | None = None) -> dict[str, object]:
    return {"sent_at": sent_at or written(time.now()), "events": list(events)}


def _kept(*columns: str) -> list[tuple[object, ...]]:
    chosen = [getattr(BehaviourEvent, name) for name in columns]
    return sorted(map(tuple, db.session.execute(select(*chosen))), key=str)


@pytest.mark.requirement("S1.2")
def test_events_are_kept_once_with_where_they_came_from(device: Device, member: Member) -> None:
    search = tell("search", words="ＺＡＲＡ  童装", scene="lift0000001", page="stores")
    share, route = tell("share", subject="coupon:1"), tell("route")
    answer = device.post(PATH, _batch(search, share, share, route))
    assert (answer.status_code, answer.json) == (200, {"accepted": 3, "repeated": 1, "refused": []})
    again = device.post(PATH, _batch(route, search, tell("open")))
    assert again.json == {"accepted": 1, "repeated": 2, "refused": []}
    assert _kept("member_id", "kind", "words", "scene") == [
        (member.id, "open", None, ""),
        (member.id, "route", None, ""),
        (member.id, "search", "zara 童装", "lift0000001"),
        (member.id, "share", None, ""),
    ]


def test_nonsense_is_refused_by_itself_and_the_rest_is_kept(device: Device) -> None:
    answer = device.post(PATH, _batch({"kind": "page"}, tell(), "x", tell(ago=timedelta(days=30)), tell(words=3)))
    assert answer.json == {
        "accepted": 1,
        "repeated": 0,
        "refused": [
            {"position": 0, "reason": "bad_page"},
            {"position": 2, "reason": "malformed"},
            {"position": 3, "reason": "too_old"},
            {"position": 4, "reason": "bad_words"},
        ],
    }
    assert device.post(PATH, _batch(None)).json["refused"] == [{"position": 0, "reason": "malformed"}]


@pytest.mark.parametrize("text", ["\0", "\ud800"])
def test_text_that_cannot_be_kept_spoils_its_own_event_alone(device: Device, text: str) -> None:
    unreadable = [tell("search", words=f"zara{text}"), tell() | {text: 1}, tell(page={"in": [text]})]
    answer = device.post(PATH, _batch(tell(), *unreadable, tell()))
    assert (answer.json["accepted"], [one["reason"] for one in answer.json["refused"]]) == (2, ["malformed"] * 3)
    for spoilt in (_batch(tell()) | {text: []}, _batch(tell(), sent_at=text), [_batch(tell(words=text))]):
        assert device.post(PATH, spoilt).status_code == 400  # outside of an event there is nothing to keep


def test_a_telephone_whose_clock_is_years_behind_is_put_right(device: Device, clock: StillClock) -> None:
    then = clock.now - timedelta(days=2_000)
    told = tell(at=written(then - timedelta(hours=2)))
    assert device.post(PATH, _batch(told, sent_at=written(then))).json["accepted"] == 1
    assert _kept("occurred_at", "received_at") == [(clock.now - timedelta(hours=2), clock.now)]


@pytest.mark.parametrize(
    "batch",
    [
        {"events": [{}]},
        {"sent_at": "2026-03-11T10:00:00", "events": [{}]},
        {"sent_at": "2026-03-11T10:00:00+08:00", "events": []},
        {"sent_at": "2026-03-11T10:00:00+08:00", "events": [{}] * (MOST_EVENTS + 1)},
        {"sent_at": "2026-03-11T10:00:00+08:00", "events": "none"},
        {"sent_at": "2026-03-11T10:00:00+08:00", "events": [{}], "member_id": 1},
    ],
)
def test_a_batch_without_bounds_or_clock_is_none(device: Device, batch: dict[str, object]) -> None:
    assert device.post(PATH, batch).status_code == 422


def test_only_members_are_written_down_and_only_they_themselves(client: Client, device: Device) -> None:
    event = tell()
    assert client.post(f"/api/v1{PATH}", json=_batch(event)).status_code == 401
    refused = sign_in(client, make_visitor()).post(PATH, _batch(event))
    assert (refused.status_code, refused.json["error"]["code"]) == (403, "member_required")
    other = make_member()
    assert sign_in(client, other).post(PATH, _batch(event)).json["accepted"] == 1
    assert device.post(PATH, _batch(event)).json["accepted"] == 1  # the same id of somebody else is another event
    assert len(_kept("member_id")) == 2


def test_a_telephone_that_never_stops_is_slowed_down(device: Device) -> None:
    for _ in range(BATCHES_PER_MINUTE):
        assert device.post(PATH, _batch(None)).status_code == 200
    assert device.post(PATH, _batch(tell())).status_code == 429


def test_a_batch_is_few_statements_however_large(device: Device, count_statements) -> None:
    device.post(PATH, _batch(tell()))
    with count_statements() as seen:
        assert device.post(PATH, _batch(*(tell() for _ in range(MOST_EVENTS)))).json["accepted"] == MOST_EVENTS
    assert len(seen) <= 5


def test_the_members_own_data_says_what_they_did(device: Device) -> None:
    make_tiers()
    device.post(PATH, _batch(tell("search", words="火锅")))
    (row,) = device.get("/members/me/data").json["behaviour"]
    assert (row["kind"], row["words"], row["scene"]) == ("search", "火锅", "")
