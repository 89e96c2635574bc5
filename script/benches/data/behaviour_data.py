"""What the behaviour bench stands on: signed-in members, and the batches that their telephones send."""

import json
import random
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from app.behaviour.rules import OLDEST
from app.identity import members, sessions
from app.identity.models import IdentityKind
from app.kernel import clock
from app.kernel.db import atomic, db
from app.malls.models import Mall
from app.web import member_auth
from app.workers import upkeep
from script.benches.support import settled
from script.benches.support.load import request

EVENTS = 100  # the most that a batch may hold
_PAGES = ("card", "stores", "coupons", "parking", "points", "tasks", "tier", "me")
_WORDS = ("火锅", "童装", "优衣库", "奶茶", "儿童乐园", "影院")


def fill(environment: Mapping[str, str], *, people: int) -> list[str]:
    """Make this month's partition and members who have joined; returns the token of each one's telephone."""
    with settled.application(environment):
        upkeep.make_months()
        now = clock.now()
        with atomic():
            mall_id = _mall(now)
            return [_token(mall_id, number, now) for number in range(people)]


def _mall(now: datetime) -> int:
    mall = Mall(code="BENCH", name="Bench", city="-", accent="#0f766e", created_at=now)
    db.session.add(mall)
    db.session.flush()
    return mall.id


def _token(mall_id: int, number: int, now: datetime) -> str:
    visitor = members.recognise({IdentityKind.MINI_OPENID: f"bench-{number}"}, home_mall_id=mall_id, now=now)
    member = members.bind_phone(visitor, f"138{number:08d}", now=now)
    members.join(member, entrance_id=None, now=now)
    return member_auth.token_for(sessions.start(member.id, channel="mini_program", openid=None, now=now))


def batches(tokens: Sequence[str], count: int, *, events: int = EVENTS) -> Iterator[bytes]:
    """So many requests, in turn of each telephone; half of the events are pages, the rest is spread."""
    chance = random.Random(7)  # noqa: S311 - data, no secret
    for number in range(count):
        now = clock.now()
        body = {"sent_at": now.isoformat(), "events": [_event(chance, now) for _ in range(events)]}
        fields = {"Content-Type": "application/json", "Authorization": f"Bearer {tokens[number % len(tokens)]}"}
        yield request("POST", "/api/v1/behaviour-events", fields, json.dumps(body, ensure_ascii=False).encode())


def _event(chance: random.Random, now: datetime) -> dict[str, object]:
    kind = chance.choice(["page", "page", "page", "dwell", "dwell", "search", "share", "route"])
    told: dict[str, object] = {
        "id": str(uuid.UUID(int=chance.getrandbits(128), version=4)),
        "kind": kind,
        "at": (now - chance.random() * (OLDEST / 1_000)).isoformat(timespec="milliseconds"),
        "page": chance.choice(_PAGES),
        "scene": "bench00001",
    }
    own: dict[str, dict[str, object]] = {
        "dwell": {"seconds": chance.randrange(120)},
        "search": {"words": chance.choice(_WORDS)},
        "share": {"subject": f"coupon:{chance.randrange(500)}"},
        "route": {"subject": f"store:BENCH-{chance.randrange(50)}"},
    }
    return told | own.get(kind, {})
