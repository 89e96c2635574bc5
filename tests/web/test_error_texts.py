"""Every refusal of the house has its Chinese sentence, and every sentence a refusal."""

import pytest

import wsgi
from app.kernel.errors import DomainError
from app.web.errors_zh import MESSAGES

pytestmark = pytest.mark.no_database


def _all(kind: type[DomainError]) -> set[type[DomainError]]:
    return {kind}.union(*(_all(below) for below in kind.__subclasses__()))


def test_every_refusal_can_be_told() -> None:
    assert wsgi  # the factory imports every room and edge
    mute = {f"{error.__module__}.{error.__name__}: {error.code}" for error in _all(DomainError)}
    mute = {line for line in mute if line.rpartition(": ")[2] not in MESSAGES}
    assert mute == set()


def test_every_refusal_explains_itself_to_engineers() -> None:
    assert {error.__name__ for error in _all(DomainError) if not (error.__doc__ or "").strip()} == set()
