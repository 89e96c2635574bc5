"""Allowing more reminders, later than the newbie task."""

import pytest

from tests.member_api.conftest import OpenMall, Phone
from tests.support.clock import StillClock

PATH = "/members/me/subscriptions"


@pytest.fixture
def member(phone: Phone, open_mall: OpenMall) -> Phone:
    phone.sign_in()
    phone.join()
    return phone


def test_each_accepted_template_is_one_more_message(clock: StillClock, member: Phone) -> None:
    first = member.post(PATH, results={"benefit": "accept", "activity": "reject"})
    assert (first.status_code, first.json) == (
        200,
        {"stock": {"activity": 0, "benefit": 1, "member_day": 0, "receipt": 0}},
    )
    clock.advance(minutes=2)
    assert member.post(PATH, results={"benefit": "accept"}).json["stock"]["benefit"] == 2


def test_thirty_reports_of_one_dialog_are_one_message(clock: StillClock, member: Phone) -> None:
    for _ in range(30):
        told = member.post(PATH, results={"benefit": "accept", "activity": "reject"}).json["stock"]
    assert told == {"activity": 0, "benefit": 1, "member_day": 0, "receipt": 0}
    assert member.post(PATH, results={"activity": "accept"}).json["stock"]["activity"] == 1


def test_one_dialog_reported_twice_counts_once(member: Phone) -> None:
    answers = [member.post(PATH, key="dialog-000001", results={"benefit": "accept"}).json for _ in range(2)]
    assert answers[0] == answers[1] == {"stock": {"activity": 0, "benefit": 1, "member_day": 0, "receipt": 0}}


@pytest.mark.parametrize("results", [{}, {"lottery": "accept"}, {"benefit": "maybe"}, {"benefit": 1}])
def test_other_answers_are_refused(member: Phone, results: dict[str, object]) -> None:
    refused = member.post(PATH, results=results)
    assert (refused.status_code, refused.json["error"]["code"]) == (422, "validation_failed")


def test_strangers_are_refused(phone: Phone) -> None:
    assert phone.post(PATH, results={"benefit": "accept"}).status_code == 401
