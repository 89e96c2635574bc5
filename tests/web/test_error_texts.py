"""Every refusal has its Chinese sentence, and every sentence a refusal."""

import pytest

import wsgi
from app.kernel import discovery
from app.kernel.errors import DomainError, Throttled
from app.web import errors

pytestmark = pytest.mark.no_database

# What the web answers by itself, without a refusal of the business.
OF_THE_WEB = {
    "internal_error",
    "length_required",
    "method_not_allowed",
    "request_timeout",
    "unsupported_media_type",
    "validation_failed",
}


@pytest.fixture(autouse=True, scope="module")
def _everything_imported() -> None:
    """The factory imports packages and edges; the console's subjects it looks up only when it makes an application."""
    assert wsgi
    assert list(discovery.modules_named("subject", below="mall_console"))


def _all(kind: type[DomainError]) -> set[type[DomainError]]:
    return {kind}.union(*(_all(below) for below in kind.__subclasses__() if not below.__module__.startswith("tests.")))


def test_every_refusal_can_be_told() -> None:
    mute = {f"{error.__module__}.{error.__name__}: {error.code}" for error in _all(DomainError)}
    mute = {line for line in mute if line.rpartition(": ")[2] not in errors.MESSAGES}
    assert mute == set()


def test_every_sentence_belongs_to_a_refusal() -> None:
    assert set(errors.MESSAGES) - OF_THE_WEB == {error.code for error in _all(DomainError)}


def test_every_refusal_explains_itself_to_engineers() -> None:
    assert {error.__name__ for error in _all(DomainError) if not (error.__doc__ or "").strip()} == set()


@pytest.mark.parametrize(
    ("seconds", "wait"), [(1, "1 秒"), (120, "120 秒"), (121, "3 分钟"), (7_200, "120 分钟"), (7_201, "3 小时")]
)
def test_who_has_to_wait_is_told_how_long(seconds: int, wait: str) -> None:
    facts = errors.told_facts(Throttled(retry_after_s=seconds))
    assert errors.message_of("throttled", facts) == f"操作过于频繁，请 {wait}后再试"
