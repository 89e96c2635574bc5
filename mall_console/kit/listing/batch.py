"""The rows that were ticked, for what is done to several of them at once."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
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


def each(
    workspace: Workspace, rows: Sequence[str], payload: Mapping[str, Any], act: Callable[[str], object]
) -> dict[str, str]:
    """Do the act to every row, once per form, each in a transaction of its own.

    Returns for each why it was refused, empty for one that was not; what one row refuses leaves the others done.
    """
    key = pages.form_key()
    return {row: _one(workspace, row, payload, act, key) for row in rows}


def _one(workspace: Workspace, row: str, payload: Mapping[str, Any], act: Callable[[str], object], key: str) -> str:
    own_key = hashlib.sha256(f"{key}:{row}".encode()).hexdigest()

    def once() -> commands.Answer:
        act(row)
        return 200, {}

    try:
        commands.answer_once(workspace.who.caller, own_key, {"row": row, **payload}, once)
    except DomainError as error:
        return errors.message_of(error.code, errors.told_facts(error))
    return ""
