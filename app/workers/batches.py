"""Working off queues: claimed in one transaction, acted on outside of any, every end recorded in one of its own."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from app.kernel import clock
from app.kernel.db import atomic
from app.kernel.errors import DomainError

logger = logging.getLogger(__name__)

UNEXPECTED = "unexpected error"
# How many rows a batch has unless its caller says otherwise.
LIMIT = 20
Item = TypeVar("Item")
_Item = TypeVar("_Item", contravariant=True)
_Claimed = TypeVar("_Claimed", covariant=True)


class ClaimBatch(Protocol[_Claimed]):
    """Takes due rows for this worker."""

    def __call__(self, *, now: datetime, limit: int) -> Sequence[_Claimed]: ...


class PostponeItem(Protocol[_Item]):
    """Puts one of them off, with the reason."""

    def __call__(self, item: _Item, /, *, error: str, now: datetime) -> object: ...


def work_off(
    claim: ClaimBatch[Item], act: Callable[[Item], object], postpone: PostponeItem[Item], *, limit: int
) -> int:
    """Act on one batch of due rows; returns how many were tried. Any number of workers may run at once.

    `act` opens its own transactions and records success itself. What it raises puts its row off and costs the other
    rows nothing.
    """
    with atomic():
        items = claim(now=clock.now(), limit=limit)
    for item in items:
        try:
            act(item)
        except Exception as error:
            _put_off(item, error, postpone)
    return len(items)


def _put_off(item: Item, error: Exception, postpone: PostponeItem[Item]) -> None:
    reason = reason_of(error)
    facts = {"queue": type(item).__name__, "reason": reason}
    if reason == UNEXPECTED:
        logger.exception("queued row left for later", extra=facts)
    else:
        logger.warning("queued row left for later", extra=facts)
    with atomic():
        postpone(item, error=reason, now=clock.now())


def reason_of(error: Exception) -> str:
    """The other side's own word or code where it gave one, else the code of our error; never a text with data."""
    if not isinstance(error, DomainError):
        return UNEXPECTED
    given = error.facts.get("reason") or error.facts.get("platform_code") or error.code
    return str(given)
