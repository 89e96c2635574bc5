"""What an event may say, whatever clock it was told by."""

from datetime import UTC, datetime, timedelta

import pytest

from app.behaviour import rules
from app.behaviour.rules import Reason
from tests.builders.behaviour import tell, written

pytestmark = pytest.mark.no_database

NOW = datetime(2026, 3, 11, 2, 0, tzinfo=UTC)


def read(*, sent_at: datetime = NOW, **facts: object) -> rules.Event:
    told = {**tell(at=written(NOW - timedelta(minutes=1))), **facts}
    return rules.read(told, sent_at=sent_at, now=NOW)


@pytest.mark.parametrize("wrong_by", [timedelta(days=-4_000), timedelta(hours=-8), timedelta(0), timedelta(days=900)])
def test_a_clock_that_is_wrong_by_anything_tells_how_long_ago_it_was(wrong_by: timedelta) -> None:
    event = read(at=written(NOW + wrong_by - timedelta(hours=3)), sent_at=NOW + wrong_by)
    assert event.occurred_at == NOW - timedelta(hours=3)


def test_what_happened_while_it_was_sent_happened_now() -> None:
    assert read(at=written(NOW + timedelta(seconds=2))).occurred_at == NOW


REFUSED = [
    ({"at": written(NOW + timedelta(minutes=1))}, Reason.IN_FUTURE),
    ({"at": written(NOW - timedelta(days=8))}, Reason.TOO_OLD),
    ({"at": "yesterday"}, Reason.BAD_TIME),
    ({"at": 1_700_000_000}, Reason.BAD_TIME),
    ({"at": "2026-03-11T10:00:00"}, Reason.BAD_TIME),
    ({"at": "0001-01-01T00:00:00+14:00"}, Reason.TOO_OLD),
    ({"at": "9999-12-31T23:59:59-12:00"}, Reason.IN_FUTURE),
    ({"id": "short"}, Reason.BAD_ID),
    ({"id": None}, Reason.BAD_ID),
    ({"id": "x" * 65}, Reason.BAD_ID),
    ({"kind": "bought"}, Reason.UNKNOWN_KIND),
    ({"kind": ["page"]}, Reason.UNKNOWN_KIND),
    ({"page": None}, Reason.BAD_PAGE),
    ({"page": "x" * 65}, Reason.BAD_PAGE),
    ({"page": "/Pages?openid=1"}, Reason.BAD_PAGE),
    ({"subject": "王 小明"}, Reason.BAD_SUBJECT),
    ({"kind": "route"}, Reason.BAD_SUBJECT),
    ({"kind": "search"}, Reason.BAD_WORDS),
    ({"kind": "search", "words": " \u200b "}, Reason.BAD_WORDS),
    ({"kind": "search", "words": "火" * 201}, Reason.BAD_WORDS),
    ({"kind": "dwell"}, Reason.BAD_SECONDS),
    ({"kind": "dwell", "seconds": -1}, Reason.BAD_SECONDS),
    ({"kind": "dwell", "seconds": True}, Reason.BAD_SECONDS),
    ({"kind": "dwell", "seconds": 1.5}, Reason.BAD_SECONDS),
    ({"scene": "门 1"}, Reason.BAD_SCENE),
    ({"phone": "13912345678"}, Reason.MALFORMED),
]


@pytest.mark.parametrize(("facts", "reason"), REFUSED)
def test_nonsense_is_refused_with_its_reason(facts: dict[str, object], reason: Reason) -> None:
    with pytest.raises(rules.Refused) as refused:
        read(**facts)
    assert refused.value.reason is reason


@pytest.mark.parametrize("told", [None, "page", 3, ["page"]])
def test_what_is_no_object_is_refused(told: object) -> None:
    with pytest.raises(rules.Refused) as refused:
        rules.read(told, sent_at=NOW, now=NOW)
    assert refused.value.reason is Reason.MALFORMED


WORDS = [
    ("  海底捞\u3000火锅 ", "海底捞 火锅"),
    ("ＺＡＲＡ", "zara"),
    ("鞋" * 60, "鞋" * 40),
    ("139 1234 5678", None),
    ("小明 13912345678", None),
    ("B1 2026", "b1 2026"),
]


@pytest.mark.parametrize(("written_words", "kept"), WORDS)
def test_words_are_kept_in_one_spelling_cut_short_and_without_numbers_of_people(
    written_words: str, kept: str | None
) -> None:
    assert read(kind="search", words=written_words).words == kept


def test_a_telephone_that_was_put_away_was_looked_at_for_an_hour_at_most() -> None:
    assert read(kind="dwell", seconds=10**30).seconds == 3_600
