"""One person, many identities: every entrance returns the same member."""

import pytest

from app.identity import members, queries
from app.identity.errors import PhoneRequired, PhoneTaken
from app.identity.models import IdentityKind, MemberMerge
from app.kernel import clock
from app.kernel.db import db
from tests.builders.identity import make_member, make_visitor
from tests.builders.malls import make_mall


def test_the_same_openid_is_the_same_visitor() -> None:
    mall = make_mall()
    first = make_visitor(mall, mini_openid="o-1")
    assert make_visitor(mall, mini_openid="o-1").id == first.id


def test_a_unionid_leads_from_the_mini_program_to_wecom() -> None:
    mall = make_mall()
    seen_in_wecom = make_visitor(mall, wecom_external="wm-1", unionid="u-1")
    seen_in_mini = make_visitor(mall, mini_openid="o-2", unionid="u-1")
    assert seen_in_mini.id == seen_in_wecom.id
    assert queries.find_member_id(IdentityKind.MINI_OPENID, "o-2") == seen_in_wecom.id


@pytest.mark.requirement("S1.8")
def test_a_visitor_with_a_known_phone_becomes_that_member() -> None:
    member = make_member(phone="13911112222")
    visitor = make_visitor(mini_openid="o-3")
    found = members.bind_phone(visitor, "13911112222", now=clock.now())
    assert found.id == member.id
    assert queries.find_member_id(IdentityKind.MINI_OPENID, "o-3") == member.id
    assert queries.get_member(visitor.id).id == member.id


@pytest.mark.requirement("S1.8")
def test_a_merge_keeps_what_it_moved() -> None:
    member = make_member(phone="13911113333")
    visitor = make_visitor(oa_openid="oa-1")
    members.bind_phone(visitor, "13911113333", now=clock.now())
    merge = db.session.query(MemberMerge).filter_by(from_member_id=visitor.id).one()
    assert (merge.into_member_id, merge.moved) == (member.id, [["oa_openid", "oa-1"]])


def test_two_visitors_with_one_person_behind_them_become_one() -> None:
    mall = make_mall()
    by_mini, by_union = make_visitor(mall, mini_openid="o-4"), make_visitor(mall, unionid="u-4")
    one = members.recognise(
        {IdentityKind.MINI_OPENID: "o-4", IdentityKind.UNIONID: "u-4"}, home_mall_id=mall.id, now=clock.now()
    )
    assert {queries.get_member(by_mini.id).id, queries.get_member(by_union.id).id} == {one.id}


def test_two_joined_members_are_never_merged_by_a_phone() -> None:
    make_member(phone="13911114444")
    other = make_member(phone="13911115555")
    with pytest.raises(PhoneTaken):
        members.bind_phone(other, "13911114444", now=clock.now())


@pytest.mark.requirement("S0.8")
def test_joining_needs_a_phone() -> None:
    with pytest.raises(PhoneRequired):
        members.join(make_visitor(), entrance_id=None, now=clock.now())


def test_joining_twice_changes_nothing() -> None:
    member = make_member()
    joined_at = member.joined_at
    assert not members.join(member, entrance_id=7, now=clock.now())
    assert (member.joined_at, member.join_entrance_id) == (joined_at, None)


def test_the_phone_is_sealed_and_masked() -> None:
    member = make_member(phone="13911116666")
    assert member.phone_masked == "139****6666"
    assert member.phone_sealed is not None and b"13911116666" not in member.phone_sealed
    assert members.phone_of(member) == "13911116666"
