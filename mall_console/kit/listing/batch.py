"""The rows that were ticked, for what is done to several of them at once."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request

from app.kernel.errors import DomainError
from app.web import commands, errors
from app.web.pages import pages
from mall_console.kit.listing.errors import NothingTicked, TooManyTicked
from mall_console.kit.listing.listing import SIZES
from mall_console.kit.workspace import Workspace

MOST_ROWS = 10 * SIZES[-1]


def ticked(*, most: int | None = None) -> list[str]:
    """The keys of the ticked rows, each once; raises NothingTicked, TooManyTicked."""
    most = most or MOST_ROWS
    keys = list(dict.fromkeys(request.form.getlist("row")))
    if not keys:
        raise NothingTicked
    if len(keys) > most:
        raise TooManyTicked(ticked=len(keys), most=most)
    return keys


@dataclass(frozen=True, slots=True)
class Ended:
    """How it ended for a row: why it was refused, empty if not; else what was known of the row when it was done."""

    refused: str
    known: Mapping[str, Any]


def each(
    workspace: Workspace, rows: Sequence[str], payload: Mapping[str, Any], act: Callable[[str], object]
) -> dict[str, str]:
    """Do the act to every row, once per form, each in a transaction of its own.

    Returns for each why it was refused, empty for one that was not; what one row refuses leaves the others done.
    """
    known: dict[str, Mapping[str, Any]] = {row: {} for row in rows}
    return {row: ended.refused for row, ended in each_known(workspace, known, payload, act).items()}


def each_known(
    workspace: Workspace,
    rows: Mapping[str, Mapping[str, Any]],
    payload: Mapping[str, Any],
    act: Callable[[str], object],
) -> dict[str, Ended]:
    """As `each`, of rows that go once it is done: what is known of them is kept with it, for who sends the form again.

    It is asked for every row, also of one that is gone, which the act refuses.
    """
    key = pages.form_key()
    return {row: _one(workspace, row, known, payload, act, key) for row, known in rows.items()}


def _one(
    workspace: Workspace,
    row: str,
    known: Mapping[str, Any],
    payload: Mapping[str, Any],
    act: Callable[[str], object],
    key: str,
) -> Ended:
    own_key = hashlib.sha256(f"{key}:{row}".encode()).hexdigest()

    def once() -> commands.Answer:
        act(row)
        return 200, dict(known)

    try:
        kept = commands.answer_once(workspace.who.caller, own_key, {"row": row, **payload}, once)
    except DomainError as error:
        return Ended(errors.message_of(error.code, errors.told_facts(error)), {})
    return Ended("", kept.answer)
