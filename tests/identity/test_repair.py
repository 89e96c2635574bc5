"""Rows of the directory that lead to nobody: people get past them, and the command finds and mends them."""

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select

from app.access.models import AuditEntry
from app.flows.members import leaving
from app.flows.members.leaving import Cost
from app.identity import members, queries
from app.identity.models import IdentityKind, Member, MemberIdentity
from app.kernel import clock
from app.kernel.db import db
from app.verification import phones
from tests.builders.identity import make_member, make_visitor

PHONE, OTHER = "13900001111", "13900002222"


def bind_to(member_id: int, phone: str) -> None:
    """As the old fault did, to a number that is nobody."""
    index = phones.phone_index(phone)
    owner = {"kind": IdentityKind.PHONE.value, "value": index, "member_id": member_id}
    db.session.execute(insert(MemberIdentity).values(**owner, bound_at=clock.now()))


def unbind(member: Member) -> None:
    db.session.execute(delete(MemberIdentity).where(MemberIdentity.member_id == member.id))


def owner_of(phone: str) -> int | None:
    return queries.find_member_id(IdentityKind.PHONE, phones.phone_index(phone))


def repair(app: Flask, *options: str) -> str:
    done = app.test_cli_runner().invoke(args=["identities", "repair", *options])
    assert done.exit_code == 0, done.output
    return done.output


def merged_visitor() -> tuple[Member, int]:
    """A member, and the number under which they were a visitor."""
    member, visitor = make_member(phone=PHONE), make_visitor()
    assert members.bind_phone(visitor, PHONE, now=clock.now()).id == member.id
    return member, visitor.id


def left() -> int:
    member = make_member()
    leaving.let_member_leave(member.id, told=Cost(points=0, coupons=0), now=clock.now())
    return member.id


def test_a_phone_that_bears_a_merged_number_leads_to_whom_they_are_now(app: Flask) -> None:
    member, former_id = merged_visitor()
    bind_to(former_id, OTHER)
    stranger = make_visitor()
    assert members.bind_phone(stranger, OTHER, now=clock.now()).id == member.id
    assert "1 found, 1 mended" in repair(app, "--apply")
    assert owner_of(OTHER) == member.id


def test_a_phone_that_bears_the_number_of_who_has_left_is_free() -> None:
    bind_to(left(), PHONE)
    visitor = make_visitor()
    assert members.bind_phone(visitor, PHONE, now=clock.now()).id == visitor.id
    bind_to(left(), OTHER)
    index = {IdentityKind.PHONE: phones.phone_index(OTHER)}
    seen = members.recognise(index, home_mall_id=visitor.home_mall_id, now=clock.now())
    assert owner_of(OTHER) == seen.id


def test_the_repair_says_what_it_would_do_and_does_it_when_told(app: Flask) -> None:
    member, former_id = merged_visitor()
    bind_to(former_id, OTHER)
    bind_to(left(), "13900003333")
    lost = make_member(phone="13900004444")
    unbind(lost)
    told = repair(app)
    assert "3 found, 0 mended\nnothing was changed" in told
    assert OTHER not in told and "13900004444" not in told
    assert (owner_of(OTHER), owner_of("13900004444")) == (former_id, None)
    assert "3 found, 3 mended" in repair(app, "--apply")
    assert (owner_of(OTHER), owner_of("13900003333"), owner_of("13900004444")) == (member.id, None, lost.id)
    assert repair(app, "--apply") == "0 found, 0 mended\n"
    actions = db.session.scalars(select(AuditEntry.facts["fault"].astext).order_by(AuditEntry.id)).all()
    assert actions[-3:] == ["merged_owner", "owner_left", "phone_lost"]


def test_a_lost_phone_that_is_anothers_by_now_is_left_to_people(app: Flask) -> None:
    lost = make_member(phone=PHONE)
    unbind(lost)
    other = members.bind_phone(make_visitor(), PHONE, now=clock.now())
    assert "another member's by now" in (told := repair(app, "--apply"))
    assert "1 found, 0 mended" in told
    assert owner_of(PHONE) == other.id


@pytest.mark.parametrize("known", [False, True])
def test_a_visitor_whose_phone_was_bound_to_their_old_number_has_it_again(app: Flask, known: bool) -> None:
    by_mini, by_union = make_visitor(mini_openid="o-r"), make_visitor(unionid="u-r")
    both = {IdentityKind.MINI_OPENID: "o-r", IdentityKind.UNIONID: "u-r"}
    one = members.recognise(both, home_mall_id=by_mini.home_mall_id, now=clock.now())
    assert one.id == by_mini.id
    bind_to(by_union.id, PHONE)
    if known:
        repair(app, "--apply")
    found = members.bind_phone(by_mini, PHONE, now=clock.now())
    assert (found.id, members.phone_of(found)) == (by_mini.id, PHONE)
