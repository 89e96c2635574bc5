"""我的资料: asked for bit by bit, changed, taken back, and the switch against being concluded about."""

import uuid
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.identity.profiles import households
from app.kernel import clock
from app.kernel.db import db
from app.kernel.models import IdempotencyKey
from tests.member_api.conftest import Phone

NOBODY = {"age_0_2": 0, "age_3_6": 0, "age_7_12": 0, "age_13_17": 0}


@pytest.fixture
def member(phone: Phone) -> Phone:
    phone.sign_in()
    phone.join()
    return phone


def profile(member: Phone) -> dict[str, Any]:
    answer = member.get("/members/me/profile")
    assert answer.status_code == 200
    return answer.json  # type: ignore[no-any-return]


def take_back(member: Phone, field: str) -> TestResponse:
    headers = member.headers() | {"Idempotency-Key": uuid.uuid4().hex}
    return member.client.delete(f"/api/v1/members/me/profile/{field}", headers=headers)


@pytest.mark.requirement("S0.15")
def test_joining_asks_for_nothing_and_later_everything_is_asked_for_by_itself(member: Phone) -> None:
    found = profile(member)
    assert (found["completeness_bps"], found["asks"]) == (0, ["preferences", "birthday", "nearby", "household"])
    assert (found["birthday"], found["nearby"], found["household"], found["preferences"]) == (None, None, None, [])
    assert [option["name"] for option in found["household_bands"]] == ["0–2 岁", "3–6 岁", "7–12 岁", "13–17 岁"]


@pytest.mark.requirement("S0.9")
def test_a_profile_is_told_bit_by_bit(member: Phone) -> None:
    member.post("/members/me/tasks/preferences/complete", categories=["kids"])
    told = member.post("/members/me/profile/birthday", month=2, day=29)
    assert told.json == {"completeness_bps": 6_000}
    member.post("/members/me/profile/nearby", nearby="both")
    version = profile(member)["household_consent"]["version"]
    last = member.post("/members/me/profile/household", consent_version=version, **NOBODY | {"age_3_6": 2})
    assert last.json == {"completeness_bps": 10_000}
    found = profile(member)
    assert (found["asks"], found["preferences"], found["nearby"]) == ([], ["kids"], "both")
    assert (found["birthday"]["month"], found["birthday"]["day"], found["birthday"]["year"]) == (2, 29, None)
    counts = {one["code"]: one["count"] for one in found["household"]["children"]}
    assert counts == NOBODY | {"age_3_6": 2}


def test_a_second_change_of_the_birthday_says_when_it_may_be(member: Phone) -> None:
    for day in (1, 2):
        assert member.post("/members/me/profile/birthday", month=5, day=day).status_code == 200
    refused = member.post("/members/me/profile/birthday", month=5, day=3)
    allowed_on = profile(member)["birthday_changes_from"]
    assert (refused.status_code, refused.json["error"]["code"]) == (409, "birthday_changed_lately")
    assert allowed_on in refused.json["error"]["message"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"month": 4, "day": 31}, "birthday_impossible"),
        ({"month": 2, "day": 29, "year": 1991}, "birthday_impossible"),
        ({"month": 1, "day": 1, "year": 2020}, "guardian_required"),
    ],
)
def test_a_birthday_that_cannot_be_is_refused_in_words(member: Phone, body: dict[str, int], code: str) -> None:
    refused = member.post("/members/me/profile/birthday", **body)
    assert refused.json["error"]["code"] == code
    assert profile(member)["birthday"] is None


def test_what_is_skipped_is_not_asked_for_again(member: Phone) -> None:
    member.post("/members/me/profile/skips", field="household")
    assert "household" not in profile(member)["asks"]


@pytest.mark.parametrize("field", ["preferences", "birthday", "nearby", "household"])
def test_every_field_can_be_taken_back(member: Phone, field: str) -> None:
    member.post("/members/me/profile/birthday", month=5, day=1)
    for _ in range(2):
        assert take_back(member, field).status_code == 204
    assert profile(member)["birthday"] is None or field != "birthday"
    assert field not in profile(member)["asks"]


def test_there_is_no_other_field(member: Phone) -> None:
    assert take_back(member, "phone").status_code == 404


@pytest.mark.requirement("S0.8")
def test_the_household_needs_its_own_consent_and_goes_with_it(member: Phone) -> None:
    refused = member.post("/members/me/profile/household", consent_version="v0", **NOBODY)
    assert (refused.status_code, refused.json["error"]["code"]) == (409, "consent_outdated")
    assert refused.json["error"]["message"] == "家庭信息单独同意书已更新，请重新阅读并同意"
    version = households.TEXT.version
    member.post("/members/me/profile/household", consent_version=version, **NOBODY | {"age_0_2": 1})
    take_back(member, "household")
    assert profile(member)["household"] is None
    document = member.get("/members/me/data").json
    assert document["household"] == []
    record = next(one for one in document["consents"] if one["kind"] == "household")
    assert record["version"] == version and record["withdrawn_at"] is not None


def test_answers_kept_for_repeats_say_nothing_of_what_was_told(member: Phone) -> None:
    key = uuid.uuid4().hex
    for _ in range(2):
        assert member.post("/members/me/profile/birthday", key=key, month=5, day=1).status_code == 200
    kept = db.session.scalars(select(IdempotencyKey.answer).where(IdempotencyKey.key == key)).one()
    assert kept == {"completeness_bps": 3_000}


def test_profiling_is_on_until_the_member_switches_it_off(member: Phone) -> None:
    assert (profile(member)["profiling"], profile(member)["profiling_off_at"]) == (True, None)
    member.post("/members/me/profile/profiling", profiling=False)
    found = profile(member)
    assert found["profiling"] is False and found["profiling_off_at"] <= clock.now().isoformat()
    member.post("/members/me/profile/profiling", profiling=True)
    assert profile(member)["profiling"] is True


def test_visitors_join_first(phone: Phone) -> None:
    phone.sign_in()
    assert phone.get("/members/me/profile").json["error"]["code"] == "member_required"
    assert phone.post("/members/me/profile/nearby", nearby="home").status_code == 403
    assert phone.post("/members/me/profile/profiling", profiling=False).status_code == 403
