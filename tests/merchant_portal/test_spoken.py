"""Looking a member up by what they say: the end of their phone and the digits that it shows."""

import pytest

from app.benefits.coupons.models import Coupon
from app.identity import leaving
from app.identity.codes import spoken_codes
from app.identity.errors import SpokenCodeUnclear
from app.identity.models import Member
from app.malls.models import Mall
from merchant_portal.scan import api
from tests.builders.identity import make_member
from tests.builders.malls import make_store
from tests.builders.staff import make_clerk
from tests.merchant_portal.conftest import Portal
from tests.support.clock import StillClock
from tests.support.isolation import Client


def said(member: Member, clock: StillClock, *, tail: str = "5678") -> dict[str, str]:
    return {"phone_tail": tail, "digits": spoken_codes.digits_of(member.public_id, now=clock.now)}


def refusal(clerk: Portal, words: dict[str, str]) -> tuple[int, str]:
    answer = clerk.post("/lookups/spoken", words)
    return answer.status_code, answer.json["error"]["code"]


def test_the_end_of_the_phone_and_the_digits_find_the_member(
    clerk: Portal, coupon: Coupon, member: Member, mall: Mall, clock: StillClock
) -> None:
    make_member(mall, phone="13900005678")
    answer = clerk.post("/lookups/spoken", said(member, clock))
    assert answer.json["member"]["phone"] == "138****5678"
    assert [one["code"] for one in answer.json["coupons"]] == [coupon.code]
    assert clerk.post("/lookups/spoken", said(member, clock)).status_code == 200


def test_digits_of_another_phone_or_another_time_find_nobody(clerk: Portal, member: Member, clock: StillClock) -> None:
    words = said(member, clock)
    assert refusal(clerk, {**words, "phone_tail": "5679"}) == (404, "spoken_code_unknown")
    clock.advance(seconds=89)
    assert clerk.post("/lookups/spoken", words).status_code == 200
    clock.advance(seconds=121)
    assert refusal(clerk, words) == (404, "spoken_code_unknown")


@pytest.mark.parametrize(
    "words", [{"phone_tail": "567", "digits": "123456"}, {"phone_tail": "5678", "digits": "12345x"}]
)
def test_what_are_no_digits_is_refused(clerk: Portal, words: dict[str, str]) -> None:
    assert clerk.post("/lookups/spoken", words).status_code == 422


def test_digits_count_in_one_store(
    client: Client, clerk: Portal, member: Member, mall: Mall, clock: StillClock
) -> None:
    assert clerk.post("/lookups/spoken", said(member, clock)).status_code == 200
    other = Portal.of(client, make_clerk(make_store(mall)))
    assert refusal(other, said(member, clock)) == (409, "member_code_used")


def test_two_members_who_answer_to_the_same_digits_are_told_apart_by_the_next(member: Member) -> None:
    assert spoken_codes.the_one({member.id: 7}) == (member.id, 7)
    with pytest.raises(SpokenCodeUnclear):
        spoken_codes.the_one({member.id: 7, member.id + 1: 7})


def test_who_guesses_is_held_up(clerk: Portal, member: Member, clock: StillClock) -> None:
    for _ in range(api.SPOKEN_PER_QUARTER):
        assert refusal(clerk, {**said(member, clock), "phone_tail": "0000"})[0] == 404
    assert refusal(clerk, said(member, clock)) == (429, "throttled")


def test_who_has_left_is_found_no_more(clerk: Portal, member: Member, clock: StillClock) -> None:
    words = said(member, clock)
    leaving.close(*leaving.lock_person(member.id), now=clock.now)
    assert refusal(clerk, words) == (404, "spoken_code_unknown")
