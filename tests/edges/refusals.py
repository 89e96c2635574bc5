"""What every refusal must look like."""

import re

from werkzeug.test import TestResponse

JSON = "application/json"


FORM = "application/x-www-form-urlencoded"


CHINESE = re.compile("[\u4e00-\u9fff]")


TRACE = re.compile(r'Traceback|File "|sqlalchemy|psycopg|werkzeug|\.py\b', re.IGNORECASE)


# Bodies that are no JSON, or JSON that nobody writes.
BODIES = {
    "nothing": b"",
    "half": b'{"code": "A',
    "not_utf8": b'{"code": "\xff\xfe"}',
    "utf16": '{"code": "A"}'.encode("utf-16"),
    "a_list": b"[]",
    "null": b"null",
    "a_text": b'"text"',
    "a_number": b"1",
    "deep_lists": b"[" * 200_000,
    "deep_objects": b'{"a":' * 100_000,
    "deep_and_closed": b"[" * 50_000 + b"]" * 50_000,
    "thousands_of_digits": b'{"amount_fen": ' + b"9" * 5_000 + b"}",
    "not_a_number": b'{"amount_fen": NaN}',
    "infinity": b'{"amount_fen": 1e999}',
    "nul": b"\x00",
    "nul_in_a_name": b'{"a\\u0000b": 1}',
    "surrogate_in_a_name": b'{"\\ud800": 1}',
    "two_documents": b"{}{}",
    "too_large": b'{"code": "' + b"x" * (3 * 1024 * 1024) + b'"}',
}


def ensure_refused(answer: TestResponse, *statuses: int) -> None:
    """A refusal as it should be: a code for programs, a Chinese sentence for people, nothing of our insides."""
    assert 400 <= answer.status_code < 500, (answer.status_code, answer.text[:300])
    assert not statuses or answer.status_code in statuses, (answer.status_code, answer.text[:300])
    error = answer.get_json()["error"]
    assert re.fullmatch("[a-z][a-z_]+", error["code"])
    assert CHINESE.search(error["message"])
    assert not TRACE.search(answer.text), answer.text[:500]
