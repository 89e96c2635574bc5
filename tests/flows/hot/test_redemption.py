"""Redeeming in one statement: the same answers and the same rows as the plain way, whatever comes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update
from sqlalchemy.exc import DataError, IntegrityError
from werkzeug.test import TestResponse

from app.access.models import AuditEntry
from app.benefits.campaigns.models import CampaignKind
from app.benefits.coupons.models import Coupon, Redemption
from app.flows.hot import redemption as hot
from app.flows.redemptions import Redeemed, Till
from app.identity.models import Member
from app.kernel import clock as product_clock
from app.kernel.db import Model, atomic, db, table_of
from app.kernel.distribution import database
from app.kernel.idempotency import Command, KeptAnswer
from app.kernel.models import IdempotencyKey
from app.malls import queries
from app.malls.models import Store
from app.settlement.ledger.models import Book, Posting
from app.timeline.models import TimelineEvent
from app.web import context
from tests.builders.benefits import make_campaign, make_coupon, make_till
from tests.builders.identity import make_member
from tests.builders.malls import make_mall, make_store
from tests.builders.staff import csrf_token, make_clerk, sign_in
from tests.support.clock import START, StillClock
from tests.support.isolation import Client
from tests.support.races import race

CALLERS = 8
TERMS: list[dict[str, Any]] = [
    {},
    {"min_spend_fen": 3_000, "mall_share_bps": 0},
    {"mall_share_bps": 10_000, "face_fen": 999},
    {"kind": CampaignKind.DISCOUNT, "discount_bps": 2_000, "mall_share_bps": 3_333},
    {"kind": CampaignKind.GIFT, "mall_share_bps": 5_000},
    {"kind": CampaignKind.PARKING, "face_fen": 0, "parking_minutes": 120},
]
assert {terms.get("kind", CampaignKind.CASH) for terms in TERMS} == set(CampaignKind)
STEPS = st.one_of(
    st.tuples(
        st.just("redeem"),
        st.sampled_from(["here", "elsewhere"]),
        st.sampled_from([None, 0, 700, 3_000, 5_001]),
        st.integers(1, 3),
    ),
    st.tuples(st.just("undo"), st.integers(1, 2)),
    st.tuples(st.just("wait"), st.sampled_from([1, 16, 60 * 24 * 7])),
)


@dataclass(slots=True)
class Counter:
    """A clerk's browser in each of two stores, of which the first takes the coupons."""

    app: Flask
    stores: dict[str, Store]
    clients: dict[str, tuple[Client, str]]

    @classmethod
    def open(cls, app: Flask) -> "Counter":
        with atomic():
            mall = make_mall()
            stores = {"here": make_store(mall), "elsewhere": make_store(mall)}
            clerks = {name: make_clerk(store) for name, store in stores.items()}
            for store in stores.values():
                make_till(store)
        clients = {}
        for name, clerk in clerks.items():
            client = Client(app, app.response_class)
            assert sign_in(client, clerk).status_code == 303
            clients[name] = (client, csrf_token(client, "/portal/me"))
        return cls(app, stores, clients)

    def post(self, where: str, path: str, body: object, key: str) -> TestResponse:
        client, token = self.clients[where]
        headers = {"X-CSRF-Token": token, "Idempotency-Key": key}
        return client.post(f"/portal/api/redemptions{path}", json=body, headers=headers)


@dataclass(slots=True)
class Run:
    """One member's coupon on its way through the steps; `seen` is all that came of it, names of its own aside."""

    counter: Counter
    prefix: str
    coupon: Coupon
    names: dict[str, str] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    seen: list[object] = field(default_factory=list)

    def take(self, step: tuple[Any, ...]) -> None:
        if step[0] == "redeem":
            _, where, spend_fen, number = step
            body = {"code": self.coupon.code, "spend_fen": spend_fen}
            self._note(self.counter.post(where, "", body, f"{self.prefix}-{number:08d}"))
        elif step[0] == "undo" and self.done:
            self._note(self.counter.post("here", f"/{self.done[-1]}/undo", {}, f"{self.prefix}-undo-{step[1]:04d}"))

    def _note(self, answer: TestResponse) -> None:
        body = answer.json or {}
        if answer.status_code == 201 and body["id"] not in self.done:
            self.done.append(body["id"])
        self.seen.append((answer.status_code, self._plain(body)))

    def rows(self) -> list[object]:
        """Every row that the steps wrote, in the order of writing."""
        member_id = self.coupon.member_id
        acts = [f"redemption:{one}" for one in self.done] + [f"redemption-reversal:{one}" for one in self.done]
        wanted: list[tuple[type[Model], Any, Any]] = [
            (Coupon, Coupon.member_id == member_id, Coupon.id),
            (Redemption, Redemption.member_id == member_id, Redemption.id),
            (TimelineEvent, TimelineEvent.member_id == member_id, TimelineEvent.id),
            (AuditEntry, AuditEntry.subject.in_(acts), AuditEntry.id),
            (Posting, Posting.fact.in_(acts), Posting.id),
            (IdempotencyKey, IdempotencyKey.key.startswith(f"{self.prefix}-"), IdempotencyKey.key),
        ]
        return [
            self._plain({"table": model.__tablename__, **row._asdict()})
            for model, condition, order in wanted
            for row in db.session.execute(select(*table_of(model).c).where(condition).order_by(order))
        ]

    def _plain(self, value: object) -> object:
        """The value without what is this run's alone: numbers of rows, public ids, codes, keys."""
        if isinstance(value, dict):
            own = {"id", "reverses_id", "member_id", "coupon_id", "grant_key", "fingerprint"}
            return {name: self._plain(part) for name, part in value.items() if name not in own or _is_text(part)}
        if not isinstance(value, str):
            return value
        for number, public_id in enumerate(self.done):
            value = value.replace(public_id, f"<{number}>")
        coupon = self.coupon
        return value.replace(coupon.code, "<code>").replace(coupon.code[-4:], "<end>").replace(self.prefix, "<run>")


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value) == 32  # a public id, and no number of a row


@pytest.fixture
def counter(committed_app: Flask, clock: StillClock) -> Iterator[Counter]:
    before = database.DISTRIBUTED if database.is_distributed() else database.PLAIN
    yield Counter.open(committed_app)
    database.configure(before)


@pytest.mark.requirement("S2.4")
def test_both_ways_give_the_same_answers_and_write_the_same_rows(counter: Counter, clock: StillClock) -> None:
    ways = {"plain": database.DISTRIBUTED, "whole": database.PLAIN}  # a distributed database takes the plain way
    examples = 0

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        terms=st.sampled_from(TERMS),
        status=st.sampled_from(["issued", "issued", "issued", "reserved", "void"]),
        steps=st.lists(STEPS, min_size=1, max_size=6),
    )
    def check(terms: dict[str, Any], status: str, steps: list[tuple[Any, ...]]) -> None:
        nonlocal examples
        examples += 1
        outcomes = []
        clock.set(START)
        for (way, chosen), coupon in zip(ways.items(), _coupons(counter, terms, status), strict=True):
            clock.set(START)
            context.tallies().clear()
            database.configure(chosen)
            run = Run(counter, f"{way}{examples:04d}", coupon)
            for step in steps:
                if step[0] == "wait":
                    clock.advance(minutes=step[1])
                run.take(step)
            db.session.rollback()
            outcomes.append((run.seen, run.rows()))
        assert outcomes[0] == outcomes[1]

    check()


def _coupons(counter: Counter, terms: dict[str, Any], status: str) -> list[Coupon]:
    """Two coupons of one campaign in the same state, of two members."""
    store = counter.stores["here"]
    with atomic():
        campaign = make_campaign(queries.get_mall(store.mall_id), stores=[store], **terms)
        coupons = [make_coupon(make_member(), campaign) for _ in range(2)]
        for coupon in coupons:
            coupon.status, coupon.reserved_for = status, "payment:1" if status == "reserved" else None
    return coupons


@dataclass(slots=True)
class Scene:
    """A coupon in front of a till, committed."""

    till: Till
    member: Member
    code: str

    def redeem(self, key: str = "key-00000001", fingerprint: str = "f") -> KeptAnswer | None:
        command = Command(caller="staff:1", key=key, fingerprint=fingerprint)

        def answer(done: Redeemed) -> tuple[int, dict[str, Any]]:
            return 201, {"id": done.redemption_id}

        with atomic():
            return hot.redeem_coupon(
                self.code, self.till, spend_fen=None, command=command, answer=answer, now=product_clock.now()
            )


@pytest.fixture
def scene(committed_app: Flask) -> Scene:
    with atomic():
        store = make_store(make_mall())
        member = make_member()
        coupon = make_coupon(member, make_campaign(queries.get_mall(store.mall_id), stores=[store]))
        return Scene(make_till(store), member, coupon.code)


def written() -> dict[str, int]:
    """How many rows there are of what a redemption writes."""
    db.session.rollback()
    counted = {
        model.__tablename__: db.session.scalar(select(func.count()).select_from(model)) or 0
        for model in (Redemption, AuditEntry, Posting, IdempotencyKey)
    }
    events = select(func.count()).where(TimelineEvent.kind == "coupon_redeemed")
    used = select(func.count()).where(Coupon.status == "redeemed")
    return counted | {"events": db.session.scalar(events) or 0, "used": db.session.scalar(used) or 0}


ONCE = {"redemptions": 1, "audit_entries": 1, "postings": 2, "idempotency_keys": 1, "events": 1, "used": 1}
NEVER = dict.fromkeys(ONCE, 0)


def test_it_is_two_statements_after_signing_in(scene: Scene, count_statements: Any) -> None:
    db.session.rollback()
    with count_statements() as seen:
        assert scene.redeem() is not None
    assert len(seen) == 2, seen  # the coupon's facts, and the act
    assert written() == ONCE


def test_of_many_at_once_one_redeems_and_the_others_leave_nothing(committed_app: Flask, scene: Scene) -> None:
    results = race(committed_app, [partial(scene.redeem, f"key-{number:08d}") for number in range(CALLERS)])
    assert sorted(type(result).__name__ for result in results) == ["KeptAnswer"] + ["NoneType"] * (CALLERS - 1)
    assert written() == ONCE


def test_the_same_key_at_once_redeems_once(committed_app: Flask, scene: Scene) -> None:
    results = race(committed_app, [scene.redeem] * CALLERS)
    assert sum(isinstance(result, KeptAnswer) for result in results) == 1
    assert written() == ONCE


def test_a_key_that_is_taken_leaves_nothing(scene: Scene) -> None:
    with atomic():
        kept = IdempotencyKey(
            caller="staff:1", key="key-00000001", fingerprint="other", status=200, answer={},
            created_at=product_clock.now(),
        )  # fmt: skip
        db.session.add(kept)
    with pytest.raises(IntegrityError):
        scene.redeem()
    assert written() == NEVER | {"idempotency_keys": 1}


def test_a_book_that_is_not_open_leaves_nothing(scene: Scene) -> None:
    with atomic():
        today = product_clock.business_date(product_clock.now())
        db.session.execute(update(Book).values(first_open_day=product_clock.first_of_next_month(today)))
    with pytest.raises(DataError):
        scene.redeem()
    assert written() == NEVER


def test_within_a_transaction_of_the_session_it_is_part_of_that(scene: Scene) -> None:
    with pytest.raises(ZeroDivisionError), atomic():
        db.session.execute(select(func.count()).select_from(Redemption))
        facts = Command(caller="staff:1", key="key-00000001", fingerprint="f")
        assert hot.redeem_coupon(
            scene.code, scene.till, spend_fen=None, command=facts, answer=lambda done: (201, {}),
            now=product_clock.now(),
        )  # fmt: skip
        raise ZeroDivisionError
    assert written() == NEVER
