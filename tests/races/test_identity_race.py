"""All that touches who somebody is, in pairs and pressed twice: one member is left, and every phone works."""

import itertools
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from flask import Flask
from sqlalchemy import insert, select

from app.access.audit import Actor
from app.cases import cases
from app.flows.members import joining, leaving
from app.flows.members.leaving import Cost
from app.identity import members, queries
from app.identity.models import IdentityKind, Member, MemberIdentity, MemberStatus
from app.kernel import clock
from app.kernel.db import atomic, db
from app.kernel.errors import DomainError
from app.malls.models import Mall
from app.verification import phones, sms_codes
from tests.builders.cases import make_duplicate_case
from tests.builders.identity import make_consent_document, make_member, make_visitor
from tests.builders.malls import make_mall
from tests.builders.tasks import make_tiers
from tests.support.member_api import Device, sign_in
from tests.support.patience import PATIENCE_S
from tests.support.races import race

ANYTHING = Cost(points=10**6, coupons=10**6)
_numbers = itertools.count(1)


@dataclass(slots=True)
class Person:
    """Somebody seen in the mini-program and apart from it in the official account, with two phones."""

    app: Flask
    mall_id: int
    number: int = field(default_factory=lambda: next(_numbers))
    visitor_id: int = 0
    device: Device | None = None
    codes: dict[str, str] = field(default_factory=dict)
    member: Member | None = None
    case: tuple[int, Actor] | None = None

    @property
    def phone(self) -> str:
        return f"1391{self.number:07d}"

    @property
    def other_phone(self) -> str:
        return f"1392{self.number:07d}"

    @property
    def in_mini(self) -> dict[IdentityKind, str]:
        return {IdentityKind.MINI_OPENID: f"mini-{self.number}", IdentityKind.UNIONID: f"union-{self.number}"}

    @property
    def in_official(self) -> dict[IdentityKind, str]:
        return {IdentityKind.OA_OPENID: f"oa-{self.number}"}

    def appear(self, mall: Mall, *, known: bool) -> None:
        """Be seen; `known`: a member bears the phone already."""
        self.device = sign_in(self.app.test_client(), self._seen(mall, known=known))
        for phone in (self.phone, self.other_phone):
            self.codes[phone] = sms_codes.issue(phone, now=clock.now())[1]

    def _seen(self, mall: Mall, *, known: bool) -> Member:
        if known:
            self.member = make_member(mall, phone=self.phone)
        visitor = make_visitor(mall, **{kind.value: name for kind, name in self.in_mini.items()})
        make_visitor(mall, **{kind.value: name for kind, name in self.in_official.items()})
        self.visitor_id = visitor.id
        return visitor

    def be_doubted(self, mall: Mall) -> None:
        """Another member bears the other phone, and people are asked whether the two are one."""
        assert self.member is not None
        self.case = make_duplicate_case(self.member, make_member(mall, phone=self.other_phone))

    def join_by_wechat(self) -> int:
        with atomic():
            joined = joining.join_member(
                self.visitor_id,
                consent_version="v1",
                phone=self.phone,
                channel="mini_program",
                arrival=None,
                now=clock.now(),
            )
        return joined.member.id

    def join_by_sms(self) -> list[int]:
        client = self.app.test_client()
        login = {"phone": self.phone, "code": self.codes[self.phone]}
        signed_in = client.post("/api/v1/sessions/sms", json=login)
        if signed_in.status_code != 201:
            return [signed_in.status_code]
        device = Device(client, signed_in.get_json()["token"])
        return [201, device.post("/members/me/join", {"consent_version": "v1"}).status_code]

    def prove_another_phone(self) -> list[int]:
        assert self.device is not None
        login = {"phone": self.other_phone, "code": self.codes[self.other_phone]}
        headers = {"Authorization": f"Bearer {self.device.token}"}
        return [self.app.test_client().post("/api/v1/sessions/sms", json=login, headers=headers).status_code]

    def link_by_unionid(self) -> int:
        union = {IdentityKind.UNIONID: self.in_mini[IdentityKind.UNIONID]}
        with atomic():
            return members.recognise(self.in_official | union, home_mall_id=self.mall_id, now=clock.now()).id

    def merge(self) -> bool:
        assert self.case is not None
        with atomic():
            case_id, actor = self.case
            cases.answer(case_id, "same_person", actor, note="", now=clock.now())
        return True

    def leave(self) -> bool:
        with atomic():
            leaving.let_member_leave(self.visitor_id, told=ANYTHING, now=clock.now())
        return True

    def come_back(self) -> set[int]:
        """Open the mini-program, join, sign in by both phones and through the account: who they are each time."""
        with atomic():
            self.visitor_id = members.recognise(self.in_mini, home_mall_id=self.mall_id, now=clock.now()).id
        found = {self.join_by_wechat(), self.link_by_unionid()}
        return found | {self._sign_in_by(phone) for phone in (self.phone, self.other_phone) if self._is_bound(phone)}

    def _is_bound(self, phone: str) -> bool:
        return queries.find_member_id(IdentityKind.PHONE, phones.phone_index(phone)) is not None

    def _sign_in_by(self, phone: str) -> int:
        with atomic():
            index = phones.phone_index(phone)
            member = members.recognise({IdentityKind.PHONE: index}, home_mall_id=self.mall_id, now=clock.now())
            return joining.verify_phone(member, phone, now=clock.now()).id


def troubles_of(results: Sequence[Any]) -> list[Any]:
    """What a caller would have seen as a 5xx."""
    broken = [one for one in results if isinstance(one, Exception) and not _is_refusal(one)]
    statuses = [one for one in results if isinstance(one, list) and max(one) >= 500]
    return broken + statuses


def _is_refusal(error: Exception) -> bool:
    return isinstance(error, DomainError) and error.kind != "busy"


def dead_identities() -> list[str]:
    """Identities of a number that is nobody any more."""
    alive = [MemberStatus.VISITOR.value, MemberStatus.MEMBER.value]
    gone = list(db.session.scalars(select(Member.id).where(Member.status.not_in(alive))))
    return list(db.session.scalars(select(MemberIdentity.kind).where(MemberIdentity.member_id.in_(gone))))


VERBS: dict[str, Callable[[Person], Any]] = {
    "join by WeChat": Person.join_by_wechat,
    "join by SMS": Person.join_by_sms,
    "prove another phone": Person.prove_another_phone,
    "link by unionid": Person.link_by_unionid,
    "merge": Person.merge,
    "leave": Person.leave,
}
WAYS_IN = list(VERBS)[:4]
PAIRS = list(itertools.combinations_with_replacement(VERBS, 2))


def race_pair(app: Flask, mall: Mall, pair: tuple[str, str], *, known: bool) -> list[Any]:
    """Both verbs, each pressed twice, all at once; what is wrong afterwards."""
    with atomic():
        person = Person(app, mall.id)
        person.appear(mall, known=known)
        if "merge" in pair:
            person.be_doubted(mall)
    results = race(app, [partial(VERBS[name], person) for name in (*pair, *pair)])
    wrong = troubles_of(results) + dead_identities()
    try:
        people = person.come_back()
    except Exception as error:
        return [*wrong, error]
    if {"prove another phone", "leave"} <= set(pair):
        # Whoever proves a phone after leaving is a stranger: a visitor of whom nothing else is known.
        people -= {one for one in people if knows_only(one, person.other_phone)}
    return wrong if len(people) == 1 else [*wrong, f"{len(people)} people"]


def knows_only(member_id: int, phone: str) -> bool:
    """Whether this is a visitor who bears that phone and nothing else."""
    known = select(MemberIdentity.kind, MemberIdentity.value).where(MemberIdentity.member_id == member_id)
    bears = [tuple(row) for row in db.session.execute(known)]
    is_visitor = not queries.is_joined(queries.get_member(member_id))
    return is_visitor and bears == [(IdentityKind.PHONE.value, phones.phone_index(phone))]


def test_any_two_acts_about_one_person_leave_one_member(committed_app: Flask) -> None:
    with atomic():
        make_tiers()
        make_consent_document()
        mall = make_mall()
    wrong = {(*pair, "known"): race_pair(committed_app, mall, pair, known=True) for pair in PAIRS}
    for pair in itertools.combinations(WAYS_IN, 2):
        wrong[*pair, "new"] = race_pair(committed_app, mall, pair, known=False)
    assert {pair: found for pair, found in wrong.items() if found} == {}


def test_a_phone_proved_a_moment_after_joining_makes_nobody_new(committed_app: Flask) -> None:
    """The order in which a race seldom ends, taken in turn."""
    with atomic():
        make_tiers()
        make_consent_document()
        mall = make_mall()
        person = Person(committed_app, mall.id)
        person.appear(mall, known=True)
    joined = person.join_by_wechat()
    assert person.prove_another_phone() == [409]
    assert person.come_back() == {joined}
    assert dead_identities() == []


def bind_unguarded(member_id: int, phone: str) -> None:
    """Give a phone to whoever was looked at, without asking who they are by now."""
    owner = {"kind": IdentityKind.PHONE.value, "value": phones.phone_index(phone), "member_id": member_id}
    db.session.execute(insert(MemberIdentity).values(**owner, bound_at=clock.now()))


def test_without_following_the_merge_a_phone_would_be_dead(committed_app: Flask) -> None:
    """The control: the visitor is looked at, merged by another press, and gets the phone; then the repair."""
    with atomic():
        mall = make_mall()
        person = Person(committed_app, mall.id)
        person.appear(mall, known=True)
    looked, merged = threading.Event(), threading.Event()

    def prove_unguarded() -> None:
        with atomic():
            visitor = db.session.get_one(Member, person.visitor_id)
            assert visitor.merged_into_id is None
            visitor_id = visitor.id
        looked.set()
        assert merged.wait(PATIENCE_S)
        with atomic():
            bind_unguarded(visitor_id, person.other_phone)

    def join() -> None:
        assert looked.wait(PATIENCE_S)
        with atomic():
            members.bind_phone(queries.get_member(person.visitor_id), person.phone, now=clock.now())
        merged.set()

    assert troubles_of(race(committed_app, [prove_unguarded, join])) == []
    assert dead_identities() == [IdentityKind.PHONE.value]
    repaired = committed_app.test_cli_runner().invoke(args=["identities", "repair", "--apply"])
    assert "1 found, 1 mended" in repaired.output
    assert dead_identities() == []
