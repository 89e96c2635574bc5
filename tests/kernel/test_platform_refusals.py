"""The table of the platforms' refusals: every row, and what it becomes for those who ask."""

import json
from collections import Counter

import pytest
import requests

from app.kernel.errors import PlatformUnavailable
from app.kernel.platforms import refusals
from app.kernel.platforms.refusals import GATE, MINI, PAY, REFUSALS, SMS, TEMPORARY, Meaning
from app.providers.machines import Machines
from app.web.errors import MESSAGES, STATUS_OF_KIND
from app.wechat import errors

pytestmark = pytest.mark.no_database

ROWS = [(platform, row) for row in REFUSALS for platform in row.platforms]


def error_of(platform: str, code: int | str, status: int = 200) -> Exception:
    """What a caller gets to see."""
    if platform in (SMS, GATE):
        answer = requests.Response()
        answer.status_code, answer._content = status, json.dumps({"ok": False, "error": code}).encode()
        with pytest.raises(Exception) as raised:
            Machines(platform, 1.0)._read(answer)
        return raised.value
    return errors.refusal(platform, code, "", status=status)


@pytest.mark.parametrize(("platform", "row"), ROWS, ids=[f"{platform}-{row.code}" for platform, row in ROWS])
def test_what_passes_is_503_and_all_else_4xx_with_a_sentence(platform: str, row: refusals.Refusal) -> None:
    error = error_of(platform, row.code)
    status = STATUS_OF_KIND[error.kind]  # type: ignore[attr-defined]
    assert (status == 503) == (row.meaning in TEMPORARY)
    assert status == 503 or 400 <= status < 500
    assert row.why
    sentence = MESSAGES[error.code]  # type: ignore[attr-defined]
    assert ("稍后" in sentence) == (status == 503)


def test_every_code_has_one_meaning() -> None:
    assert [key for key, times in Counter((p, row.code) for p, row in ROWS).items() if times > 1] == []


@pytest.mark.parametrize(
    ("platform", "code", "status", "meaning"),
    [
        (MINI, 99999, 200, Meaning.MESSAGE),
        (PAY, "NEW_WORD", 429, Meaning.LATER),
        (PAY, "NEW_WORD", 403, Meaning.ACCOUNT),
        (PAY, "NEW_WORD", 400, Meaning.MESSAGE),
        (SMS, "phone_new_word", 200, Meaning.INPUT),
        (SMS, "429", 429, Meaning.LATER),
        (GATE, "phone_new_word", 200, Meaning.MESSAGE),
    ],
)
def test_what_nobody_knows_is_permanent_unless_its_status_says_otherwise(
    platform: str, code: int | str, status: int, meaning: Meaning
) -> None:
    assert refusals.meaning_of(platform, code, status=status) is meaning


def test_no_answer_is_no_refusal() -> None:
    answer = requests.Response()
    answer.status_code, answer._content = 200, b"<html>"
    with pytest.raises(PlatformUnavailable):
        Machines(SMS, 1.0)._read(answer)
